"""Search: every keystroke of a list of queries, on the real services and on ten thousand; what is found, beside others.

Rules. A keystroke is one `StoreCatalogue.search`, as the search field makes it. Nothing of a keystroke is warm but what
a session process has warmed before its first frame. The queries are the bench's own; How well they are answered is
printed only, where the labelled queries lie beside the checkout.
"""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench import content
from bench.measure import Figure, median, percentile
from bench.place import place
from kiosk.catalogue import analysis
from kiosk.desk.catalogue import StoreCatalogue
from kiosk.model.content import Document
from kiosk.model.service import Service

QUERIES = Path(__file__).with_name("queries.txt")
LABELLED = Path(__file__).resolve().parents[2] / "shared" / "testdata" / "search_dev.jsonl"
LIMIT = 20
FIRST = 10
"""How many results are judged."""
MANY = 10_000

Find = Callable[[str], Sequence[str]]


def queries(text: str) -> list[tuple[str, str]]:
    """Kind and query of each line that is neither empty nor a comment. Raises ValueError for a line without a kind."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            kind, tab, query = line.partition("\t")
            if not tab or not query.strip():
                raise ValueError(f"not a kind, a tab and a query: {line!r}")
            found.append((kind, query))
    return found


def keystrokes(query: str) -> list[str]:
    """What stands in the search field after each letter; a space alone asks nothing new but is typed as well."""
    return [query[:length] for length in range(1, len(query) + 1)]


def search_819_figure() -> Figure:
    """p95 of a keystroke on the real services, ms."""
    figure, answers = _figure("search_819", content.documents(), LABELLED.is_file())
    return Figure(figure.name, figure.value, f"{figure.detail}{answers}")


def search_10000_figure() -> Figure:
    """p95 of a keystroke with 10,000 services, ms."""
    figure, answers = _figure(f"search_{MANY}", content.grown(content.documents(), MANY), LABELLED.is_file())
    return Figure(figure.name, figure.value, f"{figure.detail}{answers}")


def _figure(name: str, documents: Sequence[Document], labelled: bool) -> tuple[Figure, str]:
    asked = queries(QUERIES.read_text(encoding="utf-8"))
    with place(documents) as here, here.store() as store:
        catalogue = StoreCatalogue(store)
        catalogue.themes()
        catalogue.warm()
        times: dict[str, list[float]] = defaultdict(list)
        gc.collect()
        gc.disable()
        try:
            for kind, query in asked:
                for typed in keystrokes(query):
                    began = time.perf_counter()
                    catalogue.search(typed, "ru", LIMIT)
                    times[kind].append((time.perf_counter() - began) * 1e3)
        finally:
            gc.enable()
        answers = _success(catalogue, documents) if labelled else ""
    everything = [one for some in times.values() for one in some]
    slowest = max(times, key=lambda kind: percentile(times[kind], 0.95))
    detail = (
        f"{len(everything)} keystrokes, p50 {median(everything):.2f}, p99 {percentile(everything, 0.99):.2f} ms; "
        f"slowest kind {slowest}, p95 {percentile(times[slowest], 0.95):.2f} ms"
    )
    return Figure(name, percentile(everything, 0.95), detail), answers


def _success(catalogue: StoreCatalogue, documents: Sequence[Document]) -> str:
    """How well labelled queries are answered, ours and three peers', overall and for each kind, as a text.

    success@n: a right service is among the first n; MRR: the mean of 1 / the place of the first right one of ten; p95
    is of whole queries, ms.
    """
    labelled = [msgspec.json.decode(line) for line in LABELLED.read_bytes().splitlines() if line.strip()]
    services = [msgspec.json.decode(one.body, type=Service) for one in documents if one.id.startswith("service/")]
    finders: dict[str, Find] = {
        "ours": lambda query: [one.service.id for one in catalogue.search(query, "ru", FIRST).found],
        "FTS5": _fts5(services),
        "tantivy": _tantivy(services),
        "rapidfuzz": _rapidfuzz(services),
    }
    lines = []
    for name, find in finders.items():
        places: dict[str, list[int]] = defaultdict(list)
        times: dict[str, list[float]] = defaultdict(list)
        for one in labelled:
            began = time.perf_counter()
            found = find(one["q"])
            times[one["kind"]].append((time.perf_counter() - began) * 1e3)
            places[one["kind"]].append(next((at for at, id_ in enumerate(found, 1) if id_ in one["relevant"]), 0))
        everything = [place for some in places.values() for place in some]
        slow = percentile([one for some in times.values() for one in some], 0.95)
        lines.append(f"{name}: {_scores(everything)}, p95 {slow:.2f} ms")
        lines += [
            f"  {kind} ({len(some)}): {_scores(some)}, p95 {percentile(times[kind], 0.95):.2f} ms"
            for kind, some in places.items()
        ]
    return "".join(f"\n{line}" for line in lines)


def _scores(places: Sequence[int]) -> str:
    """`places` of the first right answers, 0 for none."""
    first = sum(place == 1 for place in places) / len(places)
    three = sum(0 < place <= 3 for place in places) / len(places)
    mrr = sum(1 / place for place in places if place) / len(places)
    return f"success@1 {first:.3f}, @3 {three:.3f}, MRR {mrr:.3f}"


def _fields(service: Service) -> tuple[str, str]:
    keywords = " ".join((*service.keywords.ru, *service.keywords.en))
    return f"{service.title.ru} {service.title.en}", keywords


def _stems(text: str) -> str:
    return " ".join(analysis.analyse(text))


def _fts5(services: Sequence[Service]) -> Find:
    """FTS5 with bm25 over the same stems, any word, the last one as a prefix."""
    import sqlcipher3.dbapi2 as sqlcipher

    index = sqlcipher.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE s USING fts5(id UNINDEXED, title, keywords)")
    index.executemany("INSERT INTO s VALUES (?, ?, ?)", ((s.id, *map(_stems, _fields(s))) for s in services))

    def find(query: str) -> Sequence[str]:
        terms = analysis.analyse(query)
        if not terms:
            return []
        match = " OR ".join([*(f'"{term}"' for term in terms), f'"{analysis.words(query)[-1]}" *'])
        rows: list[Any] = index.execute(
            "SELECT id FROM s WHERE s MATCH ? ORDER BY bm25(s, 0, 10, 6), id LIMIT ?", (match, FIRST)
        ).fetchall()
        return [row[0] for row in rows]

    return find


def _tantivy(services: Sequence[Service]) -> Find:
    """tantivy over the same stems, title before keywords."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("title", "keywords"):
        builder.add_text_field(field, tokenizer_name="whitespace")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer()
    for service in services:
        title, keywords = map(_stems, _fields(service))
        writer.add_document(tantivy.Document(id=service.id, title=title, keywords=keywords))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def find(query: str) -> Sequence[str]:
        terms = analysis.analyse(query)
        if not terms:
            return []
        parsed = index.parse_query(" ".join(terms), ["title", "keywords"], field_boosts={"title": 2.0})
        return [searcher.doc(place)["id"][0] for _, place in searcher.search(parsed, FIRST).hits]

    return find


def _rapidfuzz(services: Sequence[Service]) -> Find:
    """rapidfuzz WRatio over both titles and keywords."""
    from rapidfuzz import fuzz, process

    choices = {service.id: analysis.fold(" ".join(_fields(service))) for service in services}

    def find(query: str) -> Sequence[str]:
        return [id_ for _, _, id_ in process.extract(analysis.fold(query), choices, scorer=fuzz.WRatio, limit=FIRST)]

    return find
