"""Whether a photo shows what a record's photo shows: points that lie alike, and then pixels that look alike.

Points are matched by their codes and a homography is sought (USAC with MAGSAC++, Barath et al., 2020), first among all
sure matches and then among less sure ones that were turned and enlarged alike. The photo is warped by it onto the
record's photo, with which it must agree in its texture. That is what a shared backdrop, a printed credit line or a
stand does not pass.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from fieldcheck.vision.features import Bytes, Features, Floats
from fieldcheck.vision.reference import Reference, coarse_angle, coarse_scale

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CELL = 8
"""Side in pixels of the cells of which each counts once, however many points lie in it."""

_RATIO = 0.88
_RATIO_GUIDED = 0.92
_PLENTY = 12
_TURN_APART = np.uint8(18)
_GROWTH_APART = np.uint8(14)
_LEAST_MATCHES = 6
_TOLERANCE = 4.0
_ROUNDS = 2_000
_LEAST_AREA, _MOST_AREA = 0.005, 40.0
_MOST_STRETCH = 8.0
_WINDOW = 11
_LEAST_TEXTURE = 6.0
_LEAST_PIXELS = 400


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a photo lies on a record's photo.

    Args:
        inliers: matched points that agree on it, one for each cell of 8 pixels.
        points: all of those, as x and y in the photo and x and y in the record's photo, in pixels, shape (n, 4).
        homography: takes a pixel of the photo to one of the record's photo, shape (3, 3).
        extent: the share of the record's photo that the points span.
    """

    inliers: int
    points: Floats
    homography: Doubles
    extent: float


def align(features: Features, projections: Floats, reference: Reference) -> Alignment | None:
    """How the photo lies on the record's photo, or None when its points do not agree on it.

    Args:
        features: the points of the photo that is looked for.
        projections: where their descriptors lie along the axes of the vocabulary, shape (n, 128).
        reference: the points of the record's photo.
    """
    matches = _match(projections, reference)
    found = _fit(features, reference, matches.surer(_RATIO))
    if found is not None and found.inliers >= _PLENTY:
        return found
    guided = _fit(features, reference, _turned_alike(features, reference, matches.surer(_RATIO_GUIDED)))
    return max((found, guided), key=lambda alignment: alignment.inliers if alignment else 0)


def _fit(features: Features, reference: Reference, matches: "_Matches") -> Alignment | None:
    """The homography on which most matches agree."""
    here, there = matches.one_each()
    if len(here) < _LEAST_MATCHES:
        return None
    xy, onto = features.xy[here], reference.xy[there]
    try:
        fitted, mask = cv2.findHomography(xy, onto, cv2.USAC_MAGSAC, _TOLERANCE, maxIters=_ROUNDS, confidence=0.999)
    except cv2.error:
        return None
    homography = np.asarray(fitted, np.float64)
    if homography.shape != (3, 3) or not _is_sane(homography, xy[mask.ravel() > 0], reference.size):
        return None
    agreeing = np.flatnonzero(mask.ravel())
    distinct = min(_cells(xy[agreeing]), _cells(onto[agreeing]))
    points = np.hstack((xy[agreeing], onto[agreeing]))
    return Alignment(distinct, points, homography, _extent(onto[agreeing], reference.size))


def agreement(alignment: Alignment, grey: Bytes, thumbnail: Bytes, size: tuple[int, int]) -> float:
    """The median correlation of textured places, -1 to 1; 0 where too little is textured to tell.

    Args:
        alignment: how the photo lies on the record's photo.
        grey: the photo in which its points were found, shape (height, width).
        thumbnail: the record's photo in grey, smaller, shape (height, width).
        size: width and height of the record's photo in which its points were found.
    """
    height, width = thumbnail.shape
    smaller = np.diag((width / size[0], height / size[1], 1.0))
    onto = smaller @ alignment.homography
    warped = cv2.warpPerspective(grey, onto, (width, height), flags=cv2.INTER_AREA).astype(np.float32)
    inside = cv2.warpPerspective(np.full_like(grey, 255), onto, (width, height), flags=cv2.INTER_NEAREST)
    covered = np.asarray(cv2.erode(inside, np.ones((_WINDOW, _WINDOW), np.uint8), borderValue=0)) > 0
    kept = thumbnail.astype(np.float32)
    mean_a, mean_b = _mean(warped), _mean(kept)
    spread_a = _mean(warped**2) - mean_a**2
    spread_b = _mean(kept**2) - mean_b**2
    textured = covered & (spread_b > _LEAST_TEXTURE**2)
    if np.count_nonzero(textured) < _LEAST_PIXELS:
        return 0.0
    together = _mean(warped * kept) - mean_a * mean_b
    correlation = together / np.sqrt(np.maximum(spread_a * spread_b, 1.0))
    return float(np.median(correlation[textured]))


