"""Reading photos without ever decoding them here: each goes to a limited child process.

This process opens the file, hashes its bytes and passes them on. It imports neither Pillow nor numpy.
"""

import hashlib
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from fieldcheck.models.item import Photo
from fieldcheck.vision.limits import MAX_BYTES, MAX_SECONDS
from fieldcheck.vision.process import CHILD_COMMAND, LimitedChild
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.refusals import Refusal, RefusalError

_READ_AHEAD = 2
"""Photos in hand per worker: one that is being read and one that waits, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class PhotoReading:
    """What was read from one file; ``thumbnail`` is a small JPEG, empty where the photo is not usable.

    ``points`` are those of a reference, packed by `fieldcheck.vision.reference`; ``taken`` and ``colours`` are a
    glance's, as `fieldcheck.vision.protocol.Reading` has them.
    """

    photo: Photo
    thumbnail: bytes = b""
    points: bytes = b""
    taken: str = ""
    colours: bytes = b""


def read_photos(
    paths: Iterable[Path],
    *,
    role: Role,
    timeout_s: float = MAX_SECONDS,
    workers: int = 1,
    command: Sequence[str] = CHILD_COMMAND,
) -> Iterator[PhotoReading]:
    """Read photos, in the order given; a photo that cannot be read says why and stops no other.

    Args:
        paths: files, or what claims to be files.
        role: what the photos are for; a query is hashed in all eight orientations, a reference in one.
        timeout_s: wall seconds for one photo.
        workers: how many children read at the same time.
        command: how a child is started.
    """
    children = [LimitedChild(command, timeout_s) for _ in range(workers)]
    idle: SimpleQueue[LimitedChild] = SimpleQueue()
    for child in children:
        idle.put(child)

    def read(path: Path) -> PhotoReading:
        child = idle.get()
        try:
            return read_photo(path, role, child)
        finally:
            idle.put(child)

    threads = ThreadPoolExecutor(workers, thread_name_prefix="photo")
    try:
        yield from _in_order(threads, read, paths, ahead=workers * _READ_AHEAD)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.kill()
        threads.shutdown()
        for child in children:
            child.end()


def _in_order(
    threads: ThreadPoolExecutor, read: Callable[[Path], PhotoReading], paths: Iterable[Path], *, ahead: int
) -> Iterator[PhotoReading]:
    """Results in the order of the paths, of which no more than ``ahead`` are in hand."""
    pending: deque[Future[PhotoReading]] = deque()
    for path in paths:
        pending.append(threads.submit(read, path))
        if len(pending) == ahead:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def read_photo(path: Path, role: Role, child: LimitedChild) -> PhotoReading:
    """Read one photo with a child that the caller ends; a photo that cannot be read says why."""
    content = photo_content(path)
    return content if isinstance(content, PhotoReading) else read_content(str(path), content, role, child)


def photo_content(path: Path) -> bytes | PhotoReading:
    """The whole file, or a reading that says why it cannot be had."""
    try:
        return _content(path)
    except RefusalError as error:
        return PhotoReading(Photo(str(path), why_not=error.refusal.sentence))


def read_content(name: str, content: bytes, role: Role, child: LimitedChild) -> PhotoReading:
    """Read one photo that is in memory; ``name`` is what it is called."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        reading = child.read(role, content)
    except RefusalError as error:
        return PhotoReading(Photo(name, sha256=sha256, why_not=error.refusal.sentence))
    if role is Role.REFERENCE:
        return PhotoReading(Photo(name, sha256, "", reading.fingerprint), reading.thumbnail, reading.sight)
    if role is Role.GLANCE:
        photo = Photo(name, sha256, "", reading.fingerprint)
        return PhotoReading(photo, taken=reading.taken, colours=reading.colours)
    return PhotoReading(Photo(name, sha256, "", reading.fingerprint, reading.sight), reading.thumbnail)


def sha256_of_photo(path: Path) -> str:
    """The SHA-256 of a photo's file; empty where it cannot be read or is larger than photos are."""
    try:
        return hashlib.sha256(_content(path)).hexdigest()
    except RefusalError:
        return ""


def _content(path: Path) -> bytes:
    """The whole file, after a look at what it is: opening a pipe or a device may hang or do something.

    Raises:
        RefusalError: it is no file, is empty or too large, or cannot be read.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise RefusalError(Refusal.FOLDER)
        if not stat.S_ISREG(found.st_mode):
            raise RefusalError(Refusal.NOT_A_FILE)
        if found.st_size > MAX_BYTES:
            raise RefusalError(Refusal.TOO_MANY_BYTES)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise RefusalError(Refusal.MISSING) from error
    except PermissionError as error:
        raise RefusalError(Refusal.NOT_ALLOWED) from error
    except OSError as error:
        raise RefusalError(Refusal.UNREADABLE) from error
    if not content:
        raise RefusalError(Refusal.EMPTY)
    if len(content) > MAX_BYTES:
        raise RefusalError(Refusal.TOO_MANY_BYTES)
    return content
