"""What was read of a list's photos so far, so that an interrupted import goes on where it stopped.

A reading is kept by the SHA-256 of the file that was read, and only for as long as the same reader reads
(`fieldcheck.vision.edition`): a photo that changed, or another reader, makes it read again. The file is committed in
batches and thrown away once the list is in use.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.pointer import lists_folder

STAGING_NAME = "photos.db"
_BATCH = 16
_PAGE = 500
_TABLES = """
CREATE TABLE edition (edition TEXT);
CREATE TABLE readings (sha256 TEXT PRIMARY KEY, phash TEXT, dhash TEXT, thumbnail BLOB, points BLOB);
CREATE TABLE named (place INTEGER PRIMARY KEY, record TEXT, path BLOB, file TEXT, sha256 TEXT);
"""


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """A photo that a list names: its record, where it is, and its name in the list."""

    record_id: str
    path: Path
    file: str


class PhotoStaging:
    """The readings at ``path``; those of another ``edition`` of the reader, or damaged ones, are thrown away."""

    def __init__(self, path: Path, edition: str) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _is_of(path, edition):
            path.unlink(missing_ok=True)
        is_new = not path.exists()
        self._connection = sqlite3.connect(path)
        self._waiting = 0
        if is_new:
            self._connection.executescript(_TABLES)
            self._connection.execute("INSERT INTO edition VALUES (?)", (edition,))
            self._connection.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with closing(self._connection):
            self._connection.commit()

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM readings").fetchone()[0])

    def name(self, photos: Iterable[NamedPhoto]) -> int:
        """Take down the photos of the list, in its order, in place of any named before; returns how many."""
        rows = ((photo.record_id, os.fsencode(photo.path), photo.file) for photo in photos)
        self._connection.execute("DELETE FROM named")
        self._connection.executemany("INSERT INTO named (record, path, file) VALUES (?, ?, ?)", rows)
        self._connection.commit()
        return int(self._connection.execute("SELECT count(*) FROM named").fetchone()[0])

    def named(self) -> Iterator[tuple[int, NamedPhoto]]:
        """Each photo that the list names, with its place."""
        query = "SELECT place, record, path, file FROM named WHERE place > ? ORDER BY place LIMIT ?"
        place = 0
        while rows := self._connection.execute(query, (place, _PAGE)).fetchall():
            for place, record_id, path, file in rows:
                yield place, NamedPhoto(record_id, Path(os.fsdecode(path)), file)

    def holds(self, sha256: str) -> bool:
        """Whether a file of these bytes was read before."""
        return self._connection.execute("SELECT 1 FROM readings WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def identify(self, place: int, sha256: str) -> None:
        """Take down which bytes the photo in a place has."""
        self._connection.execute("UPDATE named SET sha256 = ? WHERE place = ?", (sha256, place))

    def keep(self, place: int, photo: ReferencePhoto) -> None:
        """Keep what was read of the photo in a place."""
        row = (photo.sha256, photo.phash, photo.dhash, photo.thumbnail, photo.points)
        self._connection.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?)", row)
        self.identify(place, photo.sha256)
        self._waiting += 1
        if self._waiting == _BATCH:
            self._connection.commit()
            self._waiting = 0

    def photos(self) -> Iterator[ReferencePhoto]:
        """What was read of every photo of the list that could be, in the order of the list."""
        query = (
            "SELECT record, file, sha256, phash, dhash, thumbnail, points"
            " FROM named CROSS JOIN readings USING (sha256) ORDER BY place"
        )
        for row in self._connection.execute(query):
            yield ReferencePhoto(*row)


def staging_path(home: Path, list_id: str) -> Path:
    """Where the readings of a list that is being imported are kept."""
    return lists_folder(home) / list_id / "staging" / STAGING_NAME


def discard_staging(home: Path, list_id: str) -> None:
    """Throw away what was read of a list's photos, if anything was."""
    path = staging_path(home, list_id)
    if path.exists():
        path.unlink()
        with suppress(OSError):  # a sync may keep something there as well
            path.parent.rmdir()


def _is_of(path: Path, edition: str) -> bool:
    """Whether there are sound readings by this edition of the reader."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            found: list[tuple[Any, ...]] = connection.execute("SELECT edition FROM edition").fetchall()
            return found == [(edition,)] and connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False