@dataclass(frozen=True, slots=True)
class _Matches:
    """Points of the photo with the nearest of the record's: both numbers, how far, and how far the second nearest."""

    here: Integers
    there: Integers
    near: Floats
    second: Floats

    def surer(self, ratio: float) -> "_Matches":
        """Those to which no other point is nearly as near."""
        return self.only(self.near < ratio * self.second)

    def only(self, kept: npt.NDArray[np.bool_]) -> "_Matches":
        """Some of them."""
        return _Matches(self.here[kept], self.there[kept], self.near[kept], self.second[kept])

    def one_each(self) -> tuple[Integers, Integers]:
        """Both numbers, with each of the record's points once: with the nearest."""
        order = np.argsort(self.near, kind="stable")
        _, first = np.unique(self.there[order], return_index=True)
        return self.here[order[first]], self.there[order[first]]


def _match(projections: Floats, reference: Reference) -> _Matches:
    """Each of the photo's points with the nearest of the record's."""
    signs = reference.signs
    if len(signs) < 2 or not len(projections):  # noqa: PLR2004  a second nearest needs two
        none, nowhere = np.empty(0, np.int64), np.empty(0, np.float32)
        return _Matches(none, none, nowhere, nowhere)
    far = np.abs(projections).sum(axis=1, keepdims=True) - projections @ signs.T
    rows = np.arange(len(far))
    nearest = far.argmin(axis=1)
    near = far[rows, nearest]
    far[rows, nearest] = np.inf
    return _Matches(rows, nearest, near, far.min(axis=1))


def _turned_alike(features: Features, reference: Reference, matches: _Matches) -> _Matches:
    """The largest group of matches whose points were turned and enlarged alike, by bytes that wrap around."""
    if not len(matches.here):
        return matches
    turn = coarse_angle(features.angle)[matches.here] - reference.points["angle"][matches.there]
    growth = coarse_scale(features.scale)[matches.here] - reference.points["scale"][matches.there]
    alike = (turn[:, None] - turn + _TURN_APART <= 2 * _TURN_APART) & (
        growth[:, None] - growth + _GROWTH_APART <= 2 * _GROWTH_APART
    )
    return matches.only(alike[alike.sum(axis=1).argmax()])


def _cells(xy: Floats) -> int:
    return len(np.unique((xy // CELL).astype(np.int64), axis=0))


def _extent(xy: Floats, size: tuple[int, int]) -> float:
    area = cv2.contourArea(cv2.convexHull(xy.astype(np.float32)))
    return float(area / max(size[0] * size[1], 1))


def _is_sane(homography: Doubles, xy: Floats, size: tuple[int, int]) -> bool:
    """Whether a camera could have seen it: no reflection, no horizon among the points, no absurd stretch."""
    homogeneous = np.hstack((xy, np.ones((len(xy), 1)))) @ homography[2]
    if len(xy) < 4 or (not (homogeneous > 0).all() and not (homogeneous < 0).all()):  # noqa: PLR2004  by geometry
        return False
    middle = xy.mean(axis=0)
    jacobian = _jacobian(homography, middle)
    determinant = np.linalg.det(jacobian)
    stretch = np.linalg.svd(jacobian, compute_uv=False)
    return bool(_LEAST_AREA < determinant < _MOST_AREA and stretch[0] < _MOST_STRETCH * stretch[1] and min(size) > 0)


def _jacobian(homography: Doubles, point: Floats) -> Doubles:
    """How the homography stretches the surroundings of a point, shape (2, 2)."""
    above = homography[:2] @ (*point, 1.0)
    below = homography[2] @ (*point, 1.0)
    return np.asarray((homography[:2, :2] - np.outer(above / below, homography[2, :2])) / below, np.float64)


def _mean(values: Floats) -> Floats:
    return np.asarray(cv2.blur(values, (_WINDOW, _WINDOW)), np.float32)
