"""Which instruments apply to an object of some origin, at a border, on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fieldcheck.models import Rule
from fieldcheck.rules.facts import Facts, Instrument
from fieldcheck.rules.goods import Goods, group_answer
from fieldcheck.rules.kinds import Answer, Asked, Direction, Effect, Kind
from fieldcheck.rules.route import Route
from fieldcheck.wording import sentence


@dataclass(frozen=True, slots=True)
class Applied:
    """An instrument and whether it controls this object here today; ``asked`` would decide where that is unknown.

    ``answer`` NO means that it concerns the origin but puts no control of its own on the object.
    """

    instrument: Instrument
    answer: Answer
    ended: bool = False
    asked: tuple[Asked, ...] = ()

    @property
    def binds(self) -> bool:
        """Whether it controls the object for certain: what is not verified never does."""
        return self.answer is Answer.YES and self.instrument.verified and not self.ended


@dataclass(frozen=True, slots=True)
class Situation:
    """What the instruments are judged by; several ``origins`` are possible where only the culture is known."""

    goods: Goods
    route: Route
    origins: tuple[str, ...]
    designated: bool
    on: str


def judge_law(situation: Situation, facts: Facts) -> tuple[Applied, ...]:
    """Every instrument that concerns the object, those that control it first, then what may, then the rest."""
    found = [judged for entry in facts.instruments if (judged := _judge(entry, situation, facts))]
    order = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}

    def rank(applied: Applied) -> tuple[bool, bool, int, int]:
        return not applied.binds, applied.ended, order[applied.answer], len(applied.asked)

    return tuple(sorted(found, key=rank))


def controlled_states(route: Route, facts: Facts, on: str) -> frozenset[str]:
    """The states whose objects this border controls by name on a day."""
    return frozenset(
        origin
        for entry in facts.instruments
        if entry.effect is Effect.CONTROL and entry.origins and entry.verified
        if _stands_here(entry, route) and _started(entry, on) and not has_ended(entry, on)
        for origin in entry.origins
    )


def law_between(origin: str, route: Route, facts: Facts, on: str) -> tuple[Applied, ...]:
    """What the law says of any object of that origin at a border, whatever it is."""
    return tuple(
        Applied(entry, Answer.UNKNOWN, ended=has_ended(entry, on))
        for entry in facts.instruments
        if _stands_here(entry, route)
        and _started(entry, on)
        and (origin in entry.origins or (not entry.origins and _from_outside(entry, (origin,), route)))
    )


def law_of_states(states: Sequence[str], facts: Facts, on: str) -> tuple[Instrument, ...]:
    """The conventions that these states are party to on a day."""
    wanted = {Kind.UNESCO_1970, Kind.UNIDROIT_1995}
    return tuple(
        entry
        for entry in facts.instruments
        if entry.kind in wanted and set(states) & set(entry.origins) and _started(entry, on)
    )


def as_rule(entry: Instrument, on: str, remarks: Sequence[str] = ()) -> Rule:
    """An instrument as it is shown, with its dates and what is not certain about it."""
    said = [*remarks, *_dates(entry, on)]
    if entry.note:
        said.append(entry.note)
    if not entry.verified:
        said.append(sentence("controlled", "unverified"))
    detail = "; ".join(remark.rstrip(".") for remark in said)
    return Rule(entry.id, entry.name, detail, entry.sources, entry.seen, entry.verified)


def has_ended(entry: Instrument, on: str) -> bool:
    """Whether its last day, as this data has it, has passed."""
    return bool(entry.valid_to) and entry.valid_to < on


def _dates(entry: Instrument, on: str) -> Iterator[str]:
    if entry.directions:
        yield sentence("controlled", "ways", {"ways": sentence("papers", "or").join(entry.directions)})
    if has_ended(entry, on):
        yield sentence("controlled", "ended", {"date": entry.valid_to})
    elif entry.valid_from or entry.valid_to:
        name = "from_to" if entry.valid_from and entry.valid_to else "since" if entry.valid_from else "until"
        yield sentence("controlled", name, {"first": entry.valid_from, "last": entry.valid_to})
    if entry.removed_since:
        yield sentence("controlled", "removed_since", {"date": entry.removed_since})


def _judge(entry: Instrument, situation: Situation, facts: Facts) -> Applied | None:
    route, on = situation.route, situation.on
    if not _stands_here(entry, route) or not _started(entry, on) or not _concerns(entry, situation):
        return None
    if entry.directions and route.direction not in entry.directions:
        return None
    ended = has_ended(entry, on)
    if not _controls(entry, route):
        return Applied(entry, Answer.NO, ended) if _covers(entry, situation, facts) is not Answer.NO else None
    answer, asked = _conditions(entry, situation, facts)
    if answer is Answer.NO:
        return None
    if entry.effect is not Effect.EXPORT_LAW:
        return Applied(entry, answer, ended, asked)
    return _through_export_law(Applied(entry, answer, ended, asked), situation, facts)


def _stands_here(entry: Instrument, route: Route) -> bool:
    return not entry.border or entry.border in {route.code, route.border.code if route.border else ""}


def _started(entry: Instrument, on: str) -> bool:
    return not entry.valid_from or entry.valid_from <= on


def _concerns(entry: Instrument, situation: Situation) -> bool:
    if entry.origins:
        shared = any(origin in entry.origins for origin in situation.origins)
        return shared and not _comes_home(entry, situation)
    return _from_outside(entry, situation.origins, situation.route)


def _comes_home(entry: Instrument, situation: Situation) -> bool:
    """Whether a control on what left a state meets an object that comes back to it."""
    route, origins = situation.route, set(situation.origins)
    return entry.effect is Effect.CONTROL and route.direction is Direction.IMPORT and origins <= route.members


def _from_outside(entry: Instrument, origins: Sequence[str], route: Route) -> bool:
    """A border's own law on what comes in is not for what was made or found behind that border."""
    if entry.kind is not Kind.BORDER_LAW or Direction.EXPORT in entry.directions:
        return True
    return not (origins and set(origins) <= route.members)


