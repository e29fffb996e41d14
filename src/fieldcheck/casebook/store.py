"""``casebook.db``: one row for each entry, in SQLite, written so that a commit survives a power cut."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from fieldcheck.casebook.entry import Entry, Stub
from fieldcheck.errors import IntegrityError, NotFoundError, StorageError
from fieldcheck.files import storage_errors

DATABASE_NAME = "casebook.db"
LOCK_NAME = ".casebook.lock"

_WAIT_S = 30.0
_COLUMNS = "seq, previous, hash, signature, kind, at, key, content_sha256, content"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    seq INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL,
    kind TEXT NOT NULL, at TEXT NOT NULL, key TEXT NOT NULL, content_sha256 TEXT NOT NULL, content TEXT,
    case_ref TEXT, result_id TEXT
);
CREATE INDEX IF NOT EXISTS log_by_case ON log (case_ref);
CREATE INDEX IF NOT EXISTS log_by_result ON log (result_id);
"""
# The last two columns repeat what the content says, to find it by; `misfiled` compares them.
_FILED = "case_ref, result_id"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What the list of cases shows of one."""

    case: str
    first: str
    last: str
    checks: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Store:
    """The open file; a caller who writes holds a `transaction`."""

    connection: sqlite3.Connection
    home: Path

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written, or nothing; other processes wait.

        Raises:
            StorageError: the disk is full or refuses, or another process holds the log for half a minute.
        """
        with _refusals(self.home):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise

    def add(self, entry: Entry) -> None:
        """Append an entry, which has stub and content."""
        if entry.stub is None:
            raise ValueError("an entry without a stub cannot be kept")
        stub = entry.stub
        values = (entry.seq, entry.previous, entry.hash, entry.signature, stub.kind, stub.at, stub.key)
        places = ", ".join("?" * 11)
        self.connection.execute(
            f"INSERT INTO log ({_COLUMNS}, {_FILED}) VALUES ({places})",  # noqa: S608  # all are our own constants
            (*values, stub.content_sha256, entry.content, *_filed(entry)),
        )

    def last(self) -> Entry | None:
        """The entry at the end."""
        return next(self._select("ORDER BY seq DESC LIMIT 1"), None)

    def entries(self) -> Iterator[Entry]:
        """Every entry in order, as it stands in the file."""
        return self._select("ORDER BY seq")

    def of_case(self, case: str) -> tuple[Entry, ...]:
        """A case's entries whose content is still there, in order."""
        return tuple(self._select("WHERE case_ref = ? ORDER BY seq", case))

    def of_result(self, name: str) -> tuple[Entry, ...]:
        """The logged checks whose result's id begins so."""
        return tuple(self._select("WHERE result_id >= ? AND result_id < ? ORDER BY seq", name, f"{name}g"))

    def misfiled(self) -> tuple[int, ...]:
        """The entries that would not be found under what they say, or under something else."""
        with _refusals(self.home):
            rows = self.connection.execute(f"SELECT {_FILED}, {_COLUMNS} FROM log ORDER BY seq")  # noqa: S608  # ours
            return tuple(row[2] for row in rows if tuple(row[:2]) != _filed(_entry(row[2:])))

    def damage(self) -> str:
        """What SQLite finds wrong with the file and its indexes, or nothing."""
        with _refusals(self.home):
            (found,) = self.connection.execute("PRAGMA integrity_check(1)").fetchone()
        return "" if found == "ok" else str(found)

    def cases(self) -> tuple[CaseRow, ...]:
        """Every case, the latest first; only checks and decisions keep a case alive, looking at it does not."""
        query = """
            SELECT case_ref, min(at), max(at), sum(kind = 'check'), sum(kind = 'decision') FROM log
            WHERE kind IN ('check', 'decision') AND case_ref IS NOT NULL GROUP BY case_ref ORDER BY max(at) DESC, 1
        """
        with _refusals(self.home):
            found = self.connection.execute(query)
            return tuple(CaseRow(str(case), str(first), str(last), *counts) for case, first, last, *counts in found)

    def forget(self, seqs: tuple[int, ...]) -> None:
        """Overwrite the content of these entries, and leave their stubs."""
        self.connection.executemany(
            "UPDATE log SET content = NULL, case_ref = NULL, result_id = NULL WHERE seq = ?", ((seq,) for seq in seqs)
        )

    def shed(self) -> None:
        """Empty the file's journal, so that nothing forgotten can be read from it."""
        with _refusals(self.home):
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _select(self, which: str, *values: str) -> Iterator[Entry]:
        with _refusals(self.home):
            for row in self.connection.execute(f"SELECT {_COLUMNS} FROM log {which}", values):  # noqa: S608  # ours
                yield _entry(row)


