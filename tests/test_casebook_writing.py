"""The log loses nothing: two processes at once, a full disk, a stop in the middle of a change of key."""

import os
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from casebooks import CASES, a_result, fill, rows_of
from fieldcheck.casebook import log, store
from fieldcheck.casebook.entry import Kind
from fieldcheck.casebook.keys import KEY_NAME, NEXT_KEY_NAME, make_key
from fieldcheck.casebook.log import Casebook, open_casebook
from fieldcheck.casebook.purging import first_kept_day, older_cases, purge
from fieldcheck.casebook.showing import device_key, verify_casebook
from fieldcheck.casebook.store import DATABASE_NAME, open_store, read_store
from fieldcheck.casebook.verifying import Trust
from fieldcheck.errors import IntegrityError, NotFoundError, StorageError, UsageError

EACH = 40
_APPEND = """
import sys
from pathlib import Path
from fieldcheck.casebook.log import open_casebook
home, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with open_casebook(home) as book:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        book.log_check(name, {"result_id": f"{number:012x}", "verdict": {"band": "refer"}})
"""


def whole(home: Path) -> bool:
    return verify_casebook(home, Trust())[1].whole


def test_two_processes_that_append_at_once_lose_nothing(home: Path) -> None:
    command = [sys.executable, "-c", _APPEND, str(home)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writers = [
        subprocess.Popen(
            [*command, name, str(EACH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for name in ("A", "B")
    ]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.communicate("go\n")[1] == ""
        assert writer.returncode == 0
    assert whole(home)
    with read_store(home) as opened:
        logged = {name: [entry.said()["result"]["result_id"] for entry in opened.of_case(name)] for name in ("A", "B")}
        last = opened.last()
    assert last
    assert last.seq == 2 * EACH
    assert logged["A"] == logged["B"] == [f"{number:012x}" for number in range(EACH)]


def until_refused(book: Casebook) -> tuple[int, str]:
    """How many entries were added before one was refused, and in which words."""
    for number in range(100):
        try:
            book.log_check(CASES[0], a_result(number + 50))
        except StorageError as error:
            return number, str(error)
    pytest.fail("the disk never filled")


def test_a_full_disk_leaves_the_earlier_log_whole_and_says_so(home: Path) -> None:
    fill(home)
    before = rows_of(home)
    with open_casebook(home) as book:
        connection = book.store.connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        logged, refused = until_refused(book)
    assert "Nothing was added to the casebook; the entries before are whole." in refused
    assert "The disk is full" in refused
    assert whole(home)
    after = rows_of(home)
    assert after[: len(before)] == before
    assert len(after) == len(before) + logged
    with open_casebook(home) as book:
        assert book.log_check(CASES[0], a_result(99)).seq == len(after) + 1
    assert whole(home)


def test_a_key_that_cannot_be_kept_leaves_no_entry(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fieldcheck.casebook.keys.os.fsync", refuse)
    with open_casebook(home) as book, pytest.raises(StorageError, match="disk is full"):
        book.log_check("A", a_result())
    monkeypatch.undo()
    assert not (home / KEY_NAME).exists()
    with open_casebook(home) as book:
        assert book.log_check("A", a_result()).seq == 1
    assert whole(home)


def test_another_process_that_never_finishes_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_WAIT_S", 0.1)
    with open_casebook(home) as book:
        book.log_check("A", a_result())
        with closing(sqlite3.connect(home / DATABASE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError, match="Another fieldcheck"):
                book.log_check("A", a_result(2))
        assert book.log_check("A", a_result(2)).seq == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_key_and_the_log_are_readable_by_their_owner_only(home: Path) -> None:
    fill(home, 1)
    for name in (KEY_NAME, DATABASE_NAME):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name


def test_every_commit_waits_for_the_disk(home: Path) -> None:
    with open_store(home) as opened:
        assert opened.connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert opened.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_key_is_changed_by_the_one_before(home: Path) -> None:
    fill(home, 1)
    old = device_key(home)
    with open_casebook(home) as book:
        book.change_key("once a year")
        book.log_check("A", a_result())
    new = device_key(home)
    assert new != old
    assert not (home / NEXT_KEY_NAME).exists()
    _, outcome = verify_casebook(home, Trust(fingerprint=old[:20]))
    assert outcome.whole
    assert outcome.signers == [old, new]


def test_a_stop_between_the_log_and_the_key_file_is_mended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home, 1)
    old = device_key(home)
    with monkeypatch.context() as stopped, open_casebook(home) as book:
        stopped.setattr(log, "_device_key", lambda *_: pytest.fail("stopped here"))
        book._key = log.read_key(home / KEY_NAME)  # noqa: SLF001  # as it is after an entry
        with pytest.raises(pytest.fail.Exception):
            book.change_key("once a year")
    assert device_key(home) == old
    assert (home / NEXT_KEY_NAME).exists()
    with open_casebook(home) as book:
        book.log_check("A", a_result())
    assert device_key(home) != old
    assert whole(home)


@pytest.mark.parametrize("what", ["missing", "another", "damaged"])
def test_a_log_goes_on_with_its_own_key_only(home: Path, what: str) -> None:
    fill(home, 1)
    before = rows_of(home)
    (home / KEY_NAME).unlink()
    if what == "another":
        make_key(home / KEY_NAME)
    if what == "damaged":
        (home / KEY_NAME).write_text("-----BEGIN PRIVATE KEY-----\n")
    with open_casebook(home) as book, pytest.raises(IntegrityError, match="key") as refused:
        book.log_check("A", a_result())
    assert "backup" in refused.value.next_step
    assert rows_of(home) == before
    assert (home / KEY_NAME).exists() == (what != "missing")


def test_the_same_result_is_logged_once_where_that_is_asked(home: Path) -> None:
    with open_casebook(home) as book:
        first = book.log_check("A", a_result(), once=True)
        assert book.log_check("A", a_result(), once=True) == first
        assert book.log_check("B", a_result(), once=True).seq == 2
        assert book.log_check("A", a_result()).seq == 3


def test_equal_contents_have_unequal_hashes(home: Path) -> None:
    with open_casebook(home) as book:
        stubs = [book.note_access("A", "show", "why").stub for _ in range(3)]
    assert len({stub.content_sha256 for stub in stubs if stub}) == 3


def test_a_purge_takes_whole_cases_by_their_last_check_or_decision(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def on(day: str) -> None:
        class Then(log.datetime):  # type: ignore[name-defined,misc]  # the module's own import
            @classmethod
            def now(cls, _: object = None) -> "Then":  # type: ignore[override]  # the day alone matters
                return cls.fromisoformat(f"{day}T10:00:00+00:00")

        monkeypatch.setattr(log, "datetime", Then)

    with open_casebook(home) as book:
        for day, case in (("2024-01-10", "old"), ("2024-01-11", "goes on"), ("2025-03-01", "goes on")):
            on(day)
            book.log_check(case, a_result(int(day[-2:])))
        on("2025-05-01")
        book.note_access("old", "show", "a look does not prolong it")
        assert older_cases(book.store, "2025-01-01") == ("old",)
        purged = purge(book, "2025-01-01", "retention")
        assert (purged.cases, purged.entries, purged.results) == (("old",), 2, ("00000000000a",))
        assert [row.case for row in book.store.cases()] == ["goes on"]
        assert purge(book, "2025-01-01", "retention").cases == ()
        with pytest.raises(UsageError, match="reason"):
            purge(book, "2025-01-01", "  ")
    rows = rows_of(home)
    assert [row["kind"] for row in rows] == ["check", "check", "check", "access", "purge"]
    assert [row["content"] is None for row in rows] == [True, False, False, True, False]
    assert rows[0]["at"] == "2024-01-10T10:00:00Z"
    assert whole(home)


def test_what_was_purged_cannot_be_read_from_the_files(home: Path) -> None:
    with open_casebook(home) as book:
        book.log_check("SECRETCASE", a_result(), reason="SECRETREASON")
        purge(book, "2999-01-01", "retention")
    for path in home.glob("casebook.db*"):
        assert b"SECRET" not in path.read_bytes(), path.name


def test_days_of_retention_are_counted_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert first_kept_day(30, log.datetime(2026, 3, 1).date()) == "2026-01-30"
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert first_kept_day(0) == time.strftime("%Y-%m-%d", time.gmtime())


def test_where_there_is_no_casebook_none_is_begun(home: Path) -> None:
    with pytest.raises(NotFoundError), read_store(home):
        pass
    assert not home.exists()


def test_kinds_about_the_log_are_of_no_case(home: Path) -> None:
    fill(home)
    for row in rows_of(home):
        if Kind(row["kind"]) not in {Kind.CHECK, Kind.DECISION, Kind.ACCESS}:
            assert row["case_ref"] is None
