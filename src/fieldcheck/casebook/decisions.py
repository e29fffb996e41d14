"""What an officer can decide, and which decisions go against a verdict."""

import enum

from fieldcheck.models import Band


@enum.unique
class Decision(enum.StrEnum):
    """What the officer does with the object."""

    HOLD = "hold"
    RELEASE = "release"
    REFER = "refer"
    SEIZE = "seize"


_HELD = frozenset({Decision.HOLD, Decision.REFER, Decision.SEIZE})
_LOOKED_INTO = frozenset({Decision.HOLD, Decision.REFER})
_IN_LINE = {
    Band.HOLD_LISTED: _HELD,
    Band.HOLD_CONTROL: _HELD,
    Band.REFER: _LOOKED_INTO,
    Band.MORE_INFORMATION: _LOOKED_INTO,
    Band.NO_INDICATION: frozenset({Decision.RELEASE}),
}


def overrides(decision: Decision, band: Band) -> bool:
    """Whether a decision does less, or more, than the verdict advises; either may be right, and both are kept."""
    return decision not in _IN_LINE[band]
