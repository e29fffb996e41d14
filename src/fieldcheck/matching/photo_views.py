"""What one photo of the item shares with reference photos: the shortlist by its points, each looked at closely."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from fieldcheck.cache.opening import OpenList
from fieldcheck.cache.photo_store import StoredPhoto
from fieldcheck.matching.photo_hashes import near_hashes
from fieldcheck.models import Photo, Strength
from fieldcheck.vision.features import QUERY_POINTS, Bytes, Floats
from fieldcheck.vision.index import SEGMENT, Sought, score_photos
from fieldcheck.vision.limits import THUMBNAIL_SIDE
from fieldcheck.vision.reference import Reference
from fieldcheck.vision.sight import Sight
from fieldcheck.vision.verify import Alignment, agreement, align
from fieldcheck.vision.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Effort:
    """How many of a photo's points are looked for, the clearest first, and under how many words each.

    ``shortlist`` is how many reference photos are then looked at closely.
    """

    words: int
    points: int
    shortlist: int = 30


_WORTH_A_LOOK = 6
_MANY = 150_000
_AMONG_FEW = Effort(words=4, points=QUERY_POINTS)
_AMONG_MANY = Effort(words=2, points=700)
_MIRRORED_AMONG_FEW = Effort(words=2, points=800, shortlist=10)
_MIRRORED_AMONG_MANY = Effort(words=1, points=400, shortlist=10)


@dataclass(frozen=True, slots=True)
class View:
    """One photo of the item beside one reference photo.

    Args:
        opened: the reference's list.
        stored: the reference photo.
        strength: what the comparison is worth.
        likeness: how much they have in common before their places were compared, by the index.
        alignment: how the one lies on the other, where surfaces agree as well.
        agreement: how well they do, -1 to 1.
        size: width and height of the item's photo and of the reference, as ``alignment`` measures them.
        is_mirrored: whether the item's photo was mirrored for this.
        is_copy: whether it is the very same file, or a copy by its hashes.
    """

    opened: OpenList
    stored: StoredPhoto
    strength: Strength
    likeness: float = 0.0
    alignment: Alignment | None = None
    agreement: float = 0.0
    size: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (1, 1))
    is_mirrored: bool = False
    is_copy: bool = False

    @property
    def inliers(self) -> int:
        """Points that lie alike."""
        return self.alignment.inliers if self.alignment else 0

    @property
    def closeness(self) -> float:
        """What orders views that prove nothing: what they have in common, more where some of it lies alike."""
        return self.likeness * (1 + self.inliers / _WORTH_A_LOOK)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a photo shows, where its descriptors lie along the vocabulary's axes, and whether it was mirrored."""

    sight: Sight
    projections: Floats
    is_mirrored: bool


def look(photo: Photo, lists: tuple[OpenList, ...], limits: Mapping[str, float]) -> list[View]:
    """The reference photos that share most with a photo, looked at closely; mirrored only where nothing is strong."""
    copies = _copies(photo, lists, limits)
    try:
        sight = Sight.unpack(photo.sight)
    except ValueError:
        return [view for view in copies.values() if view.strength is not Strength.WEAK]
    views: list[View] = []
    for is_mirrored in (False, True):
        turned = sight.mirrored() if is_mirrored else sight
        projections = load_vocabulary().project(turned.features.descriptors)
        views += _look_at(_Seen(turned, projections, is_mirrored), lists, copies, limits)
        if any(view.strength is Strength.STRONG for view in views):
            break
    return views


def _copies(photo: Photo, lists: tuple[OpenList, ...], limits: Mapping[str, float]) -> dict[tuple[str, int], View]:
    """What is the same file, or near by its hashes, by list and number; weak where the hashes only propose."""
    views: dict[tuple[str, int], View] = {}
    for near in near_hashes(photo.fingerprint, lists, limits) if photo.fingerprint else ():
        strength = Strength.POSSIBLE if near.is_alone else Strength.WEAK
        for stored in near.opened.photos.photos([near.number]):
            views[near.opened.id, near.number] = View(near.opened, stored, strength, is_copy=near.is_alone)
    for opened in lists:
        for stored in opened.photos.photos(opened.photos.with_sha256(photo.sha256)) if photo.sha256 else ():
            views[opened.id, stored.number] = View(opened, stored, Strength.STRONG, is_copy=True)
    return views


