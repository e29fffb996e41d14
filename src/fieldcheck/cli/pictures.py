"""Gathering the photos of a result for a report: read a moment ago, on the disk still, or in a list that is held."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldcheck.cli.output import shows_pictures
from fieldcheck.cli.session import Session
from fieldcheck.errors import FieldcheckError
from fieldcheck.models import Candidate, EvidenceKind, Item, Result, Strength
from fieldcheck.report.page import Picture
from fieldcheck.report.pictures import NO_PICTURES, Pictures

if TYPE_CHECKING:
    from fieldcheck.vision.reader import PhotoReading

_FIRST_SHOWN = 3
_ON_A_NETWORK = ("\\\\", "//")
_FILE_GONE = "the file is gone, or was changed since it was checked"
_LIST_GONE = "the list is no longer held, or cannot be read"
_PHOTO_GONE = "the list no longer has this photo"
_OTHER_VERSION = "from another version of the list than the one that was compared"


def gather(session: Session, result: Result, seen: Mapping[str, bytes] | None = None) -> Pictures:
    """The photos of a result, each with what is to be known of it; whatever is gone says why.

    Args:
        session: whose lists are asked.
        result: of a moment ago, or read back.
        seen: thumbnails by SHA-256 of the photos that were read already, or None to read the item's again.
    """
    if seen is None:
        seen = read_again((result.item,))
    return Pictures(dict(_of_item(result.item, seen)), dict(_of_records(session, result)))


def gather_shown(
    session: Session, result: Result, seen: Mapping[str, bytes] | None = None, *, in_file: bool, on_screen: bool
) -> Pictures:
    """The photos of a result, where it is shown with photos at all.

    Args:
        session: whose lists are asked.
        result: of a moment ago, or read back.
        seen: thumbnails by SHA-256 of the photos that were read already, or None to read the item's again.
        in_file: whether a document is written.
        on_screen: whether a report is drawn on the screen, which shows photos only side by side.
    """
    if in_file or (on_screen and _compares_photos(result) and shows_pictures(plain=session.plain)):
        return gather(session, result, seen)
    return NO_PICTURES


def _compares_photos(result: Result) -> bool:
    return any(
        entry.kind is EvidenceKind.PHOTO
        for candidate in result.candidates
        if candidate.strength is not Strength.WEAK
        for entry in candidate.evidence
    )


def read_again(items: Iterable[Item]) -> dict[str, bytes]:
    """Thumbnails by SHA-256 of the photos of items that were checked before, as far as they are on this disk still.

    A file that is another now is found under another hash, and a path that leads to a network is not followed.
    """
    return {reading.photo.sha256: reading.thumbnail for reading in _readings_again(items) if reading.thumbnail}


def hashed_again(item: Item) -> Item:
    """The item with the perceptual hashes of its photos, which no result keeps, where the very same files are there."""
    seen = {reading.photo.sha256: reading.photo.fingerprint for reading in _readings_again((item,))}
    photos = (replace(photo, fingerprint=seen.get(photo.sha256) or photo.fingerprint) for photo in item.photos)
    return replace(item, photos=tuple(photos))


def _readings_again(items: Iterable[Item]) -> "Iterable[PhotoReading]":
    usable = (photo for item in items for photo in item.photos if photo.usable)
    files = [Path(photo.file) for photo in usable if not photo.file.startswith(_ON_A_NETWORK)]
    if not files:
        return ()
    from fieldcheck.vision.protocol import Role
    from fieldcheck.vision.reader import read_photos

    return read_photos(files, role=Role.QUERY)


def _of_item(item: Item, seen: Mapping[str, bytes]) -> Iterator[tuple[str, Picture]]:
    for photo in item.photos:
        if photo.usable:
            jpeg = seen.get(photo.sha256, b"")
            yield photo.file, Picture(jpeg, photo.file, "" if jpeg else _FILE_GONE)


def _of_records(session: Session, result: Result) -> Iterator[tuple[tuple[str, str, str], Picture]]:
    compared = {dates.id: dates.version for dates in result.verdict.lines.data.lists}
    shown = [
        candidate
        for rank, candidate in enumerate(result.candidates, 1)
        if rank <= _FIRST_SHOWN or candidate.strength is not Strength.WEAK
    ]
    for list_id in dict.fromkeys(candidate.list_id for candidate in shown):
        mine = [candidate for candidate in shown if candidate.list_id == list_id]
        try:
            with session.holdings((list_id,)) as holdings:
                opened = holdings.list(list_id)
                same = holdings.held[0].installed.version == compared.get(list_id)
                for candidate in mine:
                    pictures = opened.thumbnails(candidate.record.id)
                    yield from _of_record(candidate, pictures, "" if same else _OTHER_VERSION)
        except FieldcheckError:
            for candidate in mine:
                yield from _of_record(candidate, {}, "", _LIST_GONE)


def _of_record(
    candidate: Candidate, held: Mapping[str, bytes], remark: str, gone: str = _PHOTO_GONE
) -> Iterator[tuple[tuple[str, str, str], Picture]]:
    """The photos that were compared, and then the others that the list has."""
    compared = [entry.record for entry in candidate.evidence if entry.kind is EvidenceKind.PHOTO]
    for file in dict.fromkeys((*compared, *held)):
        jpeg = held.get(file, b"")
        yield (candidate.list_id, candidate.record.id, file), Picture(jpeg, file, remark if jpeg else gone)
