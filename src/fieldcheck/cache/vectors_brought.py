"""Vectors of a list's photos that were made elsewhere: put beside the list file, if they are what they must be."""

from pathlib import Path

from fieldcheck.cache.opening import open_list
from fieldcheck.cache.photo_vectors import clear_other_models, vector_header, vectors_path
from fieldcheck.files import flush_to_disk, storage_errors
from fieldcheck.vision.model import Model
from fieldcheck.vision.vectors import PARTIAL_SUFFIX, VectorFile, VectorHeader


def wanted_vectors(list_file: Path, model: Model) -> VectorHeader | None:
    """What vectors by a model must say of themselves; None where there are some, or no list file or photo.

    Raises:
        IntegrityError: the list file cannot be read.
    """
    if not list_file.is_file():
        return None
    with open_list(list_file) as opened:
        if not opened.lacks_vectors(model.key, model.dimension):
            return None
        return vector_header(list_file, opened.photos.size, model.key, model.dimension)


def put_beside(list_file: Path, header: VectorHeader, made: Path) -> None:
    """Move a file of vectors beside its list file; the caller holds `fieldcheck.cache.versions.change_lock`.

    Raises:
        IntegrityError: it does not hold the vectors of these photos.
        StorageError: it cannot be moved.
    """
    VectorFile.open(made, header)
    target = vectors_path(list_file, header.model)
    with storage_errors(list_file.parent):
        flush_to_disk(made)
        made.replace(target)
        target.with_name(f"{target.name}{PARTIAL_SUFFIX}").unlink(missing_ok=True)
    clear_other_models(list_file.parent, header.model)
