"""The part of a photo that its object takes up, so that a model need not look at the counter that it lies on.

GrabCut (Rother, Kolmogorov and Blake, 2004) begins with what lies at the border, which is taken for background. Where
nothing stands out, there is no such part.
"""

import cv2
import numpy as np

from fieldcheck.vision.features import Bytes

_SIDE = 128
_ROUNDS = 3
_BORDER = 0.04
_UNSURE = 0.12
_LEAST_SHARE, _MOST_SHARE = 0.03, 0.9
_MARGIN = 0.08


def object_crop(pixels: Bytes) -> Bytes | None:
    """The object with a little room around it, or None where none stands out.

    Args:
        pixels: shape (height, width, 3).
    """
    scale = min(1.0, _SIDE / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    box = _main_part(_foreground(np.asarray(small, np.uint8)))
    if box is None:
        return None
    left, top, width, height = box
    room = _MARGIN * max(width, height)
    columns, rows = (max(0.0, left - room), left + width + room), (max(0.0, top - room), top + height + room)
    return pixels[int(rows[0] / scale) : int(rows[1] / scale), int(columns[0] / scale) : int(columns[1] / scale)]


def _foreground(small: Bytes) -> Bytes:
    """What is not like the border, 0 or 1, shape (height, width)."""
    height, width = small.shape[:2]
    marks = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    unsure, border = round(_UNSURE * min(height, width)), max(2, round(_BORDER * min(height, width)))
    marks[unsure : height - unsure, unsure : width - unsure] = cv2.GC_PR_FGD
    marks[:border] = marks[-border:] = cv2.GC_BGD
    marks[:, :border] = marks[:, -border:] = cv2.GC_BGD
    cv2.setRNGSeed(0)  # what came before must not decide how colours are grouped
    colours = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(small, marks, (0, 0, 1, 1), *colours, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        return np.zeros((height, width), np.uint8)
    found = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)


def _main_part(found: Bytes) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the largest part, or None where it is next to nothing or nearly all."""
    count, _, statistics, _ = cv2.connectedComponentsWithStats(found)
    if count == 1:
        return None
    left, top, width, height, area = (
        int(value) for value in max(statistics[1:], key=lambda part: part[cv2.CC_STAT_AREA])
    )
    share = area / found.size
    return (left, top, width, height) if share > _LEAST_SHARE and width * height < _MOST_SHARE * found.size else None
