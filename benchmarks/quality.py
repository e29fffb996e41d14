"""How good answers are: the right record first, among the first ten, and how honest the words for strength are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench_set import Asked
from contenders import Ranked

LEVELS = {"1 %": 0.01, "10 %": 0.10}
"""Shares of the absent objects that may raise an alarm."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares, 0 to 1, over ``count`` descriptions of objects that are in a record."""

    count: int
    first: float
    ten: float


@dataclass(frozen=True, slots=True)
class Honesty:
    """At one level: which share of the absent raised an alarm, and of the present raised one and was right or wrong."""

    absent: float
    right: float
    wrong: float


def quality(asked: Sequence[Asked], answers: Sequence[Ranked]) -> Quality:
    """How often the right record came first and among the first ten."""
    pairs = [(one.truth, [record for record, _ in ranked]) for one, ranked in zip(asked, answers, strict=True)]
    present = [(truth, found) for truth, found in pairs if truth]
    return Quality(
        len(present),
        share(found[:1] == [truth] for truth, found in present),
        share(truth in found for truth, found in present),
    )


def by_group(asked: Sequence[Asked], answers: Sequence[Ranked]) -> dict[str, Quality]:
    """Quality for each group that a target is set for, and over all."""
    groups = {one.group: None for one in asked}
    kept = {group: [place for place, one in enumerate(asked) if one.group == group] for group in groups}
    found = {group: quality(*_at(places, asked, answers)) for group, places in kept.items()}
    return {**found, "all": quality(asked, answers)}


def by_set(asked: Sequence[Asked], answers: Sequence[Ranked]) -> dict[str, Quality]:
    """Quality for each set of descriptions, whose name ends with its language."""
    sets = {one.set: None for one in asked}
    kept = {name: [place for place, one in enumerate(asked) if one.set == name] for name in sets}
    return {name: quality(*_at(places, asked, answers)) for name, places in kept.items()}


def honesty(asked: Sequence[Asked], answers: Sequence[Ranked], raised: Sequence[bool]) -> Honesty:
    """What alarms were worth; ``raised`` says for which descriptions the first record raised one."""
    right = [ranked[:1] and ranked[0][0] == one.truth for one, ranked in zip(asked, answers, strict=True)]
    rows = list(zip(asked, right, raised, strict=True))
    return Honesty(
        share(alarm for one, _, alarm in rows if not one.truth),
        share(bool(alarm and good) for one, good, alarm in rows if one.truth),
        share(bool(alarm and not good) for one, good, alarm in rows if one.truth),
    )


def honesty_by_score(asked: Sequence[Asked], answers: Sequence[Ranked], level: float) -> Honesty:
    """What alarms would be worth where the best score alone raises one, at the limit that suits the absent best."""
    best = [ranked[0][1] if ranked else 0.0 for ranked in answers]
    absent = sorted((score for one, score in zip(asked, best, strict=True) if not one.truth), reverse=True)
    limit = absent[int(level * len(absent))]
    return honesty(asked, answers, [score > limit for score in best])


def share(flags: Iterable[bool]) -> float:
    """The share that is true; 0 of none."""
    counted = list(flags)
    return sum(counted) / len(counted) if counted else 0.0


def _at(places: Sequence[int], asked: Sequence[Asked], answers: Sequence[Ranked]) -> tuple[list[Asked], list[Ranked]]:
    return [asked[place] for place in places], [answers[place] for place in places]
