"""Local features of a photo: some hundred points, each with what surrounds it, found again from another side.

The features are RootSIFT: SIFT (Lowe, 2004), whose descriptors are divided by their sum and rooted, so that
their plain distance is the Hellinger distance (Arandjelović and Zisserman, 2012).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

SIDE = 640
"""Longest side in pixels of the grey picture that features are found in; larger finds no more objects."""

QUERY_POINTS = 1_500
"""Points of a photo that is looked for: the object may fill a small part of it."""

REFERENCE_POINTS = 400
"""Points that are kept of a record's photo."""

DESCRIPTOR = 128
"""Numbers that describe the surroundings of one point."""

_GRID = 4
_LEAST_CONTRAST = 0.01
_ROOT_SCALE = 512.0
_HEADER = np.dtype([("width", "<u2"), ("height", "<u2"), ("count", "<u2")])
_POINT = np.dtype([("x", "<f4"), ("y", "<f4"), ("angle", "<f4"), ("scale", "<f4"), ("descriptor", "u1", DESCRIPTOR)])


@dataclass(frozen=True, slots=True)
class Features:
    """The points of one photo.

    Args:
        size: width and height in pixels of the picture that they were found in.
        xy: where they are, in its pixels, shape (n, 2).
        angle: which way each is turned, in degrees clockwise, shape (n,).
        scale: how large each is, in pixels, shape (n,).
        descriptors: what surrounds each, shape (n, 128).
    """

    size: tuple[int, int]
    xy: Floats
    angle: Floats
    scale: Floats
    descriptors: Bytes

    def mirrored(self) -> Self:
        """The features that the mirrored photo has, by moving numbers and looking at no pixel.

        A mirrored patch has its rows of cells in reverse, seen along the point's direction, and its gradients
        turn the other way.
        """
        cells = self.descriptors.reshape(-1, 4, 4, 8)[:, ::-1]
        turned = np.concatenate((cells[..., :1], cells[..., :0:-1]), axis=3)
        xy = self.xy.copy()
        xy[:, 0] = self.size[0] - 1 - xy[:, 0]
        angle = (180 - self.angle) % 360
        return replace(self, xy=xy, angle=angle, descriptors=turned.reshape(-1, DESCRIPTOR))

    def pack(self) -> bytes:
        """All of it as bytes, 144 for a point."""
        header = np.array([(*self.size, len(self.xy))], dtype=_HEADER)
        points = np.empty(len(self.xy), dtype=_POINT)
        points["x"], points["y"] = self.xy.T
        points["angle"], points["scale"], points["descriptor"] = self.angle, self.scale, self.descriptors
        return header.tobytes() + points.tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """The inverse of `pack`; what follows is left alone.

        Raises:
            ValueError: the bytes are not what `pack` gives, or hold points that no photo has.
        """
        header = np.frombuffer(packed[: _HEADER.itemsize], dtype=_HEADER, count=1)[0]
        points = np.frombuffer(packed, dtype=_POINT, offset=_HEADER.itemsize, count=header["count"])
        xy = np.stack((points["x"], points["y"]), axis=1)
        size = (int(header["width"]), int(header["height"]))
        if len(points) > QUERY_POINTS or max(size) > SIDE:
            raise ValueError("these are not features of one photo")
        numbers = np.concatenate((xy, points["angle"][:, None], points["scale"][:, None]), axis=1)
        if not (np.isfinite(numbers).all() and (numbers >= -1).all() and (numbers <= 2 * SIDE).all()):
            raise ValueError("these features lie outside of any photo")
        return cls(size, xy, points["angle"].copy(), points["scale"].copy(), points["descriptor"].copy())


def extract(grey: Bytes, most: int) -> Features:
    """Find at most ``most`` points in a grey picture, the clearest first and spread over all of it.

    Args:
        grey: shape (height, width), at most `SIDE` pixels a side.
        most: number of points.
    """
    sift = cv2.SIFT.create(contrastThreshold=_LEAST_CONTRAST)
    size = (grey.shape[1], grey.shape[0])
    chosen = _spread(sift.detect(grey, None), size, most)
    if not chosen:
        none = np.empty(0, np.float32)
        return Features(size, none.reshape(0, 2), none, none, np.empty((0, DESCRIPTOR), np.uint8))
    kept, sums = sift.compute(grey, chosen)
    return Features(
        size,
        np.array([point.pt for point in kept], np.float32),
        np.array([point.angle for point in kept], np.float32),
        np.array([point.size for point in kept], np.float32),
        _rooted(np.asarray(sums, np.float32)),
    )


def shrink(grey: Bytes) -> Bytes:
    """The grey picture at no more than `SIDE` pixels a side."""
    factor = SIDE / max(grey.shape)
    if factor >= 1:
        return grey
    width, height = (max(1, round(length * factor)) for length in grey.shape[::-1])
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _rooted(descriptors: Floats) -> Bytes:
    shares = descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    rooted: Bytes = np.minimum(np.sqrt(shares) * _ROOT_SCALE, 255).astype(np.uint8)
    return rooted


def _spread(points: Sequence[cv2.KeyPoint], size: tuple[int, int], most: int) -> list[cv2.KeyPoint]:
    """Points in turn from each cell of a grid, so that a busy frame does not take them all."""
    if not points:
        return []
    xy = np.array([point.pt for point in points]) * _GRID / size
    column, row = np.clip(xy.astype(int), 0, _GRID - 1).T
    response = np.array([point.response for point in points])
    cell = row * _GRID + column
    by_cell = np.lexsort((-response, cell))
    first = np.searchsorted(cell[by_cell], cell[by_cell])
    rank = np.empty(len(points), int)
    rank[by_cell] = np.arange(len(points)) - first
    return [points[i] for i in np.lexsort((-response, rank))[:most]]
