"""What one version of a list changes against another: which records are new, changed, back or no longer listed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path

from fieldcheck.cache.info import Installed
from fieldcheck.cache.opening import OpenList, open_list
from fieldcheck.cache.pointer import read_kept, version_path
from fieldcheck.errors import NotFoundError
from fieldcheck.models import Change, ChangeKind, Record, Status

_AT_ONCE = 500
_NAMES = tuple(field.name for field in fields(Record))


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a list; ``before`` is None where there was none, ``in_use`` says whether the later one is."""

    home: Path
    before: Installed | None
    after: Installed
    in_use: bool

    @contextmanager
    def changes(self) -> Iterator[Iterator[Change]]:
        """Each record that differs."""
        with ExitStack() as stack:
            old = stack.enter_context(open_list(version_path(self.home, self.before))) if self.before else None
            new = stack.enter_context(open_list(version_path(self.home, self.after)))
            yield changes(old, new)

    def count(self) -> Mapping[ChangeKind, int]:
        """How many records each thing happened to."""
        with self.changes() as found:
            counted = Counter(change.kind for change in found)
        return {kind: counted[kind] for kind in ChangeKind}


def compare(home: Path, list_id: str) -> Compared:
    """The versions that are of interest: those in use and waiting or, where none waits, before and in use.

    Raises:
        NotFoundError: no such list is installed, or no other version of it is kept.
    """
    kept = read_kept(home)
    if list_id in kept.waiting:
        return Compared(home, kept.in_use.get(list_id), kept.waiting[list_id], in_use=False)
    if list_id not in kept.in_use:
        raise NotFoundError(
            f"No list named {list_id!r} is installed.", next_step="See `fieldcheck lists status` for the names."
        )
    if list_id not in kept.earlier:
        raise NotFoundError(
            f"Only one version of {list_id} is kept, and none waits.",
            next_step=f"Fetch another with `fieldcheck sync {list_id} --preview`.",
        )
    return Compared(home, kept.earlier[list_id], kept.in_use[list_id], in_use=True)


def changes(before: OpenList | None, after: OpenList) -> Iterator[Change]:
    """Each record that differs, in the order of the lists; one that was only stamped with another date does not.

    Memory stays small however long the lists are.
    """
    for chunk in _chunks(after.records()):
        known = before.records_named([record.id for record in chunk]) if before else {}
        yield from (change for record in chunk if (change := _change(known.get(record.id), record)))
    if before:
        yield from _gone(before, after)


def _change(before: Record | None, after: Record) -> Change | None:
    if before is None:
        return Change(ChangeKind.ADDED, after)
    if replace(before, modified=after.modified) == after:
        return None
    differing = tuple(name for name in _NAMES if getattr(before, name) != getattr(after, name))
    kind = ChangeKind.CHANGED
    if before.status is not after.status:
        moved = {Status.RECOVERED: ChangeKind.RECOVERED, Status.DELISTED: ChangeKind.DELISTED}
        kind = moved.get(after.status, kind)
    return Change(kind, after, differing)


def _gone(before: OpenList, after: OpenList) -> Iterator[Change]:
    for chunk in _chunks(before.records()):
        known = after.records_named([record.id for record in chunk])
        yield from (Change(ChangeKind.DELISTED, record) for record in chunk if record.id not in known)


def _chunks(records: Iterable[Record]) -> Iterator[tuple[Record, ...]]:
    found = iter(records)
    while chunk := tuple(islice(found, _AT_ONCE)):
        yield chunk
