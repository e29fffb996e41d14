"""What commands hand over to be shown, where no model says it already."""

from dataclasses import dataclass

from fieldcheck.cache.info import Installed
from fieldcheck.models import Band, ListDates, Record


@dataclass(frozen=True, slots=True)
class ListStatus:
    """One list that is held; ``problem`` says why it cannot be read, and is empty where it can.

    ``unread_by`` names the photo model that has not read its photos, and is empty where it has.
    """

    installed: Installed
    in_use: bool = True
    problem: str = ""
    unread_by: str = ""

    @property
    def photos_unread(self) -> str:
        """What is to be done so that the photo model finds its photos, or empty."""
        if not self.unread_by:
            return ""
        return f"photos not read by the model {self.unread_by}: run fieldcheck lists reindex {self.installed.info.id}"


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record with the list it stands in; ``thumbnail`` is a JPEG, or empty."""

    record: Record
    dates: ListDates
    terms: str = ""
    thumbnail: bytes = b""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that a search found."""

    list_id: str
    record: Record


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the doctor looked at, with one word on its state."""

    name: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class SettingView:
    """One setting, its value and where the value came from."""

    name: str
    value: str
    origin: str


WORST_FIRST = (
    Band.HOLD_LISTED,
    Band.HOLD_CONTROL,
    Band.REFER,
    Band.MORE_INFORMATION,
    None,
    Band.NO_INDICATION,
)
"""The bands of a shipment's items; without one an item could not be checked."""


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """How one item of a shipment ended; without a band it could not be checked, and ``headline`` says why.

    ``gaps`` says what of the item was not checked, ``photos`` are the names of its files, and ``alike`` counts the
    other items that are like it.
    """

    ref: str
    headline: str
    band: Band | None
    gaps: str = ""
    photos: tuple[str, ...] = ()
    alike: int = 0


@dataclass(frozen=True, slots=True)
class AlikeView:
    """Items of a shipment that are like one another, by their refs, and what they have in common."""

    refs: tuple[str, ...]
    common: str
