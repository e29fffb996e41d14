"""From the rows of a file to canonical values: which column goes where, and what is done to it on the way."""

import re
from dataclasses import dataclass

from fieldcheck.errors import InputError
from fieldcheck.lists.canonical import COLUMNS, MANY_VALUED, unknown_columns
from fieldcheck.lists.cells import clean, is_zero, text_of, values_of
from fieldcheck.lists.mapping import ListMap
from fieldcheck.lists.tables import Cell, Row, column_key
from fieldcheck.lists.tables.model import shown

HOW_TO_GIVE_IDS = (
    'Name the column with the publisher\'s own reference in a map given with --map: [columns] "…" = "id"; '
    'or several that are unique together: id_from = ["…", "…"].'
)
_BARE_NUMBERS = re.compile(r"\d+(?:[.,]\d+)?(?:\s*[x×*]\s*\d+(?:[.,]\d+)?)*")
# A word such as "unknown" may be an id, and as a status it must be explained.
_TAKEN_AS_THEY_ARE = frozenset({"id", "status"})
_MAX_ARRANGEMENTS = 1_000


@dataclass(frozen=True, slots=True)
class _Arrangement:
    """For one set of columns: which column gives to which canonical one, and which make up the id."""

    moves: tuple[tuple[str, str], ...]
    id_columns: tuple[str, ...]


class Layout:
    """How one file's columns become the canonical ones.

    ``unseen`` are the keys of columns that the map names and no row has had so far.
    """

    def __init__(self, mapping: ListMap, file: str) -> None:
        self._map = mapping
        self._file = file
        self._given = {target for targets in mapping.columns.values() for target in targets}
        self._arranged: dict[tuple[str, ...], _Arrangement] = {}
        self.unseen = set(mapping.sources)

    def check(self, columns: tuple[str, ...]) -> None:
        """Refuse a header that leaves a column unexplained, lacks one that the map names, or gives no id.

        Raises:
            InputError: says which, and what to write in the map.
        """
        arrangement = self._arrangement(columns)
        if self.unseen:
            absent = ", ".join(map(shown, sorted(self.unseen)))
            raise InputError(
                f"The map names columns that {self._file} does not have: {absent}.",
                next_step=f"Correct the map; the file has {', '.join(map(shown, columns[:20]))}.",
            )
        if not self._map.id_from and all(target != "id" for _, target in arrangement.moves):
            raise InputError(f"{self._file} has no column for the id.", next_step=HOW_TO_GIVE_IDS)

    def values(self, row: Row) -> dict[str, Cell]:
        """Return the canonical values of a row; fields with several values are tuples, empty ones are absent.

        Raises:
            InputError: a column is neither canonical nor mapped nor ignored.
            ValueError: two columns have one name, or a cell has too many values.
        """
        arrangement = self._arrangement(tuple(row.cells))
        found: dict[str, tuple[str, ...]] = {}
        for name, target in arrangement.moves:
            if parts := self._parts(name, target, row.cells[name]):
                found[target] = found[target] + parts if target in found else parts
        values: dict[str, Cell] = {
            target: parts if target in MANY_VALUED else self._between(target).join(parts)
            for target, parts in found.items()
        }
        self._give_id(values, row, arrangement.id_columns)
        self._complete(values)
        return values

    def _arrangement(self, names: tuple[str, ...]) -> _Arrangement:
        if names not in self._arranged:
            if len(self._arranged) >= _MAX_ARRANGEMENTS:
                self._arranged.clear()
            self._arranged[names] = self._arrange(names)
        return self._arranged[names]

    def _arrange(self, names: tuple[str, ...]) -> _Arrangement:
        """Order the columns: first those of the map, in its order, then those with canonical names."""
        by_key = {column_key(name): name for name in names}
        if len(by_key) < len(names):
            raise ValueError("two of its columns have one name")
        explained = self._map.sources | set(self._map.ignore)
        own = {key for key in by_key if key in COLUMNS and key not in explained | self._given}
        unknown = [name for key, name in by_key.items() if key not in explained | own]
        if unknown and not self._map.ignores_the_rest:
            raise unknown_columns(unknown, self._file)
        self.unseen -= set(by_key)
        moves = [(key, target) for key, targets in self._map.columns.items() for target in targets]
        moves += [(key, key) for key in by_key if key in own]
        return _Arrangement(
            tuple((by_key[key], target) for key, target in moves if key in by_key),
            tuple(by_key[key] for key in self._map.id_columns if key in by_key),
        )

    def _between(self, target: str) -> str:
        return self._map.join.get(target, "; ")

    def _parts(self, name: str, target: str, cell: Cell) -> tuple[str, ...]:
        """Return the values that one cell gives to one canonical column."""
        if target in _TAKEN_AS_THEY_ARE:
            return tuple(filter(None, map(clean, (cell,) if isinstance(cell, str) else cell)))
        if target in MANY_VALUED:
            parts = values_of(cell, self._map.split.get(target, ""))
        else:
            text = text_of(cell, self._between(target))
            parts = (text,) if text else ()
        if target == "measurements":
            parts = tuple(part for part in parts if not is_zero(part))
        if not (self._map.units or self._map.labels):
            return parts
        key = column_key(name)
        unit = self._map.units.get(key) or self._map.units.get(target, "")
        label = self._map.labels.get(key, "")
        return tuple(_labelled(part, unit, label) for part in parts)

    def _give_id(self, values: dict[str, Cell], row: Row, columns: tuple[str, ...]) -> None:
        if self._map.numbers_rows:
            values["id"] = str(row.line)
        elif self._map.id_from:
            values["id"] = "/".join(filter(None, (_on_one_line(text_of(row.cells[name])) for name in columns)))
        elif "id" in values:
            values["id"] = _on_one_line(str(values["id"]))

    def _complete(self, values: dict[str, Cell]) -> None:
        """Add the defaults, translate the status and leave out what is not to be kept."""
        for target, text in self._map.defaults.items():
            if not values.get(target):
                values[target] = values_of(text) if target in MANY_VALUED else clean(text)
        if self._map.status and "status" in values:
            word = str(values["status"])
            values["status"] = self._map.status.get(word.casefold(), word)
        for target in self._map.list_.drop_fields:
            values.pop(target, None)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _labelled(text: str, unit: str, label: str) -> str:
    if unit and _BARE_NUMBERS.fullmatch(text):
        text = f"{text} {unit}"
    return f"{label} {text}" if label else text
