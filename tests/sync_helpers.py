"""A clock that a test turns, a progress that remembers, and the FBI's list with another address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fbi_server import FbiServer
from fieldcheck.cache.opening import open_list
from fieldcheck.cache.pointer import lists_folder, read_pointer
from fieldcheck.lists.fbi import FbiSource
from fieldcheck.lists.interface import Assertions, Descriptor
from fieldcheck.models import Record
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.tools import Tools

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """Sleeping takes no time; each look at the monotonic clock costs ``tick_s``."""

    moment: datetime = START
    tick_s: float = 0.0
    slept: list[float] = field(default_factory=list)
    on_sleep: Callable[[float], None] = lambda _: None
    _seconds: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        self._seconds += self.tick_s
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
        self._seconds += seconds
        self.on_sleep(seconds)


@dataclass
class RecordedProgress:
    """Remembers what it heard; pulls the plug after ``interrupt_after`` pages."""

    interrupt_after: int = -1
    started: list[tuple[str, int]] = field(default_factory=list)
    advanced: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ended: int = 0

    def start(self, list_id: str, total: int) -> None:
        self.started.append((list_id, total))

    def receive(self, list_id: str, total: int) -> None:
        self.start(list_id, total)

    def advance(self, steps: int) -> None:
        self.advanced.append(steps)
        if len(self.advanced) == self.interrupt_after:
            raise KeyboardInterrupt

    def kept(self, steps: int) -> None:
        self.advanced[:] = [steps]

    def note(self, text: str) -> None:
        self.notes.append(text)

    def done(self) -> None:
        self.ended += 1


def local_source(server: FbiServer, *, list_id: str = "fbi", **assertions: object) -> FbiSource:
    """The FBI's list as the server on this machine serves it."""
    return FbiSource(
        Descriptor(
            id=list_id,
            name="National Stolen Art File",
            publisher="FBI",
            licence="US government work, public",
            terms="For tests.",
            url="https://artcrimes.fbi.gov/",
            endpoint=f"{server.origin}/artcrimes",
            hosts=(server.origin,),
            image_hosts=(server.origin,),
            assertions=Assertions.model_validate({"max_records": 20_000, **assertions}),
        )
    )


def tools_for(fetcher: Fetcher, clock: FakeClock | None = None, progress: RecordedProgress | None = None) -> Tools:
    """Tools of which none takes time."""
    return Tools(fetcher, clock or FakeClock(), progress or RecordedProgress())


def records_in_use(home: Path, list_id: str = "fbi") -> dict[str, Record]:
    """What the cache holds of a list."""
    installed = read_pointer(home)[list_id]
    with open_list(lists_folder(home) / installed.file, list_id) as opened:
        return {record.id: record for record in opened.records()}
