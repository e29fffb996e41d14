"""Inventory, accession and reference numbers: the only words that can name one object among millions."""

import re

from fieldcheck.text.normalise import fold

_MIN_LENGTH = 4
_PLAIN_NUMBER = re.compile(r"\d{1,4}")
_TOKEN = re.compile(r"[^\s,;|()\[\]«»\"]+")
_HAS_DIGIT = re.compile(r"\d")
_SIZE_OR_DATE = re.compile(
    r"\d+(?:[.,]\d+)?(?:mm|cm|m|in|ft|kg|g|см|мм|м|سم|х|x)?|\d+(?:st|nd|rd|th|s)"
    r"|\d{1,4}[-–/]\d{1,4}|\d+(?:[.,]\d+)?[x×х]\d+(?:[.,]\d+)?(?:mm|cm|in|см)?"
)


def number_key(number: str) -> str:
    """Return the form in which two spellings of one number meet: letters and digits only, folded."""
    return "".join(c for c in fold(number) if c.isalnum())


def record_numbers(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Keys of a record's numbers that are long enough to mean something by themselves."""
    keys = (number_key(number) for number in numbers)
    return tuple(dict.fromkeys(key for key in keys if len(key) >= _MIN_LENGTH and _HAS_DIGIT.search(key)))


def numbers_in(text: str) -> tuple[str, ...]:
    """Keys of the words of free text that look like inventory numbers: mixed with letters or separators.

    A bare number, a size, a year or a span of years is not taken for one.
    """
    found: list[str] = []
    for token in _TOKEN.findall(fold(text)):
        token = token.strip(".:-/'’")  # noqa: PLW2901  # the trimmed token is the token
        if not _HAS_DIGIT.search(token) or _SIZE_OR_DATE.fullmatch(token):
            continue
        key = number_key(token)
        if len(key) >= _MIN_LENGTH and not _PLAIN_NUMBER.fullmatch(key):
            found.append(key)
    return tuple(dict.fromkeys(found))
