"""Judging a record by all that was seen of it: several photos of the item, several photos of the record.

Points count together as far as they are different points, in the item's photos and in the record's: two photographs
taken one after the other are worth little more than one, the front and the back of an object twice as much.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fieldcheck.matching.photo_view import View
from fieldcheck.matching.photo_views import reaches
from fieldcheck.models import Photo, Strength
from fieldcheck.vision.verify import CELL

_ORDER = (Strength.STRONG, Strength.POSSIBLE, Strength.WEAK)
_MOST_WEAK = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """One photo of the item beside one of the record."""

    photo: Photo
    view: View


@dataclass(frozen=True, slots=True)
class Seen:
    """What one photo of the item shows of one record.

    Args:
        photo: the item's photo.
        views: beside each photo of the record, the best first.
        weight: what the best is worth, in log-odds.
        is_outdone: whether another record is seen better in the same place.
    """

    photo: Photo
    views: tuple[View, ...]
    weight: float
    is_outdone: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """The list and row of the record."""
        return self.views[0].record


@dataclass(frozen=True, slots=True)
class Together:
    """What all photos say of one record.

    Args:
        pairs: photos that speak for it, the best first.
        weight: what that is worth, in log-odds.
        strength: how strong that is by itself.
        points: different points that lie alike, in all pairs.
        is_raised: whether it is stronger than the best pair alone.
    """

    pairs: tuple[Pair, ...]
    weight: float
    strength: Strength
    points: int
    is_raised: bool


def see(photo: Photo, views: Sequence[View], limits: Mapping[str, float]) -> Iterator[Seen]:
    """Judge what one photo shows, the likeliest record first; records that are seen in one place compete."""
    records = _by_record(views)
    worth = limits["strong"]
    told: list[View] = []
    for mine in (mine for mine in records if mine[0].strength is not Strength.WEAK):
        view = mine[0]
        rival = next((other for other in told if _same_place(other, view)), None)
        is_outdone = rival is not None and view.inliers < limits["rival_share"] * rival.inliers
        if rival is None:
            worth -= limits["next_place"]
        elif is_outdone:
            view = replace(view, strength=Strength.POSSIBLE)
        told.append(view)
        weight = worth if view.strength is Strength.STRONG else min(worth, limits["possible"])
        yield Seen(photo, (view, *mine[1:]), weight, is_outdone)
    weak = [mine for mine in records if mine[0].strength is Strength.WEAK][:_MOST_WEAK]
    most = max((mine[0].closeness for mine in weak), default=0.0)
    for mine in weak:
        behind = (most - mine[0].closeness) / limits["weak_span"]
        yield Seen(photo, mine, limits["weak"] * max(1 - behind, 0.0))


def together(seen: Sequence[Seen], limits: Mapping[str, float], photos: int) -> Together:
    """Judge one record by what each photo shows of it; all pairs raise the best by one step at most.

    Args:
        seen: what each photo shows of it, where it shows anything.
        limits: see ``data/weights.toml``.
        photos: how many photos of the item there are. A record that is only ordered counts by all of them.
    """
    best = max(seen, key=lambda entry: entry.weight)
    first = Pair(best.photo, best.views[0])
    others = [Pair(entry.photo, view) for entry in seen for view in entry.views if view is not first.view]
    telling = [pair for pair in others if pair.view.alignment or pair.view.is_copy]
    pairs = (first, *sorted(telling, key=lambda pair: (_ORDER.index(pair.view.strength), -pair.view.inliers)))
    points = _different_points(pairs)
    strength = first.view.strength
    if strength is not Strength.STRONG and not any(entry.is_outdone for entry in seen):
        next_up = _ORDER[_ORDER.index(strength) - 1]
        strength = next_up if _reaches(next_up, pairs, points, limits) else strength
    is_raised = strength is not first.view.strength
    weight = max(best.weight, limits[strength]) if is_raised else best.weight
    if strength is Strength.WEAK:
        weight = sum(entry.weight for entry in seen) / photos
    return Together(pairs, weight, strength, points, is_raised)


def _reaches(strength: Strength, pairs: Sequence[Pair], points: int, limits: Mapping[str, float]) -> bool:
    """By the same limits as one pair: the points of all, the surfaces and the span of the best."""
    aligned = [(pair.view, pair.view.alignment) for pair in pairs if pair.view.alignment]
    agreement = max((view.agreement for view, _ in aligned), default=0.0)
    extent = max((alignment.extent for _, alignment in aligned), default=0.0)
    return reaches(strength, points, agreement, extent, limits)


def _different_points(pairs: Sequence[Pair]) -> int:
    """Points that lie alike in all pairs, each cell of each photo once, on the side that has fewer."""
    here: dict[str, list[np.ndarray]] = {}
    there: dict[tuple[str, int], list[np.ndarray]] = {}
    for pair in pairs:
        if pair.view.alignment:
            xy, onto = np.hsplit(pair.view.alignment.points, 2)
            here.setdefault(pair.photo.sha256, []).append(_upright(pair.view, xy))
            there.setdefault((pair.view.opened.id, pair.view.stored.number), []).append(onto)
    return min(_cells(here.values()), _cells(there.values()))


def _upright(view: View, xy: "np.ndarray") -> "np.ndarray":
    """Points of the item's photo where they are in the photo as it is."""
    if not view.is_mirrored:
        return xy
    return xy * (-1, 1) + (view.size[0][0] - 1, 0)


def _cells(groups: Iterable[list["np.ndarray"]]) -> int:
    """In how many cells points lie, those of each photo counted by themselves."""
    return sum(len(np.unique(np.concatenate(points) // CELL, axis=0)) for points in groups)


def _by_record(views: Sequence[View]) -> list[tuple[View, ...]]:
    """The views of each record, the best first: photos of one record do not compete."""
    ordered = sorted(views, key=_place)
    records: dict[tuple[str, int], dict[int, View]] = {}
    for view in ordered:
        records.setdefault(view.record, {}).setdefault(view.stored.number, view)
    return [tuple(mine.values()) for mine in records.values()]


def _place(view: View) -> tuple[int, int, float, str, int]:
    """Where a view stands among others; points count before what merely looks alike, but prove nothing if few."""
    told = 0 if view.strength is Strength.WEAK else view.inliers
    return _ORDER.index(view.strength), -told, -view.closeness, view.opened.id, view.stored.number


def _same_place(one: View, other: View) -> bool:
    """Whether two references are seen in the same part of the item's photo: the points' boxes overlap by half."""
    boxes = [_box(view) for view in (one, other)]
    if None in boxes or one.is_mirrored != other.is_mirrored:
        return True
    (left, top, right, bottom), (left2, top2, right2, bottom2) = (box for box in boxes if box)
    width, height = min(right, right2) - max(left, left2), min(bottom, bottom2) - max(top, top2)
    smaller = min((right - left) * (bottom - top), (right2 - left2) * (bottom2 - top2))
    return width > 0 and height > 0 and width * height > smaller / 2


def _box(view: View) -> tuple[float, float, float, float] | None:
    if view.alignment is None:
        return None
    x, y = view.alignment.points[:, 0], view.alignment.points[:, 1]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
