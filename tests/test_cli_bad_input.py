"""What is wrong is said in words, with what to do next, and with the exit code that fits."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_helpers import HERON, HERON_IN_WORDS, NOTHING_LIKE_IT, Commands, assert_valid, in_a_process, write
from conftest import Install
from fieldcheck.cache.pointer import lists_folder, read_pointer
from fieldcheck.errors import ExitCode
from fieldcheck.vision.limits import MAX_BYTES
from photos import encoded, painting

LOSSES = "id,title,status\nA-1,Saint George,stolen\n"

Refuse = Callable[[int], None]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def refuse_writing(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Have the system refuse to write whole files and list files, as on a full or locked disk."""

    def refuse(number: int) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("fieldcheck.files.tempfile.mkstemp", fail)
        monkeypatch.setattr("fieldcheck.lists.importing.build_list", fail)

    return refuse


@pytest.mark.parametrize(
    ("arguments", "message", "next_step"),
    [
        (["check"], "neither described nor photographed", "Type what you see"),
        (["check", ""], "neither described nor photographed", "Type what you see"),
        (["check", "   "], "neither described nor photographed", "Type what you see"),
        (["check", "vase", "--paper", "licence"], "'licence' is not understood", "KIND=STATE"),
        (["check", "vase", "--paper", "licence=lost"], "'licence=lost' is not understood", "conflicting"),
        (["check", "vase", "--origin", "Iraq"], "--origin 'Iraq'", "two letters"),
        (["check", "vase", "--from", "1"], "--from '1'", "two letters"),
        (["check", "vase", "--to", "USA"], "--to 'USA'", "two letters"),
        (["check", "vase", "--border", "Schengen"], "--border 'Schengen'", "two letters"),
        (["check", "vase", "--list", "nope"], "No list named 'nope'", "lists status"),
        (["check", "vase", "--top", "0"], "--top", "fieldcheck check --help"),
        (["check", "--photo"], "--photo", "--help"),
        (["check", "vase", "--max-list-age", "99999999999"], "--max-list-age", "fieldcheck check --help"),
        (["--plain", "check", "vase"], "--plain", "The command comes first"),
        (["chek", "vase"], "Did you mean 'check'?", "fieldcheck --help"),
        (["lists", "stauts"], "Did you mean 'status'?", "fieldcheck lists --help"),
        (["lists", "show", "nope"], "No list named 'nope'", "lists status"),
        (["lists", "remove", "nope"], "No list named 'nope'", "lists status"),
        (["lists", "remove", "starter"], "cannot be removed", "--list"),
        (["lists", "import", "none.csv"], "--list", "fieldcheck lists import --help"),
        (["lists", "import", "none.csv", "--list", "m"], "none.csv", "path"),
        (["lists", "import", "none.csv", "--list", "starter"], "comes with the program", "another id"),
        (["show", "museum"], "names no record", "LIST/RECORD"),
        (["show", "nope/1"], "No list named 'nope'", "lists status"),
        (["show", "starter/1"], "no record '1'", "fieldcheck search"),
        (["search", " "], "nothing to search for", "some words"),
        (["explain", "abcdef123456"], "No result is kept", "whole id"),
        (["explain", "a" * 5_000], "No result is kept", "whole id"),
        (["batch", "none.csv"], "none.csv", "path"),
        (["sync", "interpol"], "not a list that can be fetched", "lists import"),
        (["sync", "--offline"], "network is switched off", "--offline"),
    ],
)
def test_a_wrong_request_is_explained(command: Commands, arguments: list[str], message: str, next_step: str) -> None:
    ended = command(*arguments)
    assert ended.code == ExitCode.USAGE
    assert ended.out == ""
    told, advice = ended.err.splitlines()
    assert told.startswith("Error: ")
    assert message in told
    assert advice.startswith("Next: ")
    assert next_step in advice


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--json"],
        ["check", "vase", "--json", "--no-such-option"],
        ["check", "vase", "--json", "--list", "nope"],
        ["show", "starter/1", "--json"],
        ["explain", "abcdef", "--json"],
        ["lists", "show", "nope", "--json"],
    ],
)
def test_an_error_is_also_one_json_object(command: Commands, arguments: list[str]) -> None:
    ended = command(*arguments)
    assert_valid(ended.json, "error")
    assert ended.json["error"]["exit_code"] == ended.code == ExitCode.USAGE
    assert ended.out.count("\n") == 1


