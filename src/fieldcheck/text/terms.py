"""Index terms: what a record is filed under, and what an item is looked up with.

A term is a folded word, or a key with a one-letter prefix: ``c:`` a concept, ``k:`` how a maker's name sounds,
``s:`` one size and ``p:`` a pair of sizes in steps of 5 %, ``y:`` a decade and ``h:`` a century.
"""

import math
from collections.abc import Iterator
from itertools import combinations

from fieldcheck.text.names import latin, sound_key
from fieldcheck.text.reading import ItemReading, Reading, Unit

_STEP = math.log(1.05)
_MAX_SIZES = 4
_SHORT_SPAN = 30
_MAX_CENTURIES = 12


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
            terms.extend((latin(word), f"k:{sound_key(latin(word))}"))
        elif unit.field == "maker":
            terms.append(f"k:{sound_key(word)}")
    return tuple(dict.fromkeys(term for term in terms if term and term != "k:"))


def size_terms(reading: ItemReading) -> tuple[str, ...]:
    """Terms for an item's sizes and their neighbours, one step up and down."""
    steps = [_step(size) for size in reading.sizes[:_MAX_SIZES]]
    near = [(step - 1, step, step + 1) for step in steps]
    pairs = (_pair(x, y) for a, b in combinations(near, 2) for x in a for y in b)
    singles = (f"s:{step}" for steps_near in near for step in steps_near)
    return tuple(dict.fromkeys((*pairs, *(singles if len(steps) == 1 else ()))))


def year_terms(reading: ItemReading) -> tuple[str, ...]:
    """Terms for an item's years."""
    return tuple(_year_terms(reading.years.first, reading.years.last)) if reading.years else ()


def _step(size: float) -> int:
    return round(math.log(max(size, 0.05)) / _STEP) + 100


def _pair(a: int, b: int) -> str:
    return f"p:{min(a, b)}_{max(a, b)}"


def _year_terms(first: int, last: int) -> Iterator[str]:
    if last - first <= _SHORT_SPAN:
        yield from (f"y:{decade + 2000}" for decade in range(first // 10, last // 10 + 1))
    centuries = range(first // 100, last // 100 + 1)
    yield from (f"h:{century + 200}" for century in centuries[:_MAX_CENTURIES])
