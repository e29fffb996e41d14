"""What a model makes of a photo: a vector for each of its frames. Runs in the limited child, which alone parses models.

A frame is put whole into the middle of a square with grey margins, as the photos were that the model was trained on.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from fieldcheck.vision.features import Bytes, Floats
from fieldcheck.vision.object_crop import object_crop
from fieldcheck.vision.protocol import Preparation

Vector = npt.NDArray[np.int8]

_MIDDLES = (0.72, 0.5)
"""The middle of a photo that is looked for, as shares of its sides: an object at a counter rarely fills the frame."""

_MARGIN = 127
_LARGEST = 127


class UnusableModelError(Exception):
    """A model that OpenCV cannot run, or that gives something else than it should."""


class Network:
    """A model that is ready to run.

    Args:
        preparation: how photos are made ready for it.
        content: its ONNX file.

    Raises:
        UnusableModelError: a trial shows that it cannot be run, or gives something else than it should.
    """

    def __init__(self, preparation: Preparation, content: bytes) -> None:
        self._preparation = preparation
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
            numbers = self._run(np.full((1, 1, 3), _MARGIN, np.uint8))
        except Exception as error:  # a hostile model may make OpenCV raise anything
            raise UnusableModelError("OpenCV cannot run it") from error
        if len(numbers) != preparation.dimension:
            raise UnusableModelError(f"it gives {len(numbers)} numbers")

    def vector(self, frame: Bytes) -> Vector:
        """What the model makes of one frame.

        Args:
            frame: pixels, red first, shape (height, width, 3).

        Returns:
            shape (dimension,), scaled so that the largest number is 127; all zeros where the model gives no numbers.
        """
        return _as_bytes(self._run(frame))

    def _run(self, frame: Bytes) -> Floats:
        ready = self._preparation
        pixels = squared(frame, ready.side).astype(np.float32)
        scaled = (pixels - np.array(ready.mean, np.float32)) / np.array(ready.spread, np.float32)
        self._net.setInput(np.ascontiguousarray(scaled.transpose(2, 0, 1)[None]))
        return np.asarray(self._net.forward(), np.float32).ravel()


def frames(photo: Image.Image) -> Iterator[Bytes]:
    """The parts of a photo that are each looked for, at most `fieldcheck.vision.limits.MAX_FRAMES`."""
    pixels = np.asarray(photo)
    yield pixels
    for share in _MIDDLES:
        yield _middle(pixels, share)
    crop = object_crop(pixels)
    if crop is not None:
        yield crop


def whole(photo: Image.Image) -> Iterator[Bytes]:
    """The one frame of a photo that a list keeps."""
    yield np.asarray(photo)


def squared(pixels: Bytes, side: int) -> Bytes:
    """The picture whole in the middle of a square, shape (side, side, 3)."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    square = np.full((side, side, 3), _MARGIN, np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return square


def _middle(pixels: Bytes, share: float) -> Bytes:
    height, width = pixels.shape[:2]
    rows, columns = max(1, int(height * share)), max(1, int(width * share))
    top, left = (height - rows) // 2, (width - columns) // 2
    return pixels[top : top + rows, left : left + columns]


def _as_bytes(numbers: Floats) -> Vector:
    largest = np.abs(numbers).max()
    if not np.isfinite(largest) or largest == 0:
        return np.zeros(len(numbers), np.int8)
    return np.asarray(np.round(numbers * (_LARGEST / largest)), np.int8)
