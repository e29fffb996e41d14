"""Is this type of object controlled or on a watch list, at this border, on this day?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldcheck.models import ControlledLine, ControlledState, Item, Rule
from fieldcheck.rules.facts import Facts, Instrument, TypeAtRisk
from fieldcheck.text.concepts import Concept, Lexicon
from fieldcheck.text.normalise import words
from fieldcheck.text.reading import ItemReading
from fieldcheck.wording import sentence

_BINDING = frozenset({"us_measure", "unsc"})
_MOST_REGIONS = 4


@dataclass(frozen=True, slots=True)
class _Said:
    """What the description says, as concept ids with what they are kinds of."""

    types: frozenset[str]
    materials: frozenset[str]
    cultures: frozenset[str]


def judge_control(item: Item, reading: ItemReading, facts: Facts, lexicon: Lexicon, on: str) -> ControlledLine:
    """The controlled line for an item on the ISO date ``on``."""
    said = _said(reading)
    if not said.types:
        return ControlledLine(ControlledState.UNKNOWN, sentence("controlled", "unknown_type"))
    fitting = [entry for entry in facts.types if _fits(entry, said, reading, lexicon)]
    origin = item.origin.upper()
    placed = [entry for entry in fitting if _from_there(entry, origin, said, lexicon)]
    if placed:
        return _watched(placed, facts, item.border.upper(), on)
    if origin:
        text = sentence("controlled", "not_typical", {"origin": origin})
        return ControlledLine(ControlledState.NOT_TYPICAL, text)
    if fitting:
        regions = list(dict.fromkeys(entry.region for entry in fitting))
        shown = ", ".join(regions[:_MOST_REGIONS]) + (" and elsewhere" if len(regions) > _MOST_REGIONS else "")
        text = sentence("controlled", "unknown_origin_types", {"regions": shown})
        return ControlledLine(ControlledState.UNKNOWN, text, origin_decides=True)
    return ControlledLine(ControlledState.UNKNOWN, sentence("controlled", "unknown_origin"))


def rules_for(origins: Iterable[str], facts: Facts, border: str, on: str) -> tuple[tuple[Rule, bool], ...]:
    """Rules for objects from these states at that border, each with whether it binds there on that day."""
    wanted = set(origins)
    found = [
        entry
        for entry in facts.instruments
        if wanted & set(entry.origins)
        and entry.border in {"", border}
        and (not entry.valid_from or entry.valid_from <= on)
    ]
    return tuple((_rule(entry, on), _binds(entry, on)) for entry in found)


def _said(reading: ItemReading) -> _Said:
    concepts = [concept for unit in reading.units for concept in unit.concepts]
    return _Said(_ids(concepts, {"type"}), _ids(concepts, {"material"}), _ids(concepts, {"culture"}))


def _ids(concepts: Sequence[Concept], kinds: set[str]) -> frozenset[str]:
    return frozenset(name for concept in concepts if concept.kind in kinds for name in (concept.id, *concept.broader))


def _fits(entry: TypeAtRisk, said: _Said, reading: ItemReading, lexicon: Lexicon) -> bool:
    """Whether the type fits and neither material nor date speaks against it."""
    if not said.types & _resolve(entry.types, "type", lexicon):
        return False
    materials = _resolve(entry.materials, "material", lexicon)
    if said.materials and materials and not said.materials & materials:
        return False
    years = reading.years
    if years and entry.year_to is not None and years.first > entry.year_to:
        return False
    return not (years and entry.year_from is not None and years.last < entry.year_from)


def _from_there(entry: TypeAtRisk, origin: str, said: _Said, lexicon: Lexicon) -> bool:
    if origin:
        return origin in entry.origins
    return bool(said.cultures & _resolve(entry.cultures, "culture", lexicon))


def _resolve(names: Iterable[str], kind: str, lexicon: Lexicon) -> set[str]:
    found = (match.concepts for name in names for match in lexicon.find(words(name)))
    return {concept.id for concepts in found for concept in concepts if concept.kind == kind}


def _watched(entries: Sequence[TypeAtRisk], facts: Facts, border: str, on: str) -> ControlledLine:
    origins = dict.fromkeys(origin for entry in entries for origin in entry.origins)
    law = rules_for(origins, facts, border, on)
    binding = [rule for rule, binds in law if binds]
    watch = [_watch_rule(entry) for entry in entries]
    look_for = tuple(dict.fromkeys(feature for entry in entries for feature in entry.look_for))
    rules = (*binding, *watch, *(rule for rule, binds in law if not binds))
    state = ControlledState.CONTROLLED_HERE if binding else ControlledState.WATCH_LIST
    first = binding[0] if binding else watch[0]
    return ControlledLine(state, sentence("controlled", state, {"rule": first.name}), rules, look_for)


def _watch_rule(entry: TypeAtRisk) -> Rule:
    detail = entry.name if not entry.unverified else f"{entry.name} ({sentence('controlled', 'unverified')})"
    return Rule(
        id=entry.id,
        name=f"{entry.watch_list}: {entry.name}",
        detail=detail,
        sources=entry.sources,
        seen=entry.seen,
        verified=not entry.unverified,
    )


def _binds(entry: Instrument, on: str) -> bool:
    return entry.kind in _BINDING and entry.verified and not (entry.valid_to and entry.valid_to < on)


def _rule(entry: Instrument, on: str) -> Rule:
    remarks = [entry.note] if entry.note else []
    if entry.valid_to and entry.valid_to < on:
        remarks.append(sentence("controlled", "ended", {"date": entry.valid_to}))
    if not entry.verified:
        remarks.append(sentence("controlled", "unverified"))
    detail = "; ".join(remark.rstrip(".") for remark in remarks)
    return Rule(entry.id, entry.name, detail, entry.sources, entry.seen, entry.verified)
