"""One test for each row of the table of exit codes in ``docs/reference.md``."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from cli_helpers import BOWL, HERON, HERON_IN_WORDS, NOTHING_LIKE_IT, Commands, write
from conftest import Install
from fieldcheck.cache.pointer import lists_folder
from fieldcheck.errors import ExitCode
from fieldcheck.models import Record, Status


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], install_list: Install) -> Commands:
    install_list("museum", HERON, BOWL)
    return Commands(capsys)


def test_0_nothing_found_and_every_list_was_asked(command: Commands) -> None:
    ended = command("check", NOTHING_LIKE_IT)
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "No record found among" in ended.out


def test_10_possible_candidate(command: Commands, install_list: Install) -> None:
    install_list("museum", HERON, replace(HERON, id="M-9"))
    ended = command("check", HERON_IN_WORDS)
    assert ended.code == ExitCode.POSSIBLE
    assert "cannot tell them apart" in ended.words


def test_the_question_that_tells_equal_records_apart_is_asked(command: Commands, install_list: Install) -> None:
    twins = [replace(HERON, id=f"M-{n}", measurements=(f"{30 + 9 * n} x 33 cm",)) for n in range(2)]
    install_list("museum", *twins, *(Record(id=f"v{n}", title=f"Vase {n}", object_type="vase") for n in range(200)))
    ended = command("check", "oil painting on canvas, Heron at Dusk, Ilse Varga")
    assert ended.code == ExitCode.POSSIBLE
    assert "2 records fit equally; this would tell them apart: What are its height" in ended.words


def test_20_strong_candidate(command: Commands) -> None:
    ended = command("check", HERON_IN_WORDS)
    assert ended.code == ExitCode.STRONG
    assert "museum/M-1" in ended.out


def test_an_object_that_came_back_raises_no_hold(command: Commands, install_list: Install) -> None:
    install_list("museum", replace(HERON, status=Status.RECOVERED))
    ended = command("check", HERON_IN_WORDS)
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "raises no hold" in ended.words


@pytest.mark.parametrize(
    "arguments",
    [("terracotta head", "--origin", "NG"), (NOTHING_LIKE_IT, "--paper", "export-certificate=conflicting")],
    ids=["type at risk", "papers"],
)
def test_11_control_papers_or_indicators(command: Commands, arguments: tuple[str, ...]) -> None:
    ended = command("check", *arguments)
    assert ended.code == ExitCode.CONTROL
    assert ended.out.startswith(("REFER", "HOLD"))


def test_3_not_fully_checked(command: Commands, tmp_path: Path) -> None:
    ended = command("check", NOTHING_LIKE_IT, "--photo", tmp_path / "none.jpg")
    assert ended.code == ExitCode.NOT_FULLY_CHECKED
    assert "was not checked: there is no such file" in ended.words


def test_3_a_list_is_too_old(command: Commands, home: Path) -> None:
    pointer = lists_folder(home) / "current.json"
    pointer.write_text(pointer.read_text().replace('"imported": "20', '"imported": "19'))
    assert command("check", NOTHING_LIKE_IT, "--max-list-age", "9").code == ExitCode.NOT_FULLY_CHECKED
    assert command("check", NOTHING_LIKE_IT).code == ExitCode.NOTHING_FOUND


def test_2_usage(command: Commands) -> None:
    assert command("check", NOTHING_LIKE_IT, "--no-such-option").code == ExitCode.USAGE


def test_4_integrity(command: Commands, home: Path) -> None:
    (lists_folder(home) / "current.json").write_text("{")
    assert command("check", NOTHING_LIKE_IT).code == ExitCode.INTEGRITY


def test_5_network(
    command: Commands, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install_list: Install
) -> None:
    install_list("fbi", HERON)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{closed.getsockname()[1]}"
    mirrors = tmp_path / "mirrors"
    mirrors.mkdir()
    write(
        mirrors / "fbi.toml",
        "\n".join(
            [
                'id = "fbi"',
                'name = "A mirror"',
                'publisher = "FBI"',
                'licence = "public"',
                'terms = "none"',
                'url = "https://artcrimes.fbi.gov/"',
                f'endpoint = "{origin}/artcrimes"',
                f'hosts = ["{origin}"]',
                "[assertions]",
                "max_records = 10",
            ]
        ),
    )
    monkeypatch.setenv("FIELDCHECK_SOURCES", str(mirrors))
    monkeypatch.setattr("fieldcheck.sync.clock.SystemClock.sleep", lambda *_: None)
    before = (lists_folder(home) / "current.json").read_bytes()
    ended = command("sync", "fbi")
    assert ended.code == ExitCode.NETWORK
    assert "not updated" in ended.out
    assert (lists_folder(home) / "current.json").read_bytes() == before


def test_6_nothing_to_update(command: Commands, tmp_path: Path) -> None:
    losses = write(tmp_path / "losses.csv", "id,title,status\nA-1,Saint George,stolen\n")
    assert command("lists", "import", losses, "--list", "parish").code == ExitCode.NOTHING_FOUND
    assert command("lists", "import", losses, "--list", "parish").code == ExitCode.NOTHING_TO_UPDATE


def test_1_internal(command: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("fieldcheck.items.make_item", fail)
    ended = command("check", NOTHING_LIKE_IT)
    assert ended.code == ExitCode.INTERNAL
    assert ended.out == ""
    assert "ZeroDivisionError: by design" in ended.err


def test_130_interrupted(command: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fieldcheck.items.make_item", interrupt)
    ended = command("check", NOTHING_LIKE_IT)
    assert ended.code == ExitCode.INTERRUPTED
    assert ended.err == "Interrupted.\n"


def test_no_code_is_without_its_test() -> None:
    rows = {int(name.split("_")[1]) for name in globals() if name.startswith("test_") and name.split("_")[1].isdigit()}
    assert rows == {int(code) for code in ExitCode}
