"""Training photos: a folder for each source, and in it one for each object, cut from its backdrop where it has one."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

FLAT_SOURCES = frozenset(
    {
        "cyens_state_gallery", "dgrachev_paintings", "fitz_prints", "fitz_shahnameh", "galleria_estense",
        "old_persian_photos", "shushan_wikiart", "tate_uploads_opendatalab", "tcd_gallery_assignment",
        "uab_mcv_paintings",
    }
)  # fmt: skip
"""Sources of works that fill their photo: the whole of it is the object."""

_SEVERAL_OBJECTS = ";"
_CUT_SIDE = 128
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo: pixels (height, width, 3), blue first, and the object's mask (height, width), 0 or 1, if known."""

    pixels: Pixels
    mask: Pixels | None

    @property
    def mirrored(self) -> "Photo":
        """The photo as a mirror shows it."""
        mask = None if self.mask is None else np.ascontiguousarray(self.mask[:, ::-1])
        return Photo(np.ascontiguousarray(self.pixels[:, ::-1]), mask)


@dataclass(frozen=True, slots=True)
class Thing:
    """One object and every photo of it."""

    source: str
    flat: bool
    photos: tuple[Photo, ...]


def read_things(folder: Path, longest_side: int, shares: tuple[float, float]) -> list[Thing]:
    """Read every object below a folder, in the order of the names.

    A folder whose name joins several objects is left out: its photos are of more than one.

    Args:
        folder: holds a folder for each source, which holds a folder for each object.
        longest_side: what a larger photo is reduced to, in pixels.
        shares: least and most share of a photo that a cut-out object covers; otherwise it was not found.
    """
    things = []
    for source in sorted(path for path in folder.iterdir() if path.is_dir()):
        flat = source.name in FLAT_SOURCES
        for place in sorted(path for path in source.iterdir() if path.is_dir() and _SEVERAL_OBJECTS not in path.name):
            photos = tuple(_read(path, longest_side, None if flat else shares) for path in sorted(place.iterdir()))
            if found := tuple(photo for photo in photos if photo is not None):
                things.append(Thing(source.name, flat, found))
    return things


def reduced(pixels: Pixels, longest_side: int) -> Pixels:
    """The photo no larger than ``longest_side``."""
    height, width = pixels.shape[:2]
    scale = min(1.0, longest_side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _read(path: Path, longest_side: int, shares: tuple[float, float] | None) -> Photo | None:
    pixels = cv2.imread(str(path))
    if pixels is None:
        return None
    small = reduced(np.asarray(pixels, np.uint8), longest_side)
    return Photo(small, object_mask(small, shares) if shares else None)


def object_mask(pixels: Pixels, shares: tuple[float, float]) -> Pixels | None:
    """The object on a plain backdrop, by GrabCut from the photo's border inwards; None where it is not found."""
    height, width = pixels.shape[:2]
    small = reduced(pixels, _CUT_SIDE)
    rows, columns = small.shape[:2]
    marks = np.full((rows, columns), cv2.GC_PR_BGD, np.uint8)
    side = round(0.12 * min(rows, columns))
    marks[side : rows - side, side : columns - side] = cv2.GC_PR_FGD
    edge = max(2, round(0.04 * min(rows, columns)))
    marks[:edge] = marks[-edge:] = cv2.GC_BGD
    marks[:, :edge] = marks[:, -edge:] = cv2.GC_BGD
    try:
        cv2.grabCut(small, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        return None
    mask = _main_parts(np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8))
    if not shares[0] < mask.mean() < shares[1]:
        return None
    return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _main_parts(mask: Pixels) -> Pixels:
    """The largest part and what is not much smaller."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(opened)
    areas = statistics[1:count, cv2.CC_STAT_AREA]
    if not areas.size:
        return np.zeros_like(mask)
    kept = 1 + np.flatnonzero(areas > 0.15 * areas.max())
    return np.isin(labels, kept).astype(np.uint8)
