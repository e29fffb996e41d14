"""Draw solid objects and photograph them from several sides, so that the recipe can be tried without a single photo.

Every object is a closed surface over a grid of heights (rows) and directions around the upright (columns): a pot from
the lathe, a box, a lumpy figure. Objects of one kind are near-twins in shape, and painted all around, so that their
sides differ. All follows from the seed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from photos import Pixels

Surface = NDArray[np.float64]

KINDS = ("pots", "boxes", "figures")

_CLAY = np.array([70, 110, 150])
_PIGMENTS = np.array([(30, 30, 35), (190, 205, 215), (40, 50, 140), (120, 80, 40), (60, 130, 170)])
"""Blue first: black, white, red, blue, ochre."""

_ROWS, _COLUMNS = 48, 72
_SIDE = 256
_BETWEEN_VIEWS = 47.0  # degrees: no two views of one object show the same half of it


@dataclass(frozen=True, slots=True)
class Solid:
    """A surface: points (rows + 1, columns + 1, 3), upright last, within 1 of the middle; paint (rows, columns, 3)."""

    points: Surface
    paint: Surface


def draw_folder(folder: Path, objects: int, views: Iterable[int], seed: int) -> None:
    """Draw objects of every kind, and write their photos as ``folder/KIND/NUMBER/VIEW.png``.

    Args:
        folder: is made; laid out as `photos.read_things` reads it.
        objects: how many of each kind.
        views: numbers of the sides to photograph, each in other light; a side's photo depends on no other.
        seed: decides everything.
    """
    for kind in KINDS:
        for number in range(objects):
            own = [seed, KINDS.index(kind), number]
            solid = draw_solid(kind, np.random.default_rng(own))
            place = folder / kind / f"{number:03}"
            place.mkdir(parents=True)
            for view in views:
                photo = photograph(solid, view * _BETWEEN_VIEWS, np.random.default_rng([*own, view]))
                cv2.imwrite(str(place / f"{view}.png"), photo)


def draw_solid(kind: str, random: Generator) -> Solid:
    """One object of a kind."""
    height, around = np.linspace(-1, 1, _ROWS + 1)[:, None], np.linspace(0, 2 * np.pi, _COLUMNS + 1)[None]
    if kind == "pots":
        radius = _pot(height, random) + 0 * around
    elif kind == "boxes":
        radius = _box(around, random.uniform(0.5, 1)) + 0 * height
    else:
        radius = _figure(height, around, random)
    radius[[0, -1]] = 0  # closed below and above
    stretch = random.uniform(0.7, 1)
    points = np.stack([radius * np.cos(around), radius * np.sin(around), height * stretch + 0 * around], axis=2)
    return Solid(points / np.linalg.norm(points, axis=2).max(), _painted(random))


def photograph(solid: Solid, degrees: float, random: Generator) -> Pixels:
    """A photo (256, 256, 3) of one side, from a little above, lit from somewhere in front, on a plain backdrop."""
    points = solid.points @ _turned(np.deg2rad(degrees + random.uniform(-8, 8)), np.deg2rad(random.uniform(5, 30)))
    light = np.array([random.uniform(-1, 1), -1, random.uniform(0, 1)])
    corners = np.stack([points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]], axis=2)
    outwards = np.cross(corners[:, :, 2] - corners[:, :, 0], corners[:, :, 3] - corners[:, :, 1])
    outwards /= np.maximum(np.linalg.norm(outwards, axis=2, keepdims=True), 1e-9)
    brightness = 0.35 + 0.65 * np.clip(outwards @ (light / np.linalg.norm(light)), 0, 1)
    colours = np.clip(solid.paint * brightness[..., None] * random.uniform(0.8, 1.1), 0, 255)
    middle = _SIDE / 2
    seen = np.stack([middle + 0.42 * _SIDE * corners[..., 0], middle - 0.42 * _SIDE * corners[..., 2]], axis=3)
    photo = _backdrop(random)
    far_first = np.argsort(-corners[..., 1].mean(axis=2), axis=None)
    flat_seen, flat_colours = np.round(seen).astype(np.int32).reshape(-1, 4, 2), colours.reshape(-1, 3)
    for patch in far_first[outwards[..., 1].ravel()[far_first] < 0]:
        cv2.fillConvexPoly(photo, flat_seen[patch], flat_colours[patch].tolist())
    noisy = cv2.GaussianBlur(photo, (0, 0), 0.8) + random.normal(0, 2, photo.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _pot(height: Surface, random: Generator) -> Surface:
    """Belly, neck and lip of a vessel."""
    belly = random.uniform(0.55, 0.75) * np.exp(-(((height - random.uniform(-0.4, 0)) / random.uniform(0.5, 0.7)) ** 2))
    lip = random.uniform(0.25, 0.4) * np.exp(-(((height - 1) / random.uniform(0.15, 0.3)) ** 2))
    return belly + lip + 0.1


def _box(around: Surface, depth: float) -> Surface:
    """A rectangle seen from above: 0.7 wide to each side, and ``depth`` of that deep."""
    return 0.7 / np.maximum(np.abs(np.cos(around)), np.abs(np.sin(around)) / depth)


def _figure(height: Surface, around: Surface, random: Generator) -> Surface:
    """A standing body with shoulders, a head and lumps for limbs and folds."""
    body = 0.42 * np.sqrt(np.clip(1 - ((height + 0.35) / 0.7) ** 2, 0, 1))
    head = random.uniform(0.2, 0.28) * np.sqrt(np.clip(1 - ((height - 0.65) / 0.35) ** 2, 0, 1))
    radius = np.maximum(body, head) + 0 * around
    for _ in range(12):
        up, towards = random.uniform(-0.9, 0.8), random.uniform(0, 2 * np.pi)
        apart = np.angle(np.exp(1j * (around - towards)))
        lump = np.exp(-(((height - up) / random.uniform(0.08, 0.3)) ** 2) - (apart / random.uniform(0.2, 0.6)) ** 2)
        radius = radius * (1 + random.uniform(-0.4, 0.6) * lump)
    return radius


def _painted(random: Generator) -> Surface:
    """Clay with weathering, rings and motifs; (rows, columns, 3)."""
    ground = _CLAY * random.uniform(0.7, 1.2) * random.uniform(0.9, 1.1, 3)
    paint = np.tile(ground, (_ROWS, _COLUMNS, 1))
    patches = cv2.resize(random.normal(1, 0.3, (6, 9)), (_COLUMNS, _ROWS), interpolation=cv2.INTER_CUBIC)
    paint *= np.clip(patches, 0.3, 1.7)[..., None]
    for _ in range(random.integers(0, 4)):
        row = int(random.integers(2, _ROWS - 4))
        paint[row : row + int(random.integers(1, 4))] = random.choice(_PIGMENTS)
    canvas = np.ascontiguousarray(paint)
    for _ in range(random.integers(4, 12)):
        at = (int(random.integers(_COLUMNS)), int(random.integers(_ROWS)))
        size = (int(random.integers(1, 7)), int(random.integers(1, 7)))
        cv2.ellipse(canvas, at, size, random.uniform(0, 180), 0, 360, random.choice(_PIGMENTS).tolist(), cv2.FILLED)
    return np.asarray(canvas)


def _turned(around: float, tilted: float) -> Surface:
    """The matrix that turns points (n, 3) about the upright, then tips their top towards the camera."""
    turn = np.array([[np.cos(around), np.sin(around), 0], [-np.sin(around), np.cos(around), 0], [0, 0, 1]])
    tip = np.array([[1, 0, 0], [0, np.cos(tilted), np.sin(tilted)], [0, -np.sin(tilted), np.cos(tilted)]])
    return turn @ tip


def _backdrop(random: Generator) -> Pixels:
    """Paper of one colour, darker towards one end."""
    shade = np.linspace(random.uniform(0.6, 0.9), 1, _SIDE)[:, None, None]
    return np.clip(random.uniform(120, 250, 3) * shade + np.zeros((_SIDE, _SIDE, 1)), 0, 255).astype(np.uint8)
