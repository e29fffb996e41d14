"""Remembering what was read of a list's rows: in a long manifest one record is like many items."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST = 4_096
"""Rows that are remembered as lately used, and as many used before; a reading or a record takes some kilobytes."""


class Remembered(Generic[T]):
    """What ``read`` makes of rows, read again only once it is forgotten.

    Args:
        read: gives what it finds for some rows; a row that does not exist is left out.
    """

    def __init__(self, read: Callable[[Sequence[int]], dict[int, T]]) -> None:
        self._read = read
        self._lately: dict[int, T] = {}
        self._before: dict[int, T] = {}

    def at(self, rows: Sequence[int]) -> dict[int, T]:
        """What is in those rows."""
        lately, before = self._lately, self._before
        found = {row: lately[row] for row in rows if row in lately}
        if len(found) < len(rows):
            again = {row: before[row] for row in rows if row in before and row not in found}
            unknown = [row for row in rows if row not in found and row not in again]
            new = again | self._read(unknown) if unknown else again
            self._remember(new)
            found |= new
        return found

    def _remember(self, new: dict[int, T]) -> None:
        if len(self._lately) + len(new) > _MOST:
            self._lately, self._before = {}, self._lately
        self._lately |= new
