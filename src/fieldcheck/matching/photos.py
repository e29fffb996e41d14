"""Finding records by the item's photos, and saying what was seen.

Strong is only what was compared point by point and pixel by pixel, or is the very same file. Everything else that
looks alike is possible at most, and what merely has details in common is weak: it orders the shortlist. So does what a
model finds alike, which is for the eye to confirm. Several photos of the item, and several of a record, are judged
together (`fieldcheck.matching.photo_together`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.datafiles import load_toml
from fieldcheck.matching.weights import WEIGHTS_NAME
from fieldcheck.models import Evidence, EvidenceKind, Photo, Strength

if TYPE_CHECKING:
    from fieldcheck.matching.photo_together import Together
    from fieldcheck.matching.photo_view import View

_MOST_POINTS = 40
_MOST_SHOWN = 6
_ALIKE = {
    Strength.STRONG: ", and the surfaces agree{}",
    Strength.POSSIBLE: "{}: look closely",
    Strength.WEAK: "{}: too few to tell",
}
"""What is said after the number of details that lie alike, and where to say that the photo was mirrored."""


@dataclass(frozen=True, slots=True)
class PhotoMatch:
    """A record whose photos look like the item's, and what that is worth by itself.

    ``evidence`` is the best pair of photos first, then every other pair that speaks for the record as well;
    ``is_compared`` says whether the photos were compared in any way that can count as evidence.
    """

    opened: OpenList
    row: int
    evidence: tuple[Evidence, ...]
    strength: Strength
    is_compared: bool = True

    @property
    def key(self) -> tuple[str, int]:
        """The list and row of the record."""
        return self.opened.id, self.row

    @property
    def weight(self) -> float:
        """What all of it is worth, in log-odds."""
        return sum(evidence.weight for evidence in self.evidence)


def match_photos(photos: Sequence[Photo], holdings: Holdings) -> list[PhotoMatch]:
    """What the photos say of each record, the likeliest record first."""
    lists = tuple(opened for opened in holdings.lists if opened.photos.segments)
    usable = list({photo.sha256: photo for photo in photos if photo.usable}.values())
    if not lists or not usable:
        return []
    from fieldcheck.matching.photo_together import see, together
    from fieldcheck.matching.photo_views import look

    limits = load_toml(WEIGHTS_NAME)["photo"]
    seen = defaultdict(list)
    for photo in usable:
        for record in see(photo, look(photo, lists, limits), limits):
            seen[record.key].append(record)
    matches = [_match(together(records, limits, len(usable)), limits) for records in seen.values()]
    return sorted(matches, key=lambda match: (-match.weight, match.key))


def glaring(photos: Sequence[Photo]) -> Iterator[Photo]:
    """The photos of which glare hides much."""
    usable = [photo for photo in photos if photo.usable and photo.sight]
    if not usable:
        return
    from fieldcheck.vision.glare import Light
    from fieldcheck.vision.sight import Sight

    for photo in usable:
        with suppress(ValueError):
            if Light.of(Sight.unpack(photo.sight).grey).is_glare:
                yield photo


def _match(found: "Together", limits: Mapping[str, float]) -> PhotoMatch:
    best, *others = found.pairs[:_MOST_SHOWN]
    view = best.view
    further = f"; with the other photos, {found.points} do" if found.is_raised else ""
    evidence = [_evidence(best.photo, view, found.weight, further)]
    evidence += [_evidence(pair.photo, pair.view, limits["another_view"], "") for pair in others]
    is_compared = found.strength is not Strength.WEAK and not view.is_near
    return PhotoMatch(view.opened, view.stored.row, tuple(evidence), found.strength, is_compared)


def _evidence(photo: Photo, view: "View", weight: float, further: str) -> Evidence:
    detail = f"{_detail(view)}{further}"
    return Evidence(EvidenceKind.PHOTO, detail, photo.file, view.stored.file, weight, tuple(_points(view)))


def _detail(view: "View") -> str:
    if view.alignment:
        mirrored = " when the photo is mirrored" if view.is_mirrored else ""
        return f"{view.inliers} details lie as they do in the record's photo{_ALIKE[view.strength].format(mirrored)}"
    if view.strength is Strength.STRONG:
        return "the very same file"
    if view.is_copy:
        return "a photograph that looks alike as a whole; its details could not be compared"
    if view.is_near:
        return "it looks like what the record's photo shows, perhaps from another side: look at both side by side"
    return "some details look alike; they do not lie alike" if view.likeness else "it looks alike as a whole, a little"


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
