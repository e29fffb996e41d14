"""An imagined counter: one photo of an object becomes another, as an officer might take it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from photos import Photo, Pixels

GREY = (127, 127, 127)
_FEWEST_PIXELS = 50


@dataclass(frozen=True, slots=True)
class Chances:
    """How often each thing happens to a photo, from 0 to 1."""

    mirrored: float
    cut_out: float
    clutter: float
    shadow: float


def catalogue_view(photo: Photo, random: Generator, side: int) -> Pixels:
    """The photo nearly as a list shows it, (side, side, 3)."""
    return _retaken(photo.pixels, random, side, 0.35) if random.random() < 0.8 else square(photo.pixels, side, GREY)


def counter_view(  # noqa: PLR0913  # a photo, where it is put, and by what dice
    photo: Photo, others: Sequence[Pixels], random: Generator, side: int, chances: Chances, *, flat: bool
) -> Pixels:
    """The photo as if taken at a counter, (side, side, 3); ``others`` are what else may lie there."""
    if random.random() < chances.mirrored:
        photo = photo.mirrored
    if random.random() < chances.cut_out and (flat or photo.mask is not None):
        view = _elsewhere(photo, others, random, side, chances)
    else:
        view = _retaken(photo.pixels, random, side, 1.0)
    return _degraded(_lit(view, random), random)


def square(pixels: Pixels, side: int, fill: Sequence[int]) -> Pixels:
    """The whole photo in the middle of a square."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    out = np.empty((side, side, 3), np.uint8)
    out[:] = fill
    top, left = (side - small.shape[0]) // 2, (side - small.shape[1]) // 2
    out[top : top + small.shape[0], left : left + small.shape[1]] = small
    return out


def _retaken(pixels: Pixels, random: Generator, side: int, strength: float) -> Pixels:
    """Another frame, a little turned, in other light."""
    height, width = pixels.shape[:2]
    share = random.uniform(1 - 0.35 * strength, 1)
    rows, columns = max(8, int(height * share)), max(8, int(width * share))
    top, left = int(random.integers(0, height - rows + 1)), int(random.integers(0, width - columns + 1))
    part = pixels[top : top + rows, left : left + columns]
    if random.random() < 0.4 * strength:
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), random.normal(0, 12), 1)
        part = cv2.warpAffine(part, turn, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
    fill = random.integers(0, 256, 3).tolist() if random.random() < 0.3 else GREY
    return _coloured(square(part, side, fill), random, 0.7 * strength)


def _elsewhere(photo: Photo, others: Sequence[Pixels], random: Generator, side: int, chances: Chances) -> Pixels:
    """The object without its backdrop, turned and tilted, on something else."""
    ground = _ground(others, random, side)
    if random.random() < chances.clutter:
        _put(
            ground,
            square(others[random.integers(len(others))], int(random.uniform(0.2, 0.5) * side), (0, 0, 0)),
            random,
        )
    mask = _roughened(np.ones(photo.pixels.shape[:2], np.uint8) if photo.mask is None else photo.mask, random)
    if np.count_nonzero(mask) < _FEWEST_PIXELS:
        return square(photo.pixels, side, GREY)
    warp = _placed(mask, random, side)
    thing = _coloured(cv2.warpPerspective(photo.pixels, warp, (side, side), flags=cv2.INTER_AREA), random, 0.8)
    cover = cv2.warpPerspective(mask.astype(np.float32), warp, (side, side))
    cover = cv2.GaussianBlur(cover, (0, 0), random.uniform(0.5, 1.5))
    if random.random() < chances.shadow:
        ground = _shadowed(ground, cover, random)
    return (thing * cover[..., None] + ground * (1 - cover[..., None])).astype(np.uint8)


def _placed(mask: Pixels, random: Generator, side: int) -> np.ndarray:
    """The perspective (3, 3) that puts the masked object somewhere in a square."""
    rows, columns = np.nonzero(mask)
    left, right, top, bottom = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
    width, height = right - left, bottom - top
    target = random.uniform(0.42, 1.0) * side
    scale = target / max(width, height)
    angle = np.deg2rad(random.normal(0, 25) if random.random() < 0.7 else random.uniform(-180, 180))
    wide, high = scale * np.exp(random.normal(0, 0.12)) * width / 2, scale * np.exp(random.normal(0, 0.08)) * height / 2
    if random.random() < 0.25:  # a narrower view is what turning a solid thing gives
        wide *= random.uniform(0.5, 0.9)
    corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) + random.normal(
        0, 0.05 * target, (4, 2)
    )
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    room = max(0.0, (side - target) / 2) + 0.08 * side
    there = (corners @ turn.T + side / 2 + random.uniform(-room, room, 2)).astype(np.float32)
    here = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(here, there))


