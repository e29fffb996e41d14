"""The vectors of a list's photos: a file beside the list file for each model, made again where it is missing.

They are no part of a list, so no check rests on their being there.
"""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fieldcheck.errors import IntegrityError

if TYPE_CHECKING:
    from fieldcheck.vision.vectors import VectorFile, VectorHeader

VECTORS_SUFFIX = ".vectors"


def vectors_path(list_file: Path, model: str) -> Path:
    """Where the vectors are that the model of this key makes of a list file's photos."""
    return list_file.with_name(f"{list_file.stem}.{model}{VECTORS_SUFFIX}")


def vector_header(list_file: Path, photos: int, model: str, dimension: int) -> "VectorHeader":
    """What the file of vectors must say of itself."""
    from fieldcheck.vision.vectors import VectorHeader

    return VectorHeader(model=model, dimension=dimension, photos=photos, version=list_file.stem)


def open_vectors(list_file: Path, header: "VectorHeader") -> "VectorFile | None":
    """The vectors of a list file's photos; None where they are missing or damaged."""
    from fieldcheck.vision.vectors import VectorFile

    with suppress(IntegrityError):
        return VectorFile.open(vectors_path(list_file, header.model), header)
    return None


def vectors_beside(list_file: Path) -> tuple[tuple[str, Path], ...]:
    """The vectors that are there of a list file's photos, by the key of the model that made them."""
    found = sorted(list_file.parent.glob(f"{list_file.stem}.*{VECTORS_SUFFIX}"))
    return tuple((path.name.split(".")[1], path) for path in found)


def clear_other_models(folder: Path, model: str) -> None:
    """Delete what other models than the one of this key made of a list's photos; an open file (Windows) is left."""
    for path in folder.glob(f"*.*{VECTORS_SUFFIX}*"):
        if path.name.split(".")[1] != model:
            with suppress(OSError):
                path.unlink()
