"""The disk is full, or fails, at every write of every command that changes what is held."""

import errno
from pathlib import Path

import pytest

from fault_cases import Case, case
from faults import (  # noqa: F401  # two are fixtures
    Fault,
    database_fails,
    database_full,
    disk_fails,
    disk_full,
    no_certificates,
    only_where_processes_fork,
    quick_disk,
)
from fbi_server import FbiServer, fbi_server
from fieldcheck.errors import ExitCode

pytestmark = [only_where_processes_fork, pytest.mark.usefixtures("quick_disk", "no_certificates")]

_SAYS = {errno.ENOSPC: "disk is full", errno.EIO: "disk failed"}
_AGAIN = 6
_PAGE = 4_096
_PAGES = 6


def assert_told(tried: Case, fault: Fault, says: str) -> int:
    """It ends well all the same, or says what happened and what to do; nothing is lost. Returns how it ended."""
    survived = tried.meet(fault)
    assert survived.code in {ExitCode.NOTHING_FOUND, ExitCode.INTERNAL}, survived
    assert "unexpected" not in survived.said, survived
    if survived.code:
        assert says in survived.said, survived
        assert "again" in survived.said, survived
    return survived.code


def begun(name: str, folder: Path, server: FbiServer) -> Case:
    server.fill(3)
    server.items[1]["title"] = "Heron at Dusk"
    return case(name, folder, server)


@pytest.mark.parametrize("fault", [disk_full, disk_fails])
@pytest.mark.parametrize("name", ["import", "rollback"])
def test_an_error_at_any_write_is_told(name: str, fault: type[Fault], tmp_path: Path) -> None:
    with fbi_server() as server:
        tried = begun(name, tmp_path, server)
        moments = tried.rehearse()
        codes = set()
        for at in range(1, moments + 1):
            codes.add(assert_told(tried, fault(at), _SAYS[fault(at).error]))
            if at % _AGAIN == 0:
                tried.assert_it_can_be_done_again()
    assert ExitCode.INTERNAL in codes


@pytest.mark.parametrize("name", ["import from a stick", "channel", "export", "accept", "remove", "sync"])
def test_one_error_or_the_other_at_any_write_is_told(name: str, tmp_path: Path) -> None:
    with fbi_server() as server:
        tried = begun(name, tmp_path, server)
        moments = tried.rehearse()
        codes = set()
        for at in range(1, moments + 1):
            fault = (disk_full, disk_fails)[at % 2](at)
            codes.add(assert_told(tried, fault, _SAYS[fault.error]))
            if at % _AGAIN == 0:
                tried.assert_it_can_be_done_again()
    assert ExitCode.INTERNAL in codes


@pytest.mark.parametrize(("fault", "says"), [(database_full, "disk is full"), (database_fails, "disk failed")])
def test_a_database_that_can_grow_no_further_is_told(fault: type[Fault], says: str, tmp_path: Path) -> None:
    with fbi_server() as server:
        tried = begun("import", tmp_path, server)
        tried.rehearse()
        (built,) = (tried.home / "lists").glob(f"*/{tried.after}.db")
        for pages in range(1, built.stat().st_size // _PAGE, _PAGES):
            assert assert_told(tried, fault(pages), says) == ExitCode.INTERNAL
        tried.assert_it_can_be_done_again()
