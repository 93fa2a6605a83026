"""Fills the search index and the list rows from published services.

Rules. Runs inside the transaction of the update it belongs to, never alone. Only services that changed are indexed
anew; all of them when a theme changed. The terms come from the caller's `Analyse`; when that function changes, the
caller rebuilds. Making the rows of an index is apart from writing them: into an empty store they are made on a thread
of their own while the documents are written, for SQLCipher's work leaves Python free. It does not search
(search_index.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
Row = tuple[object, ...]

_SERVICE = msgspec.json.Decoder(Service)
_THEME = msgspec.json.Decoder(Theme)
_CARDS = (
    "service_card_rows (number, id, title_ru, title_en, short_ru, short_en, theme, audience, kind, fees, "
    "term_days, form, historical)"
)
_SERVICES = "services_{language} (rowid, title, summary, keywords, theme, documents)"
_WORDS = "words (language, word, term, services)"
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


class Index(Struct, frozen=True):
    """The rows of a whole index: cards, and in each language what is searched and the words of corrections."""

    cards: Sequence[Row]
    services: Mapping[Language, Sequence[Row]]
    words: Mapping[Language, Sequence[Row]]


@contextmanager
def prepared(change: Change, added: Sequence[Document], analyse: Analyse) -> Generator[Callable[[], Index] | None]:
    """The rows of the first index, being made on a thread while the caller writes; None for a later update.

    The function waits for them. Raises msgspec.DecodeError for a service or theme that is not one.
    """
    if not change.first:
        yield None
        return
    with ThreadPoolExecutor(1, thread_name_prefix="index") as thread:
        yield thread.submit(_first, added, analyse).result


def _first(added: Sequence[Document], analyse: Analyse) -> Index:
    themes = [_THEME.decode(one.body) for one in added if one.id.startswith("theme/")]
    services = [_SERVICE.decode(one.body) for one in added if one.id.startswith("service/")]
    return _whole(services, {theme.id: theme.title for theme in themes}, analyse)


def update(
    store: Store,
    change: Change,
    added: Sequence[Document],
    removed: Sequence[str],
    analyse: Analyse,
    index: Callable[[], Index] | None,
) -> None:
    """Index what an update changed. The documents are in their table already; `index` is what `prepared` gave.

    A changed theme has every service indexed anew: its name is in their texts, and themes change rarely.
    """
    if index is not None:
        _fill(store, index())
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
        store.insert(_WORDS, _word_rows(counts, reader), _ADDED)
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
    _fill(store, _whole(services, _themes(store), analyse))


def _whole(services: Sequence[Service], themes: Mapping[str, Text], analyse: Analyse) -> Index:
    """The index of these services and no others."""
    texts = _texts(services, themes)
    readers = _readers(analyse, texts)
    return Index(
        [_card(number, service) for number, service in enumerate(services, 1)],
        {language: _searched(texts[language], reader, 1) for language, reader in readers.items()},
        {language: _word_rows(_words(texts[language], reader), reader) for language, reader in readers.items()},
    )


def _fill(store: Store, index: Index) -> None:
    """Write a whole index into empty tables."""
    store.insert(_CARDS, index.cards)
    for language in LANGUAGES:
        store.insert(_SERVICES.format(language=language), index.services[language])
        store.insert(_WORDS, index.words[language])


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
    store.insert(_CARDS, [_card(number, service) for number, service in enumerate(services, first)])
    for language, reader in readers.items():
        store.insert(_SERVICES.format(language=language), _searched(texts[language], reader, first))


def _searched(texts: Sequence[Columns], reader: Reader, first: int) -> list[Row]:
    return [(number, *map(reader.terms, columns)) for number, columns in enumerate(texts, first)]


def _card(number: int, service: Service) -> Row:
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


def _word_rows(counts: Mapping[str, int], reader: Reader) -> list[Row]:
    return [(reader.language, word, reader.term(word), count) for word, count in sorted(counts.items()) if count]
