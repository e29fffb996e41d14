"""Finding measurements in tokens: ``30 x 40 cm`` is a chain of two dimensions.

Nothing is computed here. What makes a dimension doubtful in itself is noted beside it.
"""

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

from fieldcheck.text.tokens import CURRENCY_SIGNS, Kind, Tokens, is_year, load_words

LARGEST_CM = 10_000.0


class System(enum.Enum):
    """What a unit measures, and by which system."""

    METRIC = enum.auto()
    IMPERIAL = enum.auto()
    WEIGHT = enum.auto()


class Unit(enum.Enum):
    """A unit as (centimetres or grams in one of it, system)."""

    MM = (0.1, System.METRIC)
    CM = (1.0, System.METRIC)
    DM = (10.0, System.METRIC)
    M = (100.0, System.METRIC)
    IN = (2.54, System.IMPERIAL)
    FT = (30.48, System.IMPERIAL)
    YD = (91.44, System.IMPERIAL)
    G = (1.0, System.WEIGHT)
    KG = (1000.0, System.WEIGHT)
    OZ = (28.349523, System.WEIGHT)
    LB = (453.59237, System.WEIGHT)

    @property
    def factor(self) -> float:
        """Centimetres or grams in one of this unit."""
        return self.value[0]

    @property
    def system(self) -> System:
        """The system this unit belongs to."""
        return self.value[1]


_MARKS = {"'": Unit.FT, '"': Unit.IN, "''": Unit.IN}
_GLUED_WORDS = ("by", "label", "adjective", "weight_label", "about")
_SHORT_LABEL = 2
_LINKS = frozenset("-/._#")
_MINOR = {Unit.FT: Unit.IN, Unit.M: Unit.CM, Unit.LB: Unit.OZ}


@cache
def unit_words() -> dict[str, Unit]:
    """Return the unit that each word stands for."""
    table = load_words("units.toml", "units")
    return {word: Unit[name.upper()] for name, words in table.items() for word in words}


@lru_cache(maxsize=4096)
def means(key: str, meaning: str) -> bool:
    """Whether ``data/units.toml`` lists a folded word under `meaning`."""
    return key in load_words("units.toml", "words")[meaning]


class Doubt(enum.StrEnum):
    """Why something that looks like a measurement is not read as one."""

    UNITS = "the two units disagree"
    MARK = "the mark is neither feet nor inches"
    NO_UNIT = "no unit is given"
    RANGE = "a range, not one size"
    NUMBER = "the number can be read in two ways"
    INCOMPLETE = "a part is missing"
    LARGE = "larger than 100 m"


class Part(NamedTuple):
    """One number with its unit: ``20'5"`` is two parts, ``30 cm`` one."""

    number: str
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Dim:
    """One dimension, the quote mark that stands for its unit, and why it cannot be read, if so."""

    parts: tuple[Part, ...]
    mark: str = ""
    doubt: Doubt | None = None

    @property
    def unit(self) -> Unit | None:
        """The unit written last; None where there is none."""
        return self.parts[-1].unit


@dataclass(frozen=True, slots=True)
class Chain:
    """Dimensions joined by "x", with the tokens [first, last) that they were read from."""

    dims: tuple[Dim, ...]
    first: int
    last: int
    labelled: bool = False

    @property
    def units(self) -> frozenset[Unit]:
        """All units of the chain; empty when none is written."""
        return frozenset(dim.unit for dim in self.dims if dim.unit)

    @property
    def is_weight(self) -> bool:
        """Whether the chain says how heavy and not how large."""
        return any(unit.system is System.WEIGHT for unit in self.units)


