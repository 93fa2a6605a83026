"""Fills the search index and the list rows from published services.

Rules. Runs inside the transaction of the update it belongs to, never alone. Only services that changed are indexed
anew; all of them when a theme changed. The terms come from the caller's `Analyse`; when that function changes, the
caller rebuilds. It does not search (search_index.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter

import msgspec
from msgspec import Struct

from kiosk.catalogue.ports import Analyse
from kiosk.model.content import Document
from kiosk.model.service import Service, Theme
from kiosk.model.text import LANGUAGES, Language, Text
from kiosk.store.database import Store
from kiosk.store.reader import Reader

Columns = tuple[str, str, str, str, str]
Texts = Mapping[Language, Sequence[Columns]]
Readers = Mapping[Language, Reader]

_SERVICE = msgspec.json.Decoder(Service)
_THEME = msgspec.json.Decoder(Theme)
_ADDED = "ON CONFLICT (language, word) DO UPDATE SET services = services + excluded.services"


class Change(Struct, frozen=True):
    """Services as they were before an update, for those that it changes or removes; `first`: there was nothing."""

    before: tuple[Service, ...]
    first: bool = False


def before(store: Store, ids: Iterable[str]) -> Change:
    """Remember what an update is about to change; call it before the documents are written."""
    if store.row("SELECT 1 FROM documents LIMIT 1") is None:
        return Change((), first=True)
    wanted = ((id_,) for id_ in ids if id_.startswith("service/"))
    return Change(
        tuple(
            _SERVICE.decode(body)
            for one in wanted
            for (body,) in store.rows("SELECT body FROM documents WHERE id = ?", one)
        )
    )


def update(store: Store, change: Change, added: Sequence[Document], removed: Sequence[str], analyse: Analyse) -> None:
    """Index what an update changed. The documents are in their table already.

    A changed theme has every service indexed anew: its name is in their texts, and themes change rarely.
    """
    if change.first:
        _fill(store, [_SERVICE.decode(one.body) for one in added if one.id.startswith("service/")], analyse)
        return
    if any(id_.startswith("theme/") for id_ in (*(one.id for one in added), *removed)):
        _everything(store, analyse)
        return
    changed = [_SERVICE.decode(one.body) for one in added if one.id.startswith("service/")]
    if not changed and not change.before:
        return
    themes = _themes(store)
    _forget(store, {service.id for service in (*changed, *change.before)})
    new = _texts(changed, themes)
    old = _texts(change.before, themes)
    readers = _readers(analyse, new, old)
    _index(store, changed, new, readers)
    for language, reader in readers.items():
        counts = _words(new[language], reader)
        counts.subtract(_words(old[language], reader))
        _put_words(store, counts, reader, _ADDED)
    store.execute("DELETE FROM words WHERE services <= 0")


def rebuild(store: Store, analyse: Analyse) -> None:
    """Index every service anew, in a transaction of its own: for a changed `Analyse`."""
    with store.transaction():
        _everything(store, analyse)


def _everything(store: Store, analyse: Analyse) -> None:
    bodies = store.rows("SELECT body FROM documents WHERE id > 'service/' AND id < 'service0' ORDER BY id")
    services = [_SERVICE.decode(body) for (body,) in bodies]
    for table in ("services_ru", "services_en", "service_card_rows", "words"):
        store.execute(f"DELETE FROM {table}")
    _fill(store, services, analyse)


def _fill(store: Store, services: Sequence[Service], analyse: Analyse) -> None:
    """Index services into empty tables."""
    texts = _texts(services, _themes(store))
    readers = _readers(analyse, texts)
    _index(store, services, texts, readers)
    for language, reader in readers.items():
        _put_words(store, _words(texts[language], reader), reader)


def _themes(store: Store) -> dict[str, Text]:
    found = store.rows("SELECT body FROM documents WHERE id > 'theme/' AND id < 'theme0'")
    return {theme.id: theme.title for (body,) in found for theme in (_THEME.decode(body),)}


def _readers(analyse: Analyse, *texts: Texts) -> Readers:
    """Readers that have read all these texts."""
    readers = {language: Reader(analyse, language) for language in LANGUAGES}
    for language, reader in readers.items():
        reader.read(chain.from_iterable(columns for some in texts for columns in some[language]))
    return readers


def _forget(store: Store, ids: Iterable[str]) -> None:
    numbers = [row for id_ in ids for row in store.rows("SELECT number FROM service_card_rows WHERE id = ?", (id_,))]
    for table, column in (("services_ru", "rowid"), ("services_en", "rowid"), ("service_card_rows", "number")):
        store.executemany(f"DELETE FROM {table} WHERE {column} = ?", numbers)


def _index(store: Store, services: Sequence[Service], texts: Texts, readers: Readers) -> None:
    last = store.row("SELECT coalesce(max(number), 0) FROM service_card_rows")
    first = 1 + (last[0] if last else 0)
    store.executemany(
        "INSERT INTO service_card_rows "
        "(number, id, title_ru, title_en, short_ru, short_en, theme, audience, kind, fees, "
        "term_days, form, historical) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_card(number, service) for number, service in enumerate(services, first)],
    )
    for language, reader in readers.items():
        store.executemany(
            f"INSERT INTO services_{language} (rowid, title, summary, keywords, theme, documents) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [(number, *map(reader.terms, columns)) for number, columns in enumerate(texts[language], first)],
        )


def _card(number: int, service: Service) -> tuple[object, ...]:
    short = service.short_title
    return (
        number,
        service.id,
        service.title.ru,
        service.title.en,
        short and short.ru,
        short and short.en,
        service.theme,
        service.audience,
        service.kind,
        msgspec.json.encode(service.fees).decode(),
        service.term_days,
        service.form,
        service.historical,
    )


def _texts(services: Sequence[Service], themes: Mapping[str, Text]) -> Texts:
    return {
        language: [_columns(service, themes.get(service.theme), language) for service in services]
        for language in LANGUAGES
    }


def _columns(service: Service, theme: Text | None, language: Language) -> Columns:
    """What is indexed of a service: title, summary, keywords, theme, documents."""
    say = attrgetter(language)
    short = service.short_title
    return (
        f"{say(service.title)} {say(short)}" if short else say(service.title),
        say(service.summary) if service.summary else "",
        " ".join(say(service.keywords)),
        say(theme) if theme else "",
        " ".join([say(document.name) for document in service.documents if not document.held]),
    )


def _words(texts: Iterable[Columns], reader: Reader) -> Counter[str]:
    """Words as written (folded), for corrections and completions, with the number of services that have them."""
    return Counter(chain.from_iterable([set(chain.from_iterable(map(reader.words, columns))) for columns in texts]))


def _put_words(store: Store, counts: Mapping[str, int], reader: Reader, known: str = "") -> None:
    store.executemany(
        f"INSERT INTO words (language, word, term, services) VALUES (?, ?, ?, ?) {known}",
        [(reader.language, word, reader.term(word), count) for word, count in sorted(counts.items()) if count],
    )
