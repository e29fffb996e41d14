"""Reading a whole list page by page, although it may change while it is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from math import ceil

from fieldcheck.errors import SourceError
from fieldcheck.lists.interface import Page, Source
from fieldcheck.models import Record
from fieldcheck.sync.failures import AbsentError, RefusedError
from fieldcheck.sync.progress import Progress
from fieldcheck.sync.stage import Stage

_PASSES = (1, 2)
_PAGES_BEYOND = 2
"""How many pages beyond the expected last one are tried while records are missing."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A complete list: its records by id, and in words the entries that could not be read."""

    records: dict[str, Record]
    problems: tuple[str, ...]


@dataclass(slots=True)
class _Pass:
    """What one pass over the pages has seen so far."""

    records: dict[str, Record] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)
    page_size: int = 0
    ended: bool = False

    def add(self, number: int, page: Page) -> None:
        """Count a page in, and see whether it is the last one."""
        entries = len(page.records) + len(page.problems)
        known = len(self.records)
        self.records.update((record.id, record) for record in page.records)
        self.problems += [f"page {number}: {problem}" for problem in page.problems]
        self.totals.add(page.total)
        self.page_size = max(self.page_size, entries)
        if not entries:
            self.ended = True
        elif len(self.records) + len(self.problems) >= page.total:
            # A total that is too small must not cut the list, so only a page that adds nothing ends it early.
            self.ended = entries < self.page_size or len(self.records) == known
        else:
            self.ended = number >= ceil(page.total / self.page_size) + _PAGES_BEYOND


def sweep(source: Source, stage: Stage, get: Callable[[str], bytes], progress: Progress) -> Sweep:
    """Read every page, from the stage where it is there and otherwise from the publisher.

    Pages shift when the list changes, so records are told apart by id. When the publisher's total changes on
    the way or is not reached, the pages are gone over once more, and what both passes saw together counts.

    Raises:
        RefusedError: the list is still not complete, or is larger than it can be.
        SourceError: a page cannot be fetched or is not a page; those before it are kept in the stage.
    """
    records: dict[str, Record] = {}
    for number in _PASSES:
        seen = _one_pass(number, source, stage, get, progress)
        records.update(seen.records)
        expected = max(seen.totals)
        if len(seen.totals) == 1 and len(records) + len(seen.problems) >= expected:
            return Sweep(records, tuple(seen.problems))
        progress.note(f"{source.descriptor.id}: {len(records)} of {expected} records so far; the list is changing.")
    raise RefusedError(
        f"Incomplete sweep: {len(records)} of {expected} records of {source.descriptor.id} could be read.",
        next_step="Sync again later; the list in use is unchanged.",
    )


def _one_pass(
    sweep_number: int, source: Source, stage: Stage, get: Callable[[str], bytes], progress: Progress
) -> _Pass:
    seen = _Pass()
    for number in count(1):
        page = _page(sweep_number, number, source, stage, get)
        if page is None:
            break
        _refuse_flood(source, max(page.total, len(seen.records)))
        if number == 1:
            progress.start(source.descriptor.id, page.total)
        seen.add(number, page)
        progress.advance(len(page.records) + len(page.problems))
        if seen.ended:
            break
    return seen


def _page(sweep_number: int, number: int, source: Source, stage: Stage, get: Callable[[str], bytes]) -> Page | None:
    """One page, or None where the publisher has no page of that number."""
    staged = stage.page(sweep_number, number)
    if staged is not None:
        try:
            return source.parse_page(staged)
        except SourceError:
            # The file was damaged on this disk: only pages that could be read are ever kept.
            staged = None
    try:
        body = get(source.page_url(number))
    except AbsentError:
        if number == 1:
            raise
        return None
    page = source.parse_page(body)
    stage.keep(sweep_number, number, body)
    return page


def _refuse_flood(source: Source, size: int) -> None:
    most = source.descriptor.assertions.max_records
    if size > most:
        raise RefusedError(
            f"{source.descriptor.id} claims to have {size} records; at most {most} are plausible.",
            next_step="Sync again later; if it persists, the list's descriptor has to be reviewed.",
        )
