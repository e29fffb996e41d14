"""What is kept of a record's photo: its points as words, signatures and codes, 32 bytes each."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from fieldcheck.vision.features import REFERENCE_POINTS, Bytes, Features, Floats
from fieldcheck.vision.vocabulary import Vocabulary, codes, signs

MAX_BYTES = 4 + 32 * REFERENCE_POINTS
"""Bytes of one photo's points."""

_FINE = 65_535
_TURN = 256
_HEADER = np.dtype([("width", "<u2"), ("height", "<u2")])
_POINT = np.dtype(
    [
        ("signature", "<u8"), ("code", "u1", 16), ("word", "<u2"), ("x", "<u2"), ("y", "<u2"),
        ("angle", "u1"), ("scale", "u1"),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """The points of a record's photo, in the order of their clarity.

    Args:
        size: width and height of the picture in which the points were found.
        points: shape (n,), the fields of one point.
    """

    size: tuple[int, int]
    points: npt.NDArray[np.void]

    @property
    def xy(self) -> Floats:
        """Where the points are, in pixels, shape (n, 2)."""
        fine = np.stack((self.points["x"], self.points["y"]), axis=1).astype(np.float32)
        return (fine * (np.array(self.size) / _FINE)).astype(np.float32)

    @property
    def signs(self) -> Floats:
        """On which side of the mean each point lies along every axis, 1 or -1, shape (n, 128)."""
        return signs(np.ascontiguousarray(self.points["code"]))

    @classmethod
    def make(cls, features: Features, vocabulary: Vocabulary) -> Self:
        """Boil features down."""
        projections = vocabulary.project(features.descriptors)
        words = vocabulary.nearest(features.descriptors, 1)
        points = np.empty(len(features.xy), _POINT)
        points["signature"] = vocabulary.signatures(projections, words)[:, 0]
        points["code"], points["word"] = codes(projections), words[:, 0]
        points["x"], points["y"] = np.clip(features.xy * (_FINE / np.array(features.size)), 0, _FINE).T
        points["angle"], points["scale"] = coarse_angle(features.angle), coarse_scale(features.scale)
        return cls(features.size, points)

    def pack(self) -> bytes:
        """All of it as bytes."""
        return np.array([self.size], dtype=_HEADER).tobytes() + self.points.tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """The inverse of `pack`.

        Raises:
            ValueError: the bytes are not what `pack` gives.
        """
        if len(packed) > MAX_BYTES:
            raise ValueError("more points than are kept of one photo")
        if len(packed) < _HEADER.itemsize:
            raise ValueError("no points, not even none")
        header = np.frombuffer(packed[: _HEADER.itemsize], dtype=_HEADER, count=1)[0]
        points = np.frombuffer(packed, dtype=_POINT, offset=_HEADER.itemsize)
        return cls((int(header["width"]), int(header["height"])), points)


def coarse_angle(degrees: Floats) -> Bytes:
    """Angles in 256 steps."""
    return (np.round(degrees * (_TURN / 360)) % _TURN).astype(np.uint8)


def coarse_scale(pixels: Floats) -> Bytes:
    """Sizes in steps of a sixteenth of a doubling."""
    return np.clip(np.round(np.log2(np.maximum(pixels, 1)) * 16), 0, 255).astype(np.uint8)
