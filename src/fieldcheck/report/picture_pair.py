"""Two photos side by side on a terminal, the same number in the same colour where they lie alike."""

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from fieldcheck.report.matched_points import COLOURS, MatchedPoint, numbered
from fieldcheck.report.page import Comparison, Picture
from fieldcheck.report.picture import Mark, half_blocks
from fieldcheck.report.sanitise import plain, rich_text

_GAP = 2
_WIDEST = 44
_MOST_ROWS = 22
_NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class PicturePair:
    """A comparison that takes the width it is given."""

    comparison: Comparison

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw both photos, or say of one that it is not there."""
        comparison, width = self.comparison, min(_WIDEST, max(1, (options.max_width - _GAP) // 2))
        points = numbered(comparison.points)
        grid = Grid.grid(padding=(0, _GAP, 0, 0))
        grid.add_column(width=width, overflow="fold")
        grid.add_column(width=width, overflow="fold")
        grid.add_row(_title("Item", comparison.item), _title("Record", comparison.record))
        grid.add_row(_drawn(comparison.item, width, points, 0), _drawn(comparison.record, width, points, 2))
        yield grid
        if points and comparison.item.jpeg and comparison.record.jpeg:
            yield Text("Equal numbers mark the same detail.")


def _title(label: str, picture: Picture) -> Text:
    return Text(f"{label}: ", "bold") + rich_text(plain(picture.name, _NAME_LIMIT))


def _drawn(picture: Picture, width: int, points: tuple[MatchedPoint, ...], at: int) -> Text:
    """One photo with its numbers; ``at`` is where its x stands in a point."""
    marks = [
        Mark(point[at], point[at + 1], str(number), f"bold #000000 on {colour}")
        for number, (point, colour) in enumerate(zip(points, COLOURS, strict=False), 1)
    ]
    drawn = half_blocks(picture.jpeg, width, _MOST_ROWS, marks) if picture.jpeg else Text()
    if not drawn:
        return rich_text(f"Not shown: {plain(picture.remark) or 'the picture cannot be read'}.")
    drawn.right_crop(1)
    return drawn + rich_text(f"\n{plain(picture.remark)}") if picture.remark else drawn
