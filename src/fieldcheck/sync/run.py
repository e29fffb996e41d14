"""Syncing lists: sweep, verify, gather pictures, and put in use; one list's failure is that list's alone."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fieldcheck.cache.latest_time import in_utc, remember
from fieldcheck.cache.pointer import lists_folder
from fieldcheck.cache.versions import Manner
from fieldcheck.errors import FieldcheckError, StorageError
from fieldcheck.lists.interface import Source
from fieldcheck.models import Record
from fieldcheck.sync.failures import RefusedError
from fieldcheck.sync.images import MEMORY_NAME, ImageMemory, Picture, Pictures, gather_pictures
from fieldcheck.sync.in_use import InUse, read_in_use
from fieldcheck.sync.outcome import Outcome, failed, log_outcome
from fieldcheck.sync.polite import PoliteFetcher
from fieldcheck.sync.stage import open_stage
from fieldcheck.sync.sweep import sweep
from fieldcheck.sync.switch import put_in_use
from fieldcheck.sync.tools import Tools
from fieldcheck.sync.verify import guard_shrink, verify


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for.

    ``accept_shrink`` says why a list may have shrunk, ``with_images`` that pictures are fetched as well. ``again``
    takes a version that was rolled back before; ``preview`` lets the new version wait instead of putting it in use.
    ``photo_model`` is the description of the photo model that the configuration names, if it names one.
    """

    accept_shrink: str = ""
    with_images: bool = False
    again: bool = False
    preview: bool = False
    photo_model: Path | None = None


NO_WISHES = Wishes()


def sync_all(home: Path, sources: Iterable[Source], tools: Tools, wishes: Wishes = NO_WISHES) -> list[Outcome]:
    """Sync lists one after the other; one that fails stops no other."""
    return [sync_list(home, source, tools, wishes) for source in sources]


def sync_list(home: Path, source: Source, tools: Tools, wishes: Wishes = NO_WISHES) -> Outcome:
    """Bring one list up to date.

    Whatever goes wrong is told in the outcome and leaves the list in use as it was. An interruption is passed
    on; what was fetched until then stays staged for the next sync.
    """
    try:
        outcome = _sync(home, source, tools, wishes)
    except FieldcheckError as error:
        outcome = failed(source.descriptor.id, error)
    finally:
        tools.progress.done()
    # What happened to the list happened, whether or not it can be written down.
    with suppress(StorageError):
        log_outcome(home, outcome, tools.clock.now(), wishes.accept_shrink)
    return outcome


def _sync(home: Path, source: Source, tools: Tools, wishes: Wishes) -> Outcome:
    descriptor = source.descriptor
    with open_stage(home, source, tools.clock.now()) as stage:
        try:
            swept = sweep(source, stage, PoliteFetcher(descriptor, stage, tools).get, tools.progress)
            verify(swept.records.values(), descriptor.assertions)
            in_use = read_in_use(home, descriptor.id)
            guard_shrink(len(swept.records), in_use.listed, wishes.accept_shrink)
        except RefusedError:
            stage.clear()
            raise
        pictures = Pictures()
        if wishes.with_images:
            memory = ImageMemory(lists_folder(home) / descriptor.id / MEMORY_NAME, stage.started_at.date())
            wanted = _missing_pictures(swept.records.values(), in_use)
            pictures = gather_pictures(wanted, descriptor, stage, memory, tools)
        manner = Manner(in_utc(stage.started_at), again=wishes.again, wait=wishes.preview)
        outcome = put_in_use(home, descriptor, swept, pictures, manner)
        remember(home, stage.started_at)
        # What cannot be thrown away now is thrown away when the next stage is opened.
        with suppress(StorageError):
            stage.clear()
        return outcome


def _missing_pictures(records: Iterable[Record], in_use: InUse) -> list[Picture]:
    """The pictures that the list shows and of which nothing is in use yet."""
    have = {(photo.record_id, photo.file) for photo in in_use.photos}
    shown = (Picture(record.id, url) for record in records for url in record.images)
    return [picture for picture in shown if (picture.record_id, picture.url) not in have]
