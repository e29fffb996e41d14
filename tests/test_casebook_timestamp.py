"""The head of the log is stamped by an authority on the network, and the stamp is verified."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from casebooks import fill, rows_of, unzipped
from cli_helpers import Commands, assert_valid
from fieldcheck.errors import ExitCode
from timestamp_authority import Authority, serve

WHY = ("--reason", "asked by the court")


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    with serve(Authority.make()) as served:
        yield served


@pytest.fixture
def root(authority: Authority, tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(authority.root_pem)
    authority.imprint = b""
    return path


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], home: Path) -> Commands:
    fill(home, 1)
    return Commands(capsys)


def test_a_head_is_stamped_and_verified(command: Commands, home: Path, authority: Authority, root: Path) -> None:
    last = rows_of(home)[-1]
    ended = command("case", "stamp", "--tsa", authority.url, "--tsa-root", root)
    assert ended.code == ExitCode.NOTHING_FOUND, ended.err
    assert ended.out == f"{last['seq']}:{last['hash'][:20]} was stamped at 2026-11-25T01:02:03Z.\n"
    verified = command("case", "verify", "--tsa-root", root, "--json")
    assert_valid(verified.json, "case-verify")
    assert verified.code == ExitCode.NOTHING_FOUND
    assert "says 2026-11-25T01:02:03Z, by the authority that you trust" in verified.out
    assert "add --tsa-root" in command("case", "verify").words


def test_a_bundle_carries_the_stamp(command: Commands, authority: Authority, root: Path, tmp_path: Path) -> None:
    command("case", "stamp", "--tsa", authority.url, "--tsa-root", root)
    command("case", "export", "2026-0417", "--out", tmp_path / "a.zip", *WHY)
    lines = [json.loads(line) for line in unzipped(tmp_path / "a.zip")["log.jsonl"].splitlines()]
    assert [line["stub"]["kind"] for line in lines if "stub" in line].count("timestamp") == 1
    key = command("case", "key").out.strip()
    ended = command("case", "verify", tmp_path / "a.zip", "--key", key, "--tsa-root", root)
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "by the authority that you trust" in ended.words


def test_a_stamp_by_another_authority_is_found(
    command: Commands, authority: Authority, root: Path, tmp_path: Path
) -> None:
    command("case", "stamp", "--tsa", authority.url, "--tsa-root", root)
    other = tmp_path / "other.pem"
    other.write_bytes(Authority.make().root_pem)
    ended = command("case", "verify", "--tsa-root", other)
    assert ended.code == ExitCode.INTEGRITY
    assert "not by the authority that you trust" in ended.words


def test_an_answer_that_stamps_something_else_is_not_logged(
    command: Commands, home: Path, authority: Authority, root: Path
) -> None:
    before = rows_of(home)
    authority.imprint = b"\x01" * 32
    ended = command("case", "stamp", "--tsa", authority.url, "--tsa-root", root)
    assert ended.code == ExitCode.NETWORK
    assert "Nothing was logged" in ended.err
    assert rows_of(home) == before


def test_an_answer_that_is_no_timestamp_is_not_logged(
    command: Commands, home: Path, authority: Authority, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_of(home)
    for answer in (b"", b"\x30\x03\x02\x01\x02", b"\x30\x80", b"x" * 2_000_000):
        monkeypatch.setattr(Authority, "answer", lambda *_, answer=answer: answer)
        assert command("case", "stamp", "--tsa", authority.url, "--tsa-root", root).code == ExitCode.NETWORK
    assert rows_of(home) == before


def test_an_authority_that_cannot_be_asked_is_named(command: Commands, home: Path, root: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    assert command("case", "stamp", "--tsa", url, "--tsa-root", root).code == ExitCode.NETWORK
    for wrong in ("http://tsa.example.org/", "tsa", "file:///etc/hosts", "https://"):
        assert command("case", "stamp", "--tsa", wrong, "--tsa-root", root).code == ExitCode.USAGE, wrong
    root.write_text("no certificate")
    assert command("case", "stamp", "--tsa", url, "--tsa-root", root).code == ExitCode.USAGE
    assert len(rows_of(home)) == 5


def test_a_device_that_is_offline_asks_nobody(
    command: Commands, authority: Authority, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDCHECK_OFFLINE", "1")
    assert command("case", "stamp", "--tsa", authority.url, "--tsa-root", root).code == ExitCode.USAGE


def test_without_the_extra_stamps_are_told_as_not_verified(
    command: Commands, authority: Authority, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("case", "stamp", "--tsa", authority.url, "--tsa-root", root)
    monkeypatch.setattr("fieldcheck.casebook.stamping.find_spec", lambda _: None)
    ended = command("case", "verify")
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "install fieldcheck[timestamp]" in ended.words
    assert command("case", "stamp", "--tsa", authority.url, "--tsa-root", root).code == ExitCode.USAGE
