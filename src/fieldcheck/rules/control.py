"""Is this type of object controlled or on a watch list, at this border, on this day?"""

from collections.abc import Iterator, Sequence

from fieldcheck.models import ControlledLine, ControlledState, Rule
from fieldcheck.rules.case import Case
from fieldcheck.rules.facts import TypeAtRisk
from fieldcheck.rules.kinds import Answer, Asked, Direction
from fieldcheck.rules.law import Applied, as_rule
from fieldcheck.rules.papers import lacks_papers
from fieldcheck.wording import sentence

_MOST_REGIONS = 4


def judge_control(case: Case) -> ControlledLine:
    """The controlled line of a case."""
    if not case.goods.types:
        return ControlledLine(ControlledState.UNKNOWN, sentence("controlled", "unknown_type"))
    rules = tuple(_rules(case))
    look_for = tuple(dict.fromkeys(feature for entry in case.watched for feature in entry.look_for))
    if case.binding:
        name = _binding(case)[0].instrument.name
        text = sentence("controlled", "controlled_here", {"rule": name})
        return ControlledLine(ControlledState.CONTROLLED_HERE, _with_way(text, case), rules, look_for)
    if case.watched:
        text = sentence("controlled", "watch_list", {"rule": _watch_rule(case.watched[0]).name})
        return ControlledLine(ControlledState.WATCH_LIST, text, rules, look_for, asks=_asks(case))
    return _open(case, rules)


def _open(case: Case, rules: tuple[Rule, ...]) -> ControlledLine:
    """The line where nothing controls the object for certain and no watch list of its origin has it."""
    asks = _asks(case)
    if asks:
        first = next(applied for applied in case.law if _one_answer(applied))
        values = {"rule": first.instrument.name, "what": sentence("asked", asks[0])}
        text = sentence("controlled", "may_apply", values)
        return ControlledLine(ControlledState.UNKNOWN, text, rules, asks=asks)
    if case.item.origin:
        text = sentence("controlled", "not_typical", {"origin": case.item.origin})
        return ControlledLine(ControlledState.NOT_TYPICAL, text, rules)
    if case.elsewhere:
        regions = list(dict.fromkeys(entry.region for entry in case.elsewhere))
        shown = ", ".join(regions[:_MOST_REGIONS]) + (" and elsewhere" if len(regions) > _MOST_REGIONS else "")
        text = sentence("controlled", "unknown_origin_types", {"regions": shown})
        return ControlledLine(ControlledState.UNKNOWN, text, rules, origin_decides=True)
    return ControlledLine(ControlledState.UNKNOWN, sentence("controlled", "unknown_origin"), rules)


def _asks(case: Case) -> tuple[str, ...]:
    """What would decide a rule: only rules that wait for a single answer ask for it."""
    return tuple(dict.fromkeys(asked.value for applied in case.law if (asked := _one_answer(applied))))


def _one_answer(applied: Applied) -> Asked | None:
    """The single answer that a rule waits for; one that is not verified waits to be so."""
    if applied.ended or applied.answer is Answer.NO or len(applied.asked) > 1:
        return None
    if not applied.instrument.verified:
        return Asked.RULE if applied.answer is Answer.YES else None
    return applied.asked[0] if applied.asked else None


def _rules(case: Case) -> Iterator[Rule]:
    """What binds, then the watch lists, then what may apply, has ended or stands in the background."""
    for applied in _binding(case):
        yield as_rule(applied.instrument, case.on, _way(case))
    yield from (_watch_rule(entry) for entry in case.watched)
    for applied in case.law:
        if not applied.binds:
            depends = [sentence("controlled", "depends", {"what": _what(applied.asked)})] if applied.asked else []
            yield as_rule(applied.instrument, case.on, depends)


def _binding(case: Case) -> list[Applied]:
    """What controls the object, what lacks its papers first: that is the rule that a hold names."""
    return sorted(case.binding, key=lambda applied: not lacks_papers(applied.instrument, case.item.papers))


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


def _way(case: Case) -> Sequence[str]:
    if case.route.direction is None or not case.route.code:
        return ()
    return (sentence("controlled", case.route.direction),)


def _with_way(text: str, case: Case) -> str:
    if case.route.direction is Direction.IMPORT and not case.route.assumed:
        return text
    said = _way(case)
    return f"{text} {said[0][0].upper()}{said[0][1:]}." if said else text


def _what(asked: Sequence[Asked]) -> str:
    return " and ".join(sentence("asked", entry) for entry in asked)
