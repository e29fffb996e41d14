"""What is said, before anything draws it: a page is a few kinds of block, the same for every output.

Blocks may hold text of any origin; whoever draws them sanitises it.
"""

import enum
from dataclasses import dataclass

from fieldcheck.models import Effect


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
    """The title of what follows."""

    text: str


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
class Row:
    """One row of a table, with the comparisons that belong to it."""

    cells: tuple[str, ...]
    points: tuple[Point, ...] = ()


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
    """A small JPEG; outputs without pictures leave it out."""

    jpeg: bytes


Block = Headline | Heading | Facts | Table | Bullets | Note | Picture
Page = tuple[Block, ...]


def stands_apart(block: Block, before: Block | None) -> bool:
    """Whether an empty line belongs between a block and the one before it."""
    if before is None or isinstance(before, Heading):
        return False
    return isinstance(block, Heading | Table | Facts) or isinstance(before, Headline | Picture)
