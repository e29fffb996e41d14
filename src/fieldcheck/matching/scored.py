"""A record that was compared with the item, before anything is said about it."""

from typing import NamedTuple

from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.finding import Finding
from fieldcheck.text.reading import Reading


class Scored(NamedTuple):
    """One record, what was found, and the sum of it in log-odds; ``row`` is its place in its list."""

    opened: OpenList
    row: int
    reading: Reading
    findings: tuple[Finding, ...]
    score: float

    @property
    def key(self) -> tuple[str, int]:
        """The list and row of the record."""
        return self.opened.id, self.row
