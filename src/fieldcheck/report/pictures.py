"""The photos that belong to one result, as whoever asked for a report has gathered them: reports open no file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldcheck.report.page import Picture

NOT_GATHERED = "pictures are drawn in a file, with --html or --pdf"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Thumbnails of the item's photos and of the records' photos.

    Args:
        items: by the file of the item's photo.
        records: by list, record and the file of the record's photo, in the order of the record.
    """

    items: Mapping[str, Picture] = field(default_factory=dict)
    records: Mapping[tuple[str, str, str], Picture] = field(default_factory=dict)

    def of_item(self, file: str) -> Picture:
        """The item's photo of that name; one that is not there says so."""
        return self.items.get(file) or Picture(b"", file, NOT_GATHERED)

    def of_record(self, list_id: str, record_id: str, file: str) -> Picture:
        """That photo of the record; one that is not there says so."""
        return self.records.get((list_id, record_id, file)) or Picture(b"", file, NOT_GATHERED)

    def all_of_record(self, list_id: str, record_id: str) -> tuple[Picture, ...]:
        """Every photo of the record that is there."""
        found = (picture for key, picture in self.records.items() if key[:2] == (list_id, record_id))
        return tuple(picture for picture in found if picture.jpeg)


NO_PICTURES = Pictures()
