"""Other names of much sought makers, in other scripts and languages, from ``data/maker_aliases.csv``.

Compiled into the lexicon's file; a check looks up only the words that it meets.
"""

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from fieldcheck.text.inflection import stems
from fieldcheck.text.names import name_parts
from fieldcheck.text.normalise import words

_LONGEST = 5
_SHORTEST_STEM = 4


def compile_aliases(path: Path, target: Path) -> int:
    """Add the aliases to a compiled lexicon; returns how many there are."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            (" ".join(words(alias)), " ".join(name_parts(row["maker"])))
            for row in csv.DictReader(stream)
            for alias in row["aliases"].split("|")
        ]
    with sqlite3.connect(target) as connection:
        connection.execute("CREATE TABLE aliases(alias TEXT PRIMARY KEY, maker TEXT) WITHOUT ROWID")
        connection.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", [row for row in rows if row[0]])
    connection.close()
    return len(rows)


class Aliases:
    """Aliases of makers, looked up in the lexicon's file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, tuple[str, ...]] = {}

    def find(self, tokens: Sequence[str], language: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield start, end and the parts of the maker's name for each alias in folded words, without overlap."""
        start = 0
        while start < len(tokens):
            found = next(self._beginning_at(tokens, start, language), None)
            if found:
                yield found
            start = found[1] if found else start + 1

    def _beginning_at(
        self, tokens: Sequence[str], start: int, language: str
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        for end in range(min(start + _LONGEST, len(tokens)), start, -1):
            if parts := self._maker(" ".join(tokens[start:end])):
                yield start, end, parts
        if not tokens[start].isascii():
            declined = (self._maker(stem) for stem in stems(tokens[start], language) if len(stem) >= _SHORTEST_STEM)
            yield from ((start, start + 1, parts) for parts in declined if parts)

    def _maker(self, alias: str) -> tuple[str, ...]:
        if alias not in self._known:
            row = self._connection.execute("SELECT maker FROM aliases WHERE alias = ?", (alias,)).fetchone()
            self._known[alias] = tuple(row[0].split()) if row else ()
        return self._known[alias]
