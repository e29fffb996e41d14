"""What a list says about an object, in the terms of Object ID."""

import enum
from dataclasses import dataclass, field


@enum.unique
class Status(enum.StrEnum):
    """Where an object stands with its list."""

    STOLEN = "stolen"
    MISSING = "missing"
    DISPUTED = "disputed"
    RECOVERED = "recovered"
    DELISTED = "delisted"

    @property
    def is_sought(self) -> bool:
        """Whether the list still looks for the object; only then may it raise a hold."""
        return self in {Status.STOLEN, Status.MISSING, Status.DISPUTED}


@dataclass(frozen=True, slots=True)
class Record:
    """One object as its list describes it.

    Field names are the canonical import columns. Texts are as the publisher wrote them; nothing here is
    sanitised, translated or guessed. ``id`` is unique within the list and is the publisher's own key.
    """

    id: str
    title: str = ""
    maker: str = ""
    object_type: str = ""
    materials: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    measurements: tuple[str, ...] = ()
    inscriptions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    subject: str = ""
    period: str = ""
    culture: str = ""
    origin: str = ""
    inventory_numbers: tuple[str, ...] = ()
    description: str = ""
    status: Status = Status.STOLEN
    stolen_on: str = ""
    stolen_from: str = ""
    reported_by: str = ""
    contact: str = ""
    url: str = ""
    images: tuple[str, ...] = ()
    modified: str = ""
    language: str = ""
    unverified: tuple[str, ...] = field(default=())
    """Names of the fields that the list itself marks as not verified."""
