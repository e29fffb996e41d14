"""An item's reading made ready for matching: misspelt words resolved, each unit with its index terms."""

from dataclasses import dataclass

from fieldcheck.cache.holdings import Holdings
from fieldcheck.matching.weights import Rarity
from fieldcheck.text.names import latin, sound_key
from fieldcheck.text.reading import ItemReading, Unit
from fieldcheck.text.terms import size_terms, unit_terms, year_terms
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
    forms: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Everything an item says, ready to be compared."""

    reading: ItemReading
    units: tuple[QueryUnit, ...]
    rarity: Rarity
    said: frozenset[str] = frozenset()


def make_query(reading: ItemReading, holdings: Holdings) -> Query:
    """Prepare a reading for the lists held."""
    rarity = Rarity(holdings.size, holdings.document_frequency)
    terms = (term for unit in reading.units for term in unit_terms(unit))
    holdings.learn((*terms, *size_terms(reading), *year_terms(reading)))
    units = tuple(_unit(unit, holdings, rarity) for unit in reading.units)
    said = {word for unit in units for word in (*unit.unit.words, *unit.spellings)}
    return Query(reading, units, rarity, frozenset(said | {latin(word) for word in said}))


def _unit(unit: Unit, holdings: Holdings, rarity: Rarity) -> QueryUnit:
    terms = unit_terms(unit)
    spellings: tuple[str, ...] = ()
    if not unit.concepts and not any(rarity.known(term) for term in terms) and unit.words[0].isalpha():
        spellings = _spellings(unit.words[0], holdings)
        terms = (*terms, *spellings)
    forms = tuple(dict.fromkeys(form for word in unit.words for form in (word, latin(word))))
    sounds = (latin(word) for word in unit.words if not word.isascii())
    names = tuple((name, key) for name in sounds if len(key := sound_key(name)) > 1)
    return QueryUnit(unit, terms, spellings, forms, names)


def _spellings(word: str, holdings: Holdings) -> tuple[str, ...]:
    most = allowed_slips(word)
    if not most:
        return ()
    likely = {other for opened in holdings.lists for other in opened.spelt_like(word, most)}
    ranked = sorted((spelling_distance(word, other, most), other) for other in likely)
    return tuple(other for distance, other in ranked if distance <= most)[:_MOST_SPELLINGS]