def _look_at(
    seen: _Seen, lists: tuple[OpenList, ...], copies: Mapping[tuple[str, int], View], limits: Mapping[str, float]
) -> Iterator[View]:
    photos = sum(sum(opened.photos.segments.values()) for opened in lists)
    efforts = (_MIRRORED_AMONG_FEW, _MIRRORED_AMONG_MANY) if seen.is_mirrored else (_AMONG_FEW, _AMONG_MANY)
    effort = efforts[photos > _MANY]
    sought = Sought.make(seen.sight.features, seen.projections, load_vocabulary(), effort.words, effort.points)
    found = heapq.nlargest(effort.shortlist, _scores(sought, lists, effort.shortlist), key=lambda entry: entry[0])
    likeness = {(opened.id, number): score for score, opened, number in found}
    for opened in lists:
        mine = {number for list_id, number in (*likeness, *copies) if list_id == opened.id}
        for stored in opened.photos.photos(sorted(mine)):
            key = (opened.id, stored.number)
            known = copies.get(key) or View(opened, stored, Strength.WEAK)
            yield _close(known, seen, likeness.get(key, 0.0), limits)


def _scores(sought: Sought, lists: tuple[OpenList, ...], most: int) -> Iterator[tuple[float, OpenList, int]]:
    """The best of each segment: the score, the list and the photo's number."""
    words = sought.distinct()
    for opened in lists:
        for segment, count in opened.photos.segments.items():
            scores = score_photos(sought, opened.photos.postings(segment, words), count)
            for place in np.argsort(-scores)[:most]:
                if scores[place] > 0:
                    yield float(scores[place]), opened, segment * SEGMENT + int(place)


def _close(known: View, seen: _Seen, likeness: float, limits: Mapping[str, float]) -> View:
    """Compare points and then pixels; what was known before is never taken down."""
    try:
        reference = Reference.unpack(known.stored.points)
    except ValueError:
        return known
    alignment = align(seen.sight.features, seen.projections, reference)
    strength, agrees = known.strength, 0.0
    if alignment is not None and alignment.inliers >= _WORTH_A_LOOK:
        thumbnail = _grey(known.stored.thumbnail)
        agrees = agreement(alignment, seen.sight.grey, thumbnail, reference.size) if thumbnail is not None else 0.0
        strength = _stronger(strength, _judge(alignment, agrees, limits))
    tells = alignment is not None and alignment.inliers >= _WORTH_A_LOOK and agrees >= limits["possible_agreement"]
    return View(
        known.opened,
        known.stored,
        strength,
        likeness,
        alignment if tells else None,
        agrees if tells else 0.0,
        (seen.sight.features.size, reference.size),
        is_mirrored=seen.is_mirrored,
        is_copy=known.is_copy,
    )


def reaches(strength: Strength, points: int, agrees: float, extent: float, limits: Mapping[str, float]) -> bool:
    """Whether points that lie alike, how well surfaces agree and the share of the record's photo suffice for it."""
    return (
        points >= limits[f"{strength}_points"]
        and agrees >= limits[f"{strength}_agreement"]
        and extent >= limits[f"{strength}_extent"]
    )


def _judge(alignment: Alignment, agrees: float, limits: Mapping[str, float]) -> Strength:
    told = (Strength.STRONG, Strength.POSSIBLE)
    return next(
        (one for one in told if reaches(one, alignment.inliers, agrees, alignment.extent, limits)), Strength.WEAK
    )


def _stronger(one: Strength, other: Strength) -> Strength:
    order = (Strength.STRONG, Strength.POSSIBLE, Strength.WEAK)
    return min(one, other, key=order.index)


def _grey(thumbnail: bytes) -> Bytes | None:
    """A thumbnail in grey, or None where it is not a small JPEG."""
    from PIL import Image

    try:
        with Image.open(BytesIO(thumbnail), formats=["JPEG"]) as picture:
            if max(picture.size) > THUMBNAIL_SIDE:
                return None
            return np.asarray(picture.convert("L"))
    except (OSError, ValueError, SyntaxError):
        return None
