"""What is held about objects from one state at one border on one day, whatever the object is."""

from dataclasses import dataclass

from fieldcheck.models import Item, Rule
from fieldcheck.rules.facts import Facts, TypeAtRisk
from fieldcheck.rules.kinds import Effect, Kind
from fieldcheck.rules.law import as_rule, law_between, law_of_states
from fieldcheck.rules.route import read_route


@dataclass(frozen=True, slots=True)
class LawOfOrigin:
    """The facts for one state of origin; ``border`` is the name of the border's profile, or empty.

    ``here`` are the rules that may control objects at that border, ``origin_law`` the export laws of the state,
    ``conventions`` those of the origin and of the states behind the border.
    """

    origin: str
    border: str
    on: str
    version: str
    here: tuple[Rule, ...]
    origin_law: tuple[Rule, ...]
    conventions: tuple[Rule, ...]
    types: tuple[TypeAtRisk, ...]


def law_of_origin(origin: str, border: str, on: str, facts: Facts) -> LawOfOrigin:
    """Everything that is held for a state of origin at a border on an ISO date."""
    route = read_route(Item(border=border), facts.borders)
    found = [applied.instrument for applied in law_between(origin, route, facts, on)]
    here = [entry for entry in found if entry.kind in {Kind.MEASURE, Kind.BORDER_LAW, Kind.SECURITY_COUNCIL}]
    here.sort(key=lambda entry: (entry.effect is Effect.CONTEXT, entry.kind is not Kind.SECURITY_COUNCIL))
    states = (origin, *(state for state in sorted(route.members) if state != origin))
    named = {state: law_of_states((state,), facts, on) for state in states}
    return LawOfOrigin(
        origin=origin,
        border=route.border.name if route.border else "",
        on=on,
        version=facts.version,
        here=tuple(as_rule(entry, on) for entry in here),
        origin_law=tuple(as_rule(entry, on) for entry in found if entry.kind is Kind.NATIONAL_LAW),
        conventions=tuple(as_rule(entry, on, (state,)) for state, entries in named.items() for entry in entries),
        types=tuple(entry for entry in facts.types if origin in entry.origins),
    )
