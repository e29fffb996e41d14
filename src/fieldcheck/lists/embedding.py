"""Making the vectors of a list's photos from the thumbnails that the list keeps, on all cores.

What a version before has of the very same photo is taken over. An interrupted run goes on where it stopped.
"""

from array import array
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, Self

from fieldcheck.cache.info import Installed
from fieldcheck.cache.opening import OpenList, open_list
from fieldcheck.cache.photo_vectors import clear_other_models, vector_header, vectors_path
from fieldcheck.cache.pointer import read_kept, version_path
from fieldcheck.errors import IntegrityError
from fieldcheck.files import storage_errors
from fieldcheck.vision.model import Model
from fieldcheck.vision.reader import read_thumbnails

if TYPE_CHECKING:
    from fieldcheck.vision.vectors import VectorFile, VectorWriter

Advance = Callable[[], None]
ReadAll = Callable[[Iterable[bytes]], Generator[bytes, None, None]]

_NEW = -1


@dataclass(frozen=True, slots=True)
class Indexed:
    """How the vectors of a list's photos came about; ``without`` counts the photos that have none."""

    taken_over: int
    computed: int
    without: int


def index_photos(home: Path, installed: Installed, model: Model, advance: Advance, workers: int = 0) -> Indexed:
    """Make the vectors of a version's photos; the caller holds `fieldcheck.cache.versions.change_lock`.

    Files that other models made are deleted then.

    Args:
        home: the data folder.
        installed: the version.
        model: makes the vectors.
        advance: is told of each photo that is done.
        workers: processes that read at the same time; 0 for one a core.

    Raises:
        InputError, IntegrityError: the model cannot be run, or the list file is damaged.
        StorageError: the disk is full, fails or cannot be written.
    """
    path = version_path(home, installed)
    with ExitStack() as stack:
        source = Source.find(home, installed, model, stack)
        indexed = make_vectors(path, vectors_path(path, model.key), source, model, advance, workers=workers)
    clear_other_models(path.parent, model.key)
    return indexed


def make_vectors(  # noqa: PLR0913  # each is one thing, and none belongs to another
    list_file: Path, into: Path, source: "Source", model: Model, advance: Advance, *, workers: int = 0
) -> Indexed:
    """Make the vectors of a list file's photos.

    Args:
        list_file: its name is its version.
        into: where the vectors are written; an interrupted run goes on there.
        source: vectors that are there already.
        model: makes the others.
        advance: is told of each photo that is done.
        workers: processes that read at the same time; 0 for one a core.

    Raises:
        InputError, IntegrityError: the model cannot be run, or the list file is damaged.
        StorageError: the disk is full, fails or cannot be written.
    """
    from fieldcheck.vision.vectors import VectorWriter

    read = partial(read_thumbnails, model=model, workers=workers or cpu_count() or 1)
    with open_list(list_file) as opened:
        header = vector_header(list_file, opened.photos.size, model.key, model.dimension)
        with storage_errors(into.parent), VectorWriter(into, header) as writer:
            for _ in range(writer.done):
                advance()
            indexed = _write(writer, opened, source, read, advance)
            writer.finish()
    return indexed


def _write(writer: "VectorWriter", opened: OpenList, source: "Source", read: ReadAll, advance: Advance) -> Indexed:
    """Write the vectors that are missing still."""
    first, places = writer.done, source.places(opened)
    new = (number for number in range(first, len(places)) if places[number] == _NEW)
    without = computed = 0
    with closing(read(map(opened.photos.thumbnail, new))) as made:
        for place in places[first:]:
            vector = next(made) if place == _NEW else source.vector(place)
            writer.add(vector)
            computed += place == _NEW
            without += not vector
            advance()
    return Indexed(len(places) - first - computed, computed, without)


class Source:
    """What another version of a list has of the same photos, if there is one."""

    def __init__(self, opened: OpenList | None = None, vectors: "VectorFile | None" = None) -> None:
        self._opened = opened
        self._vectors = vectors

    @classmethod
    def find(cls, home: Path, installed: Installed, model: Model, stack: ExitStack) -> Self:
        """The first other version that is kept and has vectors by this model; ``stack`` closes it."""
        kept = read_kept(home)
        for group in (kept.in_use, kept.earlier, kept.waiting):
            other = group.get(installed.info.id)
            if other is None or other.version == installed.version:
                continue
            with suppress(IntegrityError):
                opened = stack.enter_context(open_list(version_path(home, other)))
                if vectors := opened.vectors(model.key, model.dimension):
                    return cls(opened, vectors)
        return cls()

    def places(self, opened: OpenList) -> "array[int]":
        """For each photo of a list its number here, or `_NEW`."""
        size = opened.photos.size
        if self._vectors is None:
            return array("q", (_NEW,)) * size
        places = array("q", (self._place(*known) for known in islice(opened.photos.identities(), size)))
        return places + array("q", (_NEW,)) * (size - len(places))

    def vector(self, place: int) -> bytes:
        """The vector of a photo by its number here."""
        return self._vectors.vectors[place].tobytes() if self._vectors else b""

    def _place(self, sha256: str, thumbnail_bytes: int) -> int:
        """The number of the same photo here, if it has a vector, or `_NEW`."""
        place = self._opened.photos.same_as(sha256, thumbnail_bytes) if self._opened else None
        has_it = place is not None and self._vectors is not None and self._vectors.has(place)
        return place if place is not None and has_it else _NEW
