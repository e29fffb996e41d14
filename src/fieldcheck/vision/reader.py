"""Reading photos without ever decoding them here: each goes to a limited child process.

This process opens the file, hashes its bytes and passes them on. It imports neither Pillow nor numpy.
"""

import hashlib
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from fieldcheck.errors import FieldcheckError
from fieldcheck.models.item import Embedding, Photo
from fieldcheck.vision.limits import MAX_BYTES, MAX_SECONDS
from fieldcheck.vision.model import Model
from fieldcheck.vision.process import CHILD_COMMAND, LimitedChild
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.refusals import Refusal, RefusalError

_READ_AHEAD = 2
"""Photos in hand per worker: one that is being read and one that waits, so that memory stays bounded."""

_Given = TypeVar("_Given")
_Read = TypeVar("_Read")


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


def read_photos(  # noqa: PLR0913  # what is read, and by whom
    paths: Iterable[Path],
    *,
    role: Role,
    model: Model | None = None,
    timeout_s: float = MAX_SECONDS,
    workers: int = 1,
    command: Sequence[str] = CHILD_COMMAND,
) -> Iterator[PhotoReading]:
    """Read photos, in the order given; a photo that cannot be read says why and stops no other.

    Args:
        paths: files, or what claims to be files.
        role: what the photos are for; a query is hashed in all eight orientations, a reference in one.
        model: makes the vectors of queries; without it they have none.
        timeout_s: wall seconds for one photo.
        workers: how many children read at the same time.
        command: how a child is started.

    Raises:
        InputError, IntegrityError: the model cannot be run, or is not the one that was described.
    """
    with _children(workers, partial(LimitedChild, command, timeout_s, model)) as crew:
        yield from _in_order(crew, lambda path, child: read_photo(path, role, child), paths)


def read_thumbnails(thumbnails: Iterable[bytes], *, model: Model, workers: int = 1) -> Generator[bytes, None, None]:
    """The vectors of photos that a list keeps, from their thumbnails, in the order given.

    Args:
        thumbnails: small JPEGs.
        model: makes the vectors.
        workers: how many children read at the same time.

    Returns:
        ``model.dimension`` signed bytes for each; empty for one that cannot be read.

    Raises:
        InputError, IntegrityError: the model cannot be run, or is not the one that was described.
        FieldcheckError: photo reading does not start.
    """
    with _children(workers, partial(LimitedChild, CHILD_COMMAND, MAX_SECONDS, model)) as crew:
        yield from _in_order(crew, _vector, thumbnails)


def _vector(thumbnail: bytes, child: LimitedChild) -> bytes:
    try:
        return child.read(Role.THUMBNAIL, thumbnail).vectors
    except RefusalError as error:
        if error.refusal is Refusal.READER_NOT_STARTED:
            raise FieldcheckError(
                "Photo reading does not start on this computer.", next_step="Run `fieldcheck doctor` to see why."
            ) from error
        return b""


class _Crew:
    """Children that wait for work, each for one thread at a time."""

    def __init__(self, children: Sequence[LimitedChild]) -> None:
        self.threads = ThreadPoolExecutor(len(children), thread_name_prefix="photo")
        self.ahead = len(children) * _READ_AHEAD
        self._idle: SimpleQueue[LimitedChild] = SimpleQueue()
        for child in children:
            self._idle.put(child)

    def submit(self, read: Callable[[_Given, LimitedChild], _Read], given: _Given) -> Future[_Read]:
        return self.threads.submit(self._run, read, given)

    def _run(self, read: Callable[[_Given, LimitedChild], _Read], given: _Given) -> _Read:
        child = self._idle.get()
        try:
            return read(given, child)
        finally:
            self._idle.put(child)


@contextmanager
def _children(count: int, make: Callable[[], LimitedChild]) -> Iterator[_Crew]:
    """Children to work with, of which none is left behind."""
    children = [make() for _ in range(count)]
    crew = _Crew(children)
    try:
        yield crew
    finally:
        crew.threads.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.kill()
        crew.threads.shutdown()
        for child in children:
            child.end()


def _in_order(
    crew: _Crew, read: Callable[[_Given, LimitedChild], _Read], everything: Iterable[_Given]
) -> Iterator[_Read]:
    """What is read, in the order given; no more than `_READ_AHEAD` for each child is in hand."""
    pending: deque[Future[_Read]] = deque()
    for given in everything:
        pending.append(crew.submit(read, given))
        if len(pending) == crew.ahead:
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
    photo = Photo(name, sha256, "", reading.fingerprint, reading.sight, _embedding(reading.vectors, child.model))
    return PhotoReading(photo, reading.thumbnail)


def _embedding(vectors: bytes, model: Model | None) -> Embedding | None:
    if not vectors or model is None:
        return None
    return Embedding(model.key, vectors, model.dimension, model.scale)


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
