"""Installing, accepting, rolling back and removing versions: the only code that changes what is in use."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from fieldcheck.cache.build import Built
from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.cache.latest_time import in_utc
from fieldcheck.cache.photo_vectors import VECTORS_SUFFIX
from fieldcheck.cache.pointer import (
    POINTER_NAME,
    Pointer,
    lists_folder,
    read_kept,
    version_path,
    write_pointer,
)
from fieldcheck.errors import ExitCode, FieldcheckError, IntegrityError, NotFoundError, StorageError
from fieldcheck.files import clear_leftovers, flush_folder, flush_to_disk, sha256_of, storage_errors

LOCK_NAME = ".lock"
PARTIAL_NAME = "building.partial"
INCOMING_NAME = "incoming"
_MOST_TURNED_DOWN = 20
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a new version is to be taken.

    ``confirmed`` is when the publisher was known to stand by this content (ISO 8601), or empty. ``again`` takes it
    even if it was rolled back from before; ``wait`` keeps it without putting it in use, for `accept`. ``sha256`` is
    that of the list file where it was found while the file was written; where it is empty, the file is read once more.
    """

    confirmed: str = ""
    again: bool = False
    wait: bool = False
    sha256: str = ""


AT_ONCE = Manner()


class TurnedDownError(FieldcheckError):
    """The version at hand is one that somebody rolled back from; there is nothing else to update to."""

    exit_code = ExitCode.NOTHING_TO_UPDATE


@contextmanager
def change_lock(home: Path) -> Iterator[None]:
    """Hold the cache for one change; a second process is refused at once. Leftovers of a crash are cleared first.

    Raises:
        StorageError: the cache cannot be written, or another process is changing it.
    """
    folder = lists_folder(home)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK_NAME, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise StorageError(
                "Another fieldcheck is changing the lists at this moment.",
                next_step="Wait until it has finished, then run the command again.",
            ) from error
    try:
        _clear_leftovers(home)
        yield
    finally:
        lock.release()


def install(home: Path, info: ListInfo, build: Callable[[Path], Built], manner: Manner = AT_ONCE) -> Installed | None:
    """Build a new version of a list and put it in use; the caller holds `change_lock`.

    ``build`` writes the list file at the path it is given and says what is in it. The file gets its final name
    only when it is whole and on the disk, and the pointer follows last, so that a crash at any moment leaves
    the old version in use or the new one. The version before is kept for a rollback, older ones are removed.

    Returns:
        The new version, or None when its content equals the version in use.

    Raises:
        TurnedDownError: the version was rolled back from, and is not taken ``again``.
        StorageError: the disk is full, fails or cannot be written.
    """
    kept = read_kept(home)
    folder = lists_folder(home) / info.id
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / PARTIAL_NAME
        partial.unlink(missing_ok=True)
        try:
            built = build(partial)
            if _is_in_use(home, kept, info.id, built.version):
                return None
            _refuse_turned_down(kept, info.id, built.version, again=manner.again)
            flush_to_disk(partial)
            final = folder / f"{built.version}.db"
            partial.replace(final)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        with suppress(OSError):  # some file systems cannot flush a folder
            flush_folder(folder)
        installed = Installed(
            info=info,
            version=built.version,
            file=f"{info.id}/{final.name}",
            sha256=manner.sha256 or sha256_of(final),
            records=built.records,
            photos=built.photos,
            imported=now_stamp(),
            confirmed=manner.confirmed,
        )
        after = _with_waiting(kept, installed) if manner.wait else _with_new(kept, installed)
        _commit(home, after)
    return installed if manner.wait else after.in_use[info.id]


def accept(home: Path, list_id: str) -> Installed:
    """Put the version that waits in use; the caller holds `change_lock`.

    Raises:
        NotFoundError: no version of this list waits.
        IntegrityError: its file was changed since.
    """
    kept = read_kept(home)
    if list_id not in kept.waiting:
        raise NotFoundError(
            f"No version of {list_id!r} waits to be accepted.",
            next_step=f"Run `fieldcheck sync {list_id} --preview` to fetch one without putting it in use.",
        )
    waiting = kept.waiting[list_id]
    _refuse_damaged(home, waiting)
    after = _with_new(kept, waiting)
    _commit(home, after)
    return after.in_use[list_id]


def rollback(home: Path, list_id: str, *, undo: bool = False) -> Installed:
    """Put the version before the one in use back in use, and remember that this one was turned down.

    With ``undo``, return to the version that was turned down last. The caller holds `change_lock`.

    Raises:
        NotFoundError: no such list is installed, or there is no version to return to.
        IntegrityError: the version to return to is damaged.
    """
    kept = read_kept(home)
    current, target = _installed(kept, list_id), kept.earlier.get(list_id)
    turned_down = kept.turned_down.get(list_id, ())
    was_turned_down = target is not None and target.version in turned_down
    if target is None or undo != was_turned_down:
        raise _nothing_to_return_to(list_id, undo=undo, was_turned_down=was_turned_down)
    _refuse_damaged(home, target)
    if undo:
        remembered = tuple(version for version in turned_down if version != target.version)
        restored = replace(target, previous=current.version)
    else:
        remembered = (*turned_down, current.version)[-_MOST_TURNED_DOWN:]
        restored = replace(target, previous="")
    _commit(
        home,
        Pointer(
            {**kept.in_use, list_id: restored},
            {**kept.earlier, list_id: replace(current, previous="")},
            _without(kept.waiting, list_id),
            {**_without(kept.turned_down, list_id), **({list_id: remembered} if remembered else {})},
        ),
    )
    return restored


