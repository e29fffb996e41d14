"""Describing many photos on all cores, in a way that can be interrupted and gone on with."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from os import cpu_count
from pathlib import Path

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.photo_staging import NamedPhoto, PhotoStaging
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, read_photos, sha256_of_photo

Advance = Callable[[], None]
Report = Callable[[str], None]
ReadAll = Callable[[Iterable[Path]], Iterator[PhotoReading]]


def describe_photos(
    staging: PhotoStaging, advance: Advance, report: Report, workers: int = 0, *, read: ReadAll | None = None
) -> None:
    """Read every photo named in ``staging`` that was not read before, and keep what was read there.

    What is kept depends on the photos alone, not on the number of workers or on how often this was interrupted.

    Args:
        staging: names the photos and takes the readings.
        advance: is told of each photo that is done.
        report: is told of each photo that cannot be used, and why.
        workers: processes that read at the same time; 0 for one a core.
        read: reads photos elsewhere, in the order given; without it, processes on this machine do.
    """
    waiting: deque[tuple[int, NamedPhoto]] = deque()

    def unread() -> Iterator[Path]:
        for place, photo in staging.named():
            sha256 = sha256_of_photo(photo.path)
            if sha256 and staging.holds(sha256):
                staging.identify(place, sha256)
                advance()
            else:
                waiting.append((place, photo))
                yield photo.path

    for reading in (read or partial(_read_here, workers or cpu_count() or 1))(unread()):
        place, photo = waiting.popleft()
        if reading.photo.usable:
            staging.keep(place, described(photo, reading))
        else:
            report(f"record {photo.record_id}: {photo.path}: {reading.photo.why_not}")
        advance()


def _read_here(workers: int, paths: Iterable[Path]) -> Iterator[PhotoReading]:
    return read_photos(paths, role=Role.REFERENCE, workers=workers)


def described(photo: NamedPhoto, reading: PhotoReading) -> ReferencePhoto:
    """What a list keeps of a photo that was read.

    Raises:
        ValueError: it was not usable.
    """
    fingerprint = reading.photo.fingerprint
    if fingerprint is None:
        raise ValueError(f"{photo.file} is not usable")
    return ReferencePhoto(
        photo.record_id,
        photo.file,
        reading.photo.sha256,
        fingerprint.phash[0],
        fingerprint.dhash[0],
        reading.thumbnail,
        reading.points,
    )
