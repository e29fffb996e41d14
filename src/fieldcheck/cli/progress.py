"""How far a long task is, on stderr: a bar on a terminal, else a line every so often."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fieldcheck.cli.output import note

SECONDS_TO_FIRST = 5.0
SECONDS_BETWEEN = 30.0
_MINUTE = 60
_HOUR = 3_600

Advance = Callable[[], None]
"""Says that one step more is done."""


@contextmanager
def progress(what: str, total: int, *, moving: bool) -> Iterator[Advance]:
    """Show how far a task is and how long it will still take.

    Args:
        what: what is counted, in the plural.
        total: how many there are; with none, nothing is shown.
        moving: whether a bar may move; where stderr is no terminal, none ever does.
    """
    if total == 0:
        yield lambda: None
    elif moving and sys.stderr.isatty():
        with _bar(what, total) as advance:
            yield advance
    else:
        yield _Lines(what, total).advance


@contextmanager
def _bar(what: str, total: int) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("left"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bars:
        task = bars.add_task(what, total=total)
        yield lambda: bars.advance(task)


class _Lines:
    """One sentence after some seconds, and then at longer intervals; a task that is soon done says nothing."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._due = time.monotonic() + SECONDS_TO_FIRST
        self._first = 0.0
        self._done = 0

    def advance(self) -> None:
        self._done += 1
        now = time.monotonic()
        if self._done == 1:
            self._first = now  # the first takes as long as everything takes to start
        elif now >= self._due and self._done < self._total:
            left = (now - self._first) / (self._done - 1) * (self._total - self._done)
            note(f"{self._done:,} of {self._total:,} {self._what}; {in_words(left)} left.")
            self._due = now + SECONDS_BETWEEN


def in_words(seconds: float) -> str:
    """About how long some seconds are."""
    for unit, length in (("hour", _HOUR), ("minute", _MINUTE)):
        if seconds >= length:
            count = round(seconds / length)
            return f"about {count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
