"""Sizes and weights, as catalogues print them and as officers type them, in many languages.

Chains of dimensions become centimetres or grams. What can be read in two ways is reported as doubtful and
never turned into a size.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import NamedTuple

from fieldcheck.text.chains import (
    LARGEST_CM,
    Chain,
    Dim,
    Doubt,
    Parser,
    Part,
    System,
    Unit,
    means,
    unit_words,
)
from fieldcheck.text.tokens import Kind, Tokens, fold_word, is_year

MAX_CHARS = 4_000
MAX_SIZES = 12
_DENOMINATORS = frozenset({2, 3, 4, 5, 6, 8, 10, 12, 16, 32, 64})
_HAS_NUMBER = re.compile(r"[\d¼½¾⅐-⅞]")
_FRACTION = re.compile(r"\d/ ?\d|[¼½¾⅐-⅞]$")
_ONLY_OF_INCHES = re.compile("[⅛⅜⅝⅞]|/ ?(?:8|16|32|64)$")


@dataclass(frozen=True, slots=True)
class Measures:
    """What a text says about size and weight.

    Attributes:
        sizes: centimetres in the order written, one value where a size is given in two units; at most 12.
        frame: centimetres of a frame or mount, which are no sizes of the object.
        weight_g: grams; the first weight that is given.
        doubtful: what looks like a measurement and cannot be read in one way only, each with its reason.
        spans: start and end of the characters that were read as any of these, in order, not overlapping.
    """

    sizes: tuple[float, ...] = ()
    frame: tuple[float, ...] = ()
    weight_g: float | None = None
    doubtful: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


class _Size(NamedTuple):
    """One value in centimetres and where its chain stands in the order written."""

    cm: float
    is_metric: bool
    chain: int


def read_measures(text: str, *, default_unit: str | None = None) -> Measures:
    """Read the sizes and the weight that `text` gives; linear in its length, never raises.

    Args:
        text: a catalogue field or free text; only the first 4,000 characters are read.
        default_unit: the unit of a field whose numbers carry none, such as ``"cm"``. Without it a bare number
            is no size, unless the rest of the text uses one unit throughout and the number is labelled or in
            an ``A x B``. Eighths and sixteenths are inches in any field.

    Returns:
        Sizes in centimetres and a weight in grams.
    """
    text = text[:MAX_CHARS]
    if not _HAS_NUMBER.search(text):
        return Measures()
    tokens = Tokens(text, unit_words())
    return _Reading(tokens, unit_words().get(fold_word(default_unit or ""))).measures()


class _Reading:
    """Turns chains into centimetres and grams, or into doubts."""

    def __init__(self, tokens: Tokens, default: Unit | None) -> None:
        self._tokens = tokens
        raw = list(Parser(tokens).chains())
        used = {unit for chain in raw for unit in chain.units if unit.system is not System.WEIGHT}
        self._unit = used.pop() if len(used) == 1 else None if used else default
        self._only_numbers = not any(token.kind is Kind.WORD for token in tokens)
        self._chains = [chain for chain in map(self._with_unit, raw) if chain]
        self._doubts: dict[int, Doubt] = {}

    def measures(self) -> Measures:
        """Read every chain."""
        sizes: list[_Size] = []
        frame: list[_Size] = []
        weights: list[float] = []
        for index, chain in enumerate(self._chains):
            values = self._values(index, chain)
            if chain.is_weight:
                weights += values
                continue
            target = frame if self._is_frame(chain) else sizes
            for cm, dim in zip(values, chain.dims, strict=False):
                target.append(_Size(cm, dim.unit is not None and dim.unit.system is System.METRIC, index))
        self._compare_units(sizes)
        read = {size.chain for size in (*sizes, *frame)} | self._doubts.keys()
        spans = [self._span(c) for i, c in enumerate(self._chains) if i in read or (c.is_weight and weights)]
        return Measures(
            sizes=_in_one_unit([size for size in sizes if size.chain not in self._doubts]),
            frame=_in_one_unit([size for size in frame if size.chain not in self._doubts]),
            weight_g=weights[0] if weights else None,
            doubtful=tuple(f"{self._words(i)}: {doubt}" for i, doubt in sorted(self._doubts.items())),
            spans=tuple(spans),
        )

    def _span(self, chain: Chain) -> tuple[int, int]:
        return self._tokens[chain.first].start, self._tokens[chain.last - 1].end

    def _words(self, index: int) -> str:
        start, end = self._span(self._chains[index])
        return " ".join(self._tokens.text[start:end].split())[:80]

    def _with_unit(self, chain: Chain) -> Chain | None:
        """Give a chain its unit, or none when that is in doubt; return None where no measurement is meant."""
        if chain.units:
            return chain
        numbers = [dim.parts[0].number for dim in chain.dims]
        unit = Unit.IN if any(map(_ONLY_OF_INCHES.search, numbers)) else self._unit
        behind = self._tokens[chain.last]
        if behind.kind is Kind.NUMBER and not is_year(behind.text):
            unit = None
        is_size = (chain.labelled or self._only_numbers) and unit and not is_year(numbers[0])
        if len(numbers) == 1 and not is_size:
            return None
        dims = (replace(dim, parts=(Part(dim.parts[0].number, unit),)) for dim in chain.dims)
        return replace(chain, dims=tuple(dims))

    def _values(self, index: int, chain: Chain) -> list[float]:
        """Return centimetres or grams; nothing when the chain is in doubt or says zero."""
        amounts = [_amount(dim) for dim in chain.dims]
        values = [amount for amount in amounts if amount is not None]
        doubt = self._doubt(chain)
        if doubt is None and len(values) < len(amounts):
            doubt = Doubt.NUMBER
        if doubt is None and not chain.is_weight and max(values) > LARGEST_CM:
            doubt = Doubt.LARGE
        if doubt:
            self._doubts[index] = doubt
        return values if all(values) and not doubt else []

    def _doubt(self, chain: Chain) -> Doubt | None:
        marks = {dim.mark for dim in chain.dims}
        if doubt := next((dim.doubt for dim in chain.dims if dim.doubt), None):
            return doubt
        if not chain.units:
            return Doubt.NO_UNIT
        mixed_kinds = len({unit.system is System.WEIGHT for unit in chain.units}) > 1
        if mixed_kinds or ("'" in marks and marks & {'"', "''"}):
            return Doubt.UNITS
        before, ahead = self._tokens[chain.first - 1], self._tokens[chain.first - 2]
        dangling = means(before.key, "cross") and not means(ahead.key, "label")
        unread = not chain.labelled and bool(_FRACTION.search(before.text))
        heavy_product = chain.is_weight and len(chain.dims) > 1
        return Doubt.INCOMPLETE if dangling or unread or heavy_product else None

    def _is_frame(self, chain: Chain) -> bool:
        return self._frame_before(chain.first - 1) or self._frame_after(chain.last)

    def _frame_before(self, at: int) -> bool:
        """Whether the words before a chain name the frame: ``frame (Half Royal): 310 x 437``."""
        while self._tokens[at].key in {":", "=", ".", "-"} or means(self._tokens[at].key, "frame_filler"):
            at -= 1
        if self._tokens[at].key == ")":
            at = next((i - 1 for i in range(at, max(at - 9, -1), -1) if self._tokens[i].key == "("), at)
        return means(self._tokens[at].key, "frame") and not means(self._tokens[at - 1].key, "without")

    def _frame_after(self, at: int) -> bool:
        """Whether the words behind a chain name the frame: ``(framed)``, ``, frame``, ``with frame``."""
        while self._tokens[at].key in {",", "("} or means(self._tokens[at].key, "with"):
            at += 1
        names_next = self._tokens[at + 1].kind is Kind.NUMBER
        return means(self._tokens[at].key, "frame") and self._tokens[at + 1].key != ":" and not names_next

    def _compare_units(self, sizes: Sequence[_Size]) -> None:
        """Doubt a size whose translation, in brackets right behind it, says something else."""
        chains = [(index, list(run)) for index, run in groupby(sizes, key=lambda size: size.chain)]
        for (one, left), (two, right) in pairwise(chains):
            between = self._tokens.text[self._span(self._chains[one])[1] : self._span(self._chains[two])[0]]
            if between.strip() != "(" or len(left) != len(right) or left[0].is_metric is right[0].is_metric:
                continue
            if not all(_same(a.cm, b.cm) for a, b in zip(left, right, strict=True)):
                self._doubts |= {one: Doubt.UNITS, two: Doubt.UNITS}


def _amount(dim: Dim) -> float | None:
    """Return the centimetres or grams of a dimension that has units; None when a number is not clear."""
    amounts = [_value(part.number, part.unit) for part in dim.parts]
    total = 0.0
    for amount, part in zip(amounts, dim.parts, strict=True):
        if amount is None or part.unit is None:
            return None
        total += amount * part.unit.factor
    return round(total, 4)


def _value(number: str, unit: Unit | None) -> float | None:
    """Return the value of a number as it is written with `unit`; None when it can be read in two ways."""
    if unicodedata.category(number[-1]) == "No":
        return float(number[:-1].strip(" \n-") or 0) + unicodedata.numeric(number[-1])
    if "/" in number:
        *whole, upper, lower = (int(digits) for digits in re.findall(r"\d+", number))
        return sum(whole) + upper / lower if upper < lower and lower in _DENOMINATORS else None
    digits = re.sub(r"\s", "", number)
    if "," in digits and "." in digits:
        decimal = max(",.", key=digits.rfind)
        return float("".join("." if c == decimal else c for c in digits if c.isdigit() or c == decimal))
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits):
        return _thousands(digits, unit)
    return float(digits.replace(",", "."))


def _thousands(digits: str, unit: Unit | None) -> float | None:
    """Return 1250 for "1,250" of millimetres, 1.25 of metres; of other units a comma leaves both open."""
    if unit is Unit.MM or (unit is Unit.G and "," in digits):
        return float(digits.replace(",", "").replace(".", ""))
    return float(digits.replace(",", ".")) if unit is Unit.M or "." in digits else None


def _same(one: float, two: float) -> bool:
    """Whether two values are one size, rounded in two units."""
    return abs(one - two) <= max(0.3, 0.04 * max(one, two))


def _in_one_unit(sizes: Sequence[_Size]) -> tuple[float, ...]:
    """Return centimetres without the inches that a neighbouring group of metric values repeats."""
    runs = [list(run) for _, run in groupby(sizes, key=lambda size: size.is_metric)]
    kept: list[float] = []
    for at, run in enumerate(runs):
        metric = [size.cm for near in runs[max(at - 1, 0) : at + 2] for size in near if size.is_metric]
        if run[0].is_metric or not all(any(_same(size.cm, cm) for cm in metric) for size in run):
            kept += [size.cm for size in run]
    return tuple(kept[:MAX_SIZES])