def _ground(others: Sequence[Pixels], random: Generator, side: int) -> Pixels:
    kind = random.random()
    if kind < 0.12:
        ground = np.empty((side, side, 3), np.uint8)
        ground[:] = random.integers(0, 256, 3)
    elif kind < 0.25:
        cells = random.integers(0, 256, (*random.integers(2, 9, 2), 3)).astype(np.uint8)
        ground = cv2.resize(cells, (side, side), interpolation=int(random.choice([cv2.INTER_CUBIC, cv2.INTER_NEAREST])))
    else:
        ground = _part_of(others[random.integers(len(others))], random, side)
    return _coloured(ground, random, 1.0)


def _part_of(pixels: Pixels, random: Generator, side: int) -> Pixels:
    height, width = pixels.shape[:2]
    part = random.uniform(0.4, 1) * min(height, width)
    top, left = int(random.uniform(0, height - part)), int(random.uniform(0, width - part))
    ground = cv2.resize(pixels[top : top + int(part), left : left + int(part)], (side, side))
    if random.random() < 0.5:
        ground = cv2.rotate(ground, int(random.integers(0, 3)))
    return cv2.GaussianBlur(ground, (0, 0), random.uniform(1, 5)) if random.random() < 0.3 else ground


def _put(ground: Pixels, thing: Pixels, random: Generator) -> None:
    """Lay another thing somewhere, perhaps partly out of the picture."""
    side, size = ground.shape[0], thing.shape[0]
    top, left = (int(random.uniform(-size / 3, side - size * 0.6)) for _ in range(2))
    seen = thing[max(0, -top) : side - top, max(0, -left) : side - left]
    top, left = max(0, top), max(0, left)
    ground[top : top + seen.shape[0], left : left + seen.shape[1]] = seen


def _roughened(mask: Pixels, random: Generator) -> Pixels:
    """A mask that was cut a little too close, or a little too wide."""
    if random.random() >= 0.5:
        return mask
    if random.random() < 0.5:
        return cv2.erode(mask, np.ones((3, 3), np.uint8))
    return cv2.dilate(mask, np.ones((5, 5), np.uint8))


def _shadowed(ground: Pixels, cover: np.ndarray, random: Generator) -> Pixels:
    side = ground.shape[0]
    shift = random.uniform(-0.06, 0.06, 2) * side
    moved = cv2.warpAffine(cover, np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32), (side, side))
    soft = cv2.GaussianBlur(moved, (0, 0), random.uniform(1, 6))
    return (ground * (1 - soft[..., None] * random.uniform(0.3, 0.8))).astype(np.uint8)


def _coloured(pixels: Pixels, random: Generator, strength: float) -> Pixels:
    """Other exposure, white balance, contrast and saturation; sometimes no colour at all."""
    values = (pixels / np.float32(255)) ** np.exp(random.normal(0, 0.25 * strength))
    values = values * np.exp(random.normal(0, 0.12 * strength, 3))
    values = (values - 0.5) * np.exp(random.normal(0, 0.2 * strength)) + 0.5 + random.normal(0, 0.08 * strength)
    grey = values.mean(2, keepdims=True)
    if random.random() < 0.12 * strength:
        values = np.repeat(grey, 3, axis=2)
    elif random.random() < 0.5:
        values = grey + (values - grey) * np.exp(random.normal(0, 0.35 * strength))
    return np.clip(values * 255, 0, 255).astype(np.uint8)


def _lit(pixels: Pixels, random: Generator) -> Pixels:
    """Light that falls from one side, and the glare of a lamp."""
    side = pixels.shape[0]
    down, across = (np.mgrid[:side, :side] / side).astype(np.float32)
    values = pixels.astype(np.float32)
    if random.random() < 0.5:
        angle = random.uniform(0, 2 * np.pi)
        slope = (across - 0.5) * np.cos(angle) + (down - 0.5) * np.sin(angle)
        values *= np.exp(slope * random.uniform(0, 1))[..., None]
    if random.random() < 0.25:
        distance = (across - random.uniform(0, 1)) ** 2 + (down - random.uniform(0, 1)) ** 2
        values += (np.exp(-distance / (2 * random.uniform(0.04, 0.15) ** 2)) * random.uniform(60, 230))[..., None]
    return np.clip(values, 0, 255).astype(np.uint8)


def _degraded(pixels: Pixels, random: Generator) -> Pixels:
    """Out of focus, in too little light, sent through a messenger."""
    if random.random() < 0.35:
        pixels = cv2.GaussianBlur(pixels, (0, 0), random.uniform(0.4, 1.6))
    if random.random() < 0.35:
        noise = random.normal(0, random.uniform(2, 14), pixels.shape)
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    if random.random() < 0.35:
        _, sent = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 80))])
        pixels = np.asarray(cv2.imdecode(sent, cv2.IMREAD_COLOR), np.uint8)
    return pixels
