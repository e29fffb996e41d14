"""How strongly a candidate looks like the item: strong, possible or weak, and never a number that is shown.

A logistic model turns the best score, its lead over the next record, the number of records that the description
cannot tell apart and the number of records held into a chance that the best record is the right one. Its
coefficients stand in ``data/calibration.toml`` with how they were fitted.
"""

import math
from collections.abc import Sequence

from fieldcheck.datafiles import load_toml
from fieldcheck.models import Evidence, EvidenceKind, Strength

CALIBRATION_NAME = "calibration.toml"
_SMALLEST_WORLD = 10_000
_CAN_NAME = frozenset({EvidenceKind.PHOTO, EvidenceKind.INVENTORY_NUMBER})


def alike_within() -> float:
    """Two scores no further apart than this cannot be told apart."""
    return float(load_toml(CALIBRATION_NAME)["alike_within"])


def features(score: float, lead: float, alike: int, evidence: Sequence[Evidence], size: int) -> tuple[float, ...]:
    """The model's inputs, in the order of its coefficients.

    Args:
        score: the best record's score, in log-odds.
        lead: its lead over the best record that is not alike, in log-odds.
        alike: number of records that the description cannot tell apart.
        evidence: the best record's evidence.
        size: number of records held; a short list is no proof of a small world, so 10,000 at least.
    """
    kinds = {entry.kind for entry in evidence if entry.weight > 0}
    against = -sum(entry.weight for entry in evidence if entry.weight < 0)
    return (
        1.0,
        score - math.log(max(size, _SMALLEST_WORLD)),
        min(lead, 12.0),
        math.log(alike),
        float(len(kinds)),
        against,
    )


def chance(values: Sequence[float]) -> float:
    """The model's answer for these features, 0 to 1."""
    coefficients = load_toml(CALIBRATION_NAME)["coefficients"]
    total = sum(a * b for a, b in zip(coefficients, values, strict=True))
    return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))


def strength_of(values: Sequence[float], alike: int, evidence: Sequence[Evidence]) -> Strength:
    """The word for the best record; only one that stands alone, on two kinds of evidence, is strong."""
    thresholds = load_toml(CALIBRATION_NAME)["thresholds"]
    answer = chance(values)
    agreeing = {entry.kind for entry in evidence if entry.weight > 0}
    stands = alike == 1 and (len(agreeing) > 1 or agreeing & _CAN_NAME)
    if answer >= thresholds["strong"] and stands:
        return Strength.STRONG
    return Strength.POSSIBLE if answer >= thresholds["possible"] else Strength.WEAK
