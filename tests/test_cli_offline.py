"""A check loads nothing that it does not need, and no command but ``sync`` ever opens a socket."""

import socket
from pathlib import Path

import pytest

from cli_helpers import HERON, HERON_IN_WORDS, Commands, in_a_process
from conftest import Install
from fieldcheck.errors import ExitCode
from photos import encoded, painting

HEAVY = ("httpx", "tuf", "sqlite_utils", "imagehash", "numpy", "scipy", "PIL", "openpyxl", "ssl")


def loaded_by(script: str) -> set[str]:
    ended = in_a_process(script=f"import sys\n{script}\nprint('LOADED', *sys.modules)")
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.partition("LOADED ")[2].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "bronze statuette of a horse, 12 cm"],
        ["check", "bronze statuette of a horse, 12 cm", "--json"],
        ["search", "Vermeer"],
        ["show", "starter/Q1169395"],
        ["lists", "status"],
        ["config", "show"],
    ],
    ids=" ".join,
)
def test_a_command_about_words_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = loaded_by(f"from fieldcheck.cli.main import run\nassert run({arguments}) in (0, 11)")
    assert loaded.isdisjoint(HEAVY)


def test_explain_loads_nothing_heavy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "result.json").write_text(Commands(capsys)("check", "bronze horse", "--json").out)
    path = str(tmp_path / "result.json")
    assert loaded_by(f"from fieldcheck.cli.main import run\nassert run(['explain', {path!r}]) == 0").isdisjoint(HEAVY)


def test_a_check_through_the_library_loads_no_pydantic_either() -> None:
    # The command line is read by typer, which brings pydantic with it in some versions; the check itself does not.
    loaded = loaded_by(
        "import fieldcheck\n"
        "from fieldcheck.report.content_result import result_page\n"
        "from fieldcheck.report.plain_text import PlainText\n"
        "with fieldcheck.open_cache() as cache:\n"
        "    PlainText().draw(result_page(fieldcheck.check(fieldcheck.Item(text='bronze horse'), cache)))\n"
    )
    assert loaded.isdisjoint({*HEAVY, "pydantic", "typer"})


def test_no_socket_is_ever_opened(
    capsys: pytest.CaptureFixture[str], install_list: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    install_list("museum", HERON)
    (tmp_path / "photos").mkdir()
    photo = tmp_path / "photos" / "front.jpg"
    photo.write_bytes(encoded(painting(1)))
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    command = Commands(capsys)
    checked = command("check", HERON_IN_WORDS, "--photo", photo, "--json")
    assert checked.code == ExitCode.STRONG
    assert checked.json["item"]["photos"][0]["usable"]
    for arguments in (
        ("explain", checked.json["result_id"]),
        ("show", "museum/M-1"),
        ("search", "Heron"),
        ("lists", "status"),
        ("config", "show"),
        ("doctor",),
        ("doctor", "--deep"),
    ):
        assert command(*arguments).code == ExitCode.NOTHING_FOUND
    assert command("batch", tmp_path / "photos").code == ExitCode.NOT_FULLY_CHECKED
    assert command("sync", "--offline").code == ExitCode.USAGE
