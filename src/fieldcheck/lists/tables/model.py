"""What a table is, and how large one may be."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from fieldcheck.errors import InputError

MAX_CELL = 1_000_000
"""Characters in one cell; a row with a longer one is refused."""

MAX_ROW = 8_000_000
"""Characters in one row."""

MAX_COLUMNS = 200

MAX_BYTES = 2 * 1024**3
"""Bytes of one file after decompression."""

_SHOWN = 60

_SPACES = re.compile(r"[\s_-]+")

Cell = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``line`` counts from 1: the line of the file, row of the sheet or entry of the array."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, and why."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file where its content does not say it; what is empty is found out.

    ``sheet`` names a sheet of a workbook, ``rows`` the place of the entries in JSON (keys separated by dots).
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of named cells.

    ``columns`` is empty where each row names its own (JSON). ``place`` is what `Row.line` counts: "line",
    "row" or "entry". ``notes`` say what had to be assumed.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row | BadRow]
    place: str
    notes: tuple[str, ...] = ()


def column_key(name: str) -> str:
    """Return a column's name as it is compared: without case, spaces and hyphens read as underscores."""
    return _SPACES.sub("_", unicodedata.normalize("NFC", name).strip().casefold())


def shown(text: str) -> str:
    """Return foreign text as a message may quote it: on one line and short."""
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= _SHOWN else f"“{line[:_SHOWN]}…”"


def column_names(header: list[str], file: str) -> tuple[str, ...]:
    """Return the names of the columns; one without a name is called by its number, "column 3".

    Raises:
        InputError: there are too many columns, or two have one name.
    """
    if len(header) > MAX_COLUMNS:
        raise InputError(
            f"{file} has more than {MAX_COLUMNS} columns.",
            next_step="Remove the columns that are not needed, or check that this is the right file.",
        )
    names = tuple(name.strip() or f"column {number}" for number, name in enumerate(header, start=1))
    first: dict[str, str] = {}
    for name in names:
        if first.setdefault(column_key(name), name) != name or names.count(name) > 1:
            raise InputError(
                f"{file} has two columns named {shown(name)}.",
                next_step="Rename one of them; case, spaces, hyphens and underscores make no difference.",
            )
    return names
