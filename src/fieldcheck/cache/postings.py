"""Postings: the rows in which a term occurs, as the steps from each row to the next, or as one bit for each row.

The first byte says which: 1, 2 or 4 for the bytes of a step, little-endian, 0 for bits. Bits serve common terms:
whether a row is among them is seen without reading the others, so that a common word costs no more in a long list.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, compress, count, pairwise

_STEPS = {1: "B", 2: "H", 4: "I"}
_BITS = 0
_FLAGS = bytes.maketrans(b"01", b"\0\1")
_BIT = tuple(1 << place for place in range(8))
_COMMON = 16
"""A term that more than one row in so many has is kept as bits."""


def pack(rows: Sequence[int], size: int) -> bytes:
    """Pack rows, ascending, of a list that has ``size`` rows."""
    if len(rows) * _COMMON > size:
        bits = bytearray(size // 8 + 1)
        for row in rows:
            bits[row >> 3] |= 1 << (row & 7)
        return bytes((_BITS,)) + bits
    steps = [rows[0], *(after - before for before, after in pairwise(rows))]
    most = max(steps)
    width = next(width for width in _STEPS if most < 1 << 8 * width)
    return bytes((width,)) + _little_endian(array(_STEPS[width], steps)).tobytes()


class Postings:
    """The rows in which one term occurs.

    Raises:
        ValueError: these are not packed rows.
    """

    def __init__(self, packed: bytes) -> None:
        kind = packed[0] if packed else None
        if kind != _BITS and kind not in _STEPS:
            raise ValueError("postings of an unknown kind")
        self._steps = _little_endian(array(_STEPS[kind], packed[1:])) if kind else None
        self._bits = b"" if kind else packed[1:]

    def rows(self) -> Iterable[int]:
        """Every row, ascending."""
        if self._steps is not None:
            return accumulate(self._steps)
        digits = f"{int.from_bytes(self._bits, 'little'):b}"[::-1].encode().translate(_FLAGS)
        return compress(count(), digits)

    def among(self, rows: AbstractSet[int]) -> Iterable[int]:
        """Those of the given rows that are in it."""
        if self._steps is not None:
            return frozenset(rows).intersection(accumulate(self._steps))
        bits, end = self._bits, len(self._bits) * 8
        return [row for row in rows if row < end and bits[row >> 3] & _BIT[row & 7]]


def _little_endian(steps: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        steps.byteswap()
    return steps
