"""Writing files so that a reader, a crash or a power cut finds the old content or the new, whole."""

import errno
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldcheck.errors import StorageError

_BLOCK = 1 << 20
_PARTIAL = ".partial"
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_SQLITE_FAILS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EIO,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
_PRIMARY_CODE = 0xFF


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    for block in blocks_of(path):
        digest.update(block)
    return digest.hexdigest()


def holds(path: Path, length: int, sha256: str) -> bool:
    """Whether a file is there with exactly this content; one of another length is not read."""
    return path.is_file() and path.stat().st_size == length and sha256_of(path) == sha256


def blocks_of(path: Path) -> Iterator[bytes]:
    """A file's content, a mebibyte at a time."""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def write_hashed(blocks: Iterable[bytes], target: Path) -> str:
    """Write blocks to a file, have them on the disk, and return the SHA-256 of what was written.

    Raises:
        StorageError: the file cannot be written.
    """
    digest = hashlib.sha256()
    with storage_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as written:
            for block in blocks:
                digest.update(block)
                written.write(block)
            written.flush()
            os.fsync(written.fileno())
    return digest.hexdigest()


def flush_to_disk(path: Path) -> None:
    """Have the system write a file's content to the disk before anything points to it."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Have the system write a folder's entries to the disk, where folders can be opened (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file's content in one step, from a temporary file beside it.

    Raises:
        StorageError: the folder cannot be written or the disk is full; the old content is still there.
    """
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_PARTIAL)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        # The new content is in place: that the folder could not be flushed as well must not be told as a failure.
        with suppress(OSError):
            flush_folder(path.parent)


def clear_leftovers(path: Path) -> None:
    """Delete what crashes left of earlier attempts to write ``path`` whole; nobody may be writing it now."""
    for leftover in path.parent.glob(f".{path.name}.*{_PARTIAL}"):
        with suppress(OSError):
            leftover.unlink()


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn the system's refusals to write below ``folder`` into a `StorageError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise _in_words(folder, error.errno or errno.EIO, error.strerror or str(error)) from error
    except sqlite3.Error as error:
        code = _SQLITE_FAILS.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE)
        if code is None:
            raise
        raise _in_words(folder, code, str(error)) from error


def _in_words(folder: Path, code: int, reason: str) -> StorageError:
    unchanged = "What was there before is unchanged."
    if code in _FULL:
        return StorageError(
            f"The disk is full: {folder} could not be written. {unchanged}",
            next_step="Free some space or use another disk (FIELDCHECK_HOME names the lists' folder); run it again.",
        )
    if code in _REFUSED:
        return StorageError(
            f"{folder} cannot be written ({reason}). {unchanged}",
            next_step="Point FIELDCHECK_HOME to a folder that you may write to, or ask the owner of this one.",
        )
    return StorageError(
        f"The disk failed while {folder} was written ({reason}). {unchanged}",
        next_step="Run the command again; if it fails again, save what you can and have the disk tested.",
    )
