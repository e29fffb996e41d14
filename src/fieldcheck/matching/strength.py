"""How strongly a candidate looks like the item: strong, possible or weak, and never a number that is shown.

A logistic model turns how far the best record stands out, how well size, date and words agree, and everything that
differs or is missing into a chance that it is the right one. Every coefficient has the sign that its name promises,
so that an agreement never weakens and a difference never strengthens. They stand in ``data/calibration.toml``,
fitted by ``benchmarks/fit_strength.py`` for several numbers of records.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from fieldcheck.datafiles import load_toml
from fieldcheck.matching.finding import Finding
from fieldcheck.matching.query import Query
from fieldcheck.matching.scored import Scored
from fieldcheck.models import EvidenceKind, Strength

CALIBRATION_NAME = "calibration.toml"
SMALLEST_WORLD = 10_000
_NEAR_GAP = 3.0
_MOST_GAP = 10.0
_MOST_WORDS = 10.0
_TEMPERATURE = 2.5
_CONTRADICT_A_NUMBER = frozenset({EvidenceKind.TYPE, EvidenceKind.MAKER, EvidenceKind.MATERIAL, EvidenceKind.SIZE})
_WORDS = (EvidenceKind.TITLE, EvidenceKind.WORDS, EvidenceKind.SUBJECT)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the model looks at, for one candidate.

    ``standing`` is 0 for a record without rivals and more negative the more and nearer they are; ``gap`` is the
    distance to the nearest, in log-odds, 3 at most, and ``far_gap`` what goes beyond, 7 at most. Those that agree are
    worths, of words 10 at most; the others are worths as well, or count what was said and has no counterpart in the
    record, or are 1 for what is so.
    """

    standing: float
    gap: float
    far_gap: float
    size_agrees: float
    size_differs: float
    size_near_but_differs: float
    size_not_in_record: float
    date_agrees: float
    date_not_in_record: float
    material_differs: float
    type_differs: float
    words_agree: float
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
    own, findings = candidate.score, candidate.findings
    scores = [rival.score for rival in rivals]
    gap = own - max(scores, default=own - _MOST_GAP)
    scores.append(math.log(max(size, SMALLEST_WORLD)))
    agree: dict[EvidenceKind, float] = defaultdict(float)
    differ: dict[EvidenceKind, float] = defaultdict(float)
    for finding in findings:
        (agree if finding.worth > 0 else differ)[finding.kind] += finding.worth
    is_sized = any(finding.kind is EvidenceKind.SIZE for finding in findings)
    size_agrees, size_differs = agree[EvidenceKind.SIZE], differ[EvidenceKind.SIZE] < 0
    return Signs(
        standing=-math.log1p(sum(math.exp(min((rival - own) / _TEMPERATURE, 30.0)) for rival in scores)),
        gap=max(min(gap, _NEAR_GAP), 0.0),
        far_gap=max(min(gap, _MOST_GAP) - _NEAR_GAP, 0.0),
        size_agrees=size_agrees,
        size_differs=float(size_differs),
        size_near_but_differs=float(is_sized and not size_agrees and not size_differs),
        size_not_in_record=float(bool(query.reading.sizes) and not is_sized),
        date_agrees=agree[EvidenceKind.DATE],
        date_not_in_record=float(query.reading.years is not None and not agree[EvidenceKind.DATE]),
        material_differs=-differ[EvidenceKind.MATERIAL],
        type_differs=-differ[EvidenceKind.TYPE],
        words_agree=min(sum(agree[kind] for kind in _WORDS), _MOST_WORDS),
        words_not_in_record=float(sum(len(one.said) for one in findings if one.kind in _WORDS and one.worth < 0)),
    )


def strength_of(signs: Signs, alike: int, findings: Sequence[Finding], size: int) -> Strength:
    """The word for a candidate; only one that stands alone, on two kinds of evidence, is strong.

    For records that cannot be told apart, ``signs`` are those of the group against all others; where one of them
    alone would be strong, each is possible.
    """
    fit = _fit(size)
    answer = _chance(signs, fit)
    if alike > 1:
        return Strength.POSSIBLE if answer >= fit["strong"] else Strength.WEAK
    agreeing = {entry.kind for entry in findings if entry.worth > 0}
    if len(agreeing) > 1 and (answer >= fit["strong"] or _is_named(findings)):
        return Strength.STRONG
    named = EvidenceKind.INVENTORY_NUMBER in agreeing
    return Strength.POSSIBLE if named or answer >= fit["possible"] else Strength.WEAK


def _is_named(findings: Sequence[Finding]) -> bool:
    """Whether the record's own number was given, and nothing that was said of the object contradicts it."""
    number = any(entry.kind is EvidenceKind.INVENTORY_NUMBER and entry.worth > 0 for entry in findings)
    return number and not any(entry.kind in _CONTRADICT_A_NUMBER and entry.worth < 0 for entry in findings)


def _fit(size: int) -> dict[str, Any]:
    """What was fitted at the number of records nearest to ``size``."""
    fits: list[dict[str, Any]] = load_toml(CALIBRATION_NAME)["fit"]
    return min(fits, key=lambda entry: abs(math.log(entry["records"] / max(size, 1))))


def _chance(signs: Signs, fit: dict[str, Any]) -> float:
    """The model's answer, 0 to 1."""
    total = fit["constant"] + sum(fit[field.name] * getattr(signs, field.name) for field in fields(signs))
    return float(1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0))))
