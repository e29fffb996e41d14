"""Seeing what an update changes, waiting with it, and going back from it, by the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_helpers import Commands, assert_valid
from fault_cases import descriptor
from fbi_server import FbiServer, fbi_server
from fieldcheck.cache.pointer import lists_folder, read_kept, read_pointer, version_path
from fieldcheck.errors import ExitCode

FIRST = ("M-1,Heron,stolen", "M-2,Bowl,stolen", "M-3,Vase,stolen", "M-4,Lamp,stolen")
SECOND = ("M-1,Heron at Dusk,stolen", "M-2,Bowl,recovered", "M-3,Vase,delisted", "M-5,Mask,stolen")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(20)


@pytest.fixture
def sync(server: FbiServer, tmp_path: Path) -> tuple[object, ...]:
    return ("sync", "fbi", "--sources", descriptor(tmp_path / "sources", server))


def bring(command: Commands, tmp_path: Path, *rows: str, options: tuple[object, ...] = ()) -> int:
    file = tmp_path / "list.csv"
    file.write_text("\n".join(("id,title,status", *rows)))
    return command("lists", "import", file, "--list", "museum", *options).code


def log_of(home: Path, list_id: str) -> list[dict[str, object]]:
    lines = (lists_folder(home) / list_id / "sync.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def in_use(home: Path, list_id: str = "museum") -> str:
    return read_pointer(home)[list_id].version


def test_diff_says_what_the_last_update_changed(command: Commands, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    assert command("lists", "diff", "museum").code == ExitCode.USAGE
    bring(command, tmp_path, *SECOND)
    said = command("lists", "diff", "museum", "--json").json
    assert_valid(said, "list-diff")
    assert said["counts"] == {"added": 1, "changed": 1, "recovered": 1, "delisted": 2}
    assert {(change["record"], change["kind"]) for change in said["changes"]} == {
        ("M-1", "changed"),
        ("M-2", "recovered"),
        ("M-3", "delisted"),
        ("M-4", "delisted"),
        ("M-5", "added"),
    }
    assert next(change["fields"] for change in said["changes"] if change["record"] == "M-1") == ["title"]
    words = command("lists", "diff", "museum", "--plain").words
    assert "1 new, 1 changed, 1 recovered, 2 no longer listed." in words
    assert "museum/M-1" in words


def test_diff_shows_the_first_and_counts_the_rest(command: Commands, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    bring(command, tmp_path, *FIRST, *(f"N-{number},Cup,stolen" for number in range(70)))
    assert "And 20 more" in command("lists", "diff", "museum", "--plain").words
    assert "N-69" in command("lists", "diff", "museum", "--plain", "--all").words


def test_rollback_returns_to_the_version_before(command: Commands, home: Path, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    first = in_use(home)
    assert command("lists", "rollback", "museum").code == ExitCode.USAGE
    bring(command, tmp_path, *SECOND)
    ended = command("lists", "rollback", "museum", "--reason", "the wrong file")
    assert ended.code == ExitCode.NOTHING_FOUND
    assert first in ended.out
    assert in_use(home) == first
    assert command("show", "museum/M-4").code == ExitCode.NOTHING_FOUND
    assert "the wrong file" in str(log_of(home, "museum")[-1]["message"])


def test_a_version_that_was_rolled_back_is_taken_again_only_on_request(
    command: Commands, home: Path, tmp_path: Path
) -> None:
    bring(command, tmp_path, *FIRST)
    bring(command, tmp_path, *SECOND)
    second = in_use(home)
    command("lists", "rollback", "museum")
    first = in_use(home)
    assert bring(command, tmp_path, *SECOND) == ExitCode.NOTHING_TO_UPDATE
    assert in_use(home) == first
    assert bring(command, tmp_path, *SECOND[:3], "M-6,Coin,stolen") == ExitCode.NOTHING_FOUND
    assert bring(command, tmp_path, *SECOND) == ExitCode.NOTHING_TO_UPDATE
    assert bring(command, tmp_path, *SECOND, options=("--again",)) == ExitCode.NOTHING_FOUND
    assert in_use(home) == second
    assert read_kept(home).turned_down == {}


def test_a_rollback_can_be_undone_once(command: Commands, home: Path, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    bring(command, tmp_path, *SECOND)
    second = in_use(home)
    assert command("lists", "rollback", "museum", "--undo").code == ExitCode.USAGE
    command("lists", "rollback", "museum")
    again = command("lists", "rollback", "museum")
    assert again.code == ExitCode.USAGE
    assert "--undo" in again.err
    assert command("lists", "rollback", "museum", "--undo").code == ExitCode.NOTHING_FOUND
    assert in_use(home) == second
    assert bring(command, tmp_path, *SECOND) == ExitCode.NOTHING_TO_UPDATE
    assert command("lists", "rollback", "museum").code == ExitCode.NOTHING_FOUND


def test_a_damaged_version_is_not_returned_to(command: Commands, home: Path, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    bring(command, tmp_path, *SECOND)
    before = read_pointer(home)
    path = version_path(home, read_kept(home).earlier["museum"])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert command("lists", "rollback", "museum").code == ExitCode.INTEGRITY
    assert read_pointer(home) == before


def test_a_sync_does_not_take_back_what_was_rolled_back(
    command: Commands, home: Path, server: FbiServer, sync: tuple[object, ...]
) -> None:
    command(*sync)
    server.items[3]["title"] = "A title that is wrong"
    command(*sync)
    second = in_use(home, "fbi")
    command("lists", "rollback", "fbi")
    first = in_use(home, "fbi")
    refused = command(*sync)
    assert refused.code == ExitCode.NOTHING_TO_UPDATE
    assert "rolled back" in refused.out
    assert "--again" in refused.out
    assert in_use(home, "fbi") == first
    assert command(*sync, "--again").code == ExitCode.NOTHING_FOUND
    assert in_use(home, "fbi") == second
    command("lists", "rollback", "fbi")
    server.items[3]["title"] = "The title that is right"
    assert command(*sync).code == ExitCode.NOTHING_FOUND
    assert in_use(home, "fbi") not in {first, second}


def test_a_preview_changes_nothing_until_it_is_accepted(
    command: Commands, home: Path, server: FbiServer, sync: tuple[object, ...]
) -> None:
    command(*sync)
    first = in_use(home, "fbi")
    server.items[3]["title"] = "Another title"
    seen = command(*sync, "--preview", "--json")
    assert_valid(seen.json, "sync")
    assert (seen.code, seen.json["outcomes"][0]["kind"]) == (ExitCode.NOTHING_FOUND, "waiting")
    assert in_use(home, "fbi") == first
    shown = command("lists", "diff", "fbi", "--json").json
    assert (shown["counts"]["changed"], shown["after"]["in_use"]) == (1, False)
    assert command("lists", "accept", "fbi").code == ExitCode.NOTHING_FOUND
    assert in_use(home, "fbi") == shown["after"]["version"]
    assert command("lists", "accept", "fbi").code == ExitCode.USAGE
    assert command("lists", "diff", "fbi", "--json").json["after"]["in_use"] is True


def test_a_preview_with_yes_is_a_sync(
    command: Commands, home: Path, server: FbiServer, sync: tuple[object, ...]
) -> None:
    command(*sync)
    server.items[3]["title"] = "Another title"
    first = in_use(home, "fbi")
    command(*sync, "--preview", "--yes")
    assert in_use(home, "fbi") != first


@pytest.mark.parametrize("answer", [True, False])
def test_on_a_terminal_an_import_asks(
    command: Commands, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, answer: bool
) -> None:
    bring(command, tmp_path, *FIRST)
    first, asked = in_use(home), []
    monkeypatch.setattr("fieldcheck.cli.interview.is_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda text, **_: asked.append(text) or answer)
    bring(command, tmp_path, *SECOND)
    assert len(asked) == 1
    assert (in_use(home) != first) is answer
    assert bool(read_kept(home).waiting) is not answer


def test_on_a_terminal_yes_is_not_asked(
    command: Commands, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldcheck.cli.interview.is_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: pytest.fail("asked"))
    bring(command, tmp_path, *FIRST)
    bring(command, tmp_path, *SECOND, options=("--yes",))
    assert read_pointer(home)["museum"].previous


def test_a_file_that_shrank_is_refused_unless_a_reason_is_given(command: Commands, home: Path, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    before = read_pointer(home)
    assert bring(command, tmp_path, *FIRST[:3]) == ExitCode.INTEGRITY
    assert read_pointer(home) == before
    assert bring(command, tmp_path, *FIRST[:3], options=("--accept-shrink", "one was found")) == 0
    assert log_of(home, "museum")[-1]["accept_shrink"] == "one was found"


@pytest.mark.parametrize(
    ("assertions", "says"),
    [
        ("min_records = 5", "4 records"),
        ("max_records = 3", "4 records"),
        ("[list.assertions.fill]\ntitle = 0.5\nmaker = 0.1", "have maker"),
    ],
)
def test_a_file_that_breaks_what_its_map_asserts_is_refused(
    command: Commands, home: Path, tmp_path: Path, assertions: str, says: str
) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(f"[list.assertions]\n{assertions}\n")
    file = tmp_path / "list.csv"
    file.write_text("\n".join(("id,title,status", *FIRST)))
    ended = command("lists", "import", file, "--list", "museum", "--map", mapping)
    assert ended.code == ExitCode.INTEGRITY
    assert says in ended.err
    assert read_pointer(home) == {}


def test_lists_are_carried_to_a_computer_without_a_network(command: Commands, home: Path, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    stick, other = tmp_path / "stick", tmp_path / "other"
    ended = command("lists", "export", "museum", "--out", stick)
    assert "not signed by anybody" in ended.out
    assert read_pointer(home)["museum"].sha256 in ended.err
    command("lists", "import", stick, "--home", other)
    assert in_use(other) == in_use(home)
    assert command("lists", "import", stick, "--list", "other", "--home", other).code == ExitCode.USAGE
    assert command("show", "museum/M-1", "--home", other).code == ExitCode.NOTHING_FOUND


def test_a_carried_list_that_shrank_is_refused(command: Commands, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST[:2])
    command("lists", "export", "--out", tmp_path / "stick")
    bring(command, tmp_path, *FIRST)
    ended = command("lists", "import", tmp_path / "stick")
    assert ended.code == ExitCode.INTEGRITY
    assert "2 records" in ended.out
    assert command("lists", "import", tmp_path / "stick", "--accept-shrink", "told by telephone").code == 0


def test_nothing_is_exported_that_is_not_held(command: Commands, home: Path, tmp_path: Path) -> None:
    assert command("lists", "export", "--out", tmp_path / "stick").code == ExitCode.USAGE
    bring(command, tmp_path, *FIRST)
    assert command("lists", "export", "nowhere", "--out", tmp_path / "stick").code == ExitCode.USAGE
    path = version_path(home, read_pointer(home)["museum"])
    path.write_bytes(path.read_bytes() + b"x")
    assert command("lists", "export", "--out", tmp_path / "stick").code == ExitCode.INTEGRITY
    assert not (tmp_path / "stick" / "fieldcheck-lists.json").exists()


def test_a_home_of_an_earlier_fieldcheck_is_read(command: Commands, home: Path, tmp_path: Path) -> None:
    bring(command, tmp_path, *FIRST)
    pointer = lists_folder(home) / "current.json"
    (entry,) = json.loads(pointer.read_text(encoding="utf-8"))["lists"]
    del entry["confirmed"], entry["info"]["packaged"]
    pointer.write_text(json.dumps({"lists": [entry]}), encoding="utf-8")
    assert command("show", "museum/M-1").code == ExitCode.NOTHING_FOUND
    bring(command, tmp_path, *SECOND)
    assert command("lists", "rollback", "museum").code == ExitCode.NOTHING_FOUND
