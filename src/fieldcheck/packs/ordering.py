"""Keeping records and photos in their places from one version of a list to the next.

A list file's indexes name records and photos by their places. Where places stay, so does most of the file, and what a
client needs to come from one version to the next is little more than what changed.
"""

import pickle
import sqlite3
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from fieldcheck.cache.opening import open_list
from fieldcheck.cache.photo_staging import NamedPhoto
from fieldcheck.errors import IntegrityError
from fieldcheck.models import Record

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Places:
    """What a version has in each place: ids of records, and record and file of photos."""

    records: tuple[str, ...] = ()
    photos: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """The places of the version in a file; none where there is no such file, or it is of another format."""
        if not path.is_file():
            return cls()
        try:
            with open_list(path) as opened:
                return cls(tuple(opened.all_ids()), tuple(opened.photo_names()))
        except IntegrityError:
            return cls()


def keep_places(before: Iterable[_Key], after: Iterable[_Key]) -> list[_Key]:
    """Put distinct keys in an order in which those that were there before stay where they were.

    New ones take the places of those that are gone, then follow at the end. Where fewer came than went, the last ones
    move into the gaps.
    """
    wanted, places = dict.fromkeys(after), list(before)
    were = frozenset(places)
    came = [key for key in wanted if key not in were]
    gaps = [place for place, key in enumerate(places) if key not in wanted]
    for place, key in zip(gaps, came, strict=False):
        places[place] = key
    places += came[len(gaps) :]
    for place in gaps[len(came) :]:
        while len(places) > place and places[-1] not in wanted:
            places.pop()
        if len(places) > place:
            places[place] = places.pop()
    return places


def photos_in_places(photos: Iterable[NamedPhoto], before: Iterable[tuple[str, str]]) -> list[NamedPhoto]:
    """Photos in the order of `keep_places`; one that its record names twice has two places."""
    named = list(photos)
    keys = _told_apart((photo.record_id, photo.file) for photo in named)
    found = dict(zip(keys, named, strict=True))
    return [found[key] for key in keep_places(_told_apart(before), found)]


@contextmanager
def records_in_places(records: Iterable[Record], before: Iterable[str], scratch: Path) -> Iterator[Iterable[Record]]:
    """Give records in the order of `keep_places`, as often as they are gone through.

    They wait in the file ``scratch``, which is deleted afterwards, so that a million of them need little memory.
    """
    scratch.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(scratch, isolation_level=None)) as connection:
            yield _Waiting(connection, records, before)
    finally:
        scratch.unlink(missing_ok=True)


class _Waiting:
    """Records in a file, given in the order of their places."""

    def __init__(self, connection: sqlite3.Connection, records: Iterable[Record], before: Iterable[str]) -> None:
        self._execute = connection.execute
        self._execute("PRAGMA journal_mode=OFF")
        self._execute("PRAGMA synchronous=OFF")
        self._execute("CREATE TABLE waiting (number INTEGER PRIMARY KEY, record BLOB)")
        self._execute("BEGIN")
        self._numbers: dict[str, int] = {}
        for number, record in enumerate(records):
            self._numbers[record.id] = number
            self._execute("INSERT INTO waiting VALUES (?, ?)", (number, pickle.dumps(record)))
        self._execute("COMMIT")
        self._order = keep_places(before, self._numbers)

    def __iter__(self) -> Iterator[Record]:
        for record_id in self._order:
            query = self._execute("SELECT record FROM waiting WHERE number = ?", (self._numbers[record_id],))
            yield pickle.loads(query.fetchone()[0])  # noqa: S301  # pickled above, in a file that is this build's own


def _told_apart(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    """Each key, and how often it came before."""
    seen: Counter[tuple[str, str]] = Counter()
    for key in keys:
        yield (*key, seen[key])
        seen[key] += 1
