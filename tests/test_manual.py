"""The manual pages say what the commands take: every command, every option, in roff that warns of nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main

from fieldcheck.cli.main import whole_app
from fieldcheck.cli.manual import pages, write_pages
from fieldcheck.errors import ExitCode
from fieldcheck.settings import load_settings
from test_docs import COMMANDS

GROFF = shutil.which("groff")
PAGES = pages()
ROOT = typer.main.get_command(whole_app())


def section(page: str, title: str) -> str:
    return PAGES[page].partition(f".SH {title}\n")[2].partition("\n.SH ")[0]


def bare(text: str) -> str:
    """Text as it is read, without what roff makes of it."""
    for mark, shown in ((r"\-", "-"), (r"\fB", ""), (r"\fI", ""), (r"\fR", ""), (r"\&", ""), (r"\[u2026]", "…")):
        text = text.replace(mark, shown)
    return text


def test_every_command_and_group_has_a_page() -> None:
    groups = {"-".join(names[:count]) for names in COMMANDS for count in range(len(names))}
    named = {f"fieldcheck-{'-'.join(names)}.1" for names in COMMANDS}
    assert set(PAGES) == {*named, *(f"fieldcheck-{group}.1" for group in groups if group), "fieldcheck.1"}
    assert set(ROOT.commands) <= {  # type: ignore[attr-defined]  # typer's own classes are private
        line.partition("fieldcheck-")[2].removesuffix("(1)")
        for line in bare(section("fieldcheck.1", "COMMANDS")).splitlines()
    }


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_a_page_has_every_option_and_argument_with_its_help(names: tuple[str, ...]) -> None:
    page = f"fieldcheck-{'-'.join(names)}.1"
    options, arguments = bare(section(page, "OPTIONS")), bare(section(page, "ARGUMENTS"))
    for parameter in COMMANDS[names].params:  # type: ignore[attr-defined]  # as above
        told = options if parameter.opts[0].startswith("-") else arguments
        assert parameter.help in told
        for option in (*parameter.opts, *parameter.secondary_opts):
            assert option in told or told is arguments


def test_every_ending_and_every_variable_is_told() -> None:
    endings = section("fieldcheck.1", "EXIT STATUS").splitlines()
    assert {int(bare(line)) for line in endings if line.startswith(r"\fB")} == set(ExitCode)
    environment = bare(section("fieldcheck.1", "ENVIRONMENT"))
    for setting in load_settings({}, {}).entries:
        assert f"{setting.variable}\n" in environment


def test_pages_are_written_as_ascii_files(tmp_path: Path) -> None:
    written = write_pages(tmp_path / "man")
    assert {path.name: path.read_text(encoding="ascii") for path in written} == PAGES


@pytest.mark.skipif(GROFF is None, reason="groff is not installed")
def test_groff_finds_nothing_to_warn_of(tmp_path: Path) -> None:
    paths = write_pages(tmp_path)
    ended = subprocess.run(
        [str(GROFF), "-man", "-ww", "-Tutf8", "-z", *paths], capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""
