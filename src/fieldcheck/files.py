"""Writing files so that a reader, a crash or a power cut finds the old content or the new, whole."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldcheck.errors import StorageError

_BLOCK = 1 << 20
_QUOTA = getattr(errno, "EDQUOT", errno.ENOSPC)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
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
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(path.parent)


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn the system's refusals to write below ``folder`` into a `StorageError` that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, _QUOTA}:
            raise StorageError(
                f"The disk is full: {folder} could not be written. What was there before is unchanged.",
                next_step="Free some space, or point FIELDCHECK_HOME to another disk, and run the command again.",
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise StorageError(
                f"{folder} cannot be written ({error.strerror}). What was there before is unchanged.",
                next_step="Point FIELDCHECK_HOME to a folder that you may write to, or ask the owner of this one.",
            ) from error
        raise
