"""Opening one list file: read-only, distrusted until its tables are the ones that we write."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.photo_store import PhotoStore
from fieldcheck.cache.photo_vectors import open_vectors, vector_header
from fieldcheck.cache.postings import Postings
from fieldcheck.cache.remembering import Remembered
from fieldcheck.cache.schema import EXPECTED_SCHEMA, MANY_VALUED, SCHEMA_VERSION, bare
from fieldcheck.errors import IntegrityError
from fieldcheck.models import Record, Status
from fieldcheck.text.reading import Reading

if TYPE_CHECKING:
    from fieldcheck.vision.vectors import VectorFile

_FIELDS = tuple(field.name for field in fields(Record))
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM records"  # noqa: S608  # names are ours
_MAX_VARIABLES = 500
_BEGINNING = 2
_MOST_DIGITS = 12
_DECODER = json.JSONDecoder()
_READING_TYPES = [list, dict, list, list, list, list, list, list, str]
LONGEST_VALUE = 32 * 1024**2
"""Bytes of the longest text or blob that is ever read from a list file; SQLite refuses a longer one."""


class OpenList:
    """One list file, open for reading; rows are numbered from 1 in the order of the list."""

    def __init__(self, list_id: str, connection: sqlite3.Connection, path: Path) -> None:
        self.id = list_id
        self._connection = connection
        self._path = path
        self.meta = {str(key): str(value) for key, value in self._query("SELECT key, value FROM meta")}
        self.size = _count(path, self.meta.get("records", ""))
        self._readings = Remembered(self._read_readings)
        self._records = Remembered(self._read_records)
        self._vectors: dict[str, VectorFile | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._vectors.clear()
        self._connection.close()

    def record(self, record_id: str) -> Record | None:
        """The record of that id, or None."""
        rows = self._query(f"{_SELECT} WHERE id = ?", (record_id,))
        return self._record(rows[0]) if rows else None

    def record_ids(self, beginning: str, limit: int) -> list[str]:
        """Ids of records that begin so, in their order, at most ``limit``."""
        query = "SELECT id FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
        return [str(row[0]) for row in self._query(query, (beginning, f"{beginning}\U0010ffff", limit))]

    def records(self) -> Iterator[Record]:
        """Every record, in the order of the list."""
        step = 1_000
        for first in range(1, self.size + 1, step):
            rows = self._query(f"{_SELECT} WHERE rowid_ BETWEEN ? AND ?", (first, first + step - 1))
            yield from map(self._record, rows)

    def records_at(self, rows: Sequence[int]) -> dict[int, Record]:
        """The records in those rows."""
        return self._records.at(rows)

    def _read_records(self, rows: Sequence[int]) -> dict[int, Record]:
        query = f"SELECT rowid_, {', '.join(_FIELDS)} FROM records WHERE rowid_ IN ({_marks(rows)})"  # noqa: S608  # only question marks
        return {row: self._record(values) for row, *values in self._query(query, rows)}

    def records_named(self, ids: Sequence[str]) -> dict[str, Record]:
        """The records of those ids, as far as the list has them."""
        found = [
            self._record(row)
            for part in _parts(ids)
            for row in self._query(f"{_SELECT} WHERE id IN ({_marks(part)})", part)
        ]
        return {record.id: record for record in found}

    def readings(self, rows: Sequence[int]) -> dict[int, Reading]:
        """The readings of those rows."""
        return self._readings.at(rows)

    def _read_readings(self, rows: Sequence[int]) -> dict[int, Reading]:
        found = [
            row
            for part in _parts(rows)
            for row in self._query(f"SELECT record, reading FROM readings WHERE record IN ({_marks(part)})", part)  # noqa: S608  # only question marks
        ]
        try:
            return {row: _reading(text) for row, text in found}
        except (ValueError, TypeError) as error:
            raise _damaged(self._path, f"a reading is garbled ({error})") from error

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many records each index term occurs; terms of no record are left out."""
        found = {
            term: records
            for part in _parts(terms)
            for term, records in self._query(f"SELECT term, records FROM terms WHERE term IN ({_marks(part)})", part)  # noqa: S608  # only question marks
        }
        if not all(isinstance(records, int) and 0 < records <= self.size for records in found.values()):
            raise _damaged(self._path, "a term is in more records than there are")
        return found

    def postings(self, terms: Iterable[str]) -> dict[str, Postings]:
        """The rows in which each index term occurs; terms of no record are left out."""
        rows = [
            row
            for part in _parts(terms)
            for row in self._query(f"SELECT term, rows FROM terms WHERE term IN ({_marks(part)})", part)  # noqa: S608  # only question marks
        ]
        try:
            return {term: Postings(_blob(packed)) for term, packed in rows}
        except (ValueError, TypeError) as error:
            raise _damaged(self._path, str(error)) from error

    def spelt_like(self, word: str, slips: int, limit: int = 60) -> list[str]:
        """Words of the records that a word may be a slip for, at most ``slips`` letters shorter or longer.

        A slip leaves either the beginning of a word whole, or three letters in a row somewhere after it.
        """
        lengths = (len(word) - slips, len(word) + slips)
        begin = word[:_BEGINNING]
        query = "SELECT term FROM terms WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
        found = [str(row[0]) for row in self._query(query, (begin, f"{begin}\U0010ffff", *lengths))]
        parts = dict.fromkeys(word[i : i + 3] for i in range(len(word) - 2))
        expression = " OR ".join(f'"{part}"' for part in parts)
        query = (
            "SELECT word FROM vocabulary WHERE vocabulary MATCH ? AND length(word) BETWEEN ? AND ?"
            " ORDER BY rank LIMIT ?"
        )
        found.extend(str(row[0]) for row in self._query(query, (expression, *lengths, limit)) if parts)
        return list(dict.fromkeys(found))

    def with_number(self, number: str) -> list[int]:
        """Rows that carry an inventory or reference number, given as its key."""
        return [row[0] for row in self._query("SELECT record FROM numbers WHERE number = ? LIMIT 50", (number,))]

    @cached_property
    def photos(self) -> PhotoStore:
        """The reference photos, as a match needs them."""
        return PhotoStore(self._query, self._path)

    def vectors(self, model: str, dimension: int) -> "VectorFile | None":
        """What the model of this key made of the reference photos; None where that is missing, or there is no photo."""
        if model not in self._vectors:
            header = vector_header(self._path, self.photos.size, model, dimension)
            self._vectors[model] = open_vectors(self._path, header) if self.photos.size else None
        return self._vectors[model]

    def lacks_vectors(self, model: str, dimension: int) -> bool:
        """Whether there are reference photos of which the model of this key has made nothing."""
        return bool(self.photos.size) and self.vectors(model, dimension) is None

    def reference_photos(self) -> Iterator[ReferencePhoto]:
        """Every reference photo with all that is kept of it, as a next version of the list needs them."""
        query = (
            "SELECT id, file, sha256, phash, dhash, thumbnail, points FROM photos JOIN records ON rowid_ = record"
            " ORDER BY photos.rowid"
        )
        for row in self._query(query):
            yield ReferencePhoto(*row)

    def all_ids(self) -> list[str]:
        """The id of every record, in the order of the list."""
        return [row[0] for row in self._query("SELECT id FROM records ORDER BY rowid_")]

    def photo_names(self) -> list[tuple[str, str]]:
        """Record and file of every reference photo, in the order of the list."""
        query = "SELECT id, file FROM photos JOIN records ON rowid_ = record ORDER BY photos.rowid"
        return [(record_id, file) for record_id, file in self._query(query)]

    def thumbnails(self, record_id: str) -> dict[str, bytes]:
        """Small JPEGs of a record's photos, by the names of their files."""
        query = "SELECT file, thumbnail FROM photos JOIN records ON rowid_ = record WHERE id = ? ORDER BY photos.rowid"
        return dict(self._query(query, (record_id,)))

    def _record(self, row: Sequence[Any]) -> Record:
        try:
            return _record(row)
        except (ValueError, TypeError) as error:
            raise _damaged(self._path, f"a record is garbled ({error})") from error

    def _query(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise _damaged(self._path, str(error)) from error


def open_list(path: Path, list_id: str = "") -> OpenList:
    """Open a list file; several processes may do so at once.

    Raises:
        IntegrityError: the file is missing, is no list of this format, or has tables, views or triggers that we
            do not write.
    """
    connection = None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        _refuse_foreign(path, connection.execute("SELECT name, sql FROM sqlite_master").fetchall())
        _refuse_other_version(path, connection)
        return OpenList(list_id or path.parent.name, connection, path)
    except sqlite3.Error as error:
        if connection:
            connection.close()
        raise _damaged(path, str(error)) from error
    except IntegrityError:
        if connection:
            connection.close()
        raise


def _parts(values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The values in parts that one query can ask for."""
    found = tuple(values)
    return (found[start : start + _MAX_VARIABLES] for start in range(0, len(found), _MAX_VARIABLES))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _refuse_foreign(path: Path, entries: list[tuple[str, str | None]]) -> None:
    """Refuse a file whose tables and indexes are not written as ours: no trigger, view or computed column gets by."""
    found = {name: bare(sql) for name, sql in entries if sql}  # an index that a key makes has no statement
    if found != EXPECTED_SCHEMA:
        names = found.keys() | EXPECTED_SCHEMA.keys()
        foreign = sorted(name for name in names if found.get(name) != EXPECTED_SCHEMA.get(name))
        raise IntegrityError(
            f"{path.name} is not a list file of fieldcheck: {', '.join(name[:40] for name in foreign[:5])}.",
            next_step="Do not use this file; take the list from its publisher again.",
        )


def _refuse_other_version(path: Path, connection: sqlite3.Connection) -> None:
    version = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    if version is None or version[0] != str(SCHEMA_VERSION):
        raise IntegrityError(
            f"{path.name} was made for another version of fieldcheck.",
            next_step="Sync or import this list again with the fieldcheck that is installed.",
        )


def _count(path: Path, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise _damaged(path, "it does not say how many records it has")
    return int(text)


def _damaged(path: Path, reason: str) -> IntegrityError:
    return IntegrityError(
        f"The list file {path.name} cannot be read: {reason}.",
        next_step="Sync or import this list again; `fieldcheck doctor` shows which lists are sound.",
    )


def _record(row: Sequence[Any]) -> Record:
    return Record(*[read(value) for read, value in zip(_READ_AS, row, strict=True)])


def _blob(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("an index is not made of bytes")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a field is not text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return () if value == "[]" else tuple(map(_text, json.loads(_text(value))))


_READ_AS: tuple[Callable[[Any], Any], ...] = tuple(
    Status if name == "status" else _texts if name in MANY_VALUED else _text for name in _FIELDS
)


def _reading(text: str) -> Reading:
    values, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("there is more behind it")
    sizes, years, concepts, broader, maker, title, words, numbers, stated, language = values
    if [type(value) for value in values if value is not years] != _READING_TYPES:
        raise TypeError("it is made of other things")
    return Reading(
        sizes, years and tuple(years), concepts, maker, title, frozenset(words), numbers, stated, language, broader
    )
