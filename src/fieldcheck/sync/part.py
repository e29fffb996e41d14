"""The part of a file that has been downloaded so far, hashed as it grows."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

_BLOCK = 1 << 20


class Part:
    """A file that is being filled; use `open`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    @classmethod
    @contextmanager
    def open(cls, path: Path, most: int) -> Iterator[Self]:
        """Open what is there of a file of ``most`` bytes; on leaving without an error all of it is on the disk."""
        with path.open("ab+") as stream:
            part = cls(stream)
            part._read(most)
            yield part
            stream.flush()
            os.fsync(stream.fileno())

    @property
    def sha256(self) -> str:
        """The SHA-256 of what is there, in hexadecimal."""
        return self._digest.hexdigest()

    def append(self, chunk: bytes) -> None:
        """Add what came next."""
        self._stream.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    def clear(self) -> None:
        """Throw away what is there."""
        self._stream.truncate(0)
        self._digest = hashlib.sha256()
        self.size = 0

    def _read(self, most: int) -> None:
        self._stream.seek(0)
        while block := self._stream.read(_BLOCK):
            self._digest.update(block)
            self.size += len(block)
        if self.size > most:
            self.clear()
