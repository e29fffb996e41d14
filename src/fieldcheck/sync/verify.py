"""Judging a complete copy of a list before it may be put in use."""

from collections.abc import Iterable

from fieldcheck.lists.interface import Assertions
from fieldcheck.models import Record
from fieldcheck.sync.failures import RefusedError

MAX_SHRINK = 0.10
"""The share of the records in use that may vanish in one sync without somebody saying why."""


def verify(records: Iterable[Record], assertions: Assertions) -> None:
    """Hold a copy against what its descriptor or map asserts; the records are gone through once.

    Raises:
        RefusedError: it has too few or too many records, or a field is filled in too seldom.
    """
    size, filled = 0, dict.fromkeys(assertions.fill, 0)
    for record in records:
        size += 1
        for name in filled:
            filled[name] += bool(getattr(record, name, None))
    if not assertions.min_records <= size <= assertions.max_records:
        plausible = f"between {assertions.min_records} and {assertions.max_records}"
        raise _refused(f"it has {size} records, and {plausible} are plausible")
    for name, least in assertions.fill.items():
        share = filled[name] / max(size, 1)
        if share < least:
            raise _refused(f"only {share:.0%} of its records have {name}, and at least {least:.0%} should")


def guard_shrink(size: int, size_in_use: int, reason: str) -> None:
    """Refuse a copy that is much smaller than the list in use, unless somebody gives a ``reason``.

    Raises:
        RefusedError: it has shrunk by more than `MAX_SHRINK`, and no reason was given.
    """
    if size < size_in_use * (1 - MAX_SHRINK) and not reason.strip():
        raise RefusedError(
            f"The copy was refused: it has {size} records, and the list in use has {size_in_use}.",
            next_step="Ask the publisher; if the list did shrink, repeat it with --accept-shrink REASON.",
        )


def _refused(reason: str) -> RefusedError:
    return RefusedError(
        f"The copy was refused: {reason}.",
        next_step="Try again later; if it persists, the list has changed: review what its descriptor or map asserts.",
    )
