"""A power cut, a full disk or a failing one at any moment of a command, in a child process that is really gone.

The child counts every moment at which it changes a folder: each file that is opened for writing, renamed or deleted,
each write, each flush to the disk and every dozenth statement of SQLite. At the moment that was chosen it ends without
a word (a power cut, with half of the bytes of a write on the disk) or meets an error of the system. Between two such
moments nothing changes on the disk, so that all that a power cut can leave is seen.
"""

import errno
import gc
import io
import os
import signal
import sqlite3
import ssl
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NoReturn, Self

import pytest

from fieldcheck.cli.main import run

POWER_CUT = 99
"""How a child ends that lost its power."""

NEVER = 1_000_000


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flush that takes no time: when a process ends, the system keeps what was written, flushed or not."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the system's certificates takes longer than a sync from this machine, which needs none."""
    monkeypatch.setattr("fieldcheck.sync.fetch._trusted", lambda _: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


only_where_processes_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

_PAGE = 4_096
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "tempfile.mkstemp"}
_STATEMENTS = 12
"""One statement of SQLite in so many is a moment: they all write the same file, which has no name yet."""


@dataclass(frozen=True)
class Survived:
    """What became of the child: its exit code, the moments that it counted, and what it wrote."""

    code: int
    moments: int
    said: str

    @property
    def lost_power(self) -> bool:
        return self.code == POWER_CUT


@dataclass
class Fault:
    """What happens at the ``at``-th moment, counted from 1; ``error`` is 0 for a power cut."""

    at: int = NEVER
    error: int = 0
    pages: int = 0
    file_bytes: int = 0

    seen: int = 0

    def moment(self, before_dying: Callable[[], object] = lambda: None) -> None:
        """One moment has come."""
        self.seen += 1
        if self.seen != self.at:
            return
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        before_dying()
        os._exit(POWER_CUT)


def power_cut(at: int) -> Fault:
    return Fault(at)


def disk_full(at: int) -> Fault:
    return Fault(at, errno.ENOSPC)


def disk_fails(at: int) -> Fault:
    return Fault(at, errno.EIO)


def database_full(pages: int) -> Fault:
    """SQLite itself finds the disk full when a file is to have more pages."""
    return Fault(pages=pages)


def database_fails(pages: int) -> Fault:
    """The system refuses to let any file grow beyond so many pages."""
    return Fault(file_bytes=pages * _PAGE)


def run_in_child(folders: tuple[Path, ...], fault: Fault, arguments: tuple[object, ...]) -> Survived:
    """Run a command in a child that meets a fault as soon as it touches one of the folders."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # threads are no matter here: the child only runs the command
        child = os.fork()
    if child == 0:
        os.close(reading)
        _live(folders, fault, arguments, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    text, _, moments = said.rpartition("\0")
    return Survived(code, int(moments) if moments.isdigit() else 0, text)


def _live(folders: tuple[Path, ...], fault: Fault, arguments: tuple[object, ...], pipe: int) -> NoReturn:
    """The child's life; it never returns to the test."""
    code = 98
    gc.disable()  # it would touch, and so copy, all the memory of the test
    try:
        os.dup2(pipe, 2)
        sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), "utf-8", write_through=True)
        sys.stdout = sys.stderr
        _arm(tuple(str(folder) for folder in folders), fault)
        code = run([str(argument) for argument in arguments])
    finally:
        fault.at = NEVER
        sys.stderr.flush()
        os.write(2, f"\0{fault.seen}".encode())
        os._exit(code)


def _arm(folders: tuple[str, ...], fault: Fault) -> None:
    if fault.file_bytes:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.file_bytes, fault.file_bytes))
    sys.addaudithook(_Watch(folders, fault))
    flush = os.fsync

    def fsync(handle: int) -> None:
        fault.moment()
        flush(handle)

    os.fsync = fsync
    opened = io.open

    def open_watched(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        stream = opened(file, mode, *arguments, **options)
        ours = isinstance(file, int) or str(file).startswith(folders)
        return _Written(stream, fault) if ours and set(mode) & set("wax+") and file not in {0, 1, 2} else stream

    io.open = open_watched  # type: ignore[assignment]  # the same but for the type of what it returns
    connect = sqlite3.connect

    def connect_watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        if str(arguments[0]).removeprefix("file://").startswith(folders):
            if fault.pages:
                connection.execute(f"PRAGMA max_page_count={fault.pages}")
            if not fault.error:  # an error that is raised in there is nobody's
                statements = count()
                connection.set_trace_callback(lambda _: None if next(statements) % _STATEMENTS else fault.moment())
        return connection

    sqlite3.connect = connect_watched  # type: ignore[assignment]  # the same but for its overloads


class _Watch:
    """Hears of everything that Python asks of the system; its errors are the system's answers."""

    def __init__(self, folders: tuple[str, ...], fault: Fault) -> None:
        self._folders = folders
        self._fault = fault

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and _for_writing(arguments)):
            said = [str(value).removeprefix("file://") for value in arguments if isinstance(value, str | bytes | Path)]
            if any(text.startswith(self._folders) for text in said):
                self._fault.moment()


def _for_writing(arguments: tuple[Any, ...]) -> bool:
    return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


class _Written:
    """A file that is written: half of the bytes are on the disk when the power goes."""

    def __init__(self, stream: Any, fault: Fault) -> None:
        self._stream = stream
        self._fault = fault

    def write(self, content: Any) -> int:
        def half() -> None:
            self._stream.write(content[: len(content) // 2])
            self._stream.flush()

        self._fault.moment(half)
        return int(self._stream.write(content))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
