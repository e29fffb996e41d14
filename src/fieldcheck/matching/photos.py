"""Finding records whose reference photo is a copy of one of the item's photos.

A perceptual hash finds copies of one photograph (a web picture, a catalogue scan), also turned or mirrored; it
does not recognise an object in another photograph. Hashes of pictures with little structure lie close together,
so a near hash says something only when no other record's hash is almost as near.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList, StoredPhoto
from fieldcheck.datafiles import load_toml
from fieldcheck.matching.weights import WEIGHTS_NAME, weight
from fieldcheck.models import Evidence, EvidenceKind, Photo
from fieldcheck.vision.distance import hamming

_FAR = 64


@dataclass(frozen=True, slots=True)
class PhotoMatch:
    """A record's photo that looks like one of the item's; a copy is the same photograph."""

    opened: OpenList
    row: int
    evidence: Evidence
    is_copy: bool

    @property
    def key(self) -> tuple[str, int]:
        """The list and row of the record."""
        return self.opened.id, self.row


@dataclass(frozen=True, slots=True)
class _Near:
    """One reference photo as near as it comes to one of the item's, in bits of 64 for each hash."""

    opened: OpenList
    stored: StoredPhoto
    phash: int
    dhash: int

    @property
    def bits(self) -> int:
        return self.phash + self.dhash


def match_photos(photos: Sequence[Photo], holdings: Holdings) -> list[PhotoMatch]:
    """The best match of each record with a photo that is near enough, the likeliest first."""
    references = [(opened, stored) for opened in holdings.lists for stored in opened.photos()]
    best: dict[tuple[str, int], PhotoMatch] = {}
    for photo in photos:
        for match in _match_one(photo, references):
            if match.key not in best or match.evidence.weight > best[match.key].evidence.weight:
                best[match.key] = match
    return sorted(best.values(), key=lambda match: (-match.evidence.weight, match.key))


def _match_one(photo: Photo, references: Sequence[tuple[OpenList, StoredPhoto]]) -> Iterator[PhotoMatch]:
    """Records that the photo is nearest to; those that show one and the same photograph stand together."""
    limits = load_toml(WEIGHTS_NAME)["photo"]
    near = sorted(_near(photo, references), key=lambda entry: entry.bits)
    if not near:
        return
    first = near[0]
    twins = [entry for entry in near if _same_picture(first.stored, entry.stored, limits)]
    others = (entry.bits for entry in near if entry not in twins)
    margin = min(others, default=2 * _FAR) - first.bits
    enough = len(references) >= limits["enough_references"]
    for entry in twins:
        identical = photo.sha256 != "" and photo.sha256 == entry.stored.sha256
        copy = enough and margin >= limits["copy_margin"] and _within(entry, limits, "copy")
        if identical or copy or (margin >= limits["alike_margin"] and _within(entry, limits, "alike")):
            yield _match(photo, entry, is_copy=identical or copy)


def _near(photo: Photo, references: Sequence[tuple[OpenList, StoredPhoto]]) -> Iterator[_Near]:
    if photo.fingerprint is None:
        return
    turns = list(zip(photo.fingerprint.phash, photo.fingerprint.dhash, strict=True))
    for opened, stored in references:
        bits = min(((hamming(p, stored.phash), hamming(d, stored.dhash)) for p, d in turns), key=sum)
        yield _Near(opened, stored, *bits)


def _same_picture(one: StoredPhoto, other: StoredPhoto, limits: dict[str, float]) -> bool:
    """Whether two references show the same photograph, as two records or lists sometimes do."""
    return (
        hamming(one.phash, other.phash) <= limits["twin_phash"]
        and hamming(one.dhash, other.dhash) <= limits["twin_dhash"]
    )


def _within(entry: _Near, limits: dict[str, float], case: str) -> bool:
    return entry.phash <= limits[f"{case}_phash"] and entry.dhash <= limits[f"{case}_dhash"]


def _match(photo: Photo, entry: _Near, *, is_copy: bool) -> PhotoMatch:
    detail = "the same photograph or a copy of it" if is_copy else "a photograph that looks alike"
    worth = weight("photo", "copy" if is_copy else "alike")
    evidence = Evidence(EvidenceKind.PHOTO, detail, photo.file, entry.stored.file, worth)
    return PhotoMatch(entry.opened, entry.stored.row, evidence, is_copy)
