"""Index terms: what a record is filed under, and what an item is looked up with.

A term is a folded word, or a key with a one-letter prefix: ``c:`` a concept, ``k:`` how a maker's name sounds,
``s:`` one size and ``p:`` a pair of sizes in steps of 5 %, ``y:`` a decade and ``h:`` a century.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from fieldcheck.text.names import latin, sound_key
from fieldcheck.text.reading import ItemReading, Reading, Unit

_STEP = math.log(1.05)
_FIRST_STEP = 100
_FARTHEST = 3.0
_MAX_SIZES = 4
_SHORT_SPAN = 30
_MAX_CENTURIES = 12

SizeTerms = Mapping[str, float]


def record_terms(reading: Reading) -> Iterator[str]:
    """Everything that a record is filed under."""
    yield from reading.maker
    yield from (f"k:{sound_key(part)}" for part in reading.maker)
    for word in (*reading.title, *reading.words):
        yield word
        if not word.isascii():
            yield latin(word)
    for ids in reading.concepts.values():
        yield from (f"c:{concept}" for concept in ids)
    yield from (f"c:{concept}" for concept in reading.broader)
    steps = [_step(size) for size in reading.sizes[:_MAX_SIZES]]
    yield from (f"s:{step}" for step in steps)
    yield from (_pair(a, b) for a, b in combinations(steps, 2))
    if reading.years:
        yield from _year_terms(*reading.years)


def unit_terms(unit: Unit) -> tuple[str, ...]:
    """The terms under which one word or phrase of an item may be filed."""
    terms = [*(f"c:{concept.id}" for concept in unit.concepts), *unit.maker]
    for word in unit.words:
        terms.append(word)
        if not word.isascii():
            terms.append(latin(word))
        if unit.field == "maker" or not (word.isascii() or unit.concepts):
            terms.append(f"k:{sound_key(latin(word))}")
    return tuple(dict.fromkeys(term for term in terms if term and term != "k:"))


def size_terms(sizes: Sequence[float], errors: Sequence[float]) -> SizeTerms:
    """Terms for an item's sizes and those that they may be measured as, pairs where there is more than one.

    Args:
        sizes: centimetres, in any order.
        errors: the usual error of measuring each of them, in centimetres.

    Returns:
        For each term how unlikely an error brings a size there: half the square of how many times the usual it is.
    """
    near = [dict(_near(size, error)) for size, error in zip(sizes[:_MAX_SIZES], errors, strict=False)]
    found: dict[str, float] = {}
    for one, other in combinations(near, 2):
        for (a, first), (b, second) in product(one.items(), other.items()):
            pair = _pair(a, b)
            found[pair] = min(first + second, found.get(pair, math.inf))
    return found if len(near) > 1 else {f"s:{step}": cost for steps in near for step, cost in steps.items()}


def _near(size: float, error: float) -> Iterator[tuple[int, float]]:
    """The steps within ``_FARTHEST`` errors of a size, and how unlikely even their nearest edge is."""
    for step in range(_step(size - _FARTHEST * error), _step(size + _FARTHEST * error) + 1):
        low, high = (math.exp(_STEP * (step - _FIRST_STEP + half)) for half in (-0.5, 0.5))
        stray = max(low - size, size - high, 0.0) / error
        yield step, stray * stray / 2


def year_terms(reading: ItemReading) -> tuple[str, ...]:
    """Terms for an item's years."""
    return tuple(_year_terms(reading.years.first, reading.years.last)) if reading.years else ()


def _step(size: float) -> int:
    return round(math.log(max(size, 0.05)) / _STEP) + _FIRST_STEP


def _pair(a: int, b: int) -> str:
    return f"p:{min(a, b)}_{max(a, b)}"


def _year_terms(first: int, last: int) -> Iterator[str]:
    if last - first <= _SHORT_SPAN:
        yield from (f"y:{decade + 2000}" for decade in range(first // 10, last // 10 + 1))
    centuries = range(first // 100, last // 100 + 1)
    yield from (f"h:{century + 200}" for century in centuries[:_MAX_CENTURIES])
