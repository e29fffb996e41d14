"""Judging a list file that somebody else built, before it may be put in use: nothing in it is believed."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from fieldcheck.cache.build import Built
from fieldcheck.cache.info import ListInfo
from fieldcheck.cache.opening import LONGEST_VALUE, OpenList, open_list
from fieldcheck.cache.schema import RECORD_COLUMNS
from fieldcheck.errors import IntegrityError
from fieldcheck.text.reading import Reading

MOST_RECORDS = 20_000_000
LONGEST_FIELD = 1_000_000
"""Characters of the longest field of a record."""

LONGEST_ID = 200
LONGEST_THUMBNAIL = 200_000
"""Bytes of the largest picture that is shown beside a candidate."""

_LONGEST_SAID = 10_000
_AT_ONCE = 1_000
_LIST_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_VERSION = re.compile(r"[0-9a-f]{16}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ][0-9:.]{5,12}(Z|[+-]\d{2}:\d{2})?)?")
_DATES = ("published", "packaged")
_NEXT = "Do not use this file; take the list from its publisher again. The lists in use are unchanged."


def vet(path: Path) -> tuple[ListInfo, Built]:
    """Look at a whole list file and say what is in it.

    Raises:
        IntegrityError: its tables are not ours, it is damaged, it says of itself what is not so, or something in it
            is longer than any list needs.
    """
    try:
        with open_list(path) as opened:
            info, built = _said(path, opened)
            _refuse_false_counts(path, built)
            for _ in opened.records():  # each is read as a check would read it
                pass
            _refuse_garbled_readings(path, opened)
    except IntegrityError as error:
        raise IntegrityError(str(error), next_step=_NEXT) from error
    return info, built


def _refuse_false_counts(path: Path, built: Built) -> None:
    """Hold what a file says of itself against what is in it."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.execute("PRAGMA trusted_schema=OFF")
        try:
            _refuse_false(path, built, connection)
            if (answer := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise _refused(path, f"it is damaged ({str(answer)[:100]})")
        except sqlite3.Error as error:
            raise _refused(path, f"it is damaged ({error})") from error


def _refuse_garbled_readings(path: Path, opened: OpenList) -> None:
    for first in range(1, opened.size + 1, _AT_ONCE):
        rows = range(first, min(first + _AT_ONCE, opened.size + 1))
        found = opened.readings(rows)
        if len(found) != len(rows) or not all(map(_is_reading, found.values())):
            raise _refused(path, "a reading is garbled")


def _is_reading(reading: Reading) -> bool:
    texts = (reading.maker, reading.title, reading.words, reading.numbers, reading.stated, reading.broader)
    kinds = (*reading.concepts, *reading.concepts.values())
    return (
        all(isinstance(size, int | float) for size in reading.sizes)
        and (reading.years is None or [type(year) for year in reading.years] == [int, int])
        and all(isinstance(text, str) for group in texts for text in group)
        and all(isinstance(kind, str | list) for kind in kinds)
        and all(isinstance(concept, str) for group in reading.concepts.values() for concept in group)
    )


def _said(path: Path, opened: OpenList) -> tuple[ListInfo, Built]:
    """What the file says of itself, as far as that can be true."""
    meta = opened.meta
    info = ListInfo(**{name: meta.get(name, "") for name in ListInfo.__slots__})
    built = Built(meta.get("version", ""), opened.size, _whole_number(path, meta.get("photos", "")))
    if not _LIST_ID.fullmatch(info.id) or not _VERSION.fullmatch(built.version):
        raise _refused(path, "it does not say which list and version it is")
    if any(len(value) > _LONGEST_SAID for value in meta.values()):
        raise _refused(path, "what it says of itself is too long")
    if any(getattr(info, name) and not _DATE.fullmatch(getattr(info, name)) for name in _DATES):
        raise _refused(path, "its dates are none")
    return info, built


def _refuse_false(path: Path, built: Built, connection: sqlite3.Connection) -> None:
    most = ", ".join(f"max(length({name}))" for name in RECORD_COLUMNS if name != "rowid_")
    count, last, *lengths = connection.execute(
        f"SELECT count(*), max(rowid_), max(length(id)), min(length(id)), {most} FROM records"  # noqa: S608  # names are ours
    ).fetchone()
    longest_id, shortest_id, *fields = (length or 0 for length in lengths)
    if count != built.records or count != (last or 0) or count > MOST_RECORDS:
        raise _refused(path, f"it says that it has {built.records:,} records, and has {count:,}")
    if count and not 0 < shortest_id <= longest_id <= LONGEST_ID:
        raise _refused(path, "a record has no id or too long a one")
    if max(fields) > LONGEST_FIELD:
        raise _refused(path, f"a field of a record has more than {LONGEST_FIELD:,} characters")
    photos, largest, first, last = connection.execute(
        "SELECT count(*), max(length(thumbnail)), min(record), max(record) FROM photos"
    ).fetchone()
    if photos != built.photos or (photos and not 1 <= first <= last <= count):
        raise _refused(path, "its photos are not those of its records")
    if (largest or 0) > LONGEST_THUMBNAIL:
        raise _refused(path, f"a photo in it has more than {LONGEST_THUMBNAIL:,} bytes")


def _whole_number(path: Path, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_RECORDS)) + 3):
        raise _refused(path, "it does not say how many photos it has")
    return int(text)


def _refused(path: Path, reason: str) -> IntegrityError:
    return IntegrityError(f"{path.name} was refused: {reason}.", next_step=_NEXT)
