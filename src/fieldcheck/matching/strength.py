"""How strongly a candidate looks like the item: strong, possible or weak, and never a number that is shown.

A logistic model turns how far the best record stands out, how well size and date agree, and everything that differs
or is missing into a chance that it is the right one. Every coefficient has the sign that its name promises, so that
an agreement never weakens and a difference never strengthens. They stand in ``data/calibration.toml``, fitted by
``benchmarks/fit_strength.py`` for several numbers of records.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from fieldcheck.datafiles import load_toml
from fieldcheck.matching.query import Query
from fieldcheck.matching.scored import Scored
from fieldcheck.models import Evidence, EvidenceKind, Strength

CALIBRATION_NAME = "calibration.toml"
SMALLEST_WORLD = 10_000
_MOST_LEAD = 12.0
_MOST_FAR_LEAD = 20.0
_TEMPERATURE = 2.5
_CONTRADICT_A_NUMBER = frozenset({EvidenceKind.TYPE, EvidenceKind.MAKER, EvidenceKind.MATERIAL, EvidenceKind.SIZE})
_WORDS = frozenset({EvidenceKind.WORDS, EvidenceKind.SUBJECT})


@dataclass(frozen=True, slots=True)
class Signs:
    """What the model looks at, for one candidate.

    ``standing`` is 0 for a record without rivals and more negative the more and nearer they are; ``lead`` is the
    distance to the nearest, in log-odds, 12 at most, and ``far_lead`` what goes beyond, 20 at most. The others are
    the weights of the evidence of that name, or count what was said and has no counterpart in the record.
    """

    standing: float
    lead: float
    far_lead: float
    size_agrees: float
    size_differs: float
    size_not_in_record: float
    date_agrees: float
    date_not_in_record: float
    material_differs: float
    type_differs: float
    words_not_in_record: float


def alike_within() -> float:
    """Two scores no further apart than this cannot be told apart."""
    return float(load_toml(CALIBRATION_NAME)["alike_within"])


def read_signs(candidate: Scored, rivals: Sequence[Scored], query: Query, size: int) -> Signs:
    """Read the signs of one candidate.

    Args:
        candidate: the record that is judged.
        rivals: the other records that were compared, without those that are the same object.
        query: what was asked.
        size: number of records held. A short list is no proof of a small world: something outside it always
            rivals, as if 10,000 records were held.
    """
    own, evidence = candidate.score, candidate.evidence
    others = [*(rival.score for rival in rivals), math.log(max(size, SMALLEST_WORLD))]
    lead = own - max(others)
    worths = dict.fromkeys(EvidenceKind, 0.0)
    for entry in evidence:
        worths[entry.kind] += entry.weight
    compared = {entry.kind for entry in evidence}
    return Signs(
        standing=-math.log1p(sum(math.exp(min((rival - own) / _TEMPERATURE, 30.0)) for rival in others)),
        lead=max(min(lead, _MOST_LEAD), 0.0),
        far_lead=max(min(lead - _MOST_LEAD, _MOST_FAR_LEAD), 0.0),
        size_agrees=max(worths[EvidenceKind.SIZE], 0.0),
        size_differs=float(worths[EvidenceKind.SIZE] < 0),
        size_not_in_record=float(bool(query.reading.sizes) and EvidenceKind.SIZE not in compared),
        date_agrees=max(worths[EvidenceKind.DATE], 0.0),
        date_not_in_record=float(query.reading.years is not None and worths[EvidenceKind.DATE] <= 0),
        material_differs=_against(evidence, EvidenceKind.MATERIAL),
        type_differs=_against(evidence, EvidenceKind.TYPE),
        words_not_in_record=float(
            sum(_count(entry) for entry in evidence if entry.kind in _WORDS and entry.weight < 0)
        ),
    )


def strength_of(signs: Signs, alike: int, evidence: Sequence[Evidence], size: int) -> Strength:
    """The word for a candidate; only one that stands alone, on two kinds of evidence, is strong.

    For records that cannot be told apart, ``signs`` are those of the group against all others; where one of them
    alone would be strong, each is possible.
    """
    fit = _fit(size)
    answer = _chance(signs, fit)
    if alike > 1:
        return Strength.POSSIBLE if answer >= fit["strong"] else Strength.WEAK
    agreeing = {entry.kind for entry in evidence if entry.weight > 0}
    if len(agreeing) > 1 and (answer >= fit["strong"] or _is_named(evidence)):
        return Strength.STRONG
    named = EvidenceKind.INVENTORY_NUMBER in agreeing
    return Strength.POSSIBLE if named or answer >= fit["possible"] else Strength.WEAK


def _is_named(evidence: Sequence[Evidence]) -> bool:
    """Whether the record's own number was given, and nothing that was said of the object contradicts it."""
    number = any(entry.kind is EvidenceKind.INVENTORY_NUMBER and entry.weight > 0 for entry in evidence)
    return number and not any(entry.kind in _CONTRADICT_A_NUMBER and entry.weight < 0 for entry in evidence)


def _fit(size: int) -> dict[str, Any]:
    """What was fitted at the number of records nearest to ``size``."""
    fits: list[dict[str, Any]] = load_toml(CALIBRATION_NAME)["fit"]
    return min(fits, key=lambda entry: abs(math.log(entry["records"] / max(size, 1))))


def _chance(signs: Signs, fit: dict[str, Any]) -> float:
    """The model's answer, 0 to 1."""
    total = fit["constant"] + sum(fit[field.name] * getattr(signs, field.name) for field in fields(signs))
    return float(1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0))))


def _against(evidence: Sequence[Evidence], kind: EvidenceKind) -> float:
    return -sum(entry.weight for entry in evidence if entry.kind is kind and entry.weight < 0)


def _count(evidence: Evidence) -> int:
    return evidence.query.count(", ") + 1
