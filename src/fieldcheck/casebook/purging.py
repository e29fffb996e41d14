"""Forgetting what is older than a day: stubs stay, so that the chain still verifies, and an entry says who did it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from fieldcheck.casebook.entry import Entry, Kind
from fieldcheck.casebook.given import told
from fieldcheck.casebook.head import Head
from fieldcheck.casebook.log import Casebook
from fieldcheck.casebook.store import Store
from fieldcheck.errors import UsageError


@dataclass(frozen=True, slots=True)
class Purged:
    """What was forgotten; ``results`` are the ids of the results that no case holds any more."""

    cases: tuple[str, ...]
    entries: int
    results: tuple[str, ...]
    head: Head | None


def older_cases(store: Store, before: str) -> tuple[str, ...]:
    """The cases whose last check or decision is older than an ISO day; one that goes on is kept whole."""
    return tuple(row.case for row in store.cases() if row.last[:10] < before)


def purge(book: Casebook, before: str, reason: str) -> Purged:
    """Overwrite the contents of every case that is older than an ISO day.

    Raises:
        UsageError: there is no reason.
        StorageError: the disk refuses; nothing was forgotten.
    """
    if not (why := told(reason)):
        raise UsageError("A purge needs its reason.", next_step="Say in a sentence why, with --reason TEXT.")
    with book.store.transaction():
        cases = older_cases(book.store, before)
        entries = [entry for case in cases for entry in book.store.of_case(case)]
        if not entries:
            return Purged((), 0, (), None)
        seqs = sorted(entry.seq for entry in entries)
        said = {"action": "purge", "before": before, "purged": list(_ranges(seqs)), "reason": why}
        entry = book.add_inside(Kind.PURGE, "", said)
        book.store.forget(tuple(seqs))
        results = tuple(sorted({name for name in _results(entries) if not book.store.of_result(name)}))
    book.store.shed()
    return Purged(cases, len(seqs), results, entry.head)


def first_kept_day(retention_days: int, today: date | None = None) -> str:
    """The ISO day before which nothing is kept, in UTC as the log's dates are."""
    return ((today or datetime.now(UTC).date()) - timedelta(days=retention_days)).isoformat()


def read_day(text: str) -> str:
    """An ISO day as it was typed.

    Raises:
        UsageError: it is none.
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{text[:40]!r} is no date.", next_step="Write it as 2026-01-31.") from error


def _ranges(seqs: Iterable[int]) -> Iterator[list[int]]:
    """Numbers in order as first and last of each run."""
    run: list[int] = []
    for seq in seqs:
        if run and seq == run[1] + 1:
            run[1] = seq
            continue
        if run:
            yield run
        run = [seq, seq]
    if run:
        yield run


def _results(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        result = entry.said().get("result")
        if isinstance(result, dict):
            yield str(result.get("result_id"))