def test_no_command_shows_the_commands(command: Commands) -> None:
    for arguments in ([], ["lists"], ["config"]):
        ended = command(*arguments)
        assert ended.code == ExitCode.USAGE
        assert ended.err.startswith("Usage: fieldcheck")
        assert "\nCommands:\n" in ended.err


def test_words_need_no_quotation_marks(command: Commands, install_list: Install) -> None:
    install_list("museum", HERON)
    assert command("check", *HERON_IN_WORDS.split()).code == ExitCode.STRONG
    assert "M-1" in command("search", "Heron", "at", "Dusk").out


def test_a_photo_among_the_words_is_not_taken_for_a_description(command: Commands, tmp_path: Path) -> None:
    for name in ("front.jpg", "back.jpg"):
        write(tmp_path / name, "photo")
    ended = command("check", "--photo", tmp_path / "front.jpg", tmp_path / "back.jpg")
    assert ended.code == ExitCode.USAGE
    assert "--photo before each photo" in ended.err
    assert command("check", tmp_path).code == ExitCode.USAGE


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "truncated", "huge", "folder"])
def test_a_photo_that_cannot_be_used_is_named_and_the_words_are_checked(
    command: Commands, install_list: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    install_list("museum", HERON)
    monkeypatch.chdir(tmp_path)
    photo = Path("front.jpg")
    if kind == "folder":
        photo.mkdir()
    elif kind == "huge":
        with photo.open("wb") as file:
            file.truncate(MAX_BYTES + 1)
    elif kind != "missing":
        content = {"empty": b"", "text": b"not a photo", "truncated": encoded(painting(1))[:600]}
        photo.write_bytes(content[kind])
    found = command("check", HERON_IN_WORDS, "--photo", photo)
    assert found.code == ExitCode.STRONG
    assert "Photo front.jpg was not checked: " in found.words
    nothing = command("check", NOTHING_LIKE_IT, "--photo", photo, "--json")
    assert nothing.code == ExitCode.NOT_FULLY_CHECKED
    (said,) = nothing.json["item"]["photos"]
    assert not said["usable"]
    assert said["why_not"]


def test_a_photo_alone_that_cannot_be_used_is_not_checked(command: Commands, tmp_path: Path) -> None:
    ended = command("check", "--photo", tmp_path / "none.jpg")
    assert ended.code == ExitCode.NOT_FULLY_CHECKED
    assert ended.out.casefold().startswith("not checked")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_list_is_named_and_the_others_answer(
    command: Commands, install_list: Install, home: Path, share: float
) -> None:
    install_list("museum", HERON)
    damaged = lists_folder(home) / install_list("diocese", HERON).file
    content = damaged.read_bytes()
    damaged.write_bytes(content[: int(len(content) * share)])
    found = command("check", HERON_IN_WORDS)
    assert found.code == ExitCode.STRONG
    assert "List diocese was not checked" in found.words
    assert command("check", NOTHING_LIKE_IT).code == ExitCode.NOT_FULLY_CHECKED
    searched = command("search", "Heron")
    assert searched.code == ExitCode.NOT_FULLY_CHECKED
    assert "museum/M-1" in searched.out
    assert "diocese was not searched" in searched.err
    assert command("show", "diocese/M-1").code == ExitCode.INTEGRITY
    status = command("lists", "status")
    assert status.code == ExitCode.INTEGRITY
    assert "NOT READ" in status.out
    assert command("doctor").code == ExitCode.INTEGRITY


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"lists": 3}', b'{"lists": [{}]}', b"\xff\xfe"])
@pytest.mark.parametrize("arguments", [["check", "vase"], ["lists", "status"], ["search", "vase"]])
def test_a_damaged_pointer_is_never_an_empty_cache(
    command: Commands, home: Path, content: bytes, arguments: list[str]
) -> None:
    lists_folder(home).mkdir(parents=True)
    (lists_folder(home) / "current.json").write_bytes(content)
    ended = command(*arguments)
    assert ended.code == ExitCode.INTEGRITY
    assert "current.json is damaged" in ended.err
    assert "fieldcheck doctor" in ended.err


