"""Drawing pages on a terminal of any colour, and of none: words first, colour only on a call to act.

Only the program's own words ever stand in the first column, so that no record can fake a line of a verdict.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
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
    Tone,
    stands_apart,
)
from fieldcheck.report.picture import half_blocks
from fieldcheck.report.picture_pair import PicturePair
from fieldcheck.report.sanitise import rich_text

_STYLES = {Tone.HOLD: "bold white on red", Tone.REFER: "bold black on yellow", Tone.NEUTRAL: "bold"}
_MARKS = {Effect.FOR: "+", Effect.AGAINST: "-", Effect.NONE: "·"}

_INDENT = 2
_POINT_INDENT = 5
_WIDEST_COLUMN = 36
_LONGEST_BAR = 12
_PICTURE_WIDTH = 44
_SHORT_WORDS = 8


class Terminal:
    """Draws pages as rich renderables; the caller owns the console.

    Args:
        pictures: whether pictures are drawn; only worth it where the console shows colours.
    """

    def __init__(self, *, pictures: bool = False) -> None:
        self._pictures = pictures

    def draw(self, page: Page) -> RenderableType:
        """Draw a page without printing it."""
        return Group(*self._parts(page))

    def _parts(self, page: Page) -> Iterator[RenderableType]:
        before: Block | None = None
        for block in page:
            if isinstance(block, Picture) and not self._pictures:
                continue
            if stands_apart(block, before):
                yield Text("")
            if isinstance(block, Folded):
                yield rich_text(block.title, "bold")
                yield from self._parts(block.blocks)
            elif isinstance(block, Comparison):
                yield from _comparison(block, pictures=self._pictures)
            else:
                yield from _block(block)
            before = block


def _comparison(block: Comparison, *, pictures: bool) -> Iterator[RenderableType]:
    if pictures:
        yield Padding(PicturePair(block), (0, 0, 0, _INDENT))
        yield _indented(rich_text(block.caption))
    else:
        yield _indented(rich_text(f"{block.item.name} beside {block.record.name}. {block.caption}"))


def _block(block: Block) -> Iterator[RenderableType]:
    match block:
        case Headline():
            yield from _headline(block)
        case Heading():
            # Only a part's own title stands in the first column: below it a record may be named.
            top = block.level == TOP_LEVEL
            yield rich_text(block.text.upper(), "bold") if top else _indented(rich_text(block.text, "bold"))
        case Facts():
            yield _facts(block)
        case Table():
            yield from _table(block)
        case Points():
            yield Padding(_points(block.points), (0, 0, 0, _INDENT))
        case Bullets():
            yield _bullets(block)
        case Note():
            yield _indented(rich_text(block.text))
        case Picture():
            yield _indented(half_blocks(block.jpeg, _PICTURE_WIDTH))


def _headline(block: Headline) -> Iterator[RenderableType]:
    words, text = rich_text(block.words, _STYLES[block.tone]), rich_text(block.text, "bold")
    if len(block.words) <= _SHORT_WORDS:
        grid = _grid([len(block.words), None])
        grid.add_row(words, text)
        yield grid
        return
    yield words
    if block.text:
        yield _indented(text)


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, _INDENT))


def _grid(widths: Sequence[int | None]) -> Grid:
    """A grid without lines; a column without a width takes the room that is left."""
    grid = Grid.grid(padding=(0, 2, 0, 0), expand=True)
    for width in widths:
        grid.add_column(width=width, ratio=None if width else 1, overflow="fold")
    return grid


def _facts(block: Facts) -> Grid:
    grid = _grid([max(len(row.label) for row in block.rows), None])
    for row in block.rows:
        text = rich_text(row.state + row.text)
        text.stylize("bold", 0, len(row.state))
        grid.add_row(rich_text(row.label, "bold"), text)
    return grid


def _bullets(block: Bullets) -> Padding:
    grid = _grid([len(f"{len(block.items)}.") if block.numbered else 1, None])
    for place, item in enumerate(block.items, 1):
        grid.add_row(f"{place}." if block.numbered else "-", rich_text(item))
    return Padding(grid, (0, 0, 0, _INDENT))


def _table(block: Table) -> Iterator[RenderableType]:
    rows = [Row(block.columns), *block.rows] if block.headed else list(block.rows)
    widths = [_width(row.cells[place] for row in rows) for place in range(len(block.columns) - 1)]
    for place, row in enumerate(rows):
        grid = _grid([*widths, None])
        around = " ".join(row.cells)
        style = "bold" if block.headed and place == 0 else ""
        grid.add_row(*(rich_text(cell, style, around) for cell in row.cells))
        yield Padding(grid, (0, 0, 0, _INDENT))
        if row.points:
            yield Padding(_points(row.points), (0, 0, 0, _POINT_INDENT))


def _width(cells: Iterator[str]) -> int:
    return max(1, min(_WIDEST_COLUMN, max(cell_len(rich_text(cell).plain) for cell in cells)))


def _points(points: Sequence[Point]) -> Grid:
    weighed = any(point.weight for point in points)
    grid = _grid([5, 6, _LONGEST_BAR, None] if weighed else [1, None])
    for point in points:
        text = rich_text(point.text)
        if not weighed:
            grid.add_row(_MARKS[point.effect], text)
        elif point.weight:
            worth, total = point.weight.worth, point.weight.total
            grid.add_row(f"{worth:+.1f}", f"= {total:.1f}", _bar(point.effect, worth), text)
        else:
            grid.add_row("", "", _MARKS[point.effect], text)
    return grid


def _bar(effect: Effect, worth: float) -> str:
    """One sign for each unit of log-odds."""
    return _MARKS[effect] * min(max(round(abs(worth)), 1), _LONGEST_BAR)
