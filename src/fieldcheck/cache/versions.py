"""Installing, removing and pruning versions: the only code that changes what is in use."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from fieldcheck.cache.build import Built
from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.cache.pointer import lists_folder, read_pointer, version_path, write_pointer
from fieldcheck.errors import NotFoundError, StorageError
from fieldcheck.files import flush_folder, flush_to_disk, sha256_of, storage_errors

LOCK_NAME = ".lock"


@contextmanager
def change_lock(home: Path) -> Iterator[None]:
    """Hold the cache for one change; a second process is refused at once.

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
            yield
        finally:
            lock.release()


def install(home: Path, info: ListInfo, build: Callable[[Path], Built]) -> Installed | None:
    """Build a new version of a list and put it in use; the caller holds `change_lock`.

    ``build`` writes the list file at the path it is given and says what is in it. The file gets its final name
    only when it is whole and on the disk, and the pointer follows last, so that a crash at any moment leaves
    the old version in use or the new one. The version before is kept for a rollback, older ones are removed.

    Returns:
        The new version, or None when its content equals the version in use.
    """
    folder = lists_folder(home) / info.id
    in_use = read_pointer(home)
    before = in_use.get(info.id)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / "building.partial"
        partial.unlink(missing_ok=True)
        try:
            built = build(partial)
            if before and before.version == built.version and _is_sound(home, before):
                return None
            flush_to_disk(partial)
            final = folder / f"{built.version}.db"
            partial.replace(final)
        finally:
            partial.unlink(missing_ok=True)
        flush_folder(folder)
        installed = Installed(
            info=info,
            version=built.version,
            file=f"{info.id}/{final.name}",
            sha256=sha256_of(final),
            records=built.records,
            photos=built.photos,
            imported=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            previous=_previous(before, built.version),
        )
        write_pointer(home, {**in_use, info.id: installed})
        _prune(folder, keep={installed.version, installed.previous})
    return installed


def confirm(home: Path, list_id: str, published: str) -> None:
    """Record that a list was checked today and its content is still the version in use."""
    in_use = read_pointer(home)
    entry = in_use[list_id]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    info = replace(entry.info, published=published or entry.info.published)
    write_pointer(home, {**in_use, list_id: replace(entry, imported=now, info=info)})


def remove(home: Path, list_id: str) -> Installed:
    """Take a list out of use, then delete its files; the caller holds `change_lock`.

    Raises:
        NotFoundError: no such list is installed.
    """
    in_use = read_pointer(home)
    if list_id not in in_use:
        raise NotFoundError(
            f"No list named {list_id!r} is installed.",
            next_step="See `fieldcheck lists status` for the names.",
        )
    removed = in_use.pop(list_id)
    folder = lists_folder(home) / list_id
    with storage_errors(folder):
        write_pointer(home, in_use)
        _prune(folder, keep=set())
    return removed


def _previous(before: Installed | None, version: str) -> str:
    if before is None:
        return ""
    return before.version if before.version != version else before.previous


def _is_sound(home: Path, installed: Installed) -> bool:
    """Whether the file in use is still the one that was put in use; a damaged one is replaced."""
    path = version_path(home, installed)
    return path.is_file() and sha256_of(path) == installed.sha256


def _prune(folder: Path, keep: set[str]) -> None:
    """Delete versions that nobody needs; one that is still open (Windows) is left for the next time."""
    for path in folder.glob("*.db"):
        if path.stem not in keep:
            try:
                path.unlink()
            except PermissionError:
                continue
