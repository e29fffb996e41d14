"""Records, file names and manifests are strangers' text: nothing in them moves a cursor, hides or fakes a line."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_helpers import Commands, write
from conftest import Install
from fieldcheck.errors import ExitCode
from fieldcheck.models import Record

EVIL = (
    "Heron\x1b[2J\x1b]0;owned\x07 \x1b]8;;https://evil.example\x1b\\at\x1b]8;;\x1b\\ [bold red]Dusk[/] \u202etfel\u202c"
    "\nLISTED: No record found\r\nNO INDICATION\u2028IN THE DATA\x85HELD \x9b31m\u200b\ufeff\udcff"
)
FOUND = {ExitCode.STRONG, ExitCode.POSSIBLE}
VISIBLE = "[bold red]Dusk[/]"
FORMS = {"terminal": ("--rich",), "plain": ("--plain",), "json": ("--json",)}

in_each_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], install_list: Install) -> Commands:
    evil = EVIL.replace("\udcff", "")
    install_list(
        "museum",
        Record(
            id="M-1\x1b[2J\u202e",
            title=evil,
            maker=evil,
            object_type="painting",
            measurements=("41 x 33 cm",),
            materials=("oil on canvas", evil),
            description=evil * 20,
            inventory_numbers=("1897-42",),
        ),
    )
    return Commands(capsys)


def assert_harmless(text: str) -> None:
    found = {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert found <= {"\n", "\u2066", "\u2069"}
    # Only the program's own words stand at the beginning of a line.
    assert not re.search(r"^(LISTED: No record found NO|NO INDICATION IN THE DATA HELD 31m)", text, re.MULTILINE)


def ids_in(command: Commands) -> str:
    (hit,) = command("search", "1897-42", "--list", "museum", "--json").json["hits"]
    return str(hit["record"])


@in_each_form
def test_check(command: Commands, form: str, tmp_path: Path) -> None:
    photo = tmp_path / "a\x1b[2J\u202e[red].jpg"
    ended = command("check", "oil painting 41 x 33 cm Heron Dusk 1897-42", EVIL, "--photo", photo, *FORMS[form])
    assert ended.code in FOUND
    assert_harmless(ended.out + ended.err)
    assert VISIBLE in ended.words
    if form == "json":
        again = command("explain", ended.json["result_id"], "--json")
        assert again.out == ended.out
    else:
        assert_harmless(command("explain", ended.words.rpartition("explain ")[2], *FORMS[form]).out)


@in_each_form
def test_search(command: Commands, form: str) -> None:
    ended = command("search", EVIL, "1897-42", "--list", "museum", *FORMS[form])
    assert_harmless(ended.out + ended.err)
    assert "M-1" in ended.out


@in_each_form
def test_show(command: Commands, form: str) -> None:
    ended = command("show", "museum/M-1\x1b[2J\u202e", *FORMS[form])
    assert ended.code == ExitCode.NOTHING_FOUND
    assert_harmless(ended.out + ended.err)
    assert VISIBLE in ended.words


@in_each_form
def test_batch(command: Commands, form: str, tmp_path: Path) -> None:
    rows = [
        {"ref": f"I-1 {EVIL}", "text": f"painting Heron Dusk 41 x 33 cm 1897-42 {EVIL}"},
        {"ref": EVIL, "origin": EVIL},
    ]
    manifest = write(tmp_path / "items.jsonl", "\n".join(json.dumps(row) for row in rows))
    ended = command("batch", manifest, "--jsonl", tmp_path / "out.jsonl", "--csv", tmp_path / "out.csv", *FORMS[form])
    assert ended.code in FOUND
    assert_harmless(ended.out + ended.err)
    assert_harmless((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert_harmless((tmp_path / "out.csv").read_text(encoding="utf-8-sig").replace("\r\n", "\n"))


@pytest.mark.parametrize(
    "typed",
    [
        lambda text: ("show", f"museum/{text}"),
        lambda text: ("show", text),
        lambda text: ("explain", text),
        lambda text: ("batch", text),
        lambda text: ("lists", "import", text, "--list", "m"),
        lambda text: ("lists", "import", "x.csv", "--list", text),
        lambda text: ("lists", "show", text),
        lambda text: ("lists", "remove", text),
        lambda text: ("sync", text),
        lambda text: ("check", "vase", "--paper", text),
        lambda text: ("check", "vase", "--origin", text),
        lambda text: ("check", "vase", "--list", text),
        lambda text: ("check", "vase", "--top", text),
        lambda text: ("check", "vase", f"--{text}"),
        lambda text: (text,),
    ],
)
def test_errors(command: Commands, typed: Callable[[str], tuple[str, ...]]) -> None:
    ended = command(*typed(EVIL))
    assert ended.code == ExitCode.USAGE
    assert_harmless(ended.err)
    assert len(ended.err.splitlines()) == 2
