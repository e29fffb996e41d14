"""What is said, before anything draws it: a page is a few kinds of block, the same for every output.

Blocks may hold text of any origin; whoever draws them sanitises it.
"""

import enum
from dataclasses import dataclass

from fieldcheck.models import Effect

TOP_LEVEL = 2
"""The level of headings below the title of a page."""


@enum.unique
class Tone(enum.StrEnum):
    """How urgent a headline is; nothing is ever reassuring."""

    HOLD = "hold"
    REFER = "refer"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Headline:
    """The first thing that is read: a few words, and the sentence that belongs to them.

    ``words`` are always the program's own.
    """

    words: str
    text: str = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows.

    ``level`` is `TOP_LEVEL` for a part of the page, whose title begins with the program's own words, and one or two
    more for parts of parts. ``anchor`` names the place so that a `Row` may point to it; it is the program's own, and
    outputs without links leave it out.
    """

    text: str
    level: int = TOP_LEVEL
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line, whose text begins with ``state``; the label is always the program's own."""

    label: str
    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled lines, one below the other."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """What one comparison is worth, and the sum so far, both in log-odds."""

    worth: float
    total: float


@dataclass(frozen=True, slots=True)
class Point:
    """One comparison: which way it points, and what was compared."""

    effect: Effect
    text: str
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Comparisons, one below the other."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with the comparisons that belong to it; ``target`` is the anchor that it points to."""

    cells: tuple[str, ...]
    points: tuple[Point, ...] = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; the last column takes the room that is left."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    headed: bool = True


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that stands alone."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A small JPEG, empty where it cannot be shown; outputs without pictures leave it out.

    ``name`` says what it is a picture of, and ``remark`` what is to be known of it, such as why it is not there.
    """

    jpeg: bytes
    name: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The item's photo beside the record's, with the places that lie alike.

    ``points`` are x and y in the one and in the other, as shares of width and height from the upper left corner.
    ``caption`` says in a sentence what there is to see, and stands in for the pictures where there are none.
    """

    item: Picture
    record: Picture
    points: tuple[tuple[float, float, float, float], ...]
    caption: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks that are read by those who want them; outputs that cannot fold show them below their title.

    ``title`` is always the program's own.
    """

    title: str
    blocks: tuple["Block", ...]


Block = Headline | Heading | Facts | Table | Points | Bullets | Note | Picture | Comparison | Folded
Page = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A page that leaves this program as a file: with a title, and in a language by its code (ISO 639-1).

    ``day`` is the ISO date that it bears, empty where it bears none; no document says when it was written, so that
    the same content gives the same bytes.
    """

    title: str
    page: Page
    language: str = "en"
    day: str = ""


def stands_apart(block: Block, before: Block | None) -> bool:
    """Whether an empty line belongs between a block and the one before it."""
    if before is None or isinstance(before, Heading):
        return False
    return isinstance(block, Heading | Table | Facts | Comparison | Folded) or isinstance(before, Headline | Picture)
