"""Manual pages, such as ``man fieldcheck-check``, written from the commands themselves.

They are made when the package is built; ``python -m fieldcheck.cli.manual FOLDER`` writes them anywhere else.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer.main

from fieldcheck.cli.main import whole_app
from fieldcheck.settings import load_settings

_SECTION = 1
_PROGRAM = "fieldcheck"


@dataclass(frozen=True, slots=True)
class Command:
    """One command, or a group of them, with the words that name it; what typer makes of it has no public type."""

    words: tuple[str, ...]
    typed: Any

    @property
    def name(self) -> str:
        """The name of its page."""
        return "-".join(self.words)

    @property
    def summary(self) -> str:
        """What it does, in one sentence."""
        return str(self.typed.help or "").strip().splitlines()[0]

    @property
    def below(self) -> tuple["Command", ...]:
        """The commands of a group."""
        named = getattr(self.typed, "commands", {}).items()
        return tuple(Command((*self.words, name), typed) for name, typed in named)


def pages() -> dict[str, str]:
    """Every manual page by its file name, in roff."""
    return {f"{command.name}.{_SECTION}": _page(command) for command in _all(_root())}


def write_pages(folder: Path) -> tuple[Path, ...]:
    """Write every page into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {folder / name: text for name, text in pages().items()}
    for path, text in written.items():
        path.write_text(text, encoding="ascii", newline="\n")
    return tuple(written)


def _root() -> Command:
    return Command((_PROGRAM,), typer.main.get_command(whole_app()))


def _all(command: Command) -> Iterator[Command]:
    yield command
    for below in command.below:
        yield from _all(below)


def _page(command: Command) -> str:
    return "".join(f"{line}\n" for line in _lines(command))


def _lines(command: Command) -> Iterator[str]:
    arguments = [entry for entry in command.typed.params if not entry.opts[0].startswith("-")]
    options = [entry for entry in command.typed.params if entry.opts[0].startswith("-")]
    yield f'.TH {_text(command.name.upper())} {_SECTION} "" "{_PROGRAM}" "User Commands"'
    yield from (".SH NAME", f"{_text(command.name)} \\- {_text(_as_phrase(command.summary))}")
    yield from (".SH SYNOPSIS", f".B {_text(' '.join(command.words))}")
    if command.below:
        yield r".I COMMAND"
    yield from (_synopsis(entry) for entry in arguments)
    yield r"[\fIOPTIONS\fR]"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(str(command.typed.help))
    if command.below:
        yield from _entries("COMMANDS", [(f"\\fB{_text(entry.name)}\\fR(1)", entry.summary) for entry in command.below])
    if arguments:
        yield from _entries("ARGUMENTS", [(f"\\fI{_text(_metavar(entry))}\\fR", entry.help) for entry in arguments])
    yield from _entries("OPTIONS", [(_option(entry), entry.help) for entry in options if not entry.hidden])
    yield from _endings()
    if len(command.words) == 1:
        yield from _entries("ENVIRONMENT", [(f"\\fB{_text(name)}\\fR", said) for name, said in _variables()])
    yield from _see_also(command)


def _synopsis(argument: Any) -> str:  # noqa: ANN401  # typer's own classes are private
    name = f"\\fI{_text(_metavar(argument))}\\fR{'...' if argument.nargs == -1 else ''}"
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:  # noqa: ANN401  # as above
    """An option's spellings, and what follows it."""
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in (*option.opts, *option.secondary_opts))
    return names if option.is_flag else f"{names} \\fI{_text(_metavar(option))}\\fR"


def _metavar(parameter: Any) -> str:  # noqa: ANN401  # as above
    choices = getattr(parameter.type, "choices", ())
    return str(parameter.metavar or "|".join(map(str, choices)) or parameter.type.name.upper())


def _entries(title: str, entries: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    yield f".SH {title}"
    for label, said in entries:
        yield from (".TP", label, _text(said or ""))


def _endings() -> Iterator[str]:
    """Every exit code, as the program's own help says them."""
    codes = re.findall(r"(\d+) ([^,.]+)", str(whole_app().info.epilog))
    yield from _entries("EXIT STATUS", [(f"\\fB{code}\\fR", f"{meaning.capitalize()}.") for code, meaning in codes])


def _variables() -> Iterator[tuple[str, str]]:
    for setting in load_settings({}, {}).entries:
        yield setting.variable, f"{setting.meaning[0].upper()}{setting.meaning[1:]}."
    yield "FIELDCHECK_CONFIG", "Another file of settings."
    yield "FIELDCHECK_DEBUG", "Where it is set, an internal error shows its traceback."
    yield "ACCESSIBLE", "Where it is set, the same as --plain: nothing moves, nothing is drawn."
    yield "NO_COLOR", "Where it is set, nothing has colour."


def _see_also(command: Command) -> Iterator[str]:
    related = _root().below if len(command.words) == 1 else (_root(), *command.below)
    if len(command.words) > 2:  # noqa: PLR2004  # the program, the group and the command
        related = (_root(), Command(command.words[:2], None))
    yield ".SH SEE ALSO"
    yield ", ".join(f"\\fB{_text(entry.name)}\\fR(1)" for entry in related)


def _paragraphs(text: str) -> Iterator[str]:
    for place, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        if place:
            yield ".PP"
        yield _text(" ".join(paragraph.split()))


def _as_phrase(sentence: str) -> str:
    """A sentence as ``whatis`` shows it: without its capital and its full stop."""
    return f"{sentence[0].lower()}{sentence[1:]}".rstrip(".")


def _text(text: str) -> str:
    """Text that roff shows as it is, in ASCII."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    whole = "".join(letter if letter.isascii() else f"\\[u{ord(letter):04X}]" for letter in escaped)
    return f"\\&{whole}" if whole.startswith((".", "'")) else whole


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
