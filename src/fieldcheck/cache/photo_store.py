"""The photos of one list file: their hashes, the index over their points, and what is kept to compare one closely.

Photos are numbered from 0 in the order of the list and filed in segments (see `fieldcheck.vision.index`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldcheck.cache.schema import WORDS_A_SEGMENT
from fieldcheck.errors import IntegrityError

Query = Callable[..., list[tuple[Any, ...]]]
_MAX_VARIABLES = 500
_HASH_BYTES = 16
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """One reference photo; ``row`` is its record's, ``thumbnail`` a small JPEG, ``points`` a packed `Reference`."""

    number: int
    row: int
    file: str
    sha256: str
    thumbnail: bytes
    points: bytes


class PhotoStore:
    """Reads the photo tables of the list at ``path``; ``query`` runs one statement and gives all its rows."""

    def __init__(self, query: Query, path: Path) -> None:
        self._query = query
        self._path = path
        self.segments = {int(segment): int(count) for segment, count in query("SELECT segment, photos FROM segments")}

    @property
    def size(self) -> int:
        """How many photos there are."""
        return sum(self.segments.values())

    def hashes(self, segment: int) -> bytes:
        """The ``phash`` of every photo of a segment and then every ``dhash``, each a little-endian 64-bit number.

        Raises:
            IntegrityError: there are more or fewer of them than photos.
        """
        hashes = bytes(self._query("SELECT hashes FROM segments WHERE segment = ?", (segment,))[0][0])
        if len(hashes) != _HASH_BYTES * self.segments[segment]:
            raise self._damaged()
        return hashes

    def postings(self, segment: int, words: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """The index of those words in one segment, as far as they occur."""
        for word in words:
            for row in self._query("SELECT postings FROM words WHERE place = ?", (segment * WORDS_A_SEGMENT + word,)):
                yield word, row[0]

    def with_sha256(self, sha256: str) -> list[int]:
        """Numbers of the photos that are the very same file."""
        return [row[0] - 1 for row in self._query("SELECT rowid FROM photos WHERE sha256 = ? LIMIT 50", (sha256,))]

    def photos(self, numbers: Sequence[int]) -> list[StoredPhoto]:
        """Those photos, in the order of the list."""
        found: list[StoredPhoto] = []
        for start in range(0, len(numbers), _MAX_VARIABLES):
            part = [number + 1 for number in numbers[start : start + _MAX_VARIABLES]]
            marks = ",".join("?" * len(part))
            query = (
                "SELECT rowid - 1, record, file, sha256, thumbnail, points"  # noqa: S608  # only question marks
                f" FROM photos WHERE rowid IN ({marks}) ORDER BY rowid"
            )
            found.extend(StoredPhoto(*row) for row in self._query(query, part))
        return found

    def identities(self) -> Iterator[tuple[str, int]]:
        """The SHA-256 of each photo's file and how many bytes its thumbnail has, in the order of the list."""
        query = "SELECT sha256, length(thumbnail) FROM photos WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        for first in range(1, self.size + 1, _PAGE):
            yield from self._query(query, (first, first + _PAGE - 1))

    def same_as(self, sha256: str, thumbnail_bytes: int) -> int | None:
        """The number of the first photo that is the very same file and has a thumbnail of that length, or None."""
        query = "SELECT min(rowid) - 1 FROM photos WHERE sha256 = ? AND length(thumbnail) = ?"
        number: int | None = self._query(query, (sha256, thumbnail_bytes))[0][0]
        return number

    def thumbnail(self, number: int) -> bytes:
        """The small JPEG of one photo.

        Raises:
            IntegrityError: there is none.
        """
        rows = self._query("SELECT thumbnail FROM photos WHERE rowid = ?", (number + 1,))
        if not rows or not isinstance(rows[0][0], bytes):
            raise self._damaged()
        return rows[0][0]

    def _damaged(self) -> IntegrityError:
        return IntegrityError(
            f"The photos of the list file {self._path.name} cannot be read.",
            next_step="Sync or import this list again; `fieldcheck doctor` shows which lists are sound.",
        )
