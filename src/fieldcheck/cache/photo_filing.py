"""Filing the photos of a list that is being built, segment by segment, so that memory stays bounded."""

import sqlite3
import struct
from typing import TYPE_CHECKING

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.schema import WORDS_A_SEGMENT

if TYPE_CHECKING:
    from fieldcheck.vision.index import Filed

MOST_IN_SEGMENT = 65_536


class PhotoFiling:
    """Collects photos and writes a segment whenever one is full; `flush` writes the last."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute
        self._executemany = connection.executemany
        self._segment = 0
        self._hashes: list[tuple[int, int]] = []
        self._filed: list[Filed] = []

    def add(self, photo: ReferencePhoto) -> None:
        """File the next photo of the list."""
        from fieldcheck.vision.index import to_file
        from fieldcheck.vision.reference import Reference

        self._hashes.append((int(photo.phash, 16), int(photo.dhash, 16)))
        self._filed.append(to_file(Reference.unpack(photo.points)))
        if len(self._filed) == MOST_IN_SEGMENT:
            self.flush()

    def flush(self) -> None:
        """Write what was collected."""
        if not self._filed:
            return
        from fieldcheck.vision.index import file_photos

        count = len(self._filed)
        phashes, dhashes = zip(*self._hashes, strict=True)
        hashes = struct.pack(f"<{2 * count}Q", *phashes, *dhashes)
        self._execute("INSERT INTO segments VALUES (?, ?, ?)", (self._segment, count, hashes))
        base = self._segment * WORDS_A_SEGMENT
        words = ((base + word, postings) for word, postings in file_photos(self._filed))
        self._executemany("INSERT INTO words VALUES (?, ?)", words)
        self._segment += 1
        self._hashes, self._filed = [], []