@contextmanager
def open_store(home: Path) -> Iterator[Store]:
    """Open the log for reading and writing, and begin it where there is none.

    Raises:
        StorageError: the folder cannot be written.
        IntegrityError: the file is no casebook.
    """
    with _refusals(home):
        home.mkdir(parents=True, exist_ok=True)
        (home / DATABASE_NAME).touch(mode=0o600)
        connection = sqlite3.connect(home / DATABASE_NAME, timeout=_WAIT_S, isolation_level=None)
    with closing(connection):
        with _refusals(home), FileLock(home / LOCK_NAME, timeout=_WAIT_S):
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.executescript(_SCHEMA)
        yield Store(connection, home)


@contextmanager
def read_store(home: Path | None) -> Iterator[Store]:
    """Open the log for reading.

    Raises:
        NotFoundError: there is none.
    """
    if home is None or not (path := home / DATABASE_NAME).is_file():
        raise NotFoundError(
            f"There is no casebook in {home}.",
            next_step="Log a check with `fieldcheck check … --case REF`, or name another folder with --home.",
        )
    with _refusals(home):
        connection = _read_only(path)
    with closing(connection):
        yield Store(connection, home)


def _read_only(path: Path) -> sqlite3.Connection:
    """Open the file for reading, also on a disk that cannot be written, where SQLite cannot index its journal."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=_WAIT_S)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema")
    except sqlite3.OperationalError:
        connection.close()
        journal = path.with_name(f"{path.name}-wal")
        if journal.is_file() and journal.stat().st_size:
            raise  # what stands in the journal alone would be passed over
        return sqlite3.connect(f"{address}&immutable=1", uri=True)
    return connection


@contextmanager
def _refusals(home: Path) -> Iterator[None]:
    """Say in words why SQLite or the system refused."""
    try:
        with storage_errors(home):
            try:
                yield
            except Timeout as error:  # an OSError, but no failure of the disk
                raise _busy() from error
    except sqlite3.Error as error:
        if "locked" in str(error) or "busy" in str(error):
            raise _busy() from error
        raise IntegrityError(
            f"{home / DATABASE_NAME} is damaged or is no casebook: {error}.",
            next_step="Run `fieldcheck case verify`; keep a copy of the file as it is.",
        ) from error


def _busy() -> StorageError:
    return StorageError(
        "Another fieldcheck is writing to the casebook and did not finish.",
        next_step="Wait until it has finished, then run the command again.",
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    """A row as it stands, whatever somebody made of it."""
    seq, previous, claimed, signature, *said, content = row
    stub = Stub(*map(str, said))
    return Entry(int(seq), str(previous), stub.sha256, str(claimed), str(signature), stub, _text(content))


def _filed(entry: Entry) -> tuple[str | None, str | None]:
    """The case and the result that an entry is found by."""
    said = entry.said()
    case, result = said.get("case"), said.get("result")
    name = result.get("result_id") if isinstance(result, dict) else None
    return (str(case) if case else None, str(name) if name else None)


def _text(content: object) -> str | None:
    return content if content is None or isinstance(content, str) else repr(content)
