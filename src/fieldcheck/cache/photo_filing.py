"""Filing the photos of a list that is being built, segment by segment, so that memory stays bounded."""

import sqlite3
import struct

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.schema import WORDS_A_SEGMENT

MOST_IN_SEGMENT = 65_536


class PhotoFiling:
    """Collects photos and writes a segment whenever one is full; `flush` writes the last."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute
        self._executemany = connection.executemany
        self._segment = 0
        self._photos: list[tuple[int, int, bytes]] = []

    def add(self, photo: ReferencePhoto) -> None:
        """File the next photo of the list."""
        self._photos.append((int(photo.phash, 16), int(photo.dhash, 16), photo.points))
        if len(self._photos) == MOST_IN_SEGMENT:
            self.flush()

    def flush(self) -> None:
        """Write what was collected."""
        if not self._photos:
            return
        from fieldcheck.vision.index import file_photos
        from fieldcheck.vision.reference import Reference

        count = len(self._photos)
        phashes, dhashes, points = zip(*self._photos, strict=True)
        hashes = struct.pack(f"<{2 * count}Q", *phashes, *dhashes)
        self._execute("INSERT INTO segments VALUES (?, ?, ?)", (self._segment, count, hashes))
        base = self._segment * WORDS_A_SEGMENT
        filed = file_photos([Reference.unpack(packed) for packed in points])
        self._executemany("INSERT INTO words VALUES (?, ?)", ((base + word, postings) for word, postings in filed))
        self._segment += 1
        self._photos = []