def _controls(entry: Instrument, route: Route) -> bool:
    """Whether it can control an object here: a state's own law does so where the object leaves that state."""
    if entry.kind is Kind.NATIONAL_LAW:
        return route.direction is Direction.EXPORT and route.code in entry.origins
    return entry.effect is not Effect.CONTEXT


def _through_export_law(applied: Applied, situation: Situation, facts: Facts) -> Applied | None:
    """A rule that enforces the export law of the state of origin, as far as a verified one covers the object."""
    covered = {_covers(entry, situation, facts) for entry in _export_laws(situation, facts)}
    if Answer.YES in covered:
        return applied
    if Answer.UNKNOWN in covered:
        return replace(applied, answer=Answer.UNKNOWN, asked=tuple(dict.fromkeys((*applied.asked, Asked.AGE))))
    if covered:
        return None
    return replace(applied, answer=Answer.UNKNOWN, asked=(*applied.asked, Asked.LAW))


def _export_laws(situation: Situation, facts: Facts) -> Iterator[Instrument]:
    for entry in facts.instruments:
        stands = _started(entry, situation.on) and not has_ended(entry, situation.on)
        if (
            entry.kind is Kind.NATIONAL_LAW
            and entry.verified
            and stands
            and set(situation.origins) & set(entry.origins)
        ):
            yield entry


def _covers(entry: Instrument, situation: Situation, facts: Facts) -> Answer:
    return _conditions(entry, situation, facts)[0]


def _conditions(entry: Instrument, situation: Situation, facts: Facts) -> tuple[Answer, tuple[Asked, ...]]:
    """All conditions together, and what would have to be known."""
    goods = situation.goods
    groups = _groups(entry, situation, facts)
    age = Answer.YES if entry.min_age is None else goods.is_older_than(entry.min_age)
    made = Answer.YES if entry.made_until is None else goods.was_made_until(entry.made_until)
    if entry.kind is Kind.MEASURE and not goods.dated:
        made = Answer.UNKNOWN  # a designated list is of old things, whatever else it says
    value = _value(entry, goods)
    answers = (groups, age, made, value)
    if Answer.NO in answers:
        return Answer.NO, ()
    asked = []
    if not situation.origins and entry.kind is Kind.BORDER_LAW and Direction.EXPORT not in entry.directions:
        asked.append(Asked.ORIGIN)
    if Answer.UNKNOWN in {groups, age, made}:
        asked.append(Asked.AGE)
    if value is Answer.UNKNOWN:
        asked.append(Asked.VALUE)
    return (Answer.UNKNOWN if asked else Answer.YES), tuple(asked)


def _groups(entry: Instrument, situation: Situation, facts: Facts) -> Answer:
    if not entry.goods and not entry.types:
        return Answer.YES
    answers = {
        group_answer(situation.goods, group, facts.goods, designated=situation.designated) for group in entry.goods
    }
    if entry.types and situation.goods.types & set(entry.types):
        answers.add(Answer.YES)
    return next((answer for answer in (Answer.YES, Answer.UNKNOWN) if answer in answers), Answer.NO)


def _value(entry: Instrument, goods: Goods) -> Answer:
    if entry.min_value_eur is None:
        return Answer.YES
    if goods.value_eur is None:
        return Answer.UNKNOWN
    return Answer.YES if goods.value_eur >= entry.min_value_eur else Answer.NO
