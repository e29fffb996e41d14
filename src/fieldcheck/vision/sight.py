"""What a photo that is looked for shows: its points and the small grey picture that they were found in."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from fieldcheck.vision.features import QUERY_POINTS, Bytes, Features, extract


@dataclass(frozen=True, slots=True)
class Sight:
    """Points, and the grey picture of shape (height, width) that they were found in."""

    features: Features
    grey: Bytes

    @classmethod
    def see(cls, grey: Bytes) -> Self:
        """Find the points of a grey picture of at most `SIDE` pixels a side."""
        return cls(extract(grey, QUERY_POINTS), grey)

    def mirrored(self) -> Self:
        """What the mirrored photo shows."""
        return type(self)(self.features.mirrored(), np.ascontiguousarray(self.grey[:, ::-1]))

    def pack(self) -> bytes:
        """All of it as bytes, at most `fieldcheck.vision.limits.MAX_SIGHT_BYTES`."""
        return self.features.pack() + self.grey.tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """The inverse of `pack`.

        Raises:
            ValueError: the bytes are not what `pack` gives.
        """
        features = Features.unpack(packed)
        width, height = features.size
        pixels = np.frombuffer(packed, np.uint8, offset=len(features.pack()))
        return cls(features, pixels.reshape(height, width))
