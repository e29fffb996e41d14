"""An item's reading made ready for matching: misspelt words resolved, and what each word is worth where it is found.

All that does not depend on a record is worked out here, once, so that comparing a record is looking up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from fieldcheck.cache.holdings import Holdings
from fieldcheck.matching.weights import Rarity, measuring_error, weight
from fieldcheck.models import EvidenceKind
from fieldcheck.text.concepts import Concept
from fieldcheck.text.names import hedges, latin, not_names, sound_key
from fieldcheck.text.normalise import empty_words
from fieldcheck.text.reading import ItemReading, Unit
from fieldcheck.text.terms import SizeTerms, size_terms, unit_terms, year_terms
from fieldcheck.text.typos import allowed_slips, slips_of, spelling_distance

KIND_OF = {
    "type": EvidenceKind.TYPE,
    "material": EvidenceKind.MATERIAL,
    "technique": EvidenceKind.MATERIAL,
    "subject": EvidenceKind.SUBJECT,
    "colour": EvidenceKind.SUBJECT,
    "part": EvidenceKind.SUBJECT,
    "condition": EvidenceKind.SUBJECT,
    "culture": EvidenceKind.CULTURE,
}
"""Under which kind of evidence each kind of concept is compared."""

_MAY_BE_UNSAID = frozenset({"technique", "part", "condition"})
"""What a record seldom names, so that its absence says nothing: how it was made, its parts, its state."""

_MOST_SPELLINGS = 6
_NAMES = frozenset({"text", "maker"})

Worths = Mapping[str, float]


class Meaning(NamedTuple):
    """A concept that a unit may mean, and its worths.

    ``agrees`` where the record has it, ``broader`` where it has a kind of it, ``above`` where it is itself a kind of
    what the record has.
    """

    concept: Concept
    kind: EvidenceKind
    agrees: float
    broader: float
    above: Worths


class QueryUnit(NamedTuple):
    """One unit with where it can be found and what that is worth.

    ``spellings`` are words of the records that may have been meant, empty for a word that the records know.
    ``title``, ``words`` and ``maker`` are the worths of its forms in those fields of a record, the most first,
    ``sounds`` those of how it sounds in a maker's name, ``named`` those of the parts of the name that it is another
    name of; ``absent`` is what it is worth that a record has none of them. That a record has not what ``may_be_unsaid``
    says nothing.
    """

    unit: Unit
    shown: str
    terms: tuple[str, ...]
    spellings: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    title: Worths
    words: Worths
    maker: Worths
    sounds: Worths
    named: Worths
    absent: float
    may_be_unsaid: bool


@dataclass(frozen=True, slots=True)
class Query:
    """Everything an item says, ready to be compared; ``errors`` are the usual ones of measuring each of its sizes."""

    reading: ItemReading
    units: tuple[QueryUnit, ...]
    rarity: Rarity
    said: frozenset[str] = frozenset()
    sizes: SizeTerms = field(default_factory=dict)
    errors: tuple[float, ...] = ()


def make_query(reading: ItemReading, holdings: Holdings) -> Query:
    """Prepare a reading for the lists held."""
    rarity = Rarity(holdings.size, holdings.document_frequency)
    errors = tuple(map(measuring_error, reading.sizes))
    sizes = size_terms(reading.sizes, errors)
    holdings.learn((*_terms(reading.units), *sizes, *year_terms(reading)))
    units = tuple(_unit(unit, holdings, rarity) for unit in reading.units)
    said = {word for unit in units for word in (*unit.unit.words, *unit.spellings)}
    return Query(reading, units, rarity, frozenset(said | {latin(word) for word in said}), sizes, errors)


def _terms(units: Iterable[Unit]) -> Iterable[str]:
    """Every term whose rarity is asked for."""
    for unit in units:
        yield from unit_terms(unit)
        yield from (f"c:{above}" for concept in unit.concepts for above in concept.broader)


def _unit(unit: Unit, holdings: Holdings, rarity: Rarity) -> QueryUnit:
    terms = unit_terms(unit)
    spellings: tuple[str, ...] = ()
    if not unit.concepts and not any(rarity.known(term) for term in terms) and unit.words[0].isalpha():
        spellings = _spellings(unit.words[0], holdings, rarity)
        terms = (*terms, *spellings)
    forms = {form: rarity.idf(form) for word in unit.words for form in (word, latin(word)) if rarity.known(form)}
    # Whichever was meant, the slip says no more than that one of them was.
    meant = dict.fromkeys(spellings, rarity.idf_of_any(spellings))
    is_name = unit.field in _NAMES
    return QueryUnit(
        unit=unit,
        shown=unit.shown,
        terms=terms,
        spellings=spellings,
        meanings=tuple(_meaning(concept, rarity) for concept in unit.concepts),
        title=_word_worths("title", unit, forms, meant),
        words=_word_worths("words", unit, forms, meant),
        maker=_spelt_worths("maker", forms, meant) if is_name and unit.words[0] not in not_names() else {},
        sounds=_sounds(unit, rarity) if is_name else {},
        named={part: weight("maker", "agrees") * rarity.idf(part) for part in unit.maker} if is_name else {},
        absent=_absent(unit, terms, rarity),
        may_be_unsaid=any(concept.kind in _MAY_BE_UNSAID for concept in unit.concepts),
    )


def _meaning(concept: Concept, rarity: Rarity) -> Meaning:
    kind = KIND_OF[concept.kind]
    idf, broader = rarity.idf(f"c:{concept.id}"), weight(kind, "broader")
    above = {name: broader * rarity.idf(f"c:{name}") for name in concept.broader}
    return Meaning(concept, kind, weight(kind, "agrees") * idf, broader * idf, above)


def _spelt_worths(kind: str, forms: Worths, meant: Worths) -> Worths:
    agrees, misspelt = weight(kind, "agrees"), weight(kind, "misspelt")
    worths = {spelling: misspelt * idf for spelling, idf in meant.items()}
    worths |= {form: agrees * idf for form, idf in forms.items()}
    return dict(sorted(worths.items(), key=itemgetter(1), reverse=True))


def _word_worths(kind: str, unit: Unit, forms: Worths, meant: Worths) -> Worths:
    if len(unit.words) > 1:
        return _spelt_worths(kind, forms, meant)
    if unit.words[0] in empty_words():
        return {unit.words[0]: weight("words", "empty")}
    worths = _spelt_worths(kind, forms, meant)
    most = weight("words", "hedge") if unit.words[0] in hedges() else None
    return {word: min(worth, most) for word, worth in worths.items()} if most is not None else worths


def _sounds(unit: Unit, rarity: Rarity) -> Worths:
    if unit.concepts and unit.field != "maker":
        return {}  # what names a thing sounds like a name by chance
    keys = (sound_key(latin(word)) for word in unit.words if not word.isascii())
    return {key: weight("maker", "sounds") * rarity.idf(f"k:{key}") for key in keys if len(key) > 1}


def _absent(unit: Unit, terms: tuple[str, ...], rarity: Rarity) -> float:
    if unit.words[0] in empty_words() or unit.words[0] in hedges():
        return 0.0
    known = [rarity.idf(term) for term in terms if rarity.known(term)]
    most = weight("words", "absent_most")
    return max(weight("words", "absent") * min(known), most) if known else most


def _spellings(word: str, holdings: Holdings, rarity: Rarity) -> tuple[str, ...]:
    """The words of the records that a word may be a slip for, the nearest first, of those the commonest."""
    most = allowed_slips(word)
    if not most:
        return ()
    near = slips_of(word)
    likely = {other for opened in holdings.lists for other in opened.spelt_like(word, most)}
    holdings.learn((*near, *likely))
    known = {other: spelling_distance(word, other, most) for other in {*likely, *near} if rarity.known(other)}
    nearest = min(known.values(), default=most + 1)
    found = (other for other, distance in known.items() if distance == nearest <= most)
    return tuple(sorted(found, key=lambda other: (-rarity.count(other), other))[:_MOST_SPELLINGS])
