"""How tests of reports look at a page: as each output draws it, in characters."""

from io import StringIO

from rich.console import Console

from fieldcheck.report.page import Page
from fieldcheck.report.plain_text import PlainText
from fieldcheck.report.terminal import Terminal


def on_terminal(page: Page, width: int = 80, *, colours: bool = False, pictures: bool = False) -> str:
    """The page as a terminal of that width receives it."""
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colours,
        color_system="truecolor" if colours else None,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as capture:
        console.print(Terminal(pictures=pictures).draw(page))
    return capture.get()


def as_plain_text(page: Page, width: int = 80) -> str:
    return PlainText(width).draw(page)


def words_of(drawn: str) -> str:
    """What was drawn without its line breaks and indents."""
    return " ".join(drawn.split())
