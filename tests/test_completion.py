"""Completion in four shells: the script of each, and what is offered for lists, records and results."""

import os

import pytest

from cli_helpers import BOWL, HERON, NOTHING_LIKE_IT, Commands, in_a_process
from conftest import Install
from fieldcheck.cli import completing
from fieldcheck.cli.completing import list_ids, record_names, result_ids, source_ids

SCRIPTS = {
    "bash": "complete -o default -F _fieldcheck_completion fieldcheck",
    "zsh": "compdef _fieldcheck_completion fieldcheck",
    "fish": "complete --command fieldcheck",
    "powershell": "Register-ArgumentCompleter -Native -CommandName fieldcheck",
    "pwsh": "Register-ArgumentCompleter -Native -CommandName fieldcheck",
}


class Context:
    """What a shell has typed so far."""

    params: dict[str, object] = {}  # noqa: RUF012  # as typer's own


CONTEXT = Context()


def offered(line: str) -> list[str]:
    """What bash offers after a line."""
    words = line.split(" ")
    ended = in_a_process(_FIELDCHECK_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
    assert ended.returncode == 0
    assert ended.stderr == ""
    return ended.stdout.split()


@pytest.mark.parametrize("shell", SCRIPTS)
def test_each_shell_has_its_script(shell: str) -> None:
    ended = in_a_process(_FIELDCHECK_COMPLETE=f"source_{shell}")
    assert ended.returncode == 0
    assert SCRIPTS[shell] in ended.stdout
    shown = in_a_process("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert shown.stdout.split() == ended.stdout.split()


@pytest.mark.skipif(os.name == "nt", reason="bash is not at home there")
def test_bash_takes_its_script() -> None:
    script = in_a_process(_FIELDCHECK_COMPLETE="source_bash").stdout
    ended = in_a_process(
        script=f"import subprocess; subprocess.run(['bash', '-n'], input={script!r}, text=True, check=True)"
    )
    assert ended.returncode == 0, ended.stderr


def test_commands_options_and_choices_are_offered() -> None:
    assert "batch" in offered("fieldcheck ba")
    assert "--group" in offered("fieldcheck batch --g")
    assert offered("fieldcheck batch --group ") == ["folder", "name", "time", "none"]


def test_lists_and_records_are_offered(install_list: Install) -> None:
    install_list("museum", HERON, BOWL)
    assert offered("fieldcheck check --list m") == ["museum"]
    assert record_names(CONTEXT, "mu") == ["museum/"]  # type: ignore[arg-type]  # all that is asked of a context
    assert record_names(CONTEXT, "museum/M-") == ["museum/M-1", "museum/M-2"]  # type: ignore[arg-type]  # as above
    assert source_ids("f") == ["fbi"]


def test_results_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    command = Commands(capsys)
    result = command("check", NOTHING_LIKE_IT, "--json").json["result_id"]
    assert result_ids(CONTEXT, result[:3]) == [result]  # type: ignore[arg-type]  # as above
    assert result_ids(CONTEXT, "none") == []  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("typed", ["no such list/x", "starter/\x00", "/", "//", "starter"])
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    assert all(name.startswith("starter/") for name in record_names(CONTEXT, typed))  # type: ignore[arg-type]  # as above


def test_damaged_settings_offer_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDCHECK_TOP", "many")
    assert result_ids(CONTEXT, "") == []  # type: ignore[arg-type]  # as above
    assert list_ids(CONTEXT, "") in (["starter"], [])  # type: ignore[arg-type]  # as above


def test_no_more_is_offered_than_fits(monkeypatch: pytest.MonkeyPatch, install_list: Install) -> None:
    install_list("museum", HERON, BOWL)
    monkeypatch.setattr(completing, "MOST_OFFERED", 1)
    assert record_names(CONTEXT, "museum/") == ["museum/M-1"]  # type: ignore[arg-type]  # as above
