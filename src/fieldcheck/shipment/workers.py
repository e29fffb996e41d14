"""Checking items in several processes at once, with the outcomes in the order of the items.

A worker is started afresh (``spawn``, as on Windows), opens the lists itself and has one item at a time. It ends when
the pipe to it closes, so that none is left behind by a parent that was killed. One that dies takes no more than the
item that it had, and is replaced.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING

from fieldcheck.cache.holdings import open_holdings
from fieldcheck.checking import Checker, CheckSettings
from fieldcheck.errors import ExitCode, FieldcheckError, StorageError
from fieldcheck.models import Item
from fieldcheck.shipment.lines import Checked, Job, basis_of, check_job, failed
from fieldcheck.shipment.run import CheckAll
from fieldcheck.vision.limits import MAX_SECONDS
from fieldcheck.vision.model import Model
from fieldcheck.vision.process import CHILD_COMMAND, LimitedChild
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photo

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

_DEBUG_VARIABLE = "FIELDCHECK_DEBUG"
_SECONDS_TO_END = 5.0
_AHEAD = 32
"""Outcomes in hand per worker while one is waited for that takes long, so that memory stays bounded."""

_FEWEST_WORDS = 200
_FEWEST_PHOTOS = 10
"""Items for which a worker more is worth its start of about a second of CPU time."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told: where the lists are, which are asked, the settings of a check, and what reads photos."""

    home: Path | None
    only: tuple[str, ...]
    settings: CheckSettings
    model: Model | None = None


def workers_for(items: int, photos: int, asked: int | None = None) -> int:
    """How many workers to start: as many as were asked for, else one for each core that has enough to do."""
    if asked is not None:
        return max(1, min(asked, items))
    worth = max(photos // _FEWEST_PHOTOS, items // _FEWEST_WORDS)
    return max(1, min(_cores(), worth))


def in_workers(setup: Setup, basis: str, count: int) -> CheckAll:
    """Check in ``count`` processes; the outcomes are the same as in one, byte by byte.

    ``basis`` is what the jobs are to rest on: a worker that finds other lists, because one was replaced a moment ago,
    stops the run with a `StorageError`.
    """

    def check_all(jobs: Iterable[Job]) -> Generator[Checked, None, None]:
        with closing(_Crew(setup, basis, count)) as crew:
            yield from crew.check(jobs)

    return check_all


class _Crew:
    """The workers, and what each has in hand."""

    def __init__(self, setup: Setup, basis: str, count: int) -> None:
        self._setup = setup
        self._basis = basis
        self._count = count
        self._workers: list[_Worker] = []

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.end()

    def check(self, jobs: Iterable[Job]) -> Iterator[Checked]:
        """Yield the outcomes in the order of the jobs."""
        source = enumerate(jobs)
        done: dict[int, Checked] = {}
        place = 0
        self._workers = [_Worker(self._setup) for _ in range(self._count)]
        while True:
            while place in done:
                yield done.pop(place)
                place += 1
            for number, worker in enumerate(self._workers):
                if not worker.busy and len(done) < _AHEAD * self._count and (taken := next(source, None)):
                    self._workers[number] = _Worker(self._setup) if worker.ended else worker
                    self._workers[number].take(*taken)
            busy = {worker.connection: worker for worker in self._workers if worker.busy}
            if not busy:
                return
            for connection in wait(list(busy)):
                done.update(busy[connection].outcome(self._basis))  # type: ignore[index]  # what was waited for


class _Worker:
    """One process, and the job that it has in hand."""

    def __init__(self, setup: Setup) -> None:
        self.ended = False
        self._known = False
        self._job: tuple[int, Job] | None = None
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(theirs, setup), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        theirs.close()

    @property
    def busy(self) -> bool:
        return self._job is not None

    def take(self, place: int, job: Job) -> None:
        self._job = place, job
        # A worker that has died says so when it is listened to.
        with suppress(OSError):
            self.connection.send(job)

    def outcome(self, basis: str) -> dict[int, Checked]:
        """What came of the job, by its place; empty where the worker has only said what it rests its results on."""
        assert self._job is not None  # noqa: S101  # only a busy worker is listened to
        place, job = self._job
        try:
            said: Checked | str = self.connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            if not self._known:
                raise _not_started() from error
            said = failed(job.item.ref, _stopped())
        if isinstance(said, str):
            self._known = True
            if said != basis:
                raise StorageError(
                    "The lists changed while the shipment was being checked.",
                    next_step="Run the same command again; with --jsonl it goes on, and says what is checked again.",
                )
            return {}
        self._job = None
        return {place: said}

    def end(self) -> None:
        """Close the pipe, which ends an idle worker; one that goes on is stopped."""
        self.ended = True
        self.connection.close()
        if self._job is None:
            self._process.join(_SECONDS_TO_END)
        self._process.kill()
        self._process.join()


def _serve(connection: "Connection[Checked | str, Job]", setup: Setup) -> None:
    """What a worker does: answer until the pipe closes. Where it fails, its parent says so in words."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _answer(connection, setup)
    except Exception:
        if os.environ.get(_DEBUG_VARIABLE):
            raise
        sys.exit(int(ExitCode.INTERNAL))


def _answer(connection: "Connection[Checked | str, Job]", setup: Setup) -> None:
    """Say which lists it has, then check what it is handed."""
    child = LimitedChild(CHILD_COMMAND, MAX_SECONDS, setup.model)
    with open_holdings(setup.home, setup.only) as holdings, suppress(EOFError, OSError):
        checker = Checker(holdings, setup.settings)
        connection.send(basis_of(checker, setup.model))
        try:
            while True:
                job = connection.recv()
                connection.send(_outcome(checker, job, child))
        finally:
            child.end()


def _outcome(checker: Checker, job: Job, child: LimitedChild) -> Checked:
    try:
        item = _with_photos(job.item, child)
    except FieldcheckError as error:
        return failed(job.item.ref, error)
    return check_job(checker, replace(job, item=item))


def _with_photos(item: Item, child: LimitedChild) -> Item:
    photos = (
        photo if photo.why_not else read_photo(Path(photo.file), Role.QUERY, child).photo for photo in item.photos
    )
    return replace(item, photos=tuple(photos))


def _stopped() -> FieldcheckError:
    return FieldcheckError(
        "The process that checked this item ended without a word; perhaps memory ran out.",
        next_step="Check this item by itself, or the shipment with --workers 1.",
    )


def _not_started() -> FieldcheckError:
    return FieldcheckError(
        "A process to check items in could not be started.",
        next_step="Run the same command with --workers 1; with --jsonl it goes on where it stopped.",
    )


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Have what is started here ignore Ctrl-C: this process is the one that ends them."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
