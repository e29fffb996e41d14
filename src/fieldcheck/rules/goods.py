"""What an object is to the law: its kinds, materials and cultures, how old it is said to be, and its value."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fieldcheck.models import Item
from fieldcheck.rules.facts import GoodsFacts
from fieldcheck.rules.kinds import Answer, GoodsGroup
from fieldcheck.text.reading import ItemReading, Unit

_MODERN_YEARS = 100
_NUMBER = re.compile(r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?")
_EURO = re.compile(r"eur|euro|€", re.IGNORECASE)
_MOST_VALUE_CHARS = 100


@dataclass(frozen=True, slots=True)
class Goods:
    """An object as it was described; ids of the lexicon with what they are kinds of.

    ``youngest`` and ``oldest`` are the ages in years that its date allows, None where nothing is said of it;
    ``by_culture`` says that only its culture or kind dates it, ``of_old_kind`` that it is of a kind that comes out
    of the ground. ``value_eur`` is None where it is not given in euros.
    """

    types: frozenset[str]
    materials: frozenset[str]
    cultures: frozenset[str]
    youngest: int | None
    oldest: int | None
    first_year: int | None
    last_year: int | None
    by_culture: bool
    of_old_kind: bool
    value_eur: float | None
    nearest_types: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether anything is known of its age."""
        return self.youngest is not None

    def is_older_than(self, years: int) -> Answer:
        """Whether it is more than so many years old."""
        if self.youngest is None or self.oldest is None:
            return Answer.UNKNOWN
        if self.youngest > years:
            return Answer.YES
        return Answer.NO if self.oldest <= years else Answer.UNKNOWN

    def was_made_until(self, year: int) -> Answer:
        """Whether it was made no later than that year."""
        if self.last_year is None or self.first_year is None:
            return Answer.UNKNOWN
        if self.last_year <= year:
            return Answer.YES
        return Answer.NO if self.first_year > year else Answer.UNKNOWN


def read_goods(item: Item, reading: ItemReading, facts: GoodsFacts, on: str) -> Goods:
    """Bring together what is known of an item, on the ISO date ``on``."""
    units = reading.units
    cultures = ids(units, "culture")
    types = ids(units, "type")
    first, last, by_culture = _years(reading, types, cultures, facts, int(on[:4]))
    today = int(on[:4])
    return Goods(
        types=types,
        materials=ids(units, "material"),
        cultures=cultures,
        youngest=None if last is None else max(today - last, 0),
        oldest=None if first is None else max(today - first, 0),
        first_year=first,
        last_year=last,
        by_culture=by_culture,
        of_old_kind=bool(types & set(facts.archaeological)),
        value_eur=read_euros(item.value),
        nearest_types=tuple(dict.fromkeys(name for unit in units for name in _named(unit, "type"))),
    )


def group_answer(goods: Goods, group: GoodsGroup, facts: GoodsFacts, *, designated: bool) -> Answer:
    """Whether an object belongs to a group of goods; ``designated`` says that a type at risk fits it."""
    if group is GoodsGroup.DESIGNATED:
        return Answer.YES if designated else Answer.NO
    if group is GoodsGroup.MONUMENT:
        return Answer.YES if goods.types & set(facts.monument) else Answer.NO
    if group is GoodsGroup.CULTURAL:
        return Answer.YES if goods.types & set(facts.cultural) else Answer.NO
    return _archaeological(goods, facts)


def ids(units: Iterable[Unit], kind: str) -> frozenset[str]:
    """The ids of one kind of concept in some units, with what they are kinds of."""
    concepts = [concept for unit in units for concept in unit.concepts if concept.kind == kind]
    return frozenset(name for concept in concepts for name in (concept.id, *concept.broader))


def read_euros(text: str) -> float | None:
    """The amount of a value in euros, or None where it is in no or another currency, or not one amount."""
    text = text[:_MOST_VALUE_CHARS]
    amounts = _NUMBER.findall(text)
    if not _EURO.search(text) or len(amounts) != 1:
        return None
    digits = re.sub(r"[ '’\u00a0\u202f]", "", amounts[0])
    cents = re.search(r"[.,](\d{1,2})$", digits)
    whole = digits[: cents.start()] if cents else digits
    return float(re.sub(r"[.,]", "", whole)) + (int(cents[1].ljust(2, "0")) / 100 if cents else 0)


def _named(unit: Unit, kind: str) -> list[str]:
    return [concept.id for concept in unit.concepts if concept.kind == kind]


def _years(
    reading: ItemReading, types: frozenset[str], cultures: frozenset[str], facts: GoodsFacts, today: int
) -> tuple[int | None, int | None, bool]:
    """First and last year of making, and whether only the kind or culture says so."""
    if reading.years:
        return reading.years.first, reading.years.last, False
    if any(unit.field == "period" and "modern" in _named(unit, "condition") for unit in reading.units):
        return today - _MODERN_YEARS, today, False
    until = [facts.culture_until[name] for name in cultures if name in facts.culture_until]
    if until:
        return -100_000, max(until), True
    if types & set(facts.archaeological):
        return -100_000, facts.archaeological_until, True
    return None, None, False


def _archaeological(goods: Goods, facts: GoodsFacts) -> Answer:
    old = goods.was_made_until(facts.archaeological_until)
    if goods.types & set(facts.archaeological):
        return Answer.NO if old is Answer.NO else Answer.YES
    return old if goods.types & set(facts.archaeological_when_old) else Answer.NO
