"""A thumbnail as half blocks: two pixels in each character."""

from io import BytesIO

from rich.color import Color
from rich.style import Style
from rich.text import Text

_UPPER_HALF = "▀"
_MOST_PIXELS = 1_000_000
_WIDEST_SHAPE = 3


def half_blocks(jpeg: bytes, width: int) -> Text:
    """Draw a small JPEG in colour.

    Args:
        jpeg: the picture; anything that is not a JPEG of at most a million pixels gives an empty text.
        width: width of the drawing in characters, at least 1; the height follows, up to three times that.
    """
    from PIL import Image

    text = Text()
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return text
            rows = max(1, round(picture.height * width / picture.width / 2))
            rows = min(rows, width * _WIDEST_SHAPE // 2 + 1)
            pixels = picture.convert("RGB").resize((width, rows * 2)).tobytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return text
    for row in range(rows):
        for column in range(width):
            upper, lower = (_colour(pixels, width, column, 2 * row + half) for half in (0, 1))
            text.append(_UPPER_HALF, Style(color=upper, bgcolor=lower))
        text.append("\n")
    return text


def _colour(pixels: bytes, width: int, column: int, row: int) -> Color:
    start = 3 * (row * width + column)
    red, green, blue = pixels[start : start + 3]
    return Color.from_rgb(red, green, blue)
