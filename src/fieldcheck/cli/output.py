"""Where a command writes: the report to stdout, progress and notes to stderr."""

import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fieldcheck.errors import FieldcheckError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from fieldcheck.report.page import Page


def prepare_streams() -> None:
    """Have a terminal that cannot show a character show a replacement instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def present(page: "Page", *, plain: bool) -> None:
    """Draw a page on stdout: in colour on a terminal, or as plain text."""
    if plain:
        from fieldcheck.report.plain_text import PlainText

        write(PlainText().draw(page))
        return
    from fieldcheck.report.terminal import Terminal

    console = _console()
    console.print(Terminal(pictures=_has_colours(console)).draw(page))


def shows_pictures(*, plain: bool) -> bool:
    """Whether `present` draws pictures: on a terminal of at least 256 colours; fewer would mislead."""
    return not plain and _has_colours(_console())


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def _has_colours(console: "Console") -> bool:
    return console.is_terminal and not console.no_color and console.color_system in {"256", "truecolor"}


def print_json(content: "dict[str, Any]") -> None:
    """Write one JSON object on stdout."""
    from fieldcheck.report.json_result import canonical_json

    write_json(canonical_json(content))


def write_json(text: str) -> None:
    """Write JSON on stdout, in UTF-8 whatever the system's own encoding is."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure and not sys.stdout.isatty():
        reconfigure(encoding="utf-8")
    write(text)


def write(text: str) -> None:
    """Write text on stdout as it is, ending with a line feed."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def note(text: str) -> None:
    """Tell the user something that is not part of the report."""
    from fieldcheck.report.sanitise import plain

    text = plain(text)
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    sys.stderr.write(f"{text}\n")


def show_error(error: FieldcheckError, *, as_json: bool) -> None:
    """Say what went wrong and what to do next; as JSON also as an object on stdout."""
    note(f"Error: {error}")
    note(f"Next: {error.next_step}")
    if as_json:
        from fieldcheck.report.json_result import error_to_dict

        print_json(error_to_dict(error))


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator["Progress"]:
    """A progress display on stderr; silent on request, and where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from fieldcheck.cli.amounts import Amount

    screen = Console(stderr=True, highlight=False)
    columns: tuple[Any, ...] = (
        TextColumn("{task.description}", markup=False), BarColumn(), Amount(), TimeRemainingColumn(),
        TextColumn("left"),
    )  # fmt: skip
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as progress:
        yield progress
