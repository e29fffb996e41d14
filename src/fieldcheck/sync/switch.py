"""Putting a verified copy of a list in use."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from fieldcheck.cache.build import build_list
from fieldcheck.cache.info import ListInfo, ReferencePhoto
from fieldcheck.cache.versions import change_lock, confirm, install
from fieldcheck.lists.interface import Descriptor
from fieldcheck.sync.images import Pictures
from fieldcheck.sync.in_use import read_in_use
from fieldcheck.sync.merge import Merged, merge
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.sweep import Sweep


def put_in_use(home: Path, descriptor: Descriptor, swept: Sweep, pictures: Pictures, swept_at: datetime) -> Outcome:
    """Build the next version of a list from a complete copy and the version in use, and switch to it.

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
        published=f"{swept_at:%Y-%m-%d}",
    )
    with change_lock(home):
        in_use = read_in_use(home, descriptor.id)
        # A record whose entry could not be read seems to have vanished; rather sought too long.
        merged = merge(swept.records, in_use.records, delist=not swept.problems)
        photos = _photos(merged, (*in_use.photos, *pictures.photos))
        installed = install(home, info, lambda path: build_list(path, info, merged.records, photos))
        if installed is None:
            confirm(home, descriptor.id, info.published)
    return Outcome(
        list_id=descriptor.id,
        kind=OutcomeKind.UPDATED if installed else OutcomeKind.UNCHANGED,
        records=len(swept.records),
        added=merged.added,
        changed=merged.changed,
        delisted=merged.delisted,
        image_problems=pictures.problems,
        message=" ".join(_sentences(swept, merged, pictures)),
    )


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
