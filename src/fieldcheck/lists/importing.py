"""Putting a list that came as a file in use: read it, fingerprint its photos, build and switch."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from fieldcheck.cache.build import Built, build_list
from fieldcheck.cache.info import Installed, ReferencePhoto
from fieldcheck.cache.photo_staging import NamedPhoto, PhotoStaging, discard_staging, staging_path
from fieldcheck.cache.versions import AT_ONCE, Manner, change_lock, confirm, install
from fieldcheck.files import storage_errors
from fieldcheck.lists.describing import describe_photos
from fieldcheck.lists.files import ImportedList
from fieldcheck.lists.pictures import image_paths
from fieldcheck.models import Record
from fieldcheck.vision.edition import reader_edition

Advance = Callable[[str, int, int], None]


@dataclass(slots=True)
class PhotoProblems:
    """Photos of a list that could not be used; a list is imported all the same.

    ``read_before`` counts the photos that an earlier import had read before it was interrupted.
    """

    told: list[str] = field(default_factory=list)
    read_before: int = 0


def import_list(  # noqa: PLR0913  # each is one thing, and none belongs to another
    home: Path,
    imported: ImportedList,
    images: Path | None,
    advance: Advance,
    problems: PhotoProblems,
    *,
    manner: Manner = AT_ONCE,
) -> Installed | None:
    """Build a list from a file and put it in use.

    Photos that were read before an earlier import was interrupted are not read again.

    Args:
        home: the data folder.
        imported: the file as it was read.
        images: the folder of the records' photos, or None.
        advance: is told the stage, how many are done and how many there are.
        problems: collects what was wrong with photos.
        manner: how the new version is to be taken.

    Returns:
        The new version, or None when the file's content is in use already.

    Raises:
        TurnedDownError: the file's content was rolled back from before.
    """

    def build(path: Path) -> Built:
        with _photos(home, imported, images, advance, problems) as photos:
            total = imported.count
            return build_list(
                path, imported.info, imported.records, photos, lambda done: advance("records", done, total)
            )

    with change_lock(home):
        installed = install(home, imported.info, build, manner)
        if installed is None:
            confirm(home, imported.info.id, imported.info.published)
        with storage_errors(home):
            discard_staging(home, imported.info.id)
    return installed


@contextmanager
def _photos(
    home: Path, imported: ImportedList, images: Path | None, advance: Advance, problems: PhotoProblems
) -> Iterator[Iterable[ReferencePhoto]]:
    if images is None:
        yield ()
        return
    with PhotoStaging(staging_path(home, imported.info.id), reader_edition()) as staging:
        total, done = staging.name(named_photos(imported.records, images, problems.told.append)), count(1)
        problems.read_before = len(staging)
        describe_photos(staging, lambda: advance("photos", next(done), total), problems.told.append)
        yield staging.photos()


def named_photos(records: Iterable[Record], images: Path, report: Callable[[str], None]) -> Iterator[NamedPhoto]:
    """Every photo of every record that is in a folder; ``report`` is told of each that cannot be used."""
    folder = images.resolve()
    for record in records:
        for path in image_paths(record, images, report):
            shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
            yield NamedPhoto(record.id, path, shown)


def listed(problems: Iterable[str], most: int) -> tuple[str, ...]:
    """The first problems, and how many more there are."""
    told = tuple(problems)
    return (*told[:most], f"and {len(told) - most:,} more") if len(told) > most else told
