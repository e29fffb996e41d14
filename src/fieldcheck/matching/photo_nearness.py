"""How near a model puts a photo to reference photos: it sees what no point shows, such as the other side of a statue.

Nearness proposes and orders. It proves nothing, and is nowhere where a list has no vectors of the photo's model.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from fieldcheck.cache.opening import OpenList
from fieldcheck.datafiles import load_toml
from fieldcheck.matching.photo_view import WORTH_A_LOOK, View
from fieldcheck.matching.weights import WEIGHTS_NAME
from fieldcheck.models import Embedding, Scale, Strength

if TYPE_CHECKING:
    from fieldcheck.vision.vectors import VectorFile


class Nearness:
    """The nearness (cosine, -1 to 1) of one photo, by the nearest of its frames, to those of all lists."""

    def __init__(self, embedding: Embedding | None, lists: tuple[OpenList, ...]) -> None:
        self._files: dict[str, tuple[OpenList, VectorFile]] = {}
        if embedding is None:
            return
        frames = np.frombuffer(embedding.vectors, np.int8).reshape(-1, embedding.dimension)
        self._frames = frames[frames.any(axis=1)]
        for opened in lists if len(self._frames) else ():
            if (file := opened.vectors(embedding.model, embedding.dimension)) is not None:
                self._files[opened.id] = opened, file

    def nearest(self, most: int) -> dict[tuple[str, int], float]:
        """The nearest photos of all lists, by list and number, the nearest first."""
        found = heapq.nlargest(most, self._each(most), key=lambda entry: entry[0])
        return {key: nearness for nearness, key in found}

    def of(self, opened: OpenList, numbers: Sequence[int]) -> dict[int, float]:
        """The nearness of those photos of a list, as far as they have a vector."""
        if opened.id not in self._files or not numbers:
            return {}
        _, file = self._files[opened.id]
        found = zip(numbers, file.nearness(numbers, self._frames).tolist(), strict=True)
        return {number: nearness for number, nearness in found if nearness >= -1}

    def _each(self, most: int) -> Iterator[tuple[float, tuple[str, int]]]:
        for opened, file in self._files.values():
            for number, nearness in file.nearest(self._frames, most):
                yield nearness, (opened.id, number)


def order(views: list[View], embedding: Embedding | None, limits: Mapping[str, float]) -> list[View]:
    """Say how close each view is; where none tells anything, the one that stands out is possible.

    Args:
        views: one photo of the item beside reference photos.
        embedding: what a model makes of that photo, or None.
        limits: see ``data/weights.toml``.
    """
    scale = embedding.scale if embedding else Scale(**load_toml(WEIGHTS_NAME)["no_model"])
    ordered = [replace(view, closeness=_closeness(view, scale, limits)) for view in views]
    return ordered if any(view.strength is not Strength.WEAK for view in views) else _by_nearness(ordered, scale)


def _closeness(view: View, scale: Scale, limits: Mapping[str, float]) -> float:
    """Nearness, and more for points in common, most where some of them lie alike."""
    points = view.likeness * (1 + view.inliers / WORTH_A_LOOK)
    nearness = scale.usual if view.nearness is None else view.nearness
    return nearness + scale.points * points / (points + limits["half_of_points"])


def _by_nearness(views: list[View], scale: Scale) -> list[View]:
    """The closest view as possible where it stands out: only the eye can confirm it.

    A short list is no proof of a small world: the usual photo of something else always rivals.
    """
    best = max((view for view in views if view.nearness is not None), key=lambda view: view.closeness, default=None)
    if best is None:
        return views
    others = (view.closeness for view in views if view.record != best.record and not view.is_same_file(best))
    if best.closeness - max((scale.usual, *others)) < scale.apart:
        return views
    return [replace(best, strength=Strength.POSSIBLE, is_near=True), *(view for view in views if view is not best)]
