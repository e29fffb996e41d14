"""An item's reading made ready for matching: misspelt words resolved, each unit with its index terms."""

from dataclasses import dataclass

from fieldcheck.cache.holdings import Holdings
from fieldcheck.matching.weights import Rarity
from fieldcheck.text.reading import ItemReading, Unit
from fieldcheck.text.terms import unit_terms
from fieldcheck.text.typos import allowed_slips, spelling_distance

_MOST_SPELLINGS = 3


@dataclass(frozen=True, slots=True)
class QueryUnit:
    """One unit with where it can be found.

    ``spellings`` are words of the records that may have been meant, empty for a word that the records know.
    """

    unit: Unit
    terms: tuple[str, ...]
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Everything an item says, ready to be compared."""

    reading: ItemReading
    units: tuple[QueryUnit, ...]
    rarity: Rarity


def make_query(reading: ItemReading, holdings: Holdings) -> Query:
    """Prepare a reading for the lists held."""
    rarity = Rarity(holdings.size, holdings.document_frequency)
    return Query(reading, tuple(_unit(unit, holdings, rarity) for unit in reading.units), rarity)


def _unit(unit: Unit, holdings: Holdings, rarity: Rarity) -> QueryUnit:
    terms = unit_terms(unit)
    if unit.concepts or any(rarity.known(term) for term in terms):
        return QueryUnit(unit, terms)
    spellings = _spellings(unit.words[0], holdings) if unit.words[0].isalpha() else ()
    return QueryUnit(unit, (*terms, *spellings), spellings)


def _spellings(word: str, holdings: Holdings) -> tuple[str, ...]:
    most = allowed_slips(word)
    if not most:
        return ()
    likely = {other for opened in holdings.lists for other in opened.spelt_like(word, most)}
    ranked = sorted((spelling_distance(word, other, most), other) for other in likely)
    return tuple(other for distance, other in ranked if distance <= most)[:_MOST_SPELLINGS]
