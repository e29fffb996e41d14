"""What speaks for and against one record: one function for each kind of evidence.

Each function compares one aspect and returns its evidence, or None where there is nothing to compare. What an
agreement is worth stands in ``data/weights.toml``; the method is Fellegi and Sunter's (1969), with agreements on
words weighed by their rarity.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fieldcheck.matching.query import Query, QueryUnit
from fieldcheck.matching.weights import Rarity, weight
from fieldcheck.models import Evidence, EvidenceKind
from fieldcheck.text.names import latin, sound_key
from fieldcheck.text.normalise import EMPTY_WORDS
from fieldcheck.text.reading import Reading

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


@dataclass(frozen=True, slots=True)
class Pair:
    """An item and a record, side by side; ``broader`` holds what the record's concepts are kinds of."""

    query: Query
    reading: Reading
    broader: frozenset[str]

    @property
    def rarity(self) -> Rarity:
        """How rare a term is among the records held."""
        return self.query.rarity


def gather(pair: Pair) -> tuple[Evidence, ...]:
    """All evidence about one record, strongest first."""
    found = [*_number(pair), *_words(pair), *_concepts(pair), *_size(pair), *_date(pair)]
    return tuple(sorted(found, key=lambda evidence: -abs(evidence.weight)))


def _number(pair: Pair) -> Iterator[Evidence]:
    """Inventory, accession and reference numbers, compared whole."""
    asked = pair.query.reading.numbers
    shared = [number for number in asked if number in pair.reading.numbers]
    shown = " | ".join(pair.reading.numbers)
    if shared:
        said = any(unit.unit.field == "text" for unit in pair.query.units)
        worth = weight("inventory_number", "found_in_text" if said else "agrees")
        yield Evidence(EvidenceKind.INVENTORY_NUMBER, "the same number", shared[0], shown, worth)
    elif asked and pair.reading.numbers:
        worth = weight("inventory_number", "disagrees")
        yield Evidence(EvidenceKind.INVENTORY_NUMBER, "other numbers", " | ".join(asked), shown, worth)


@dataclass(slots=True)
class _Tally:
    """Agreements of one kind as they are added up."""

    said: list[str]
    worths: list[float] = field(default_factory=list)

    def add(self, unit: QueryUnit, worth: float) -> None:
        self.said.append(unit.unit.shown)
        self.worths.append(worth)

    @property
    def worth(self) -> float:
        return sum(self.worths)

    @property
    def worth_together(self) -> float:
        """What parts of one name are worth: they come together, so that each after the rarest says less."""
        return max(self.worths) + weight("maker", "further_part") * (self.worth - max(self.worths))


def _words(pair: Pair) -> Iterator[Evidence]:
    """Words without a concept: names, titles and everything else, each counted where it says most."""
    maker, title, rest, missing = (_Tally([]) for _ in range(4))
    for unit in pair.query.units:
        if unit.unit.concepts:
            continue
        worths = (
            (_maker_worth(pair, unit), maker),
            (_word_worth(pair, unit, "title", pair.reading.title), title),
            (_word_worth(pair, unit, "words", pair.reading.words), rest),
        )
        worth, tally = max(worths, key=lambda entry: entry[0])
        if worth > 0:
            tally.add(unit, worth)
        elif lacking := _absent_worth(pair, unit):
            missing.add(unit, lacking)
    yield from _maker(pair, maker)
    yield from _title(pair, title)
    if rest.said:
        yield Evidence(EvidenceKind.WORDS, "words in the record", " ".join(rest.said), "", rest.worth)
    if missing.said:
        yield Evidence(EvidenceKind.WORDS, "words that the record does not have", " ".join(missing.said), "", missing.worth)


def _maker(pair: Pair, tally: _Tally) -> Iterator[Evidence]:
    named = [unit.unit.shown for unit in pair.query.units if unit.unit.field == "maker"]
    if tally.said:
        yield Evidence(EvidenceKind.MAKER, "the name agrees", " ".join(tally.said), " ".join(pair.reading.maker), tally.worth_together)
    elif named and pair.reading.maker:
        worth = weight("maker", "disagrees")
        yield Evidence(EvidenceKind.MAKER, "another maker", " ".join(named), " ".join(pair.reading.maker), worth)


