"""Downloading one large file of known length and SHA-256, over a line that may be cut at any moment.

What has come is kept in ``<name>.partial`` beside the file, and the next try, or the next run, goes on from there; a
server that cannot send parts starts over. The file gets its name when it is whole, on the disk, and the right one.
"""

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from fieldcheck.errors import IntegrityError, SourceError
from fieldcheck.files import flush_folder, storage_errors
from fieldcheck.sync.backoff import backoff_s
from fieldcheck.sync.clock import Clock
from fieldcheck.sync.failures import BusyError
from fieldcheck.sync.fetch import FILE
from fieldcheck.sync.hosts import Hosts
from fieldcheck.sync.part import Part
from fieldcheck.sync.rate import RateLimit
from fieldcheck.sync.tools import Tools

MAX_TRIES = 5
"""Tries in a row that bring next to nothing."""

LONGEST_WAIT_S = 60.0
"""The longest wait that a server may ask for while a download runs; beyond it the download ends."""

PATIENCE_S = 60.0
SLOWEST_BYTES_PER_S = 500.0
"""A line that brings less than this over `PATIENCE_S` is let go, and tried again."""

_WORTHWHILE = 16_384
"""Bytes that make a try count."""

_NOTHING_FROM_THERE = 416
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that is wanted: its address, the hosts that it may come from, redirects included, and what it must be.

    ``length`` is in bytes and ``sha256`` in hexadecimal.
    """

    url: str
    hosts: Hosts
    length: int
    sha256: str


def download(file: RemoteFile, into: Path, tools: Tools, limit: RateLimit | None = None) -> None:
    """Download a file.

    Args:
        file: which file, and from where.
        into: where it is written; an older file there is replaced when the new one is whole.
        tools: the fetcher, the clock, and a progress that is told the bytes that have come, on earlier runs too.
        limit: how fast, where that is limited.

    Raises:
        SourceError: the server cannot be reached, keeps cutting the line, or answers with something else; what has
            come is kept.
        IntegrityError: the server has another file than the expected one; nothing of it is kept.
        StorageError: the disk is full or cannot be written.
    """
    partial = into.with_name(f"{into.name}.partial")
    with storage_errors(into.parent):
        into.parent.mkdir(parents=True, exist_ok=True)
        with Part.open(partial, file.length) as part:
            if shutil.disk_usage(into.parent).free < file.length - part.size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            _Download(file, part, tools, limit).run()
        partial.replace(into)
        flush_folder(into.parent)


class _Download:
    """One file on its way."""

    def __init__(self, file: RemoteFile, part: Part, tools: Tools, limit: RateLimit | None) -> None:
        self._file = file
        self._part = part
        self._tools = tools
        self._limit = limit

    def run(self) -> None:
        """Fetch until the file is whole; once more from the start where parts that came in turn do not fit."""
        self._tools.progress.kept(self._part.size)
        joined = self._part.size > 0
        joined |= self._fill()
        if joined and self._part.sha256 != self._file.sha256:
            self._start_over()
            self._fill()
        if self._part.sha256 != self._file.sha256:
            raise self._another_file("its content is another one")

    def _fill(self) -> bool:
        """Fetch what is missing; returns whether it took more than one try."""
        tries = failures = 0
        while self._part.size < self._file.length:
            tries += 1
            size = self._part.size
            try:
                self._fetch()
            except BusyError as error:
                failures = 0 if self._part.size - size >= _WORTHWHILE else failures + 1
                self._step_back(failures, error)
        return tries > 1

    def _fetch(self) -> None:
        """Take what one answer brings."""
        with self._tools.fetcher.open(self._file.url, self._file.hosts, FILE, self._part.size) as answer:
            if answer.start != self._part.size:
                self._start_over()
            missing = self._file.length - self._part.size
            if answer.length not in {None, missing} or answer.encoding.casefold() not in {"", "identity"}:
                raise self._another_file(f"{missing:,} bytes are missing and the server sends {answer.length or 0:,}")
            pace = _Pace(self._tools.clock, answer.host, self._limit)
            for chunk in answer.chunks:
                if len(chunk) > self._file.length - self._part.size:
                    raise self._another_file("it is longer")
                self._part.append(chunk)
                self._tools.progress.advance(len(chunk))
                pace.came(len(chunk))
        if self._part.size < self._file.length:
            raise BusyError(f"{answer.host} ended its answer early.")

    def _step_back(self, failures: int, error: BusyError) -> None:
        """Decide whether to try again, and when."""
        if error.status == _NOTHING_FROM_THERE:
            self._start_over()
        wait_s = error.retry_after_s or 0.0
        if wait_s > LONGEST_WAIT_S or failures >= MAX_TRIES:
            raise self._given_up(error, wait_s) from error
        if failures:
            self._tools.progress.note(f"{error} Trying again.")
            wait_s = max(wait_s, backoff_s(failures, self._file.url))
        if wait_s:
            self._tools.clock.sleep(wait_s)

    def _given_up(self, error: BusyError, wait_s: float) -> SourceError:
        share = self._part.size / max(self._file.length, 1)
        when = "later"
        if wait_s > LONGEST_WAIT_S:
            when = "tomorrow" if wait_s > _DAY_S / 2 else f"in {wait_s / 60:.0f} minutes, as it asks for"
        return SourceError(
            f"The download stopped at {share:.0%}. {error}",
            next_step=f"Run the command again {when}; it goes on from there. The list in use is unchanged.",
        )

    def _start_over(self) -> None:
        self._part.clear()
        self._tools.progress.kept(0)

    def _another_file(self, reason: str) -> IntegrityError:
        self._part.clear()
        return IntegrityError(
            f"The server has another file than the one its publisher announced: {reason}.",
            next_step="Try again later or from another network; the list in use is unchanged.",
        )


class _Pace:
    """Keeps to the limit, and lets a line go that hardly moves."""

    def __init__(self, clock: Clock, host: str, limit: RateLimit | None) -> None:
        self._clock = clock
        self._host = host
        self._limit = limit
        self._least = min(SLOWEST_BYTES_PER_S, limit.bytes_per_s / 2) if limit else SLOWEST_BYTES_PER_S
        self._since, self._count = clock.monotonic(), 0

    def came(self, count: int) -> None:
        """Hear that bytes came.

        Raises:
            BusyError: too few have come for too long.
        """
        self._count += count
        if self._limit:
            self._limit.take(count)
        took = self._clock.monotonic() - self._since
        if took < PATIENCE_S:
            return
        if self._count < self._least * took:
            raise BusyError(f"{self._host} sent {self._count:,} bytes in {took:.0f} s.")
        self._since, self._count = self._since + took, 0
