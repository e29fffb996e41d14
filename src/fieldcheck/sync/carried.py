"""Lists that come in a folder without a signature: put in use with the same guards, and told to be unsigned."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from fieldcheck.cache.build import Built
from fieldcheck.cache.carrying import Carried, read_manifest, unpack, unpack_vectors
from fieldcheck.cache.photo_model import usable_model
from fieldcheck.cache.pointer import read_pointer
from fieldcheck.cache.versions import Manner, TurnedDownError, change_lock
from fieldcheck.errors import FieldcheckError, NotFoundError, StorageError
from fieldcheck.sync.by_hand import refuse_signed_elsewhere
from fieldcheck.sync.outcome import Outcome, OutcomeKind, failed, log_outcome, unchanged
from fieldcheck.sync.run import NO_WISHES, Wishes
from fieldcheck.sync.verify import guard_shrink


def import_carried(
    home: Path, folder: Path, now: datetime, wishes: Wishes = NO_WISHES, only: tuple[str, ...] = ()
) -> list[Outcome]:
    """Put the lists of a folder in use; one that fails stops no other.

    Args:
        home: the data folder.
        folder: what `fieldcheck.cache.carrying.pack_up` wrote.
        now: the time, for the lists' logs.
        wishes: what the user asked for.
        only: ids of the lists to take; empty for all.

    Raises:
        IntegrityError: the folder's manifest cannot be read.
        NotFoundError: a list in ``only`` is not in the folder.
    """
    carried = {entry.id: entry for entry in read_manifest(folder)}
    for list_id in only:
        if list_id not in carried:
            raise NotFoundError(
                f"{folder} has no list {list_id!r}.", next_step=f"It has {', '.join(sorted(carried)) or 'none'}."
            )
    outcomes = []
    for list_id in only or sorted(carried):
        try:
            outcome = _take(home, folder, carried[list_id], wishes)
        except FieldcheckError as error:
            outcome = failed(list_id, error)
        outcomes.append(outcome)
        with suppress(StorageError):
            log_outcome(home, outcome, now, wishes.accept_shrink)
    return outcomes


def _take(home: Path, folder: Path, carried: Carried, wishes: Wishes) -> Outcome:
    with change_lock(home):
        refuse_signed_elsewhere(home, carried.id)
        in_use = read_pointer(home).get(carried.id)
        size = in_use.records if in_use else 0

        def guard(built: Built) -> None:
            guard_shrink(built.records, size, wishes.accept_shrink)

        manner = Manner(again=wishes.again, wait=wishes.preview)
        try:
            installed = unpack(home, folder, carried, guard, manner)
        except TurnedDownError as error:
            return unchanged(carried.id, size, error)
        problem = _take_vectors(home, folder, carried, wishes)
    if installed is None:
        return Outcome(carried.id, OutcomeKind.UNCHANGED, size, message=problem)
    kind = OutcomeKind.WAITING if wishes.preview else OutcomeKind.UPDATED
    said = f"Nobody signed it: compare {installed.sha256[:16]} with `lists show` on the computer that it comes from."
    return Outcome(carried.id, kind, installed.records, message=f"{said} {problem}".rstrip())


def _take_vectors(home: Path, folder: Path, carried: Carried, wishes: Wishes) -> str:
    """Take what the model in use made of the list's photos; says why that could not be, where it could not."""
    try:
        if model := usable_model(home, wishes.photo_model):
            unpack_vectors(home, folder, carried, model)
    except FieldcheckError as error:
        return f"What the photo model makes of its photos was not taken: {error}"
    return ""
