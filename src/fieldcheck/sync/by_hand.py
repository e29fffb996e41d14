"""Guarding and noting down an import by hand as a sync is."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from fieldcheck.cache.holdings import STARTER_ID
from fieldcheck.cache.info import Installed
from fieldcheck.cache.pointer import read_pointer
from fieldcheck.errors import StorageError
from fieldcheck.lists.files import ImportedList
from fieldcheck.lists.interface import Assertions
from fieldcheck.lists.mapping import ListMap
from fieldcheck.sync.channel import read_channels
from fieldcheck.sync.failures import RefusedError
from fieldcheck.sync.outcome import Outcome, OutcomeKind, log_outcome
from fieldcheck.sync.verify import guard_shrink, verify


def guard_import(home: Path, imported: ImportedList, mapping: ListMap | None, accept_shrink: str) -> None:
    """Refuse a file that breaks what its map asserts, is much smaller than the list in use, or has no say in it.

    Raises:
        RefusedError: it does.
    """
    refuse_signed_elsewhere(home, imported.info.id)
    if mapping and mapping.list_.assertions != Assertions():
        verify(imported.records, mapping.list_.assertions)
    in_use = read_pointer(home).get(imported.info.id)
    guard_shrink(imported.count, in_use.records if in_use else 0, accept_shrink)


def refuse_signed_elsewhere(home: Path, list_id: str) -> None:
    """Refuse what nobody signed in place of a list that comes from a channel, or with the program.

    Raises:
        RefusedError: the list does.
    """
    signed_by = next((channel.name for channel in read_channels(home) if channel.brings(list_id)), "")
    if signed_by or list_id == STARTER_ID:
        raise RefusedError(
            f"{list_id} comes from {signed_by or 'the program itself'} here, and this copy of it is not signed.",
            next_step="Leave it as it is, or import this copy as a list of another id.",
        )


def log_import(home: Path, installed: Installed, accept_shrink: str) -> None:
    """Note an import in the list's log, as far as that can be written."""
    message = f"imported version {installed.version}"
    outcome = Outcome(installed.info.id, OutcomeKind.UPDATED, installed.records, message=message)
    with suppress(StorageError):
        log_outcome(home, outcome, datetime.now(UTC), accept_shrink)
