"""Where a channel's files are read from: a web server, or a folder such as a mounted stick.

Nothing that is read here is believed: what may be used is decided in `fieldcheck.sync.trust`.
"""

import hashlib
import stat
from pathlib import Path
from typing import BinaryIO, Protocol

from fieldcheck.errors import IntegrityError, SourceError
from fieldcheck.files import storage_errors
from fieldcheck.sync.progress import Progress, SilentProgress

SILENT = SilentProgress()
_BLOCK = 1 << 20


class Place(Protocol):
    """Somewhere that holds a channel; names are relative and use forward slashes."""

    @property
    def address(self) -> str:
        """Where it is, for people."""
        ...

    def read(self, name: str, max_bytes: int) -> bytes:
        """One small file.

        Raises:
            AbsentError: the web server has no such file.
            MissingError: the folder has no such file.
            SourceError: it cannot be reached.
            IntegrityError: it is no file, is larger than ``max_bytes`` or ceased to be readable.
        """
        ...

    def copy(self, name: str, into: Path, length: int, sha256: str) -> None:
        """Copy a file of known length and SHA-256 to ``into``.

        Raises:
            SourceError: it cannot be reached.
            IntegrityError: it is another file than the one that was signed.
            StorageError: the copy cannot be written.
        """
        ...


class MissingError(IntegrityError):
    """A folder that should hold a whole channel lacks a file."""


class Folder:
    """A channel in a folder."""

    def __init__(self, folder: Path, progress: Progress = SILENT) -> None:
        self._folder = folder
        self._progress = progress

    @property
    def address(self) -> str:
        """See `Place.address`."""
        return str(self._folder)

    def read(self, name: str, max_bytes: int) -> bytes:
        """See `Place.read`."""
        with self._open(name) as stream:
            content = self._block(stream, max_bytes + 1)
        if len(content) > max_bytes:
            raise IntegrityError(
                f"{name} in {self._folder} is larger than {max_bytes:,} bytes.", next_step=_ANOTHER_COPY
            )
        return content

    def copy(self, name: str, into: Path, length: int, sha256: str) -> None:
        """See `Place.copy`."""
        try:
            found = self._copied(name, into, length)
        except BaseException:
            into.unlink(missing_ok=True)
            raise
        if found != (length, sha256):
            into.unlink()
            raise IntegrityError(
                f"{name} in {self._folder} is not the file that the publisher signed.", next_step=_ANOTHER_COPY
            )

    def _copied(self, name: str, into: Path, most: int) -> tuple[int, str]:
        """Copy a file, up to a block more than it may hold; gives the length and SHA-256 of what was copied."""
        digest, size = hashlib.sha256(), 0
        with self._open(name) as stream, storage_errors(into.parent):
            into.parent.mkdir(parents=True, exist_ok=True)
            with into.open("wb") as copied:
                while size <= most and (block := self._block(stream, _BLOCK)):
                    size += len(block)
                    digest.update(block)
                    copied.write(block)
                    self._progress.advance(len(block))
        return size, digest.hexdigest()

    def _open(self, name: str) -> BinaryIO:
        path = self._folder.joinpath(*name.split("/"))
        try:
            # Opening a pipe or a device may hang.
            if not stat.S_ISREG(path.stat().st_mode):
                raise IntegrityError(f"{name} in {self._folder} is no file.", next_step=_ANOTHER_COPY)
            return path.open("rb")
        except (FileNotFoundError, NotADirectoryError) as error:
            if not self._folder.is_dir():
                raise gone(self._folder) from error
            raise MissingError(
                f"The channel in {self._folder} is not whole: {name} is missing.", next_step=_ANOTHER_COPY
            ) from error
        except OSError as error:
            raise _unreadable(self._folder, error) from error

    def _block(self, stream: BinaryIO, most: int) -> bytes:
        try:
            return stream.read(most)
        except OSError as error:
            raise _unreadable(self._folder, error) from error


_ANOTHER_COPY = "Copy the whole channel from the publisher again; the lists in use are unchanged."


def gone(folder: Path) -> SourceError:
    """What to say of a folder that is not there at all."""
    return SourceError(f"{folder} is not there.", next_step="Put the stick in, or name the folder it is mounted at.")


def _unreadable(folder: Path, error: OSError) -> IntegrityError:
    reason = error.strerror or type(error).__name__
    return IntegrityError(
        f"{folder} ceased to be readable ({reason}); nothing of it was put in use.",
        next_step="Put the stick in again and repeat the command; the lists in use are unchanged.",
    )
