"""Joining a complete copy of a list with the version in use, so that nothing is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fieldcheck.models import Record, Status


@dataclass(frozen=True, slots=True)
class Merged:
    """The records of the next version, by id in order, and how many of them are news.

    ``delisted`` counts those that vanished from the list since the version in use.
    """

    records: tuple[Record, ...]
    added: int
    changed: int
    delisted: int


def merge(fetched: Mapping[str, Record], in_use: Mapping[str, Record], *, delist: bool) -> Merged:
    """Join what was fetched with what is in use.

    A record that differs only in its date of change is kept as it was: publishers re-stamp whole lists. One
    that vanished is kept, marked as delisted if ``delist``, and else as it was.
    """
    current = {key: _settled(record, in_use.get(key)) for key, record in fetched.items()}
    vanished = {
        key: replace(record, status=Status.DELISTED) if delist else record
        for key, record in in_use.items()
        if key not in fetched
    }
    records = current | vanished
    return Merged(
        records=tuple(records[key] for key in sorted(records)),
        added=sum(1 for key in current if key not in in_use),
        changed=sum(1 for key, record in current.items() if key in in_use and record != in_use[key]),
        delisted=sum(1 for key, record in vanished.items() if record != in_use[key]),
    )


def _settled(record: Record, before: Record | None) -> Record:
    if before and record == replace(before, modified=record.modified):
        return before
    return record
