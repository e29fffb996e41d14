"""The head of the log: the one line on a paper report that holds the whole log in place."""

import re
from dataclasses import dataclass

from fieldcheck.errors import UsageError

SHORT = 20
"""Hexadecimal digits of a hash or key that are printed: 80 bits, out of reach of a search."""

LEAST = 16
_PRINTED = re.compile(rf"(\d{{1,15}}):([0-9a-f]{{{LEAST},64}})")
_KEY = re.compile(rf"[0-9a-f]{{{LEAST},64}}")


@dataclass(frozen=True, slots=True)
class Head:
    """A place in the log and the hash of the entry there, whole or as it was printed."""

    seq: int
    hash: str

    @property
    def short(self) -> str:
        """As reports print it and `read_anchor` reads it."""
        return f"{self.seq}:{self.hash[:SHORT]}"


@dataclass(frozen=True, slots=True)
class Logged:
    """What a report says of its place in the casebook."""

    case: str
    head: Head

    @property
    def words(self) -> str:
        """The line for a report."""
        return f"case {self.case}, casebook entry {self.head.short}"


def read_anchor(text: str) -> Head:
    """Read a head as it was printed.

    Raises:
        UsageError: it is none.
    """
    found = _PRINTED.fullmatch(_typed(text))
    if not found:
        raise UsageError(
            f"{text[:60]!r} is no head of a casebook.",
            next_step="Write it as the report shows it, such as 12:3f9a0c12de45a1b2c3d4.",
        )
    return Head(int(found[1]), found[2])


def read_fingerprint(text: str) -> str:
    """Read the beginning of a public key.

    Raises:
        UsageError: it is none, or too short to name one key.
    """
    key = _typed(text)
    if not _KEY.fullmatch(key):
        raise UsageError(
            f"{text[:80]!r} is no fingerprint of a key.",
            next_step=f"Write at least {LEAST} of the digits that `fieldcheck case key` shows on the device.",
        )
    return key


def _typed(text: str) -> str:
    return "".join(text.split()).replace("-", "").lower()
