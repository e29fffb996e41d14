"""A thumbnail as half blocks: two pixels in each character, with a mark where something is to be pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from rich.color import Color
from rich.style import Style
from rich.text import Text

_UPPER_HALF = "▀"
_MOST_PIXELS = 1_000_000
_WIDEST_SHAPE = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One character that stands on a picture at a share of its width and height."""

    x: float
    y: float
    sign: str
    style: str


def half_blocks(jpeg: bytes, width: int, most_rows: int | None = None, marks: Sequence[Mark] = ()) -> Text:
    """Draw a small JPEG in colour.

    Args:
        jpeg: the picture; anything that is not a JPEG of at most a million pixels gives an empty text.
        width: greatest width of the drawing in characters, at least 1; the height follows, up to three times that.
        most_rows: greatest height in lines, or None for what the width gives; the drawing becomes narrower.
        marks: what stands on the picture; of two in one place the later is seen.
    """
    from PIL import Image

    text = Text()
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return text
            width, rows = _size(picture.width, picture.height, width, most_rows)
            pixels = picture.convert("RGB").resize((width, rows * 2)).tobytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return text
    placed = {(_place(mark.y, rows), _place(mark.x, width)): mark for mark in marks}
    for row in range(rows):
        for column in range(width):
            if mark := placed.get((row, column)):
                text.append(mark.sign, mark.style)
                continue
            upper, lower = (_colour(pixels, width, column, 2 * row + half) for half in (0, 1))
            text.append(_UPPER_HALF, Style(color=upper, bgcolor=lower))
        text.append("\n")
    return text


def _size(across: int, down: int, width: int, most_rows: int | None) -> tuple[int, int]:
    """Width in characters and height in lines, each of two pixels."""
    if most_rows is not None:
        width = max(1, min(width, round(2 * most_rows * across / down)))
    rows = min(max(1, round(down * width / across / 2)), width * _WIDEST_SHAPE // 2 + 1)
    return width, rows if most_rows is None else min(rows, most_rows)


def _place(share: float, cells: int) -> int:
    return min(max(int(share * cells), 0), cells - 1)


def _colour(pixels: bytes, width: int, column: int, row: int) -> Color:
    start = 3 * (row * width + column)
    red, green, blue = pixels[start : start + 3]
    return Color.from_rgb(red, green, blue)
