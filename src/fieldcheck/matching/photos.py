"""Finding records by the item's photos, and saying what was seen.

Strong is only what was compared point by point and pixel by pixel, or is the very same file. Everything else that
looks alike is possible at most, and what merely has details in common is weak: it orders the shortlist.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.datafiles import load_toml
from fieldcheck.matching.weights import WEIGHTS_NAME
from fieldcheck.models import Evidence, EvidenceKind, Photo, Strength

if TYPE_CHECKING:
    from fieldcheck.matching.photo_views import View

_ORDER = (Strength.STRONG, Strength.POSSIBLE, Strength.WEAK)
_MOST_POINTS = 40
_MOST_WEAK = 10


@dataclass(frozen=True, slots=True)
class PhotoMatch:
    """A record's photo that looks like one of the item's, and what that is worth by itself."""

    opened: OpenList
    row: int
    evidence: Evidence
    strength: Strength

    @property
    def key(self) -> tuple[str, int]:
        """The list and row of the record."""
        return self.opened.id, self.row


def match_photos(photos: Sequence[Photo], holdings: Holdings) -> list[PhotoMatch]:
    """The best match of each record, the likeliest first."""
    lists = tuple(opened for opened in holdings.lists if opened.photos.segments)
    best: dict[tuple[str, int], PhotoMatch] = {}
    for photo in photos if lists else ():
        for match in _match_one(photo, lists):
            if match.key not in best or match.evidence.weight > best[match.key].evidence.weight:
                best[match.key] = match
    return sorted(best.values(), key=lambda match: (-match.evidence.weight, match.key))


def _match_one(photo: Photo, lists: tuple[OpenList, ...]) -> Iterator[PhotoMatch]:
    if not photo.usable:
        return
    from fieldcheck.matching.photo_views import look

    limits = load_toml(WEIGHTS_NAME)["photo"]
    views = _best_of_each_record(look(photo, lists, limits))
    worth = limits["strong"]
    told: list[View] = []
    for view in (view for view in views if view.strength is not Strength.WEAK):
        rival = next((other for other in told if _same_place(other, view)), None)
        if rival is None:
            worth -= limits["next_place"]
        elif view.inliers < limits["rival_share"] * rival.inliers:
            view = replace(view, strength=Strength.POSSIBLE)  # noqa: PLW2901  it is the same view, judged again
        told.append(view)
        weight = worth if view.strength is Strength.STRONG else min(worth, limits["possible"])
        yield _match(photo, view, weight)
    weak = [view for view in views if view.strength is Strength.WEAK][:_MOST_WEAK]
    for view in weak:
        yield _match(photo, view, limits["weak"] * max(view.likeness, 0.01) / max(weak[0].likeness, 0.01))


def _best_of_each_record(views: Sequence["View"]) -> list["View"]:
    """One view a record, the best first: references of one record do not compete."""
    ordered = sorted(
        views,
        key=lambda view: (
            _ORDER.index(view.strength), -view.inliers, -view.likeness, view.opened.id, view.stored.number,
        ),
    )  # fmt: skip
    best: dict[tuple[str, int], View] = {}
    for view in ordered:
        best.setdefault((view.opened.id, view.stored.row), view)
    return list(best.values())


def _same_place(one: "View", other: "View") -> bool:
    """Whether two references are seen in the same part of the item's photo: the points' boxes overlap by half."""
    boxes = [_box(view) for view in (one, other)]
    if None in boxes or one.is_mirrored != other.is_mirrored:
        return True
    (left, top, right, bottom), (left2, top2, right2, bottom2) = (box for box in boxes if box)
    width, height = min(right, right2) - max(left, left2), min(bottom, bottom2) - max(top, top2)
    smaller = min((right - left) * (bottom - top), (right2 - left2) * (bottom2 - top2))
    return width > 0 and height > 0 and width * height > smaller / 2


def _box(view: "View") -> tuple[float, float, float, float] | None:
    if view.alignment is None:
        return None
    x, y = view.alignment.points[:, 0], view.alignment.points[:, 1]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _match(photo: Photo, view: "View", weight: float) -> PhotoMatch:
    evidence = Evidence(EvidenceKind.PHOTO, _detail(view), photo.file, view.stored.file, weight, tuple(_points(view)))
    return PhotoMatch(view.opened, view.stored.row, evidence, view.strength)


def _detail(view: "View") -> str:
    mirrored = " when the photo is mirrored" if view.is_mirrored and view.alignment else ""
    if view.alignment and view.strength is Strength.STRONG:
        return f"{view.inliers} details lie as they do in the record's photo, and the surfaces agree{mirrored}"
    if view.alignment:
        return f"{view.inliers} details lie as they do in the record's photo{mirrored}: look closely"
    if view.strength is Strength.STRONG:
        return "the very same file"
    if view.is_copy:
        return "a photograph that looks alike as a whole; its details could not be compared"
    return "some details look alike; they do not lie alike"


def _points(view: "View") -> Iterator[tuple[float, float, float, float]]:
    """Matched places as shares of width and height, evenly drawn from all of them."""
    if view.alignment is None:
        return
    (width, height), (width2, height2) = view.size
    points = view.alignment.points
    for x, y, x2, y2 in points[:: max(1, -(-len(points) // _MOST_POINTS))].tolist():
        place = width - 1 - x if view.is_mirrored else x
        yield _share(place / width), _share(y / height), _share(x2 / width2), _share(y2 / height2)


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 3)
