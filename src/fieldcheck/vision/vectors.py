"""A file of vectors, one for each photo of a list in its order, and the exact search for the nearest of them.

The file begins with `HEADER_BYTES` of JSON, padded with spaces. Then come the vectors, photos × dimension signed bytes,
each scaled by its own largest number, and then the sign of every number as a bit, photos × dimension / 8 bytes. A photo
that has no vector is all zeros, and near to none. The file is mapped into memory, and no more of it read than is used.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from fieldcheck.errors import IntegrityError

HEADER_BYTES = 512
PARTIAL_SUFFIX = ".partial"
_FORMAT = 1
_CANDIDATES = 4_000
"""Photos that the signs choose: of the ten nearest of a million, 99 in 100 are among them."""

_FLUSHED = 128
_CHUNK = 16_384

Vectors = npt.NDArray[np.int8]
Distances = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class VectorHeader:
    """What a file of vectors says of itself.

    Args:
        model: the key of the model that made them (`fieldcheck.vision.model.Model.key`).
        dimension: numbers of one vector, a multiple of 64.
        photos: how many vectors there are.
        version: the list version whose photos they are of.
    """

    model: str
    dimension: int
    photos: int
    version: str

    @property
    def bits_at(self) -> int:
        """Where the bits begin."""
        return HEADER_BYTES + self.photos * self.dimension

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.bits_at + self.photos * self.dimension // 8

    def pack(self) -> bytes:
        """The beginning of the file, `HEADER_BYTES` long."""
        return json.dumps({"format": _FORMAT, **asdict(self)}).encode().ljust(HEADER_BYTES)


class VectorFile:
    """A file of vectors, open for reading."""

    def __init__(self, header: VectorHeader, path: Path) -> None:
        self.header = header
        mapped = np.memmap(path, np.uint8, "r", HEADER_BYTES, (header.size - HEADER_BYTES,))
        bits_at = header.bits_at - HEADER_BYTES
        self.vectors: Vectors = mapped[:bits_at].view(np.int8).reshape(header.photos, header.dimension)
        self._bits = mapped[bits_at:].view(np.uint64).reshape(header.photos, -1)

    @classmethod
    def open(cls, path: Path, header: VectorHeader) -> Self:
        """Open a file that must say of itself what ``header`` says, and be as long as that makes it.

        Raises:
            IntegrityError: it does not, or cannot be read.
        """
        try:
            with path.open("rb") as file:
                begins, size = file.read(HEADER_BYTES), os.fstat(file.fileno()).st_size
            if begins != header.pack() or size != header.size or not header.photos:
                raise _damaged(path)
            return cls(header, path)
        except (OSError, ValueError) as error:
            raise _damaged(path) from error

    def has(self, number: int) -> bool:
        """Whether that photo has a vector."""
        return 0 <= number < self.header.photos and bool(self.vectors[number].any())

    def nearness(self, numbers: Sequence[int], sought: Vectors) -> npt.NDArray[np.float32]:
        """The cosine of each of those photos to the frame that is nearest, -1 to 1; -inf for one without a vector.

        Args:
            numbers: of photos from 0, in any order.
            sought: one vector for each frame of a photo, not all zeros, shape (frames, dimension).
        """
        return _cosines(self.vectors[list(numbers)], sought[sought.any(axis=1)])

    def nearest(self, sought: Vectors, most: int) -> list[tuple[int, float]]:
        """The photos that are nearest to any of the sought vectors, the nearest first.

        The signs of the numbers choose some thousand photos by Hamming distance, ``most`` at least; their nearness is
        exact.

        Args:
            sought: one vector for each frame of a photo, shape (frames, dimension); one of zeros counts for nothing.
            most: how many photos to give.

        Returns:
            the number of each photo from 0 and its nearness, the cosine to the frame that is nearest, -1 to 1.
        """
        sought = sought[sought.any(axis=1)]
        if not len(sought):
            return []
        chosen = self._nearest_by_bits(sought, max(_CANDIDATES, most))
        nearness = _cosines(self.vectors[chosen], sought)
        order = np.argsort(-nearness, kind="stable")[:most]
        return [(int(chosen[at]), float(nearness[at])) for at in order if np.isfinite(nearness[at])]

    def _nearest_by_bits(self, sought: Vectors, most: int) -> npt.NDArray[np.int64]:
        """Numbers of at least ``most`` photos whose signs differ least from those of a frame, in order."""
        photos = self.header.photos
        if photos <= most:
            return np.arange(photos)
        distances = np.empty(photos, np.uint16)
        words = signs_of(sought).view(np.uint64)
        for start in range(0, photos, _CHUNK):
            part = self._bits[start : start + _CHUNK]
            distances[start : start + _CHUNK] = np.min([_hamming(part, frame) for frame in words], axis=0)
        furthest = np.partition(distances, most - 1)[most - 1]
        return np.flatnonzero(distances <= furthest)


class VectorWriter:
    """Writes a file of vectors beside its final name, where an interrupted run goes on; a context manager.

    ``done`` counts the vectors that are written, those of an earlier run included.
    """

    def __init__(self, path: Path, header: VectorHeader) -> None:
        self.done = 0
        self._path = path
        self._header = header
        self._partial = path.with_name(f"{path.name}{PARTIAL_SUFFIX}")
        self._partial.parent.mkdir(parents=True, exist_ok=True)
        self._partial.touch()
        self._file = self._partial.open("rb+")
        if self._file.read(HEADER_BYTES) == header.pack():
            written = (os.fstat(self._file.fileno()).st_size - HEADER_BYTES) // header.dimension
            # The last that were written may not have reached the disk.
            self.done = max(0, min(written, header.photos) - 1) // _FLUSHED * _FLUSHED
        self._file.seek(0)
        self._file.write(header.pack())
        self._file.seek(HEADER_BYTES + self.done * header.dimension)
        self._file.truncate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, vector: bytes) -> None:
        """Add the vector of the next photo; empty for a photo that has none.

        Raises:
            ValueError: it is of another dimension, or there are enough.
        """
        vector = vector or bytes(self._header.dimension)
        if len(vector) != self._header.dimension or self.done == self._header.photos:
            raise ValueError("this vector has no place in the file")
        self._file.write(vector)
        self.done += 1
        if self.done % _FLUSHED == 0:
            self._flush()

    def finish(self) -> None:
        """Write the bits, have all of it on the disk, and give the file its name.

        Raises:
            ValueError: vectors are missing.
        """
        header = self._header
        if self.done != header.photos:
            raise ValueError("vectors are missing")
        for start in range(0, header.photos, _CHUNK):
            count = min(_CHUNK, header.photos - start)
            self._file.seek(HEADER_BYTES + start * header.dimension)
            part = np.frombuffer(self._file.read(count * header.dimension), np.int8).reshape(count, -1)
            self._file.seek(header.bits_at + start * header.dimension // 8)
            self._file.write(signs_of(part).tobytes())
        self._flush()
        self._file.close()
        self._partial.replace(self._path)

    def _flush(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def signs_of(vectors: Vectors) -> npt.NDArray[np.uint8]:
    """Which numbers are above 0, as bits, shape (n, dimension / 8)."""
    return np.packbits(vectors > 0, axis=1)


def _hamming(bits: npt.NDArray[np.uint64], frame: npt.NDArray[np.uint64]) -> Distances:
    """In how many bits each row differs from the frame."""
    distances = np.zeros(len(bits), np.uint16)
    for word, wanted in enumerate(frame):
        distances += np.bitwise_count(bits[:, word] ^ wanted)
    return distances


def _cosines(vectors: Vectors, sought: Vectors) -> npt.NDArray[np.float32]:
    """How near each vector is to the nearest of those sought; -inf for one of zeros."""
    rows, frames = vectors.astype(np.float32), sought.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1)
    products = (rows @ (frames / np.linalg.norm(frames, axis=1, keepdims=True)).T).max(axis=1)
    return np.where(lengths > 0, products / np.maximum(lengths, 1), -np.inf).astype(np.float32)


def _damaged(path: Path) -> IntegrityError:
    return IntegrityError(
        f"{path.name} does not hold the vectors of this list.", next_step="Run `fieldcheck lists reindex`."
    )
