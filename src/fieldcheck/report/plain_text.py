"""Drawing pages as plain text for pipes and screen readers: one fact a line, no colour, no boxes, no bars."""

from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.text import Text

from fieldcheck.models import Effect
from fieldcheck.report.page import (
    TOP_LEVEL,
    Block,
    Bullets,
    Comparison,
    Facts,
    Folded,
    Heading,
    Headline,
    Note,
    Page,
    Picture,
    Point,
    Points,
    Row,
    Table,
    stands_apart,
)
from fieldcheck.report.sanitise import PARAGRAPH_LIMIT, plain

_EFFECTS = {Effect.FOR: "for", Effect.AGAINST: "against", Effect.NONE: "neither"}
_PUNCTUATION = str.maketrans({**dict.fromkeys("—–‒−·•", "-"), **dict.fromkeys("‘’", "'"), **dict.fromkeys("“”", '"')})
_PUNCTUATION |= str.maketrans({"…": "...", "×": "x"})
_INDENT = "  "
_NARROWEST = 20


class PlainText:
    """Draws pages as strings.

    Args:
        width: width of a line in character cells; narrower than 20 counts as 20.
    """

    def __init__(self, width: int = 80) -> None:
        self._width = max(width, _NARROWEST)
        self._console = Console(file=StringIO(), width=self._width)

    def draw(self, page: Page) -> str:
        """Draw a page; the text ends with a line feed."""
        return "\n".join(self._drawn(page)) + "\n"

    def _drawn(self, page: Page) -> Iterator[str]:
        before: Block | None = None
        for block in page:
            if isinstance(block, Picture):
                continue
            if stands_apart(block, before):
                yield ""
            for line in _lines(block):
                yield from self._wrapped(line)
            if isinstance(block, Folded):
                yield from self._drawn(block.blocks)
            before = block

    def _wrapped(self, line: str) -> Iterator[str]:
        """A line in pieces; all but the first are indented, so that none can pass for a line of its own."""
        text = plain(line, PARAGRAPH_LIMIT).translate(_PUNCTUATION)
        indent = _INDENT if line.startswith(_INDENT) else ""
        further = f"{indent}{_INDENT}{_INDENT}"
        pieces = Text(text).wrap(self._console, self._width - len(further), overflow="fold")
        for place, piece in enumerate(pieces):
            yield f"{further if place else indent}{piece.plain.rstrip()}"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Facts():
            for fact in block.rows:
                yield f"{f'{fact.label}: ' if fact.label else _INDENT}{fact.state}{fact.text}"
        case Table():
            yield from _table(block)
        case Points():
            yield from (f"{_INDENT}{_point(point)}" for point in block.points)
        case Bullets():
            for place, item in enumerate(block.items, 1):
                yield f"{_INDENT}{f'{place}.' if block.numbered else '-'} {item}"
        case Picture():
            return
        case Headline() | Heading() | Note() | Comparison() | Folded():
            yield _sentence(block)


def _sentence(block: Headline | Heading | Note | Comparison | Folded) -> str:
    """What is said in one go; only the program's own titles begin a line without an indent."""
    match block:
        case Headline():
            return f"{block.words} {block.text}"
        case Heading():
            return f"{'' if block.level == TOP_LEVEL else _INDENT}{block.text}:"
        case Note():
            return f"{_INDENT}{block.text}"
        case Comparison():
            return f"{_INDENT}{block.item.name} beside {block.record.name}. {block.caption}"
        case Folded():
            return f"{block.title}:"


def _table(block: Table) -> Iterator[str]:
    for row in block.rows:
        yield from _row(block.columns, row)


def _row(columns: tuple[str, ...], row: Row) -> Iterator[str]:
    first, *others = zip(columns, row.cells, strict=True)
    yield f"{first[0]}: {first[1]}"
    for column, cell in others:
        if cell:
            yield f"{_INDENT}{column}: {cell}"
    for point in row.points:
        yield f"{_INDENT}{_point(point)}"


def _point(point: Point) -> str:
    said = f"{_EFFECTS[point.effect].capitalize()}: {point.text}"
    if point.weight is None:
        return said
    return f"{said}; weight {point.weight.worth:+.1f}, sum {point.weight.total:.1f}"
