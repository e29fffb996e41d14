"""What a comparison finds, before it is put into words: most records that are compared are never shown."""

from collections.abc import Sequence
from typing import NamedTuple

from fieldcheck.models import EvidenceKind


class Finding(NamedTuple):
    """One comparison: what was compared, how it came out, its worth in log-odds, and the words that it is about."""

    kind: EvidenceKind
    detail: str
    worth: float
    said: Sequence[str] = ()
