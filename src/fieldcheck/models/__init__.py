"""What things are: the officer's item, a list's record, evidence and the verdict. Knows nobody else."""

from fieldcheck.models.change import Change, ChangeKind
from fieldcheck.models.evidence import Candidate, Channel, Effect, Evidence, EvidenceKind, Strength
from fieldcheck.models.item import Assay, Fingerprint, Item, Observation, Paper, PaperState, Photo
from fieldcheck.models.record import Record, Status
from fieldcheck.models.verdict import (
    Band,
    ControlledLine,
    ControlledState,
    DataLine,
    IndicatorsLine,
    IndicatorsState,
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
    "Assay",
    "Band",
    "Candidate",
    "Change",
    "ChangeKind",
    "Channel",
    "ControlledLine",
    "ControlledState",
    "DataLine",
    "Effect",
    "Evidence",
    "EvidenceKind",
    "Fingerprint",
    "IndicatorsLine",
    "IndicatorsState",
    "Item",
    "Lines",
    "ListDates",
    "ListedLine",
    "ListedState",
    "Observation",
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
