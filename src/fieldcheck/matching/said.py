"""Comparing what was said: each word or phrase counts once, where it says most.

A word of the description may be part of the maker's name, of the title, of the rest of the record, or name a
concept (a type, a material, a subject, a culture) that the record names in other words or another language.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from fieldcheck.matching.finding import Finding
from fieldcheck.matching.query import KIND_OF, Meaning, Query, QueryUnit, Worths
from fieldcheck.matching.weights import weight
from fieldcheck.models import EvidenceKind
from fieldcheck.text.names import latin, sound_key
from fieldcheck.text.reading import Reading

_CONCEPT_KINDS = tuple(dict.fromkeys(KIND_OF.values()))
KINDS_OF = {kind: tuple(name for name, of in KIND_OF.items() if of is kind) for kind in _CONCEPT_KINDS}
"""The kinds of concept that are compared under each kind of evidence."""

_PARTLY = 0.5
"""Of several types or materials that were named, some agree: a difference then counts half."""

_MOST_UNSAID = 3


class _Tally:
    """Words of one kind of evidence as they are added up."""

    __slots__ = ("said", "worths")

    def __init__(self) -> None:
        self.said: list[str] = []
        self.worths: list[float] = []

    def add(self, unit: QueryUnit, worth: float) -> None:
        self.said.append(unit.shown)
        self.worths.append(worth)

    @property
    def worth_of_name(self) -> float:
        """What parts of one name are worth: they come together, so that each after the rarest says less."""
        return _worth_of_name(self.worths)


_NOTHING = _Tally()
_Tallies = defaultdict[EvidenceKind, _Tally]


def compare_words(query: Query, reading: Reading) -> Iterator[Finding]:
    """What every word and phrase of the description says of a record."""
    agreed: _Tallies = defaultdict(_Tally)
    absent: _Tallies = defaultdict(_Tally)
    is_foreign = query.reading.language != reading.language
    for unit in query.units:
        worth, kind = _best_worth(unit, reading, is_foreign=is_foreign)
        if worth > 0:
            agreed[kind].add(unit, worth)
        elif unit.meanings:
            if not unit.may_be_unsaid:
                absent[unit.meanings[0].kind].add(unit, 0.0)
        elif unit.absent:
            absent[EvidenceKind.WORDS].add(unit, unit.absent)
    yield from _maker(query, reading, agreed.get(EvidenceKind.MAKER, _NOTHING))
    yield from _title(query, reading, agreed.get(EvidenceKind.TITLE, _NOTHING))
    yield from _rest(agreed.get(EvidenceKind.WORDS, _NOTHING), absent.get(EvidenceKind.WORDS, _NOTHING))
    for kind in _CONCEPT_KINDS:
        if kind in agreed or kind in absent:
            yield from _concepts(reading, kind, agreed.get(kind, _NOTHING), absent.get(kind, _NOTHING))


def _best_worth(unit: QueryUnit, reading: Reading, *, is_foreign: bool) -> tuple[float, EvidenceKind]:
    """What a unit is worth as the kind of evidence as which it says most, the first of those that say as much."""
    best, kind = 0.0, EvidenceKind.MAKER
    for meaning in unit.meanings:
        worth = _concept_worth(meaning, reading)
        if worth > best:
            best, kind = worth, meaning.kind
    # How rare the very word is says more than its concept only among records of its language.
    most = math.inf
    if best > 0:
        most = 0.0 if is_foreign else best + weight("title", "beyond_concept")
    if reading.maker and (worth := _maker_worth(unit, reading.maker)) > best:
        best, kind = worth, EvidenceKind.MAKER
    if most > best:
        if (worth := min(_word_worth(unit.title, reading.title), most)) > best:
            best, kind = worth, EvidenceKind.TITLE
        if (worth := min(_word_worth(unit.words, reading.words), most)) > best:
            best, kind = worth, EvidenceKind.WORDS
    return best, kind


def _concept_worth(meaning: Meaning, reading: Reading) -> float:
    concept = meaning.concept
    listed = reading.concepts.get(concept.kind, ())
    if concept.id in listed:
        return meaning.agrees
    if concept.id in reading.broader:
        return meaning.broader
    if not (meaning.above and listed):
        return 0.0
    return max([worth for name, worth in meaning.above.items() if name in listed], default=0.0)


def _maker_worth(unit: QueryUnit, parts: Sequence[str]) -> float:
    best = _word_worth(unit.maker, parts)
    if unit.named:
        best = max(best, _worth_of_name([unit.named[part] for part in unit.named if part in parts]))
    if unit.sounds and not best:
        best = max(unit.sounds.get(sound_key(part), 0.0) for part in parts)
    return best


def _worth_of_name(worths: Sequence[float]) -> float:
    most = max(worths, default=0.0)
    return most + weight("maker", "further_part") * (sum(worths) - most)


def _word_worth(worths: Worths, words: Collection[str]) -> float:
    """The worth of the first that is found: the words stand in the order of their worths, the most first."""
    for word, worth in worths.items():
        if word in words:
            return worth
    return 0.0


def _maker(query: Query, reading: Reading, agreed: _Tally) -> Iterator[Finding]:
    if agreed.said:
        yield Finding(EvidenceKind.MAKER, "the name agrees", agreed.worth_of_name, agreed.said)
    elif reading.maker and (named := [unit.shown for unit in query.units if unit.unit.field == "maker"]):
        yield Finding(EvidenceKind.MAKER, "another maker", weight("maker", "disagrees"), named)


def _title(query: Query, reading: Reading, agreed: _Tally) -> Iterator[Finding]:
    title, said = reading.title, query.said
    covered = [word for word in title if word in said or (not word.isascii() and latin(word) in said)]
    if not covered:
        return
    share = sum(map(len, covered)) / sum(map(len, title))
    worth = sum(agreed.worths) + weight("title", "covered") * share
    detail = "the title agrees" if len(covered) == len(title) else "part of the title agrees"
    yield Finding(EvidenceKind.TITLE, detail, worth, agreed.said or covered)


def _rest(agreed: _Tally, absent: _Tally) -> Iterator[Finding]:
    if agreed.said:
        yield Finding(EvidenceKind.WORDS, "words of the record", sum(agreed.worths), agreed.said)
    if absent.said:
        yield Finding(EvidenceKind.WORDS, "not in the record", sum(absent.worths), absent.said)


def _concepts(reading: Reading, kind: EvidenceKind, agreed: _Tally, absent: _Tally) -> Iterator[Finding]:
    if agreed.said:
        worth = sum(agreed.worths)
        if kind is EvidenceKind.MATERIAL:
            unsaid = max(len(_stated(reading, kind)) - len(agreed.said), 0)
            worth += min(unsaid, _MOST_UNSAID) * weight("material", "unsaid")
        yield Finding(kind, "agrees", max(worth, weight("material", "agrees_least")), agreed.said)
    if not absent.said:
        return
    if kind is EvidenceKind.SUBJECT:
        yield Finding(kind, "not in the record", weight(kind, "absent") * len(absent.said), absent.said)
    elif _stated(reading, kind) or (kind is EvidenceKind.CULTURE and "culture" in reading.concepts):
        yield Finding(kind, "differs", weight(kind, "disagrees") * (_PARTLY if agreed.said else 1.0), absent.said)


def _stated(reading: Reading, kind: EvidenceKind) -> list[str]:
    stated, concepts = reading.stated, reading.concepts
    return [name for of in KINDS_OF[kind] if of in concepts for name in concepts[of] if name in stated]
