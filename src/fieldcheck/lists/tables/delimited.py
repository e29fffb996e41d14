"""CSV and TSV, by any of the usual delimiters, with every row that cannot be read named by its line."""

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from fieldcheck.errors import InputError
from fieldcheck.lists.tables.decoding import text_file
from fieldcheck.lists.tables.model import MAX_CELL, MAX_ROW, BadRow, Reading, Row, Table, column_names

_DELIMITERS = (",", ";", "\t")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}
_MAX_LINES = 10_000
_MAX_AGAIN = 64_000_000

_TOO_LONG = f"the row holds more than {MAX_ROW:,} characters"
_CELL_TOO_LONG = f"a cell holds more than {MAX_CELL:,} characters"
_NUL = "the row holds a NUL byte"
_OPEN_QUOTE = "a quote is opened and not closed"
_AFTER_QUOTE = "text stands between a closing quote and the next delimiter"


@contextmanager
def open_delimited(path: Path, reading: Reading) -> Iterator[Table]:
    """Open a CSV or TSV file.

    Raises:
        InputError: the file is no such table, is empty, or its delimiter cannot be told.
    """
    source = text_file(path, reading.encoding)
    csv.field_size_limit(MAX_CELL)
    with source.open() as stream:
        lines = _Lines(stream)
        header, asked = _header_lines(lines)
        if not header:
            raise InputError(f"{path} is empty.", next_step="Check that this is the right file.")
        if header[0].lstrip().startswith(("{", "[{")):
            raise InputError(
                f"{path} is not a table: it seems to be JSON.",
                next_step="Give it a name that ends in .json or .jsonl.",
            )
        delimiter = reading.delimiter or asked or _delimiter(header, str(path))
        columns = column_names(_cells(header, delimiter), str(path))
        yield Table(columns, _rows(lines, columns, delimiter), "line", source.notes)


class _Lines:
    """The lines of a file with their numbers; those that a broken row swallowed can be read again."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self._left_to_repeat = _MAX_AGAIN
        self._size = 0
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self._taken.append(line)
        self._size += len(line)
        if self._size >= MAX_ROW or len(self._taken) > _MAX_LINES:
            raise csv.Error(_TOO_LONG)
        if "\0" in line:
            raise csv.Error(_NUL)
        return line

    def _read(self) -> str:
        """Return the next line of the file, or its beginning if it is longer than a row may be."""
        line = part = self._stream.readline(MAX_ROW)
        while len(part) == MAX_ROW and not part.endswith(("\n", "\r")):
            part = self._stream.readline(MAX_ROW)
        return line

    @property
    def taken(self) -> int:
        """How many lines the row has taken so far."""
        return len(self._taken)

    def start_row(self) -> int:
        """Begin a row; return the number of its first line."""
        self._taken.clear()
        self._size = 0
        return self.number + 1

    def give_back(self) -> int:
        """Give back every line of a broken row but its first; return how many are lost instead.

        They are lost once so much was repeated that the file must have been made for it.
        """
        swallowed = self._taken[1:]
        self._left_to_repeat -= sum(map(len, swallowed))
        if self._left_to_repeat < 0:
            return len(swallowed)
        self._again.extendleft(reversed(swallowed))
        self.number -= len(swallowed)
        return 0


def _header_lines(lines: _Lines) -> tuple[list[str], str]:
    """Return the lines of the header row, and the delimiter that Excel's line ``sep=;`` names before it."""
    header: list[str] = []
    asked = ""
    try:
        for line in lines:
            if not header and not line.strip():
                continue
            if not header and line.lower().startswith("sep=") and len(line.rstrip("\r\n")) == len("sep=;"):
                asked = line[len("sep=")]
                continue
            header.append(line)
            if sum(part.count('"') for part in header) % 2 == 0:
                break
    except csv.Error as error:
        raise InputError(
            f"The first line is not a header: {error}.", next_step="Check that this is the right file."
        ) from error
    return header, asked


def _cells(lines: list[str], delimiter: str) -> list[str]:
    return next(csv.reader(lines, delimiter=delimiter))


def _delimiter(header: list[str], file: str) -> str:
    """Return the delimiter by which the header falls into most columns."""
    counts = {delimiter: len(_cells(header, delimiter)) for delimiter in _DELIMITERS}
    most = max(counts.values())
    best = [delimiter for delimiter, count in counts.items() if count == most]
    if most > 1 and len(best) > 1:
        names = " or by ".join(_NAMES[delimiter] for delimiter in best)
        raise InputError(
            f"{file} may be divided by {names}: the header does not tell.",
            next_step='Say which in a map given with --map: [file] delimiter = ";".',
        )
    return best[0]


def _rows(lines: _Lines, columns: tuple[str, ...], delimiter: str) -> Iterator[Row | BadRow]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = len(columns)
    while True:
        start = lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(start, _why(str(error), lines.taken), lines)
            continue
        if not any(cells):
            continue
        if len(cells) < width or any(cells[width:]):
            yield _broken(start, _wrong_count(len(cells), width, lines.taken), lines)
            continue
        yield Row(start, dict(zip(columns, cells, strict=False)))


def _broken(start: int, message: str, lines: _Lines) -> BadRow:
    """Return a row that cannot be read, and go back to the line after its first."""
    lost = lines.give_back()
    return BadRow(start, f"{message}; the {lost} lines after it are lost" if lost else message)


def _why(error: str, lines: int) -> str:
    if error == _NUL:
        return error
    if lines > 1 or "end of data" in error:
        return _OPEN_QUOTE
    if error == _TOO_LONG:
        return error
    return _CELL_TOO_LONG if "field limit" in error else _AFTER_QUOTE


def _wrong_count(found: int, expected: int, lines: int) -> str:
    message = f"it has {found} cells where the header has {expected}"
    return f"{message}; perhaps {_OPEN_QUOTE}" if lines > 1 else message
