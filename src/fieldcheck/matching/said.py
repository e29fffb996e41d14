"""Comparing what was said: each word or phrase counts once, where it says most.

A word of the description may be part of the maker's name, of the title, of the rest of the record, or name a
concept (a type, a material, a subject, a culture) that the record names in other words or another language.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldcheck.matching.pair import Pair
from fieldcheck.matching.query import QueryUnit
from fieldcheck.matching.weights import weight
from fieldcheck.models import Evidence, EvidenceKind
from fieldcheck.text.concepts import Concept
from fieldcheck.text.names import latin, sound_key
from fieldcheck.text.normalise import empty_words

_KIND_OF = {
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

_CONCEPT_KINDS = tuple(dict.fromkeys(_KIND_OF.values()))
_KINDS_OF = {kind: tuple(name for name, of in _KIND_OF.items() if of is kind) for kind in _CONCEPT_KINDS}

_PARTLY = 0.5
"""Of several types or materials that were named, some agree: a difference then counts half."""

_MOST_UNSAID = 3
_NAMES = frozenset({"text", "maker"})


@dataclass(slots=True)
class _Tally:
    """Words of one kind of evidence as they are added up."""

    said: list[str] = field(default_factory=list)
    worths: list[float] = field(default_factory=list)

    def add(self, unit: QueryUnit, worth: float) -> None:
        self.said.append(unit.unit.shown)
        self.worths.append(worth)

    @property
    def shown(self) -> str:
        return ", ".join(self.said)

    @property
    def worth(self) -> float:
        return sum(self.worths)

    @property
    def worth_of_name(self) -> float:
        """What parts of one name are worth: they come together, so that each after the rarest says less."""
        most = max(self.worths)
        return most + weight("maker", "further_part") * (self.worth - most)


def compare_words(pair: Pair) -> Iterator[Evidence]:
    """Evidence of every word and phrase of the description."""
    agreed: defaultdict[EvidenceKind, _Tally] = defaultdict(_Tally)
    absent: defaultdict[EvidenceKind, _Tally] = defaultdict(_Tally)
    for unit in pair.query.units:
        worth, kind = _best_worth(pair, unit)
        if worth > 0:
            agreed[kind].add(unit, worth)
        elif unit.unit.concepts:
            if not any(concept.kind in _MAY_BE_UNSAID for concept in unit.unit.concepts):
                absent[_KIND_OF[unit.unit.concepts[0].kind]].add(unit, 0.0)
        elif lacking := _absent_worth(pair, unit):
            absent[EvidenceKind.WORDS].add(unit, lacking)
    yield from _maker(pair, agreed[EvidenceKind.MAKER])
    yield from _title(pair, agreed[EvidenceKind.TITLE])
    yield from _rest(agreed[EvidenceKind.WORDS], absent[EvidenceKind.WORDS])
    for kind in _CONCEPT_KINDS:
        if kind in agreed or kind in absent:
            yield from _concepts(pair, kind, agreed[kind], absent[kind])


def _best_worth(pair: Pair, unit: QueryUnit) -> tuple[float, EvidenceKind]:
    """What a unit is worth as the kind of evidence as which it says most, the first of those that say as much."""
    best, kind = 0.0, EvidenceKind.MAKER
    for concept in unit.unit.concepts:
        worth = _concept_worth(pair, concept)
        if worth > best:
            best, kind = worth, _KIND_OF[concept.kind]
    # How rare the very word is says more than its concept only among records of its language.
    most = math.inf
    if best > 0:
        is_foreign = pair.query.reading.language != pair.reading.language
        most = 0.0 if is_foreign else best + weight("title", "beyond_concept")
    if (worth := _maker_worth(pair, unit)) > best:
        best, kind = worth, EvidenceKind.MAKER
    if (worth := min(_word_worth(pair, unit, "title", pair.reading.title), most)) > best:
        best, kind = worth, EvidenceKind.TITLE
    if (worth := min(_word_worth(pair, unit, "words", pair.reading.words), most)) > best:
        best, kind = worth, EvidenceKind.WORDS
    return best, kind


def _concept_worth(pair: Pair, concept: Concept) -> float:
    kind = _KIND_OF[concept.kind]
    listed = pair.reading.concepts.get(concept.kind, ())
    if concept.id in listed:
        return weight(kind, "agrees") * pair.rarity.idf(f"c:{concept.id}")
    if concept.id in pair.reading.broader:
        return weight(kind, "broader") * pair.rarity.idf(f"c:{concept.id}")
    above = [name for name in concept.broader if name in listed]
    return weight(kind, "broader") * max(pair.rarity.idf(f"c:{name}") for name in above) if above else 0.0


def _maker_worth(pair: Pair, unit: QueryUnit) -> float:
    parts = pair.reading.maker
    if not parts or unit.unit.field not in _NAMES:
        return 0.0
    meant_parts = sorted((pair.rarity.idf(part) for part in unit.unit.maker if part in parts), reverse=True)
    best = weight("maker", "agrees") * (sum(meant_parts[:1]) + weight("maker", "further_part") * sum(meant_parts[1:]))
    for name in unit.forms:
        if name in parts:
            best = max(best, weight("maker", "agrees") * pair.rarity.idf(name))
    for name, key in unit.names:
        if name not in parts and any(sound_key(part) == key for part in parts):
            best = max(best, weight("maker", "sounds") * pair.rarity.idf(f"k:{key}"))
    return max(best, _misspelt_worth(pair, unit, "maker", parts)) if unit.spellings else best


def _word_worth(pair: Pair, unit: QueryUnit, kind: str, words: tuple[str, ...]) -> float:
    if unit.unit.words[0] in empty_words() and len(unit.unit.words) == 1:
        return weight("words", "empty") if unit.unit.words[0] in words else 0.0
    forms = [form for form in unit.forms if form in words]
    if forms:
        return weight(kind, "agrees") * max(pair.rarity.idf(form) for form in forms)
    return _misspelt_worth(pair, unit, kind, words) if unit.spellings else 0.0


def _misspelt_worth(pair: Pair, unit: QueryUnit, kind: str, words: tuple[str, ...]) -> float:
    meant = [pair.rarity.idf(spelling) for spelling in unit.spellings if spelling in words]
    return weight(kind, "misspelt") * max(meant, default=0.0)


def _absent_worth(pair: Pair, unit: QueryUnit) -> float:
    if unit.unit.words[0] in empty_words():
        return 0.0
    known = [pair.rarity.idf(term) for term in unit.terms if pair.rarity.known(term)]
    return max(weight("words", "absent") * min(known, default=math.inf), weight("words", "absent_most"))


def _maker(pair: Pair, agreed: _Tally) -> Iterator[Evidence]:
    named = [unit.unit.shown for unit in pair.query.units if unit.unit.field == "maker"]
    listed = " ".join(pair.reading.maker)
    if agreed.said:
        yield Evidence(EvidenceKind.MAKER, "the name agrees", agreed.shown, listed, agreed.worth_of_name)
    elif named and listed:
        yield Evidence(EvidenceKind.MAKER, "another maker", ", ".join(named), listed, weight("maker", "disagrees"))


def _title(pair: Pair, agreed: _Tally) -> Iterator[Evidence]:
    said = pair.query.said
    title = pair.reading.title
    covered = [word for word in title if word in said or latin(word) in said]
    if not covered:
        return
    total = sum(pair.rarity.idf(word) for word in title)
    share = sum(pair.rarity.idf(word) for word in covered) / total if total else 0.0
    worth = agreed.worth + weight("title", "covered") * share
    if worth > 0:
        detail = "the title agrees" if len(covered) == len(title) else "part of the title agrees"
        yield Evidence(EvidenceKind.TITLE, detail, agreed.shown or ", ".join(covered), " ".join(title), worth)


def _rest(agreed: _Tally, absent: _Tally) -> Iterator[Evidence]:
    if agreed.said:
        yield Evidence(EvidenceKind.WORDS, "words of the record", agreed.shown, "", agreed.worth)
    if absent.said:
        yield Evidence(EvidenceKind.WORDS, "not in the record", absent.shown, "", absent.worth)


def _concepts(pair: Pair, kind: EvidenceKind, agreed: _Tally, absent: _Tally) -> Iterator[Evidence]:
    concepts = pair.reading.concepts
    listed = [name for of in _KINDS_OF[kind] if of in concepts for name in concepts[of]]
    stated = [name for name in listed if name in pair.reading.stated]
    shown = ", ".join(listed).replace("_", " ")
    if agreed.said:
        worth = agreed.worth
        if kind is EvidenceKind.MATERIAL:
            worth += min(max(len(stated) - len(agreed.said), 0), _MOST_UNSAID) * weight("material", "unsaid")
        yield Evidence(kind, "agrees", agreed.shown, shown, max(worth, weight("material", "agrees_least")))
    if not absent.said:
        return
    if kind is EvidenceKind.SUBJECT:
        yield Evidence(kind, "not in the record", absent.shown, shown, weight(kind, "absent") * len(absent.said))
    elif stated or (listed and kind is EvidenceKind.CULTURE):
        worth = weight(kind, "disagrees") * (_PARTLY if agreed.said else 1.0)
        yield Evidence(kind, "differs", absent.shown, shown, worth)