class Parser:
    """Finds chains. A position is a token's index; a method that reads something also says where it ended."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._quotations = _quotations(tokens.text)

    def chains(self) -> Iterator[Chain]:
        """Yield all chains, bare numbers included, in order."""
        at = 0
        while at < len(self._tokens):
            chain = self._chain(at)
            if chain:
                yield chain
            at = chain.last if chain else at + 1

    def _chain(self, at: int) -> Chain | None:
        read = self._dim(at)
        if not read:
            return None
        dims, last = [read[0]], read[1]
        while means(self._tokens[last].key, "by") and (read := self._dim(self._skip_label(last + 1))):
            dims.append(read[0])
            last = read[1]
        label = self._label_before(at)
        return Chain(_shared_unit(dims), at if label is None else label, last, label is not None)

    def _dim(self, at: int) -> tuple[Dim, int] | None:
        if not self._is_number(at):
            return None
        number, at = self._tokens[at].text, at + 1
        doubt = None
        if self._tokens[at].text == "-" and self._tokens[at + 1].kind is Kind.NUMBER and not is_year(number):
            doubt, at = Doubt.RANGE, at + 2
        unit, mark, at = self._unit(at, number)
        at, labelled = self._label_after(at)
        if unit is None and labelled:
            unit, mark, at = self._unit(at, number)
        if mark == "'\"":
            doubt = Doubt.MARK
        parts: tuple[Part, ...] = (Part(number, unit),)
        minor = self._minor(at, unit)
        if minor:
            parts, at, mark = (*parts, minor[0]), minor[1], ""
        return Dim(parts, mark, doubt), at

    def _is_number(self, at: int) -> bool:
        """Whether a quantity stands here, and not a piece of an inventory number, an ordinal, a price."""
        token = self._tokens[at]
        if token.kind is not Kind.NUMBER:
            return False
        before, after = self._tokens[at - 1], self._tokens[at + 1]
        if before.text in CURRENCY_SIGNS or after.text in CURRENCY_SIGNS:
            return False
        if means(before.key, "currency") or means(after.key, "currency") or re.match(r"0\d", token.text):
            return False
        if self._tokens.glued(at) and not self._opens(at - 1):
            return False
        return not self._tokens.glued(at + 1) or after.kind is not Kind.WORD or self._may_follow(after.key)

    def _opens(self, at: int) -> bool:
        """Whether a number may follow the token here without a space."""
        token = self._tokens[at]
        if token.text in _LINKS and self._tokens.glued(at):
            token = self._tokens[at - 1]
        opens = token.kind in {Kind.SIGN, Kind.QUOTE} and token.text not in _LINKS
        return opens or self._may_follow(token.key)

    @staticmethod
    def _may_follow(key: str) -> bool:
        return key in unit_words() or any(means(key, what) for what in ("by", "label", "weight_label", "about"))

    def _unit(self, at: int, number: str) -> tuple[Unit | None, str, int]:
        """Return the unit here, if there is one, the quote mark it was written with, and where it ended."""
        token, after = self._tokens[at], self._tokens[at + 1]
        if token.kind is Kind.QUOTE:
            suffix = self._tokens.glued(at + 1) and after.kind is Kind.WORD and not self._may_follow(after.key)
            if suffix or token.start in self._quotations or is_year(number):
                return None, "", at
            return _MARKS.get(token.text, Unit.IN), token.text, at + 1
        unit = unit_words().get(token.key)
        if means(token.key, "needs_weight_label") and not self._weight_before(at - 1):
            return None, "", at
        if unit is None or after.text in {"²", "³"} or self._is_other_word(at, unit, number):
            return None, "", at
        return unit, "", at + 1 + (after.text == "." and self._tokens.glued(at + 1))

    def _is_other_word(self, at: int, unit: Unit, number: str) -> bool:
        """Whether what looks like a unit is something else: "1850 in pencil", "600 م" (of our era)."""
        if self._tokens[at].key == "in" and means(self._tokens[at + 1].key, "no_inches"):
            return True
        if means(self._tokens[at - 2].key, "by"):
            return False
        far = unit is Unit.M and number.isdecimal() and float(number) * unit.factor >= LARGEST_CM
        return far or (unit in {Unit.IN, Unit.FT} and is_year(number))

    def _minor(self, at: int, major: Unit | None) -> tuple[Part, int] | None:
        """Read the second part of ``6 ft 7 in``, ``4' 5"``, ``1 m 20``."""
        minor = _MINOR.get(major) if major else None
        if self._tokens[at].text == "," and major is Unit.FT:
            at += 1
        if minor is None or not self._is_number(at):
            return None
        number = self._tokens[at].text
        unit, _, end = self._unit(at + 1, number)
        if unit is minor or (unit is None and major is Unit.M and re.fullmatch(r"\d\d", number)):
            return Part(number, minor), end
        return None

    def _skip_label(self, at: int) -> int:
        while self._is_label(at) or self._tokens[at].text in {":", "=", "."}:
            at += 1
        return at

    def _is_label(self, at: int) -> bool:
        return means(self._tokens[at].key, "label") or means(self._tokens[at].key, "adjective")

    def _label_after(self, at: int) -> tuple[int, bool]:
        """Step over a label such as the ``H`` of ``18"H`` or ``(diam.)``; say whether it was there."""
        opened = self._tokens[at].text == "("
        end = self._skip_label(at + opened)
        if end == at + opened or self._is_number(end) or self._tokens[end - 1].text in {":", "="}:
            return at, False
        if not opened:
            return end, True
        return (end + 1, True) if self._tokens[end].text == ")" else (at, False)

    def _label_before(self, number: int) -> int | None:
        at = number - 1
        while self._tokens[at].text in {".", ":", "=", "-"}:
            at -= 1
        key = self._tokens[at].key
        short = key.isascii() and len(key) <= _SHORT_LABEL
        if short and at == number - 1 and not self._tokens.glued(number):
            return None
        return at if means(key, "label") else None

    def _weight_before(self, at: int) -> bool:
        return any(means(self._tokens[at - back].key, "weight_label") for back in (1, 2, 3))


def _shared_unit(dims: Sequence[Dim]) -> tuple[Dim, ...]:
    """Give each dimension that lacks a unit that of the next one, or of the last one."""
    shared: list[Dim] = []
    unit = next((dim.unit for dim in reversed(dims) if dim.unit), None)
    for dim in reversed(dims):
        unit = dim.unit or unit
        shared.append(replace(dim, parts=(*dim.parts[:-1], Part(dim.parts[-1].number, unit))))
    return tuple(reversed(shared))


def _quotations(text: str) -> frozenset[int]:
    """Return where quote marks enclose words, as those of ``"Untitled 5"`` do: they are no inches."""
    found: set[int] = set()
    opened: dict[str, int] = {}
    for match in re.finditer(r"""(?<!\w)(?P<open>['"])(?=\w)(?![xх]\s?\d)|(?P<close>['"])(?!\w)""", text):
        mark = match[0]
        if match["open"]:
            opened[mark] = match.start()
        elif mark in opened:
            found |= {opened.pop(mark), match.start()}
    return frozenset(found)