def _title(pair: Pair, tally: _Tally) -> Iterator[Evidence]:
    said = {word for unit in pair.query.units for word in (*unit.unit.words, *unit.spellings)}
    said |= {latin(word) for word in said}
    total = sum(pair.rarity.idf(word) for word in pair.reading.title)
    covered = sum(pair.rarity.idf(word) for word in pair.reading.title if word in said or latin(word) in said)
    worth = tally.worth + (weight("title", "covered") * covered / total if total and covered else 0.0)
    if worth > 0:
        detail = "the title agrees" if covered == total else "part of the title agrees"
        shown = [word for word in pair.reading.title if word in said]
        yield Evidence(EvidenceKind.TITLE, detail, " ".join(tally.said or shown), " ".join(pair.reading.title), worth)


def _maker_worth(pair: Pair, unit: QueryUnit) -> float:
    parts = pair.reading.maker
    if not parts or unit.unit.field not in {"text", "maker"}:
        return 0.0
    word = latin(unit.unit.words[0])
    if word in parts:
        return weight("maker", "agrees") * pair.rarity.idf(word)
    if any(spelling in parts for spelling in unit.spellings):
        return weight("maker", "misspelt") * max(pair.rarity.idf(s) for s in unit.spellings if s in parts)
    key = sound_key(word)
    if not unit.unit.words[0].isascii() and len(key) > 1 and any(sound_key(part) == key for part in parts):
        return weight("maker", "sounds") * pair.rarity.idf(f"k:{key}")
    return 0.0


def _word_worth(pair: Pair, unit: QueryUnit, kind: str, words: tuple[str, ...]) -> float:
    for word in unit.unit.words:
        for form in (word, latin(word)):
            if form in words:
                return weight(kind, "agrees") * pair.rarity.idf(form)
    for spelling in unit.spellings:
        if spelling in words:
            return weight(kind, "misspelt") * pair.rarity.idf(spelling)
    return 0.0


def _absent_worth(pair: Pair, unit: QueryUnit) -> float:
    if unit.unit.words[0] in EMPTY_WORDS:
        return 0.0
    known = [pair.rarity.idf(term) for term in unit.terms if pair.rarity.known(term)]
    worth = weight("words", "absent") * (min(known) if known else math.inf)
    return max(worth, weight("words", "absent_most"))


def _concepts(pair: Pair) -> Iterator[Evidence]:
    """Types, materials, subjects and cultures, compared as concepts, in whatever language they were said.

    A word may mean several concepts; it counts once, for the one that agrees best.
    """
    agreed = {kind: _Tally([]) for kind in dict.fromkeys(_KIND_OF.values())}
    absent = {kind: _Tally([]) for kind in agreed}
    for unit in pair.query.units:
        if unit.unit.concepts:
            worth, kind = max(_concept_worths(pair, unit), key=lambda entry: entry[0])
            (agreed if worth > 0 else absent)[kind].add(unit, worth)
    for kind in agreed:
        yield from _concept_kind(pair, kind, agreed[kind], absent[kind])


def _concept_kind(pair: Pair, kind: EvidenceKind, agreed: _Tally, absent: _Tally) -> Iterator[Evidence]:
    listed = [name for concepts, of in _KIND_OF.items() if of is kind for name in pair.reading.concepts.get(concepts, ())]
    shown = ", ".join(name.replace("_", " ") for name in listed)
    if agreed.said:
        yield Evidence(kind, "agrees", ", ".join(agreed.said), shown, agreed.worth)
    if absent.said and kind is EvidenceKind.SUBJECT:
        worth = weight("subject", "absent") * len(absent.said)
        yield Evidence(kind, "not in the record", ", ".join(absent.said), shown, worth)
    elif absent.said and listed:
        worth = weight(kind, "disagrees") * (_PARTLY if agreed.said else 1.0)
        yield Evidence(kind, "differs", ", ".join(absent.said), shown, worth)


_PARTLY = 0.5
"""Of several types or materials that were named, some agree: a difference then counts half."""


