import errno
import os
import sqlite3
from pathlib import Path

import pytest

from cli_helpers import HERON, Commands, assert_valid
from conftest import Install
from fieldcheck import diagnosis
from fieldcheck.cache.pointer import lists_folder
from fieldcheck.diagnosis import Health, diagnose
from fieldcheck.errors import ExitCode
from fieldcheck.settings import load_settings


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], install_list: Install) -> Commands:
    install_list("museum", HERON)
    return Commands(capsys)


def states(command: Commands, *arguments: str) -> dict[str, str]:
    ended = command("doctor", "--json", *arguments)
    assert_valid(ended.json, "doctor")
    found = {finding["name"]: finding["health"] for finding in ended.json["findings"]}
    assert (ended.code == ExitCode.INTEGRITY) == ("failed" in found.values())
    for finding in ended.json["findings"]:
        assert finding["health"] != "failed" or finding["next_step"]
    return found


def test_a_sound_installation_works(command: Commands) -> None:
    assert set(states(command, "--deep").values()) == {"works"}
    assert "list museum" in command("doctor").words


def test_a_list_that_is_gone_is_named(command: Commands, home: Path) -> None:
    for path in lists_folder(home).glob("museum/*.db"):
        path.unlink()
    assert states(command)["list museum"] == "failed"


def test_a_changed_list_is_found_by_reading_it_whole(command: Commands, home: Path) -> None:
    (path,) = lists_folder(home).glob("museum/*.db")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE records SET title = 'Another'")
    connection.close()
    assert states(command)["list museum"] == "works"
    assert states(command, "--deep")["list museum"] == "failed"


def test_a_damaged_pointer_is_named(command: Commands, home: Path) -> None:
    (lists_folder(home) / "current.json").write_text("{")
    assert states(command)["lists"] == "failed"


def test_a_folder_that_cannot_be_written_is_worth_a_note(command: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(diagnosis.tempfile, "TemporaryFile", refuse)
    assert states(command)["data folder"] == "note"
    assert "cannot be written" in command("doctor").words


def test_a_home_that_does_not_exist_yet_works(command: Commands, tmp_path: Path) -> None:
    assert states(command, "--home", str(tmp_path / "new" / "home"))["data folder"] == "works"


def test_a_test_that_the_system_refuses_is_a_finding(command: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(diagnosis.tempfile, "TemporaryDirectory", refuse)
    monkeypatch.setattr(diagnosis, "sha256_of", refuse)
    found = states(command, "--deep")
    assert found["photo reader"] == found["list museum"] == "failed"


def test_a_python_without_full_text_search_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Without(sqlite3.Connection):
        def execute(self, *_: object) -> sqlite3.Cursor:  # type: ignore[override]  # always refuses
            raise sqlite3.OperationalError("no such module: fts5")

    connect = sqlite3.connect
    monkeypatch.setattr(diagnosis.sqlite3, "connect", lambda path, **options: connect(path, **options, factory=Without))
    findings = {finding.name: finding for finding in diagnose(load_settings({}))}
    assert findings["full-text search"].health is Health.FAILED
    assert "FTS5" in findings["full-text search"].next_step
