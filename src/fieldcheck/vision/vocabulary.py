"""The visual vocabulary that ships with the program: typical surroundings of a point, numbered as words.

``data/vision/vocabulary.toml`` says how it was made. A point's surroundings are filed under the nearest word, and
a signature of 64 bits tells points of one word apart (Hamming embedding: Jégou, Douze and Schmid, 2008).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from fieldcheck.datafiles import data_folder
from fieldcheck.vision.features import Bytes, Floats

SIGNATURE_BITS = 64
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and the axes along which descriptors are told apart.

    Args:
        words: the words themselves, shape (words, 128).
        thresholds: where each word's points are halved along the first 64 axes, shape (words, 64).
        mean: the mean descriptor, shape (128,).
        axes: an orthogonal basis, one axis a column, shape (128, 128).
    """

    words: Floats
    thresholds: npt.NDArray[np.float16]
    mean: Floats
    axes: Floats

    def project(self, descriptors: Bytes) -> Floats:
        """Where descriptors lie along the axes, shape (n, 128)."""
        projected: Floats = ((descriptors.astype(np.float32) - self.mean) @ self.axes).astype(np.float32, copy=False)
        return projected

    def nearest(self, descriptors: Bytes, many: int) -> npt.NDArray[np.uint16]:
        """The ``many`` nearest words of each descriptor, in no order, shape (n, many)."""
        norms = (self.words**2).sum(axis=1) / 2
        nearest = np.empty((len(descriptors), many), np.uint16)
        for start in range(0, len(descriptors), _BATCH):
            part = descriptors[start : start + _BATCH].astype(np.float32)
            far = norms - part @ self.words.T
            if many == 1:
                nearest[start : start + _BATCH, 0] = far.argmin(axis=1)
            else:
                nearest[start : start + _BATCH] = np.argpartition(far, many, axis=1)[:, :many]
        return nearest

    def signatures(self, projections: Floats, words: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint64]:
        """64 bits of each projection as one of that word, shape of ``words``; their first axes agree."""
        above = projections[:, None, :SIGNATURE_BITS] > self.thresholds[words]
        return np.packbits(above, axis=-1).view(np.uint64).reshape(words.shape)


def codes(projections: Floats) -> Bytes:
    """On which side of the mean each projection lies along every axis, shape (n, 16)."""
    return np.packbits(projections > 0, axis=1)


def signs(packed: Bytes) -> Floats:
    """The inverse of `codes` as far as there is one: 1 or -1 along every axis, shape (n, 128)."""
    return np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary in ``data/vision``."""
    folder = data_folder() / "vision"
    axes = np.load(folder / "axes.npy")
    return Vocabulary(
        words=np.load(folder / "words.npy").astype(np.float32),
        thresholds=np.load(folder / "thresholds.npy"),
        mean=axes[0],
        axes=axes[1:],
    )
