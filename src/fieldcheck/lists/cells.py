"""The content of a cell: clean text, several values in one, and words that say that there is nothing."""

import json
import re
import unicodedata

from fieldcheck.lists.tables import Cell
from fieldcheck.lists.words import MISSING

SEPARATOR = "|"
"""Stands between several values of one cell, with a space on either side."""

MAX_VALUES = 1_000

_BETWEEN = re.compile(r"\s+\|(?=\s)")
# C0 but the newline, DEL, C1, and halves of surrogate pairs, which no encoding can write.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST_MISSING = 30


def clean(text: str) -> str:
    """Return text in Unicode's composed form (NFC) without control characters and outer spaces."""
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", lines)).strip()


def is_missing(text: str) -> bool:
    """Whether clean text only says that there is nothing to say ("Unknown", "n/a", "-")."""
    return len(text) <= _LONGEST_MISSING and text.casefold() in MISSING


def is_zero(text: str) -> bool:
    """Whether every number in clean text is zero, as a form leaves a measurement that nobody took."""
    digits = [unicodedata.digit(character, 1) for character in text if character.isdigit()]
    return bool(digits) and not any(digits)


def values_of(cell: Cell, separator: str = "") -> tuple[str, ...]:
    """Return the clean values of a cell with several: a JSON array of texts, or texts between separators.

    Raises:
        ValueError: there are more than `MAX_VALUES`.
    """
    parts = cell if isinstance(cell, tuple) else _split(cell, separator)
    if len(parts) > MAX_VALUES:
        raise ValueError(f"a cell has more than {MAX_VALUES:,} values")
    return tuple(part for part in map(clean, parts) if not is_missing(part))


def text_of(cell: Cell, between: str = "; ") -> str:
    """Return the clean text of a cell with one value; those of an array are written one after the other."""
    if isinstance(cell, str):
        text = clean(cell)
        return "" if is_missing(text) else text
    return between.join(values_of(cell))


def _split(text: str, separator: str) -> tuple[str, ...] | list[str]:
    if text.lstrip().startswith("[") and (array := _array(text)) is not None:
        return array
    if separator:
        return text.split(separator)
    return _BETWEEN.split(text) if SEPARATOR in text else (text,)


def _array(text: str) -> list[str] | None:
    """Return a JSON array of texts; an inscription such as "[1890]" is none."""
    try:
        array = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return array if isinstance(array, list) and all(isinstance(value, str) for value in array) else None