def test_no_list_at_all_is_not_checked(command: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldcheck.cache.holdings.bundled_lists", dict)
    ended = command("check", HERON_IN_WORDS)
    assert ended.code == ExitCode.NOT_FULLY_CHECKED
    assert ended.out.casefold().startswith("not checked")
    assert "No record found" not in ended.words
    assert command("lists", "status").code == ExitCode.NOT_FULLY_CHECKED
    assert command("doctor").code == ExitCode.INTEGRITY


def test_no_home_folder_still_checks_against_the_starter_list(
    command: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FIELDCHECK_HOME")
    monkeypatch.setattr("fieldcheck.settings._default_home", lambda: None)
    ended = command("check", NOTHING_LIKE_IT)
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "not kept" in ended.err
    refused = command("lists", "import", write(tmp_path / "losses.csv", LOSSES), "--list", "parish")
    assert refused.code == ExitCode.INTERNAL
    assert "FIELDCHECK_HOME" in refused.err
    assert "there is none; only the starter list is asked" in command("doctor").words


def test_a_column_that_is_not_known_stops_an_import(command: Commands, tmp_path: Path, home: Path) -> None:
    losses = write(tmp_path / "losses.csv", "id,titel\nA-1,Saint George\n")
    ended = command("lists", "import", losses, "--list", "parish")
    assert ended.code == ExitCode.USAGE
    assert "titel" in ended.err
    assert "map" in ended.err
    assert read_pointer(home) == {}


def test_a_table_from_windows_is_recognised(command: Commands, tmp_path: Path) -> None:
    text = "id;title;status\nA-1;Vierge à l’Enfant, église Saint-Éloi;volé\n"
    losses = write(tmp_path / "losses.csv", text, "cp1252")
    assert command("lists", "import", losses, "--list", "parish").code == ExitCode.NOTHING_FOUND
    assert "Vierge à l’Enfant, église Saint-Éloi" in command("show", "parish/A-1", "--json").out


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_cannot_be_written_leaves_the_list_in_use(
    command: Commands, tmp_path: Path, home: Path, refuse_writing: Refuse, number: int
) -> None:
    losses = write(tmp_path / "losses.csv", LOSSES)
    assert command("lists", "import", losses, "--list", "parish").code == ExitCode.NOTHING_FOUND
    before = read_pointer(home)
    write(losses, f"{LOSSES}A-2,Saint Roch,stolen\n")
    refuse_writing(number)
    ended = command("lists", "import", losses, "--list", "parish")
    assert ended.code == ExitCode.INTERNAL
    assert "What was there before is unchanged" in ended.err
    assert read_pointer(home) == before
    assert "Saint George" in command("show", "parish/A-1").out


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_result_that_cannot_be_kept_is_given_all_the_same(
    command: Commands, install_list: Install, refuse_writing: Refuse, number: int
) -> None:
    install_list("museum", HERON)
    refuse_writing(number)
    ended = command("check", HERON_IN_WORDS)
    assert ended.code == ExitCode.STRONG
    assert ended.out.startswith("HOLD.")
    assert "not kept" in ended.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_can_be_checked_against(command: Commands, install_list: Install, home: Path) -> None:
    install_list("museum", HERON)
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    try:
        for folder in folders:
            folder.chmod(0o555)
        ended = command("check", HERON_IN_WORDS)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert ended.code == ExitCode.STRONG
    assert "not kept" in ended.err


def test_neither_home_nor_password_entry(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows asks the registry")
    script = (
        "import pwd, sys\n"
        "def nobody(*_): raise KeyError('no entry')\n"
        "pwd.getpwuid = pwd.getpwnam = nobody\n"
        "from fieldcheck.cli.main import run\n"
        "sys.exit(run(['check', 'wicker chair']))\n"
    )
    hidden = {name: "" for name in os.environ if name.startswith(("FIELDCHECK_", "XDG_"))}
    ended = in_a_process(script=f"import os\ndel os.environ['HOME']\n{script}", **{"HOME": str(tmp_path), **hidden})
    assert ended.returncode == ExitCode.NOTHING_FOUND, ended.stderr
    assert "no home folder" in ended.stderr
    assert list(tmp_path.iterdir()) == []
