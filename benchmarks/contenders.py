"""What is compared: fieldcheck itself and the plain ways to search, each answering one description at a time.

Each is measured in a process of its own, so that its memory and its time are its own.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bench_set import LIST_ID

if TYPE_CHECKING:
    from fieldcheck.models import Record

TOP = 10
WARM_UP = 20
DAY = "2026-11-24"

Ranked = list[tuple[str, float]]
"""Ids of records with their scores, best first, ten at most."""


class Contender(Protocol):
    """A way to find a record by a description; ``folder`` holds what it keeps on disk."""

    name: str

    def __init__(self, folder: Path) -> None: ...

    def load(self, records: Sequence["Record"]) -> None:
        """Index the records, or keep them."""

    def ask(self, text: str) -> Ranked:
        """The ten best records for a description."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one contender answered and spent: CPU milliseconds a description, warm; megabytes of memory and disk."""

    name: str
    answers: list[Ranked]
    cpu_ms: float
    load_s: float
    memory_mb: float
    disk_mb: float


class Fieldcheck:
    """A whole check, rules and verdict included, of a list that ``fieldcheck lists import`` has put in ``folder``."""

    name = "fieldcheck"

    def __init__(self, folder: Path) -> None:
        import fieldcheck.cli  # noqa: F401  # what it sets for every command, ``batch`` among them
        from fieldcheck.cache.holdings import open_holdings
        from fieldcheck.checking import Checker, CheckSettings
        from fieldcheck.items import make_item

        self._make_item = make_item
        self._checker = Checker(open_holdings(folder, (LIST_ID,)), CheckSettings(on=DAY, top=TOP))

    def load(self, records: Sequence["Record"]) -> None:
        """Nothing: the list was imported before."""

    def ask(self, text: str) -> Ranked:
        """The shortlist of a check."""
        result = self._checker.check(self._make_item({"text": text}))
        return [(candidate.record.id, candidate.score) for candidate in result.candidates]


class Matching(Fieldcheck):
    """The same without rules and verdict: what the plain ways to search do, and no more."""

    name = "fieldcheck, matching alone"

    def __init__(self, folder: Path) -> None:
        import fieldcheck.cli  # noqa: F401  # as above
        from fieldcheck.cache.holdings import open_holdings
        from fieldcheck.matching.match import match_item
        from fieldcheck.models import Item
        from fieldcheck.text.reading import Reader

        self._item, self._match = Item, match_item
        self._holdings, self._reader = open_holdings(folder, (LIST_ID,)), Reader()

    def ask(self, text: str) -> Ranked:
        """The shortlist of the matcher."""
        found = self._match(self._item(text=text), self._holdings, self._reader, TOP)
        return [(candidate.record.id, candidate.score) for candidate in found.candidates]


class FullText:
    """SQLite FTS5 as it comes: unicode61 over all fields, any of the words, bm25."""

    name = "FTS5 bm25"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "fts5.db")

    def load(self, records: Sequence["Record"]) -> None:
        """Index every field as one text."""
        self._connection.execute("CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, body)")
        rows = ((record.id, text_of(record)) for record in records)
        self._connection.executemany("INSERT INTO texts VALUES (?, ?)", rows)
        self._connection.execute("INSERT INTO texts(texts) VALUES ('optimize')")
        self._connection.commit()

    def ask(self, text: str) -> Ranked:
        """The best by bm25, which SQLite gives as a negative number."""
        expression = " OR ".join(f'"{word}"' for word in words_of(text))
        query = "SELECT id, -rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
        return list(self._connection.execute(query, (expression, TOP))) if expression else []


class Fuzzy:
    """rapidfuzz ``token_set_ratio`` over all records, their texts prepared beforehand."""

    name = "rapidfuzz token_set_ratio"

    def __init__(self, folder: Path) -> None:
        from rapidfuzz import fuzz, process, utils

        del folder
        self._extract, self._scorer, self._prepare = process.extract, fuzz.token_set_ratio, utils.default_process
        self._ids: list[str] = []
        self._texts: list[str] = []

    def load(self, records: Sequence["Record"]) -> None:
        """Keep the prepared texts in memory."""
        self._ids = [record.id for record in records]
        self._texts = [self._prepare(text_of(record)) for record in records]

    def ask(self, text: str) -> Ranked:
        """The best by ratio, 0 to 100."""
        found = self._extract(self._prepare(text), self._texts, scorer=self._scorer, limit=TOP)
        return [(self._ids[place], score) for _, score, place in found]


class Tantivy:
    """Tantivy, a full-text engine in Rust: its default tokenizer over all fields, any of the words, bm25."""

    name = "tantivy bm25"

    def __init__(self, folder: Path) -> None:
        import tantivy  # type: ignore[import-not-found, unused-ignore]

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("body")
        where = folder / "tantivy"
        where.mkdir(exist_ok=True)
        self._document = tantivy.Document
        self._index = tantivy.Index(builder.build(), path=str(where))
        self._searcher = self._index.searcher()

    def load(self, records: Sequence["Record"]) -> None:
        """Index every field as one text."""
        writer = self._index.writer(num_threads=1)
        for record in records:
            writer.add_document(self._document(id=record.id, body=text_of(record)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, text: str) -> Ranked:
        """The best by bm25."""
        words = " ".join(words_of(text))
        if not words:
            return []
        hits = self._searcher.search(self._index.parse_query(words, ["body"]), TOP).hits
        return [(self._searcher.doc(address)["id"][0], score) for score, address in hits]


PEERS: tuple[type[Contender], ...] = (FullText, Fuzzy, Tantivy)
NEEDS = {"rapidfuzz token_set_ratio": "rapidfuzz", "tantivy bm25": "tantivy"}
"""Packages that are not fieldcheck's own; a peer whose package is not installed is left out."""


def text_of(record: "Record") -> str:
    """All that a record says, as one text."""
    many = (
        *record.materials, *record.techniques, *record.measurements, *record.inscriptions, *record.features,
        *record.inventory_numbers,
    )  # fmt: skip
    one = (record.title, record.maker, record.object_type, record.subject, record.period, record.culture, record.origin)
    return " ".join(part for part in (*one, *many, record.description) if part)


def words_of(text: str) -> list[str]:
    """The words of a description in lower case, so that none is taken for an operator."""
    return re.findall(r"\w+", text.lower())


def measure(
    contender: type[Contender], folder: Path, texts: Sequence[str], records: Callable[[], Sequence["Record"]]
) -> Measured:
    """Measure a contender in a process of its own; ``records`` reads them there."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(_measure, contender, folder, texts, records).result()


def _measure(
    kind: type[Contender], folder: Path, texts: Sequence[str], records: Callable[[], Sequence["Record"]]
) -> Measured:
    before = _size(folder)
    contender = kind(folder)
    if not issubclass(kind, Fieldcheck):
        held = records()
        started = time.process_time()
        contender.load(held)
        del held
        loading = time.process_time() - started
    else:
        before, loading = 0.0, 0.0
    for text in texts[:WARM_UP]:
        contender.ask(text)
    started = time.process_time()
    answers = [contender.ask(text) for text in texts]
    cpu_ms = 1_000 * (time.process_time() - started) / len(texts)
    return Measured(kind.name, answers, cpu_ms, loading, peak_memory_mb(), _size(folder) - before)


def peak_memory_mb() -> float:
    """The most memory that this process has held at once, in megabytes; 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(status.split("VmHWM:")[1].split()[0]) / 1_024


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
