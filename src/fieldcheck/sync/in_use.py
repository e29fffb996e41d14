"""The version of a list that is in use, as a sync needs it: records to compare with, photos to carry over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.opening import open_list
from fieldcheck.cache.pointer import read_pointer, version_path
from fieldcheck.errors import IntegrityError
from fieldcheck.models import Record, Status


@dataclass(frozen=True, slots=True)
class InUse:
    """The records by id, the photos, and the number of records that the publisher still listed."""

    records: Mapping[str, Record] = field(default_factory=dict)
    photos: tuple[ReferencePhoto, ...] = ()
    listed: int = 0


def read_in_use(home: Path, list_id: str) -> InUse:
    """Read the version of a list that is in use; empty where there is none.

    A damaged version is as good as none, since a sync is what mends it; only its size is still believed.

    Raises:
        IntegrityError: the pointer to the versions in use is damaged.
    """
    installed = read_pointer(home).get(list_id)
    if installed is None:
        return InUse()
    path = version_path(home, installed)
    try:
        with open_list(path, list_id) as opened:
            records = {record.id: record for record in opened.records()}
            photos = tuple(opened.reference_photos())
    except IntegrityError:
        return InUse(listed=installed.records)
    listed = sum(1 for record in records.values() if record.status is not Status.DELISTED)
    return InUse(records, photos, listed)
