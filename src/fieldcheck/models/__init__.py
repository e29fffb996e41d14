"""What things are: the officer's item, a list's record, evidence and the verdict. Knows nobody else."""

from fieldcheck.models.evidence import Candidate, Channel, Effect, Evidence, EvidenceKind, Strength
from fieldcheck.models.item import Fingerprint, Item, Paper, PaperState, Photo
from fieldcheck.models.record import Record, Status
from fieldcheck.models.verdict import (
    Band,
    ControlledLine,
    ControlledState,
    DataLine,
    IndicatorsLine,
    Lines,
    ListDates,
    ListedLine,
    ListedState,
    PapersLine,
    PapersState,
    Result,
    Rule,
    Verdict,
)

__all__ = [
    "Band",
    "Candidate",
    "Channel",
    "ControlledLine",
    "ControlledState",
    "DataLine",
    "Effect",
    "Evidence",
    "EvidenceKind",
    "Fingerprint",
    "IndicatorsLine",
    "Item",
    "Lines",
    "ListDates",
    "ListedLine",
    "ListedState",
    "Paper",
    "PaperState",
    "PapersLine",
    "PapersState",
    "Photo",
    "Record",
    "Result",
    "Rule",
    "Status",
    "Strength",
    "Verdict",
]
