"""Putting a verified copy of a list in use."""

from collections.abc import Iterable
from pathlib import Path

from fieldcheck.cache.build import build_list
from fieldcheck.cache.info import Installed, ListInfo, ReferencePhoto
from fieldcheck.cache.versions import Manner, TurnedDownError, change_lock, confirm, install
from fieldcheck.lists.interface import Descriptor
from fieldcheck.sync.images import Pictures
from fieldcheck.sync.in_use import read_in_use
from fieldcheck.sync.merge import Merged, merge
from fieldcheck.sync.outcome import Outcome, OutcomeKind, unchanged
from fieldcheck.sync.sweep import Sweep


def put_in_use(home: Path, descriptor: Descriptor, swept: Sweep, pictures: Pictures, manner: Manner) -> Outcome:
    """Build the next version of a list from a complete copy and the version in use, and switch to it.

    A version that was rolled back from is no news; one that is to wait is kept without being put in use. It is
    published on the day on which the publisher confirmed it.

    Raises:
        IntegrityError: the pointer to the lists in use is damaged, or the disk did not keep what was written.
        StorageError: the disk is full or read-only, or another process is changing the lists.
    """
    info = ListInfo(
        id=descriptor.id,
        name=descriptor.name,
        publisher=descriptor.publisher,
        licence=descriptor.licence,
        terms=descriptor.terms,
        url=descriptor.url,
        published=manner.confirmed[:10],
    )
    with change_lock(home):
        in_use = read_in_use(home, descriptor.id)
        # A record whose entry could not be read seems to have vanished; rather sought too long.
        merged = merge(descriptor.kept(swept.records), descriptor.kept(in_use.records), delist=not swept.problems)
        photos = _photos(merged, (*in_use.photos, *pictures.photos))
        try:
            installed = install(home, info, lambda path: build_list(path, info, merged.records, photos), manner)
        except TurnedDownError as error:
            return unchanged(descriptor.id, len(swept.records), error)
        if installed is None:
            confirm(home, descriptor.id, info.published, manner.confirmed)
    return Outcome(
        list_id=descriptor.id,
        kind=_kind(installed, manner),
        records=len(swept.records),
        added=merged.added,
        changed=merged.changed,
        delisted=merged.delisted,
        image_problems=pictures.problems,
        message=" ".join(_sentences(swept, merged, pictures)),
    )


def _kind(installed: Installed | None, manner: Manner) -> OutcomeKind:
    if installed is None:
        return OutcomeKind.UNCHANGED
    return OutcomeKind.WAITING if manner.wait else OutcomeKind.UPDATED


def _photos(merged: Merged, photos: Iterable[ReferencePhoto]) -> list[ReferencePhoto]:
    """One photo for each picture that a record still shows, in an order that depends on nothing else."""
    shown = {(record.id, url) for record in merged.records for url in record.images}
    found = {(photo.record_id, photo.file): photo for photo in photos}
    return [found[key] for key in sorted(found.keys() & shown)]


def _sentences(swept: Sweep, merged: Merged, pictures: Pictures) -> Iterable[str]:
    news = f"{merged.added} added, {merged.changed} changed, {merged.delisted} delisted"
    yield f"{len(swept.records)} records: {news}."
    if swept.problems:
        yield f"{len(swept.problems)} entries could not be read, so none was delisted ({swept.problems[0]})."
    if pictures.problems:
        yield f"{pictures.problems} photos could not be had."
