"""Whether a photo shows enough to be compared.

Only hopeless photos are refused: a poor one can still be the copy that is looked for. The limits were set on
2,139 photographs of museum objects and of counters, of which one is refused, a blank placeholder. Of the same
photographs blurred by 1/64 of their longer side 80 % are refused, of those enlarged from 48 pixels 1 %.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from fieldcheck.vision.refusals import Refusal

_SIDE: Final = 128
"""Side in pixels of the grey square that is judged: blur that does not show here harms no comparison."""

_LEAST_LIGHT: Final = 30
"""The lightest hundredth of a photo must reach this, of 255; the darkest photograph seen has 35."""

_MOST_WHITE: Final = 0.99
"""Share of a photo that may be clipped to white; a potsherd drawn on white paper has 0.98."""

_WHITE: Final = 250

_LEAST_CONTRAST: Final = 16
"""Grey levels between the darkest and the lightest 1/200; the flattest photograph seen has 33."""

_LEAST_SHARPNESS: Final = 0.07
"""The sharpest 1/200 of the Laplacian as a share of the contrast; the least sharp photograph seen has 0.2."""


def judge(photo: Image.Image) -> Refusal | None:
    """Why a photo is not worth comparing, or None when it is."""
    grey = np.asarray(photo.convert("L").resize((_SIDE, _SIDE)), dtype=np.float32)
    darkest, lightest = np.percentile(grey, (0.5, 99.5))
    contrast = lightest - darkest
    if np.percentile(grey, 99) < _LEAST_LIGHT:
        return Refusal.TOO_DARK
    if np.mean(grey >= _WHITE) > _MOST_WHITE:
        return Refusal.GLARE
    if contrast < _LEAST_CONTRAST:
        return Refusal.BLANK
    if np.percentile(_laplacian(grey), 99.5) < _LEAST_SHARPNESS * contrast:
        return Refusal.BLURRED
    return None


def _laplacian(grey: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How much each inner pixel differs from its four neighbours, without sign."""
    neighbours = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return np.abs(4 * grey[1:-1, 1:-1] - neighbours)
