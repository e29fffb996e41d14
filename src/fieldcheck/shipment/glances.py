"""A first look at every photo of a shipment: which file it is, when it was taken, and how it looks as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Item, Photo
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, read_photos

Glances = Mapping[str, PhotoReading]
"""What was seen of each photo, by its file."""


def photos_of(rows: Sequence[Item | ItemProblem]) -> tuple[str, ...]:
    """The photos that can be opened, each once."""
    files = (photo.file for row in rows if isinstance(row, Item) for photo in row.photos if not photo.why_not)
    return tuple(dict.fromkeys(files))


def look_at(files: Sequence[str], workers: int) -> Iterator[PhotoReading]:
    """Look at photos, in order; ``workers`` limited child processes do so at the same time."""
    yield from read_photos(map(Path, files), role=Role.GLANCE, workers=workers)


def with_hashes(rows: Sequence[Item | ItemProblem], glances: Glances) -> tuple[Item | ItemProblem, ...]:
    """The rows, each photo with the SHA-256 of its file."""

    def hashed(photo: Photo) -> Photo:
        return replace(photo, sha256=glances[photo.file].photo.sha256) if photo.file in glances else photo

    return tuple(
        replace(row, photos=tuple(map(hashed, row.photos))) if isinstance(row, Item) and row.photos else row
        for row in rows
    )
