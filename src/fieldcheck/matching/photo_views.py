"""What one photo of the item shares with reference photos: a shortlist by points and model, each looked at closely."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np

from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.photo_hashes import near_hashes
from fieldcheck.matching.photo_nearness import Nearness, order
from fieldcheck.matching.photo_view import WORTH_A_LOOK, View
from fieldcheck.models import Photo, Strength
from fieldcheck.vision.features import QUERY_POINTS, Bytes, Floats
from fieldcheck.vision.glare import Light, contrast_raised
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


_NEAREST = 20
"""How many of the reference photos that a model puts nearest are looked at closely."""

_MANY = 150_000
_AMONG_FEW = Effort(words=4, points=QUERY_POINTS)
_AMONG_MANY = Effort(words=2, points=700)
_MIRRORED_AMONG_FEW = Effort(words=2, points=800, shortlist=10)
_MIRRORED_AMONG_MANY = Effort(words=1, points=400, shortlist=10)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a photo shows, where its descriptors lie along the vocabulary's axes, and whether it was mirrored."""

    sight: Sight
    projections: Floats
    is_mirrored: bool


def look(photo: Photo, lists: tuple[OpenList, ...], limits: Mapping[str, float]) -> list[View]:
    """The reference photos that are most like a photo, looked at closely; mirrored only where nothing is strong."""
    copies = _copies(photo, lists, limits)
    try:
        sight = Sight.unpack(photo.sight)
    except ValueError:
        return [view for view in copies.values() if view.strength is not Strength.WEAK]
    nearness = Nearness(photo.embedding, lists)
    views: list[View] = []
    for is_mirrored in (False, True):
        turned = sight.mirrored() if is_mirrored else sight
        projections = load_vocabulary().project(turned.features.descriptors)
        views += _look_at(_Seen(turned, projections, is_mirrored), lists, copies, nearness, limits)
        if any(view.strength is Strength.STRONG for view in views):
            break
    else:
        views += _second_look(sight, lists, copies, nearness, limits)
    return order(views, photo.embedding, limits)


def _second_look(
    sight: Sight,
    lists: tuple[OpenList, ...],
    copies: Mapping[tuple[str, int], View],
    nearness: Nearness,
    limits: Mapping[str, float],
) -> Iterator[View]:
    """What is seen once faint marks are made plain, where light hides them; only what is possible at least is new."""
    if not Light.of(sight.grey).is_even:
        return
    clearer = Sight.see(contrast_raised(sight.grey))
    projections = load_vocabulary().project(clearer.features.descriptors)
    views = _look_at(_Seen(clearer, projections, is_mirrored=False), lists, copies, nearness, limits)
    yield from (view for view in views if view.strength is not Strength.WEAK)


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
    seen: _Seen,
    lists: tuple[OpenList, ...],
    copies: Mapping[tuple[str, int], View],
    nearness: Nearness,
    limits: Mapping[str, float],
) -> Iterator[View]:
    photos = sum(sum(opened.photos.segments.values()) for opened in lists)
    efforts = (_MIRRORED_AMONG_FEW, _MIRRORED_AMONG_MANY) if seen.is_mirrored else (_AMONG_FEW, _AMONG_MANY)
    effort = efforts[photos > _MANY]
    sought = Sought.make(seen.sight.features, seen.projections, load_vocabulary(), effort.words, effort.points)
    found = heapq.nlargest(effort.shortlist, _scores(sought, lists, effort.shortlist), key=lambda entry: entry[0])
    likeness = {(opened.id, number): score for score, opened, number in found}
    nearest = () if seen.is_mirrored else nearness.nearest(_NEAREST)
    for opened in lists:
        mine = sorted({number for list_id, number in (*likeness, *nearest, *copies) if list_id == opened.id})
        near = nearness.of(opened, mine)
        for stored in opened.photos.photos(mine):
            key = (opened.id, stored.number)
            known = copies.get(key) or View(opened, stored, Strength.WEAK)
            alike = replace(known, likeness=likeness.get(key, 0.0), nearness=near.get(stored.number))
            yield _close(alike, seen, limits)


def _scores(sought: Sought, lists: tuple[OpenList, ...], most: int) -> Iterator[tuple[float, OpenList, int]]:
    """The best of each segment: the score, the list and the photo's number."""
    words = sought.distinct()
    for opened in lists:
        for segment, count in opened.photos.segments.items():
            scores = score_photos(sought, opened.photos.postings(segment, words), count)
            for place in np.argsort(-scores)[:most]:
                if scores[place] > 0:
                    yield float(scores[place]), opened, segment * SEGMENT + int(place)


def _close(known: View, seen: _Seen, limits: Mapping[str, float]) -> View:
    """Compare points and then pixels; what was known before is never taken down."""
    try:
        reference = Reference.unpack(known.stored.points)
    except ValueError:
        return known
    alignment = align(seen.sight.features, seen.projections, reference)
    strength, agrees = known.strength, 0.0
    if alignment is not None and alignment.inliers >= WORTH_A_LOOK:
        thumbnail = _grey(known.stored.thumbnail)
        agrees = agreement(alignment, seen.sight.grey, thumbnail, reference.size) if thumbnail is not None else 0.0
        strength = _stronger(strength, _judge(alignment, agrees, limits))
    tells = alignment is not None and alignment.inliers >= WORTH_A_LOOK and agrees >= limits["possible_agreement"]
    return replace(
        known,
        strength=strength,
        alignment=alignment if tells else None,
        agreement=agrees if tells else 0.0,
        size=(seen.sight.features.size, reference.size),
        is_mirrored=seen.is_mirrored,
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
