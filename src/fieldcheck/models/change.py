"""What happened to a record between two versions of its list."""

import enum
from dataclasses import dataclass

from fieldcheck.models.record import Record


@enum.unique
class ChangeKind(enum.StrEnum):
    """What happened to a record from one version to the next."""

    ADDED = "added"
    CHANGED = "changed"
    RECOVERED = "recovered"
    DELISTED = "delisted"


@dataclass(frozen=True, slots=True)
class Change:
    """One record that differs: as it is after or, where it is gone, as it was; ``fields`` are those that differ."""

    kind: ChangeKind
    record: Record
    fields: tuple[str, ...] = ()
