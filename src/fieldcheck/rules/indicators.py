"""Which of the forty indicators are met: decided where the object, declaration and papers say so, else asked."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from fieldcheck.datafiles import load_toml
from fieldcheck.models import IndicatorsLine, IndicatorsState, ListedState, PapersLine
from fieldcheck.rules.assays import judge_assays
from fieldcheck.rules.case import Case
from fieldcheck.rules.kinds import Answer
from fieldcheck.rules.signs import DECIDED
from fieldcheck.wording import sentence

_SEVERAL = 2


@enum.unique
class Weight(enum.StrEnum):
    """How an indicator counts, the gravest first; signs of the trade as a whole and of a replica do not count."""

    GRAVE = "grave"
    STRONG = "strong"
    PLAIN = "plain"
    CONTEXT = "context"
    REPLICA = "replica"


_RANKS = {weight: rank for rank, weight in enumerate(Weight)}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as data; ``weight`` is never shown, and one that ``repeats`` another line does not count."""

    id: str
    group: str
    text: str
    question: str
    inputs: tuple[str, ...]
    weight: Weight
    repeats: bool
    caution: str
    decided: bool
    asked: bool
    why_not_asked: str
    source: str

    @property
    def shown(self) -> str:
        """The indicator with its innocent explanation."""
        if not self.caution:
            return f"{self.id} {self.text}"
        return f"{self.id} {self.text} ({sentence('indicators', 'caution', {'caution': self.caution})})"


@cache
def load_indicators() -> tuple[Indicator, ...]:
    """All indicators, in the order in which they are asked."""
    entries = load_toml("indicators.toml")["indicator"]
    return tuple(
        Indicator(**{**entry, "inputs": tuple(entry["inputs"]), "weight": Weight(entry["weight"])}) for entry in entries
    )


def judge_indicators(case: Case, papers: PapersLine, listed: ListedState) -> IndicatorsLine:
    """The indicators line of a case; what the officer says of an indicator stands above what was decided."""
    answers = _answers(case, papers, listed)
    asked = [entry for entry in load_indicators() if entry.asked]
    met = [entry for entry in asked if answers[entry.id] is Answer.YES]
    unmet = [entry for entry in asked if answers[entry.id] is Answer.NO]
    unanswered = [entry for entry in asked if answers[entry.id] is Answer.UNKNOWN]
    unanswered.sort(key=lambda entry: _RANKS[entry.weight])
    values = {"met": len(met), "unmet": len(unmet), "unanswered": len(unanswered)}
    return IndicatorsLine(
        text=sentence("indicators", "counted" if met or unmet else "not_asked", values),
        met=tuple(entry.shown for entry in met),
        unmet=tuple(f"{entry.id} {entry.text}" for entry in unmet),
        unanswered=tuple(f"{entry.id} {entry.question}" for entry in unanswered),
        checks=judge_assays(case),
        state=_state(met),
    )


def _answers(case: Case, papers: PapersLine, listed: ListedState) -> Mapping[str, Answer]:
    said = {entry.indicator: Answer.YES if entry.met else Answer.NO for entry in case.item.observations}
    answers: dict[str, Answer] = {}
    for entry in load_indicators():
        decide: Callable[[Case, PapersLine, ListedState], Answer] | None = DECIDED.get(entry.id)
        found = decide(case, papers, listed) if decide else Answer.UNKNOWN
        answers[entry.id] = said.get(entry.id, found)
    return answers


def _state(met: list[Indicator]) -> IndicatorsState:
    """One grave indicator or several strong ones call for an expert; plain ones alone never do."""
    weights = [entry.weight for entry in met if not entry.repeats]
    if Weight.GRAVE in weights or weights.count(Weight.STRONG) >= _SEVERAL:
        return IndicatorsState.SEVERAL_MET
    return IndicatorsState.SOME_MET if set(weights) & {Weight.STRONG, Weight.PLAIN} else IndicatorsState.NONE_MET
