"""Putting a list that came as a file in use: read it, fingerprint its photos, build and switch."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from os import cpu_count
from pathlib import Path

from fieldcheck.cache.build import Built, build_list
from fieldcheck.cache.info import Installed, ReferencePhoto
from fieldcheck.cache.versions import change_lock, confirm, install
from fieldcheck.lists.files import ImportedList
from fieldcheck.lists.pictures import image_paths
from fieldcheck.models import Fingerprint
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, read_photos

Advance = Callable[[str, int, int], None]


@dataclass(slots=True)
class PhotoProblems:
    """Photos of a list that could not be used; a list is imported all the same."""

    told: list[str] = field(default_factory=list)


def import_list(
    home: Path, imported: ImportedList, images: Path | None, advance: Advance, problems: PhotoProblems
) -> Installed | None:
    """Build a list from a file and put it in use.

    Args:
        home: the data folder.
        imported: the file as it was read.
        images: the folder of the records' photos, or None.
        advance: is told the stage, how many are done and how many there are.
        problems: collects what was wrong with photos.

    Returns:
        The new version, or None when the file's content is in use already.
    """

    def build(path: Path) -> Built:
        photos = _photos(imported, images, advance, problems) if images else ()
        total = imported.count
        return build_list(path, imported.info, imported.records, photos, lambda done: advance("records", done, total))

    with change_lock(home):
        installed = install(home, imported.info, build)
        if installed is None:
            confirm(home, imported.info.id, imported.info.published)
    return installed


def _photos(
    imported: ImportedList, images: Path, advance: Advance, problems: PhotoProblems
) -> Iterator[ReferencePhoto]:
    named = [
        (record.id, path) for record in imported.records for path in image_paths(record, images, problems.told.append)
    ]
    readings = read_photos((path for _, path in named), role=Role.REFERENCE, workers=cpu_count() or 1)
    for done, (record_id, reading) in enumerate(zip((key for key, _ in named), readings, strict=True), start=1):
        advance("photos", done, len(named))
        if fingerprint := reading.photo.fingerprint:
            yield _reference(record_id, reading, fingerprint, images)
        else:
            problems.told.append(f"record {record_id}: {reading.photo.file}: {reading.photo.why_not}")


def _reference(record_id: str, reading: PhotoReading, fingerprint: Fingerprint, images: Path) -> ReferencePhoto:
    photo = reading.photo
    path = Path(photo.file)
    shown = path.relative_to(images.resolve()).as_posix() if path.is_relative_to(images.resolve()) else path.name
    return ReferencePhoto(
        record_id,
        shown,
        photo.sha256,
        fingerprint.phash[0],
        fingerprint.dhash[0],
        reading.thumbnail,
        reading.points,
    )


def listed(problems: Iterable[str], most: int) -> tuple[str, ...]:
    """The first problems, and how many more there are."""
    told = tuple(problems)
    return (*told[:most], f"and {len(told) - most:,} more") if len(told) > most else told
