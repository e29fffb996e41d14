"""JSON and JSON Lines as rows: nested keys become names with dots, arrays become several values."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from fieldcheck.errors import InputError
from fieldcheck.lists.tables.decoding import text_file
from fieldcheck.lists.tables.model import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROW,
    BadRow,
    Cell,
    Reading,
    Row,
    Table,
    shown,
)

_MAX_TEXT = 200_000_000
_USUAL_KEYS = ("records", "items", "objects", "results", "data", "rows", "entries", "hits", "features")
_EXACT_FLOAT = 1e15


@contextmanager
def open_json_lines(path: Path, reading: Reading) -> Iterator[Table]:
    """Open a file with one JSON object a line.

    Raises:
        InputError: the file is of another kind or its encoding cannot be told.
    """
    source = text_file(path, reading.encoding)
    with source.open() as stream:
        yield Table((), _line_rows(stream), "line", source.notes)


@contextmanager
def open_json(path: Path, reading: Reading) -> Iterator[Table]:
    """Open a file with one JSON array of objects, at its top or under a key.

    Raises:
        InputError: the file is of another kind, not JSON or too large, or does not tell where entries are.
    """
    source = text_file(path, reading.encoding)
    with source.open() as stream:
        text = stream.read(_MAX_TEXT + 1)
    if len(text) > _MAX_TEXT:
        raise InputError(
            f"{path} is too large for a JSON file (more than {_MAX_TEXT:,} characters).",
            next_step="Save it as JSON Lines (.jsonl), one object a line: such a file may be larger.",
        )
    try:
        value = _parse(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path} is not JSON: {_reason(error)}.",
            next_step="Check the file; if each line is one object, give it a name that ends in .jsonl.",
        ) from error
    entries, notes = _entries(value, reading.rows, path)
    yield Table((), _entry_rows(entries), "entry", source.notes + notes)


def _line_rows(stream: TextIO) -> Iterator[Row | BadRow]:
    number = 0
    while line := stream.readline(MAX_ROW):
        number += 1
        if len(line) == MAX_ROW:
            yield BadRow(number, f"the line holds more than {MAX_ROW:,} characters")
            while line and not line.endswith("\n"):
                line = stream.readline(MAX_ROW)
        elif not line.isspace():
            try:
                entry = _parse(line)
            except (ValueError, RecursionError) as error:
                yield BadRow(number, f"it is not JSON: {_reason(error)}")
            else:
                yield _row(number, entry)


def _entry_rows(entries: list[Any]) -> Iterator[Row | BadRow]:
    for number, entry in enumerate(entries, start=1):
        yield _row(number, entry)


def _row(number: int, entry: object) -> Row | BadRow:
    if not isinstance(entry, dict):
        return BadRow(number, "it is not an object with named values")
    found: dict[str, list[str]] = {}
    arrays: set[str] = set()
    try:
        _collect(found, arrays, "", entry, many=False)
    except (ValueError, RecursionError) as error:
        return BadRow(number, _reason(error))
    cells: dict[str, Cell] = {name: tuple(values) if name in arrays else values[0] for name, values in found.items()}
    return Row(number, cells)


def _collect(found: dict[str, list[str]], arrays: set[str], name: str, value: object, *, many: bool) -> None:
    """Put every value below ``name`` under its dotted name; ``many`` says that an array stands above it."""
    if isinstance(value, dict):
        for key, below in value.items():
            _collect(found, arrays, f"{name}.{key}" if name else key, below, many=many)
    elif isinstance(value, list):
        for below in value:
            _collect(found, arrays, name, below, many=True)
    elif value is not None:
        found.setdefault(name, []).append(_text(value))
        if len(found) > MAX_COLUMNS:
            raise ValueError(f"it has more than {MAX_COLUMNS} keys")
        if many:
            arrays.add(name)


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < _EXACT_FLOAT:
            return str(int(value))
    text = str(value)
    if len(text) > MAX_CELL:
        raise ValueError(f"a value holds more than {MAX_CELL:,} characters")
    return text


def _parse(text: str) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(text.removeprefix("\ufeff"), parse_constant=lambda _: None)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return str(error)


def _entries(value: Any, place: str, path: Path) -> tuple[list[Any], tuple[str, ...]]:  # noqa: ANN401 - any JSON value
    """Return the entries of a JSON file, and a note of where they were found if that was not at its top."""
    if place:
        return _at(value, place, path), ()
    if isinstance(value, list):
        return value, ()
    arrays = [key for key, below in value.items() if _holds_objects(below)] if isinstance(value, dict) else []
    usual = [key for key in arrays if key.lower() in _USUAL_KEYS]
    match usual or arrays:
        case [key]:
            return value[key], (f"The entries were read from the key {shown(key)}.",)
        case []:
            raise InputError(
                f"{path} holds no array of objects.",
                next_step='If the entries stand deeper, name their place in a map: [file] rows = "key.key".',
            )
        case several:
            raise InputError(
                f"{path} holds several arrays of objects: {', '.join(map(shown, several[:10]))}.",
                next_step='Name the one that holds the entries in a map: [file] rows = "key".',
            )


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _at(value: object, place: str, path: Path) -> list[Any]:
    """Return what stands at a dotted place, from every entry of each array on the way."""
    found = [value]
    for key in place.split("."):
        flat = [entry for part in found for entry in (part if isinstance(part, list) else [part])]
        found = [entry[key] for entry in flat if isinstance(entry, dict) and key in entry]
    if not found:
        raise InputError(
            f"{path} has nothing at {shown(place)}.",
            next_step="Correct “rows” under [file] in the map: keys from the top, separated by dots.",
        )
    return [entry for part in found for entry in (part if isinstance(part, list) else [part])]
