"""What the cache says about a list, and about the version of it that is in use."""

from dataclasses import dataclass

NO_POINTS = bytes(4)
"""A packed `Reference` without a point."""


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list's public face as it is kept with every version; dates are ISO 8601 or empty.

    ``published`` is when its publisher gave the content out, ``packaged`` when a list file was made of it elsewhere
    to be carried or downloaded.
    """

    id: str
    name: str
    publisher: str = ""
    licence: str = ""
    terms: str = ""
    url: str = ""
    published: str = ""
    packaged: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """One version of a list that is kept.

    ``file`` is relative to the ``lists`` folder and uses forward slashes; ``previous`` is the version that a
    rollback would return to, or empty. ``confirmed`` is when the publisher was last known to stand by this version:
    asked by a sync, or by a signed date; empty where nobody vouches for it, as of a file that was handed over.
    """

    info: ListInfo
    version: str
    file: str
    sha256: str
    records: int
    photos: int
    imported: str
    previous: str = ""
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class ReferencePhoto:
    """A photo that a list shows of a record: its hashes (16 hexadecimal digits), a small JPEG of it, and its points.

    ``points`` are packed by `fieldcheck.vision.reference`; a photo without them is found by its hashes alone.
    """

    record_id: str
    file: str
    sha256: str
    phash: str
    dhash: str
    thumbnail: bytes
    points: bytes = NO_POINTS
