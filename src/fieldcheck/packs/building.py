"""Building a pack: a list file that is ready for use, its index, and deltas from the versions before it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count
from pathlib import Path

from fieldcheck.cache.build import Built, build_list
from fieldcheck.cache.delta import make_delta
from fieldcheck.cache.photo_staging import STAGING_NAME, PhotoStaging
from fieldcheck.cache.schema import SCHEMA_VERSION
from fieldcheck.files import flush_to_disk, sha256_of, storage_errors, write_whole
from fieldcheck.lists.describing import ReadAll, describe_photos
from fieldcheck.lists.files import ImportedList
from fieldcheck.lists.importing import Advance, named_photos
from fieldcheck.packs.ordering import Places, photos_in_places, records_in_places
from fieldcheck.packs.targets import pack_index, packed_lists, target_path
from fieldcheck.packs.vectors import Maker, clear_vectors, pack_vectors
from fieldcheck.packs.workshop import Workshop, build_lock
from fieldcheck.sync.channel_index import DeltaIndex, ListIndex, delta_path, file_path, index_path
from fieldcheck.vision.edition import reader_edition
from fieldcheck.vision.model import Model

VERSIONS_BEFORE = 3
"""How many earlier versions a client may have and still need little more than what changed."""

_WORTHWHILE = 0.5
"""A delta that is larger than this share of the list file is not given out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a pack is built.

    ``images`` is the folder of the records' photos, or None; ``workers`` processes read them, one a core where it is
    0, unless ``read`` does so elsewhere. No client takes a version with fewer than ``min_records``. ``model`` makes
    the vectors of the photos; without it none are given out.
    """

    images: Path | None = None
    workers: int = 0
    read: ReadAll | None = None
    min_records: int = 1
    model: Model | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """Whoever watches a build.

    ``advance`` is told the stage, how many are done and how many there are; ``report`` of each photo that cannot be
    used, and why.
    """

    advance: Advance
    report: Callable[[str], None]


def build_pack(work: Workshop, imported: ImportedList, plan: Plan, watcher: Watcher) -> ListIndex:
    """Build the next version of a list, or find that its content is that of the version that is there.

    An interrupted build goes on where it stopped, and the next version reads only photos that are new: what was read
    is kept in ``building/``. The list file depends on the list, the photos and the version before, whose records and
    photos keep their places, not on where photos were read.

    Returns:
        What the pack's index says.

    Raises:
        StorageError: the folder cannot be written, or another build of this list is running.
        IntegrityError: the version before cannot be read.
    """
    list_id = imported.info.id
    with storage_errors(work.folder), build_lock(work, list_id) as building:
        partial = building / "list.partial"
        partial.unlink(missing_ok=True)
        built = _build(partial, imported, plan, watcher, _places(work, list_id))
        file = target_path(work, file_path(list_id, built.version))
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file():
            flush_to_disk(partial)
            partial.replace(file)
        partial.unlink(missing_ok=True)
        index = _index(work, imported, built, plan, watcher)
        _clear(work, index)
    return index


def _places(work: Workshop, list_id: str) -> Places:
    if list_id not in packed_lists(work):
        return Places()
    return Places.read(target_path(work, file_path(list_id, pack_index(work, list_id).version)))


def _build(partial: Path, imported: ImportedList, plan: Plan, watcher: Watcher, before: Places) -> Built:
    def count_records(done: int) -> None:
        watcher.advance("records", done, imported.count)

    with records_in_places(imported.records, before.records, partial.with_name("records.partial")) as records:
        if plan.images is None:
            return build_list(partial, imported.info, records, (), count_records)
        named = photos_in_places(named_photos(records, plan.images, watcher.report), before.photos)
        with PhotoStaging(partial.with_name(STAGING_NAME), reader_edition()) as staging:
            total, done = staging.name(named), count(1)
            describe_photos(
                staging,
                lambda: watcher.advance("photos", next(done), total),
                watcher.report,
                plan.workers,
                read=plan.read,
            )
            return build_list(partial, imported.info, records, staging.photos(), count_records)


def _index(work: Workshop, imported: ImportedList, built: Built, plan: Plan, watcher: Watcher) -> ListIndex:
    """Write what the pack says of its list; what was packaged before keeps its date."""
    info = imported.info
    file = target_path(work, file_path(info.id, built.version))
    sha256 = sha256_of(file)
    before = pack_index(work, info.id) if info.id in packed_lists(work) else None
    same = before if before and (before.version, before.sha256) == (built.version, sha256) else None
    said = asdict(info) | {"packaged": same.packaged if same else f"{date.today():%Y-%m-%d}"}  # noqa: DTZ011  # a day at the publisher's
    index = ListIndex(
        **said,
        **asdict(built),
        schema_version=SCHEMA_VERSION,
        length=file.stat().st_size,
        sha256=sha256,
        min_records=plan.min_records,
        deltas=same.deltas if same else _deltas(work, before, file),
    )
    if plan.model:
        vectors = pack_vectors(work, index, before, Maker(plan.model, watcher.advance, plan.workers))
        index = index.model_copy(update={"vectors": vectors})
    write_whole(target_path(work, index_path(info.id)), index.model_dump_json(indent=1).encode())
    return index


def _deltas(work: Workshop, before: ListIndex | None, file: Path) -> tuple[DeltaIndex, ...]:
    """Deltas to a file from the versions before it, as far as they are worth their bytes."""
    if before is None:
        return ()
    found = []
    for version in (before.version, *(delta.from_version for delta in before.deltas))[:VERSIONS_BEFORE]:
        old = target_path(work, file_path(before.id, version))
        target = delta_path(before.id, version, file.stem)
        path = target_path(work, target)
        if version == file.stem or not old.is_file():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        make_delta(old, file, partial)
        if partial.stat().st_size <= file.stat().st_size * _WORTHWHILE:
            flush_to_disk(partial)
            partial.replace(path)
            found.append(DeltaIndex(from_version=version, target=target, length=path.stat().st_size))
        partial.unlink(missing_ok=True)
    return tuple(found)


def _clear(work: Workshop, index: ListIndex) -> None:
    """Delete the versions, deltas and vectors that no index names any more."""
    versions = {index.version, *(delta.from_version for delta in index.deltas)}
    for path in (work.targets / "lists" / index.id).glob("*.db"):
        if path.stem not in versions:
            path.unlink()
    deltas = {target_path(work, delta.target) for delta in index.deltas}
    for path in (work.targets / "deltas" / index.id).glob("*"):
        if path not in deltas:
            path.unlink()
    clear_vectors(work, index)