def confirm(home: Path, list_id: str, published: str, confirmed: str = "") -> None:
    """Record that a list was looked at today and its content is still the version in use."""
    kept = read_kept(home)
    entry = kept.in_use[list_id]
    info = replace(entry.info, published=published or entry.info.published)
    dated = replace(entry, imported=now_stamp(), info=info, confirmed=max(confirmed, entry.confirmed))
    _commit(home, replace(kept, in_use={**kept.in_use, list_id: dated}))


def remove(home: Path, list_id: str) -> Installed:
    """Take a list out of use, then delete its files; the caller holds `change_lock`.

    Raises:
        NotFoundError: no such list is installed.
    """
    kept = read_kept(home)
    removed = _installed(kept, list_id)
    _commit(
        home,
        Pointer(
            _without(kept.in_use, list_id),
            _without(kept.earlier, list_id),
            _without(kept.waiting, list_id),
            _without(kept.turned_down, list_id),
        ),
    )
    return removed


def incoming_folder(home: Path, list_id: str) -> Path:
    """Where a file that was built elsewhere is copied to before it is looked at; emptied by the next change."""
    return lists_folder(home) / list_id / INCOMING_NAME


def now_stamp() -> str:
    """The time of day in UTC, as the pointer keeps it."""
    return in_utc(datetime.now(UTC))


def _commit(home: Path, pointer: Pointer) -> None:
    """Write the pointer, then delete what it no longer names: in this order, a crash can only leave too much."""
    write_pointer(home, pointer)
    _clear_leftovers(home)


def _with_new(kept: Pointer, installed: Installed) -> Pointer:
    """A version put in use; the one before becomes the earlier one, unless it is the same one, mended."""
    list_id = installed.info.id
    before, earlier = kept.in_use.get(list_id), dict(kept.earlier)
    if before and before.version != installed.version:
        earlier[list_id] = replace(before, previous="")
    turned_down = tuple(entry for entry in kept.turned_down.get(list_id, ()) if entry != installed.version)
    kept_before = earlier.get(list_id)
    previous = kept_before.version if kept_before and kept_before.version not in turned_down else ""
    return Pointer(
        {**kept.in_use, list_id: replace(installed, previous=previous)},
        earlier,
        _without(kept.waiting, list_id),
        {**_without(kept.turned_down, list_id), **({list_id: turned_down} if turned_down else {})},
    )


def _with_waiting(kept: Pointer, installed: Installed) -> Pointer:
    return replace(kept, waiting={**kept.waiting, installed.info.id: installed})


def _without(group: Mapping[str, _Kept], list_id: str) -> dict[str, _Kept]:
    return {key: value for key, value in group.items() if key != list_id}


def _installed(kept: Pointer, list_id: str) -> Installed:
    if list_id not in kept.in_use:
        raise NotFoundError(
            f"No list named {list_id!r} is installed.",
            next_step="See `fieldcheck lists status` for the names.",
        )
    return kept.in_use[list_id]


def _is_in_use(home: Path, kept: Pointer, list_id: str, version: str) -> bool:
    """Whether that version is in use and its file is the one that was put in use; a damaged one is replaced."""
    entry = kept.in_use.get(list_id)
    return entry is not None and entry.version == version and _is_sound(home, entry)


def _is_sound(home: Path, installed: Installed) -> bool:
    path = version_path(home, installed)
    return path.is_file() and sha256_of(path) == installed.sha256


def _refuse_damaged(home: Path, installed: Installed) -> None:
    if not _is_sound(home, installed):
        raise IntegrityError(
            f"Version {installed.version} of {installed.info.id} is missing or damaged; nothing was changed.",
            next_step="Sync or import this list again.",
        )


def _refuse_turned_down(kept: Pointer, list_id: str, version: str, *, again: bool) -> None:
    if version in kept.turned_down.get(list_id, ()) and not again:
        raise TurnedDownError(
            f"{list_id}: this is version {version}, which was rolled back here, so it was not put in use.",
            next_step="Wait for a newer one, or give --again to take this one after all.",
        )


def _nothing_to_return_to(list_id: str, *, undo: bool, was_turned_down: bool) -> NotFoundError:
    if was_turned_down:
        return NotFoundError(
            f"{list_id} was rolled back already, and no version before this one is kept.",
            next_step=f"Undo that with `fieldcheck lists rollback {list_id} --undo`, or sync or import the list.",
        )
    if undo:
        return NotFoundError(
            f"{list_id} was not rolled back.", next_step=f"See `fieldcheck lists show {list_id}` for its versions."
        )
    return NotFoundError(
        f"No earlier version of {list_id} is kept.",
        next_step="One is kept from the second sync or import on.",
    )


def _clear_leftovers(home: Path) -> None:
    """Delete what no pointer names; a file that is still open (Windows) is left for the next time."""
    folder = lists_folder(home)
    try:
        kept = read_kept(home)
    except IntegrityError:
        return  # nobody knows what is needed
    clear_leftovers(folder / POINTER_NAME)
    made = ("*/*.db", f"*/*{VECTORS_SUFFIX}*", f"*/{PARTIAL_NAME}", f"*/{INCOMING_NAME}/*")
    for path in (path for pattern in made for path in folder.glob(pattern)):
        if path.name.partition(".")[0] not in kept.versions(path.parent.name):
            with suppress(OSError):
                path.unlink()
