"""Building a list file: records and photos in, one SQLite file that holds all that a check needs out."""

import hashlib
import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from sqlite_utils import Database

from fieldcheck.cache.info import ListInfo, ReferencePhoto
from fieldcheck.cache.photo_filing import PhotoFiling
from fieldcheck.cache.postings import pack
from fieldcheck.cache.schema import (
    MANY_VALUED,
    PHOTO_COLUMNS,
    READING_COLUMNS,
    RECORD_COLUMNS,
    SCHEMA_VERSION,
    SEGMENT_COLUMNS,
    TERM_COLUMNS,
    VOCABULARY_TABLE,
    WORD_COLUMNS,
)
from fieldcheck.errors import InputError, IntegrityError
from fieldcheck.models import Record
from fieldcheck.text.reading import Reader, Reading
from fieldcheck.text.terms import record_terms

_CHUNK = 2_000
_SHORTEST_MISSPELT = 4


@dataclass(frozen=True, slots=True)
class Built:
    """What a list file holds; ``version`` is made from the content alone, so equal content has equal version."""

    version: str
    records: int
    photos: int


def build_list(
    path: Path,
    info: ListInfo,
    records: Iterable[Record],
    photos: Iterable[ReferencePhoto] = (),
    progress: Callable[[int], None] | None = None,
) -> Built:
    """Write a list file at ``path``, which must not exist; ``progress`` is told the number of records so far.

    Raises:
        InputError: two records have one id.
        IntegrityError: SQLite finds the finished file damaged.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # The file gets its final name only when it is whole, so a journal would guard nothing.
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        builder = _Builder(connection)
        builder.create()
        connection.execute("BEGIN")
        for chunk in _chunks(records):
            builder.add(chunk)
            if progress:
                progress(builder.records)
        builder.add_photos(photos)
        built = builder.finish(info)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=DELETE")
        if (answer := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise IntegrityError(f"The new list file is damaged: {answer}", next_step="Check the disk, then try again.")
    finally:
        connection.close()
    return built


class _Builder:
    """Fills the tables of one list file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._database = Database(connection, execute_plugins=False)
        self._execute = connection.execute
        self._executemany = connection.executemany
        self._reader = Reader()
        self._filing = PhotoFiling(connection)
        self._digest = hashlib.sha256(f"schema {SCHEMA_VERSION}\n".encode())
        self._rows: dict[str, int] = {}
        self._postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self.records = 0
        self.photos = 0

    def create(self) -> None:
        """Create the tables of `fieldcheck.cache.schema`."""
        self._database.table("meta").create({"key": str, "value": str}, pk="key")
        self._database.table("records").create(RECORD_COLUMNS, pk="rowid_")
        self._database.table("readings").create(READING_COLUMNS, pk="record")
        self._database.table("numbers").create({"number": str, "record": int})
        self._database.table("photos").create(PHOTO_COLUMNS)
        self._database.table("segments").create(SEGMENT_COLUMNS, pk="segment")
        self._database.table("words").create(WORD_COLUMNS, pk="place")
        self._database.table("terms").create(TERM_COLUMNS, pk="place")
        self._execute(VOCABULARY_TABLE)

    def add(self, records: list[Record]) -> None:
        """Add records in the order given."""
        first = self.records + 1
        for number, record in enumerate(records, start=first):
            if self._rows.setdefault(record.id, number) != number:
                raise InputError(
                    f"Two records have the id {record.id!r}.",
                    next_step="Give every record an id of its own, or choose another column for the id with --map.",
                )
            self._digest.update(json.dumps(asdict(record), sort_keys=True).encode())
        readings = [self._reader.read_record(record) for record in records]
        numbered = list(zip(range(first, first + len(records)), records, readings, strict=True))
        self._insert("records", RECORD_COLUMNS, (_record_row(row, record) for row, record, _ in numbered))
        self._insert("readings", READING_COLUMNS, (_reading_row(row, reading) for row, _, reading in numbered))
        self._executemany(
            "INSERT INTO numbers VALUES (?, ?)",
            ((number, row) for row, _, reading in numbered for number in reading.numbers),
        )
        for row, _, reading in numbered:
            for term in frozenset(record_terms(reading)):
                self._postings[term].append(row)
        self.records += len(records)

    def add_photos(self, photos: Iterable[ReferencePhoto]) -> None:
        """Add photos of records that were added before."""
        for photo in photos:
            row = (
                self._rows[photo.record_id], photo.file, photo.sha256, photo.phash, photo.dhash, photo.thumbnail,
                photo.points,
            )  # fmt: skip
            self._insert("photos", PHOTO_COLUMNS, [row])
            self._filing.add(photo)
            self._digest.update(f"photo {photo.record_id} {photo.file} {photo.sha256}\n".encode())
            self.photos += 1
        self._filing.flush()

    def finish(self, info: ListInfo) -> Built:
        """Index what was added and write what the list says of itself."""
        self._database.table("numbers").create_index(["number"])
        self._database.table("records").create_index(["id"], unique=True)
        self._database.table("photos").create_index(["record"])
        self._database.table("photos").create_index(["sha256"])
        ordered = sorted(self._postings)
        rows = ((term, len(self._postings[term]), pack(self._postings[term], self.records)) for term in ordered)
        self._executemany("INSERT INTO terms(term, records, rows) VALUES (?, ?, ?)", rows)
        self._database.table("terms").create_index(["term", "records"], unique=True)
        self._execute(
            "INSERT INTO vocabulary(word) SELECT term FROM terms"
            " WHERE length(term) >= ? AND instr(term, ':') = 0 AND term GLOB '*[^0-9]*'",
            (_SHORTEST_MISSPELT,),
        )
        self._execute("INSERT INTO vocabulary(vocabulary) VALUES ('optimize')")
        # Equal content is an equal version, on whatever day it was given out or packaged.
        said = {name: value for name, value in asdict(info).items() if name != "packaged"}
        self._digest.update(json.dumps({**said, "published": ""}, sort_keys=True).encode())
        built = Built(self._digest.hexdigest()[:16], self.records, self.photos)
        meta = {**asdict(info), **asdict(built), "schema_version": SCHEMA_VERSION}
        self._database.table("meta").insert_all({"key": key, "value": str(value)} for key, value in meta.items())
        return built

    def _insert(self, table: str, columns: dict[str, type], rows: Iterable[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        self._executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  # names are ours


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    chunk: list[Record] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


_RECORD_FIELDS = tuple(field.name for field in fields(Record))


def _record_row(row: int, record: Record) -> tuple[object, ...]:
    values = ((name, getattr(record, name)) for name in _RECORD_FIELDS)
    return (
        row,
        *(json.dumps(value, ensure_ascii=False) if name in MANY_VALUED else str(value) for name, value in values),
    )


def _reading_row(row: int, reading: Reading) -> tuple[int, str]:
    sizes = [round(size, 3) for size in reading.sizes]
    values = (
        sizes, reading.years, reading.concepts, reading.broader, reading.maker, reading.title, reading.words,
        reading.numbers, sorted(reading.stated), reading.language,
    )  # fmt: skip
    return row, json.dumps(values, ensure_ascii=False, separators=(",", ":"))
