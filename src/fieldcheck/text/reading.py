"""Reading a record or an item: from its words to sizes, years, numbers, concepts and names.

Both sides are read by the same rules, so that what is compared later has the same shape.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from fieldcheck.models import Item, Record
from fieldcheck.text.concepts import Concept, Lexicon
from fieldcheck.text.dates import Years, read_years
from fieldcheck.text.identifiers import number_key, numbers_in, record_numbers
from fieldcheck.text.measures import read_measures
from fieldcheck.text.names import name_parts
from fieldcheck.text.normalise import is_han, words
from fieldcheck.text.periods import period_years

_SEPARATORS = re.compile(r"[,;|\n،、，；]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or phrase of an item's description, as one thing to be found in a record.

    ``field`` names the option that it was given with, or ``text``; ``maker`` are the parts of the name of the maker
    whom the words are another name of.
    """

    words: tuple[str, ...]
    concepts: tuple[Concept, ...]
    field: str
    maker: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The unit as it is shown in evidence."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class ItemReading:
    """An item as it was understood; sizes in centimetres, BC years negative.

    ``numbers`` were given as inventory numbers, ``numbers_in_text`` only look like such.
    """

    units: tuple[Unit, ...]
    sizes: tuple[float, ...]
    years: Years | None
    numbers: tuple[str, ...]
    numbers_in_text: tuple[str, ...]
    doubtful: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as it was understood.

    ``concepts`` maps each kind to the ids found anywhere, broader ones left out; ``stated`` are those of its type,
    materials and techniques, which the list states of the object itself; ``broader`` are what any of them is a kind of.
    """

    sizes: tuple[float, ...]
    years: tuple[int, int] | None
    concepts: dict[str, tuple[str, ...]]
    maker: tuple[str, ...]
    title: tuple[str, ...]
    words: Collection[str]
    numbers: tuple[str, ...]
    stated: Collection[str] = frozenset()
    language: str = ""
    broader: Collection[str] = ()


class Reader:
    """Reads items and records with one lexicon."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._given = lexicon

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lexicon, opened when the first word is read."""
        return self._given or Lexicon()

    def read_record(self, record: Record) -> Reading:
        """Read every field of a record."""
        things = tuple(words(part) for part in (record.object_type, *record.materials, *record.techniques))
        title = words(record.title)
        rest = tuple(
            words(part)
            for part in (
                record.subject, record.culture, *record.features, *record.inscriptions, record.description,
            )
        )  # fmt: skip
        language = record.language[:2].lower() or self.lexicon.language_of(
            [t for part in (*things, title) for t in part]
        )
        concepts: dict[str, dict[str, None]] = {}
        stated = self._collect(things, language, concepts)
        self._collect((title, *rest), language, concepts)
        years = read_years(record.period, period_years())[0]
        return Reading(
            sizes=read_measures(" ; ".join(record.measurements), default_unit="cm").sizes,
            years=(years.first, years.last) if years else None,
            concepts={kind: tuple(ids) for kind, ids in concepts.items()},
            maker=name_parts(record.maker),
            title=_search_words(title),
            words=_search_words([token for part in (*things, *rest, words(record.period)) for token in part]),
            numbers=record_numbers(record.inventory_numbers),
            stated=stated,
            language=language,
            broader=self._broader(concepts),
        )

    def _broader(self, concepts: dict[str, dict[str, None]]) -> tuple[str, ...]:
        known = (self.lexicon.concept(concept) for ids in concepts.values() for concept in ids)
        return tuple(dict.fromkeys(above for concept in known if concept for above in concept.broader))

    def _collect(
        self, parts: tuple[tuple[str, ...], ...], language: str, concepts: dict[str, dict[str, None]]
    ) -> frozenset[str]:
        """Add the concepts of some parts of a record to ``concepts``, by kind; returns their ids."""
        found = [concept for part in parts for match in self.lexicon.find(part, language) for concept in match.concepts]
        for concept in found:
            concepts.setdefault(concept.kind, {})[concept.id] = None
        return frozenset(concept.id for concept in found)

    def read_item(self, item: Item) -> ItemReading:
        """Read every field of an item that describes it; the declaration and the papers are not read here."""
        units: list[Unit] = []
        sizes: list[float] = []
        years: Years | None = None
        numbers: list[str] = []
        in_text: list[str] = []
        doubtful: list[str] = []
        language = self.lexicon.language_of(words(" ".join(item.described_fields().values())))
        for field, text in item.described_fields().items():
            if not text:
                continue
            if field == "inventory_no":
                numbers.extend(key for part in text.split("|") if (key := number_key(part)))
                continue
            rest = text
            if field in {"text", "size"}:
                measures = read_measures(text, default_unit="cm" if field == "size" else None)
                sizes.extend(measures.sizes)
                doubtful.extend(measures.doubtful)
                rest = _without(text, measures.spans)
            if field in {"text", "period"}:
                found, spans = read_years(rest, period_years(), has_sizes=field != "text")
                years = found or years
                rest = _without(rest, spans) if field == "text" else rest
            if field == "text":
                in_text.extend(numbers_in(rest))
            units.extend(self._units(rest, field, language))
        return ItemReading(
            units=tuple(dict.fromkeys(units)),
            sizes=tuple(sizes),
            years=years,
            numbers=tuple(dict.fromkeys(numbers)),
            numbers_in_text=tuple(dict.fromkeys(in_text)),
            doubtful=tuple(doubtful),
            language=language,
        )

    def _units(self, text: str, field: str, language: str) -> list[Unit]:
        # A phrase does not reach over a comma, so that the order of what is listed makes no difference.
        return [unit for part in _SEPARATORS.split(text) for unit in self._units_of(words(part), field, language)]

    def _units_of(self, tokens: tuple[str, ...], field: str, language: str) -> list[Unit]:
        units: list[Unit] = []
        position = 0
        for start, end, maker in self.lexicon.aliases.find(tokens, language):
            units.extend(self._concept_units(tokens[position:start], field, language))
            units.append(Unit(tokens[start:end], (), field, maker))
            position = end
        return [*units, *self._concept_units(tokens[position:], field, language)]

    def _concept_units(self, tokens: tuple[str, ...], field: str, language: str) -> list[Unit]:
        units: list[Unit] = []
        position = 0
        for found in self.lexicon.find(tokens, language):
            units.extend(_plain_units(tokens[position : found.start], field))
            units.append(Unit(tokens[found.start : found.end], found.concepts, field))
            position = found.end
        return [*units, *_plain_units(tokens[position:], field)]


def _plain_units(tokens: tuple[str, ...], field: str) -> list[Unit]:
    return [Unit((token,), (), field) for token in _search_words(tokens)]


def _search_words(tokens: Sequence[str]) -> tuple[str, ...]:
    """Words worth finding, each once, Chinese and Japanese runs as pairs of characters; no lone letters."""
    found: dict[str, None] = {}
    for token in tokens:
        if is_han(token) and len(token) > 1:
            found.update(dict.fromkeys(token[i : i + 2] for i in range(len(token) - 1)))
        elif len(token) > 1 or token.isdigit() or is_han(token):
            found[token] = None
    return tuple(found)


def _without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """Blank out what was already read, keeping every other position; what stood before it belongs to it."""
    for start, end in spans:
        text = text[:start] + ";".ljust(end - start) + text[end:]
    return text
