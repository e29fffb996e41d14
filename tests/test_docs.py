"""The pages say what the program does: commands, exit codes, settings, schemas and links."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from cli_helpers import Commands
from fieldcheck.cli.main import whole_app
from fieldcheck.datafiles import data_folder
from fieldcheck.errors import ExitCode
from fieldcheck.lists.canonical import COLUMNS as LIST_COLUMNS
from fieldcheck.settings import CONFIG_VARIABLE, load_settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}


def commands(group: object = None, names: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every command that can be typed, with the words that name it."""
    group = typer.main.get_command(whole_app()) if group is None else group
    for name, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from commands(command, (*names, name))
        else:
            yield (*names, name), command


COMMANDS = dict(commands())


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The rows of the first table below a heading, less its head."""
    table = next(part for part in text.split("\n\n") if part.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


@pytest.mark.parametrize("name", ["main", "test"])
def test_the_readme_has_its_command_between_its_markers(name: str) -> None:
    (block,) = re.findall(rf"<!-- {name} -->\n```sh\n(.+?)\n```\n<!-- /{name} -->", README, re.DOTALL)
    assert block.count("\n") == 0
    assert ".venv/bin/" in block


def test_the_readme_mentions_every_command() -> None:
    for names in COMMANDS:
        assert f"`fieldcheck {' '.join(names)}" in README, names


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_on_a_page_exists(page: str) -> None:
    typed = re.findall(r"(?:^\$ |`)fieldcheck ([^`\n]*)", PAGES[page], re.MULTILINE)
    assert typed
    for line in typed:
        words = [word for word in line.split(" #")[0].split() if word]
        names = tuple(words[:2]) if tuple(words[:2]) in COMMANDS else tuple(words[:1])
        if words[0].startswith("-") or words[0].isupper():
            continue
        assert names in COMMANDS, line
        options = {
            option for parameter in COMMANDS[names].params for option in (*parameter.opts, *parameter.secondary_opts)
        }  # type: ignore[attr-defined]  # typer's own classes are private
        for word in words:
            if word.startswith("--"):
                assert word in {*options, "--help"}, line


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    folder = ROOT if page == "README.md" else ROOT / "docs"
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        text = (folder / name).read_text(encoding="utf-8") if name else PAGES[page]
        titles = {title.casefold().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        assert not anchor or anchor in titles, target


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_help(names: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    ended = Commands(capsys)(*names, "--help")
    assert ended.code == ExitCode.NOTHING_FOUND
    assert ended.err == ""
    command = COMMANDS[names]
    summary = str(command.help).splitlines()[0]  # type: ignore[attr-defined]  # typer's own classes are private
    assert summary.endswith(".")
    assert len(summary) <= 65
    for parameter in command.params:  # type: ignore[attr-defined]  # as above
        assert parameter.help, parameter.name


def test_the_list_of_commands_cuts_nothing_off(capsys: pytest.CaptureFixture[str]) -> None:
    text = Commands(capsys)("--help").out
    assert "..." not in text.split("Commands:")[1]
    for code in ExitCode:
        assert re.search(rf"\b{int(code)}\b", text)


def test_the_table_of_exit_codes_has_exactly_the_members() -> None:
    table = {int(code): name for code, name, _ in rows(section(REFERENCE, "Exit codes"))}
    assert table == {int(code): code.name for code in ExitCode}


def test_the_readme_has_every_exit_code() -> None:
    told = section(README, "How an ending is read")
    for code in ExitCode:
        assert re.search(rf"\b{int(code)}\b", told), code


def test_the_table_of_settings_has_exactly_the_settings() -> None:
    table = {row[0].strip("`"): row for row in rows(section(REFERENCE, "Settings"))}
    entries = load_settings({}, {}).entries
    assert set(table) == {entry.name for entry in entries}
    flags = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}  # type: ignore[attr-defined]  # as above
    for entry in entries:
        assert table[entry.name][1] == f"`{entry.variable}`"
        assert table[entry.name][2].split(",")[0].strip("`") in flags
    defaults = {entry.name: entry.value for entry in entries}
    assert table["top"][3] == str(defaults["top"])


def test_every_environment_variable_is_in_the_reference() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in {*re.findall(r"\bFIELDCHECK_[A-Z_]+\b", sources), CONFIG_VARIABLE}:
        assert f"`{name}" in REFERENCE, name


def test_every_schema_is_in_the_reference() -> None:
    shipped = {path.name for path in (data_folder() / "schemas").iterdir()}
    assert set(re.findall(r"[a-z-]+-\d\.schema\.json", REFERENCE)) == shipped


def test_every_column_of_a_list_is_explained() -> None:
    for column in LIST_COLUMNS:
        assert f"`{column}`" in PAGES["import-a-list.md"]
