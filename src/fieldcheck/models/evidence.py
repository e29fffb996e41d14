"""What speaks for and against one candidate."""

import enum
from dataclasses import dataclass

from fieldcheck.models.record import Record


@enum.unique
class Effect(enum.StrEnum):
    """Which way one comparison points."""

    FOR = "for"
    AGAINST = "against"
    NONE = "none"


@enum.unique
class EvidenceKind(enum.StrEnum):
    """What was compared; each member has one evidence function and one row of weights."""

    PHOTO = "photo"
    INVENTORY_NUMBER = "inventory_number"
    MAKER = "maker"
    TITLE = "title"
    TYPE = "type"
    MATERIAL = "material"
    SUBJECT = "subject"
    CULTURE = "culture"
    SIZE = "size"
    DATE = "date"
    WORDS = "words"


@enum.unique
class Strength(enum.StrEnum):
    """How strongly a candidate looks like the item; never a probability."""

    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"


@enum.unique
class Channel(enum.StrEnum):
    """Which sense found a candidate."""

    PHOTO = "photo"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison between the item and a record.

    ``weight`` is in log-odds (natural logarithm): positive speaks for, negative against, 0 for a field that
    could not be compared. ``points`` pair places in the item's photo with places in the record's: x and y of the
    one and of the other, as shares of width and height from the upper left corner.
    """

    kind: EvidenceKind
    detail: str
    query: str
    record: str
    weight: float
    points: tuple[tuple[float, float, float, float], ...] = ()

    @property
    def effect(self) -> Effect:
        """Which way the comparison points."""
        if self.weight > 0:
            return Effect.FOR
        return Effect.AGAINST if self.weight < 0 else Effect.NONE


@dataclass(frozen=True, slots=True)
class Candidate:
    """One record that the item may be, with everything that says so.

    ``score`` orders candidates and is the sum of the weights of ``evidence``; ``alike`` counts the records
    of any list that this description cannot tell from this one, itself included, and ``apart`` says by which kinds
    of fact those differ.
    """

    list_id: str
    record: Record
    strength: Strength
    score: float
    by: tuple[Channel, ...]
    evidence: tuple[Evidence, ...]
    alike: int = 1
    apart: tuple[EvidenceKind, ...] = ()