def _concept_worths(pair: Pair, unit: QueryUnit) -> Iterator[tuple[float, EvidenceKind]]:
    first = _KIND_OF[unit.unit.concepts[0].kind]
    yield _literal_worth(pair, unit), first
    for concept in unit.unit.concepts:
        kind = _KIND_OF[concept.kind]
        listed = pair.reading.concepts.get(concept.kind, ())
        if concept.id in listed:
            yield weight(kind, "agrees") * pair.rarity.idf(f"c:{concept.id}"), kind
        elif concept.id in pair.broader:
            yield weight(kind, "broader") * pair.rarity.idf(f"c:{concept.id}"), kind
        else:
            yield from ((weight(kind, "broader") * pair.rarity.idf(f"c:{above}"), kind) for above in concept.broader if above in listed)


def _literal_worth(pair: Pair, unit: QueryUnit) -> float:
    """A concept's own words in the record's title or text, for a list whose language the lexicon knows badly."""
    title = _word_worth(pair, unit, "title", pair.reading.title)
    return max(title, _word_worth(pair, unit, "words", pair.reading.words), _maker_worth(pair, unit))


def _size(pair: Pair) -> Iterator[Evidence]:
    """Sizes in centimetres, whatever their order; one that agrees within 3.5 % is the same size, the nearer the surer."""
    asked, listed = pair.query.reading.sizes, pair.reading.sizes
    if not asked or not listed:
        return
    gaps = sorted(_gaps(asked, listed))
    same = [gap for gap in gaps if gap <= weight("size", "agree_within")]
    far = sum(gap > weight("size", "differ_beyond") for gap in gaps)
    single = min(len(asked), len(listed)) == 1
    if len(same) > 1:
        worth, detail = weight("size", "two_agree") * _nearness(same[:2]), "two sizes agree"
    elif same and single:
        worth, detail = weight("size", "one_agrees") * _nearness(same), "the size agrees"
    elif same and far < len(gaps) - 1:
        worth, detail = weight("size", "one_of_two"), "one size agrees, the other is near"
    elif far:
        worth, detail = weight("size", "differ"), "the sizes differ"
    else:
        worth, detail = 0.0, "the sizes are near, not the same"
    yield Evidence(EvidenceKind.SIZE, detail, _sizes(asked), _sizes(listed), worth)


def _nearness(gaps: list[float]) -> float:
    """1 for sizes that are the same, ``farthest`` for such as only just agree."""
    spread = sum((gap / weight("size", "agree_within")) ** 2 for gap in gaps) / len(gaps)
    return 1.0 - (1.0 - weight("size", "farthest")) * spread


def _gaps(asked: tuple[float, ...], listed: tuple[float, ...]) -> Iterator[float]:
    """Relative difference of each asked size to the nearest listed size that is not yet taken."""
    left = list(listed)
    for size in asked[:4]:
        if not left:
            return
        nearest = min(left, key=lambda other: abs(other - size) / max(other, size))
        left.remove(nearest)
        yield abs(nearest - size) / max(nearest, size)


def _date(pair: Pair) -> Iterator[Evidence]:
    """Years of making; the narrower both spans are, the more an overlap says."""
    asked, listed = pair.query.reading.years, pair.reading.years
    if not asked or not listed:
        return
    gap = max(asked.first - listed[1], listed[0] - asked.last, 0)
    span = max(asked.last - asked.first, listed[1] - listed[0]) + 1
    if not gap:
        worth = min(max(math.log(weight("date", "window") / span), 0.1), weight("date", "agrees_most"))
        detail = "the date agrees"
    elif gap <= weight("date", "near"):
        worth, detail = 0.0, "the dates are near, not the same"
    else:
        worth = weight("date", "disagrees" if gap <= weight("date", "far") else "disagrees_far")
        detail = "the date differs"
    yield Evidence(EvidenceKind.DATE, detail, _span(asked.first, asked.last), _span(*listed), worth)


def _sizes(sizes: Iterable[float]) -> str:
    return " x ".join(f"{size:g}" for size in sizes) + " cm"


def _span(first: int, last: int) -> str:
    shown = [f"{-year} BC" if year < 0 else str(year) for year in dict.fromkeys((first, last))]
    return " to ".join(shown)
