"""Making the vectors of a pack's photos with the publisher's model, so that no checkpoint of that model need do so."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import count

from fieldcheck.cache.opening import open_list
from fieldcheck.cache.photo_vectors import vector_header
from fieldcheck.errors import IntegrityError
from fieldcheck.files import holds, sha256_of, storage_errors, write_whole
from fieldcheck.lists.embedding import Source, make_vectors
from fieldcheck.lists.importing import Advance
from fieldcheck.packs.targets import pack_index, packed_lists, target_path
from fieldcheck.packs.workshop import Workshop, build_lock
from fieldcheck.sync.channel_index import ListIndex, VectorsIndex, file_path, index_path, vectors_path
from fieldcheck.vision.model import Model
from fieldcheck.vision.vectors import VectorFile


@dataclass(frozen=True, slots=True)
class Maker:
    """How vectors are made.

    ``advance`` is told the stage, how many photos are done and how many there are; ``workers`` processes read them,
    one a core where it is 0.
    """

    model: Model
    advance: Advance
    workers: int = 0


def pack_vectors(work: Workshop, index: ListIndex, before: ListIndex | None, maker: Maker) -> tuple[VectorsIndex, ...]:
    """Have the vectors of a version's photos in the publisher's folder; nothing where it has no photo.

    An interrupted run goes on where it stopped, and what the version before has of the same photos is taken over.

    Args:
        work: the publisher's folder.
        index: the version.
        before: what the pack's index said until now, or None.
        maker: the model, and how it is run.

    Returns:
        What the index is to say of them.

    Raises:
        InputError, IntegrityError: the model cannot be run, or a file is damaged.
        StorageError: the folder cannot be written.
    """
    if not index.photos:
        return ()
    model, done = maker.model, count(1)
    file = target_path(work, file_path(index.id, index.version))
    into = target_path(work, vectors_path(index.id, index.version, model.key))
    if before and before.version == index.version:
        for entry in before.vectors:
            if entry.model == model.key and holds(into, entry.length, entry.sha256):
                return (entry,)
    with ExitStack() as stack:
        source = _source(work, index, before, model, stack)
        make_vectors(
            file,
            into,
            source,
            model,
            lambda: maker.advance("vectors", next(done), index.photos),
            workers=maker.workers,
        )
    return (VectorsIndex(model=model.key, length=into.stat().st_size, sha256=sha256_of(into)),)


def renew_vectors(work: Workshop, maker: Maker) -> None:
    """Have the vectors of every pack's photos made anew by a model; the lists and their versions stay as they are.

    Raises:
        InputError, IntegrityError: the model cannot be run, or a file is damaged.
        StorageError: the folder cannot be written.
    """
    for list_id in packed_lists(work):
        with storage_errors(work.folder), build_lock(work, list_id):
            index = pack_index(work, list_id)
            made = index.model_copy(update={"vectors": pack_vectors(work, index, index, maker)})
            write_whole(target_path(work, index_path(list_id)), made.model_dump_json(indent=1).encode())
            clear_vectors(work, made)


def clear_vectors(work: Workshop, index: ListIndex) -> None:
    """Delete the vectors that a pack's index does not name."""
    named = {target_path(work, vectors_path(index.id, index.version, entry.model)) for entry in index.vectors}
    for path in (work.targets / "vectors" / index.id).glob("*"):
        if path not in named:
            path.unlink()


def _source(work: Workshop, index: ListIndex, before: ListIndex | None, model: Model, stack: ExitStack) -> Source:
    """What the version before has, if it has anything by this model; ``stack`` closes it."""
    if before and before.version != index.version:
        file = target_path(work, file_path(before.id, before.version))
        made = target_path(work, vectors_path(before.id, before.version, model.key))
        with suppress(IntegrityError):
            opened = stack.enter_context(open_list(file, before.id))
            return Source(
                opened, VectorFile.open(made, vector_header(file, opened.photos.size, model.key, model.dimension))
            )
    return Source()
