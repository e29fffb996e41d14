"""Measure a model as a check would run it: ``python evaluate.py MODEL BENCH``; right first, and in the first ten."""

import argparse
import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from counter import GREY, square
from export import USED_SIDE
from network import MEAN, SPREAD
from numpy.typing import NDArray

from photos import Pixels

Vectors = NDArray[np.float32]

WHOLE = (1.0,)
FRAMES = (1.0, 0.72, 0.5)
"""The whole photo, and the middle of it in two sizes, each as a share of its sides."""

_SHOWN = 10


class Model:
    """A trained model in OpenCV."""

    def __init__(self, path: Path) -> None:
        self._net = cv2.dnn.readNetFromONNX(str(path))

    def vectors(self, pixels: Pixels, frames: Sequence[float]) -> Vectors:
        """One vector of length 1 for each frame, (frames, dimension)."""
        return np.stack([self._vector(_middle(pixels, share)) for share in frames])

    def _vector(self, pixels: Pixels) -> Vectors:
        photo = square(pixels, USED_SIDE, GREY)
        blob = cv2.dnn.blobFromImage(photo, 1 / SPREAD, (USED_SIDE, USED_SIDE), (MEAN, MEAN, MEAN), swapRB=True)
        self._net.setInput(blob)
        return np.array(self._net.forward()[0], np.float32)


def _middle(pixels: Pixels, share: float) -> Pixels:
    height, width = pixels.shape[:2]
    rows, columns = max(1, int(height * share)), max(1, int(width * share))
    top, left = (height - rows) // 2, (width - columns) // 2
    return pixels[top : top + rows, left : left + columns]


def _read(path: Path) -> Pixels:
    pixels = cv2.imread(str(path))
    if pixels is None:
        raise SystemExit(f"{path} cannot be read.")
    return np.asarray(pixels, np.uint8)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(nearness: Vectors, records: Sequence[str], right: frozenset[str]) -> int:
    """How many other records are nearer than the first right one."""
    nearer: dict[str, None] = {}
    for at in np.argsort(-nearness):
        if records[at] in right:
            return len(nearer)
        nearer[records[at]] = None
    return len(nearer)


def main() -> None:
    """Print a line for each class of photo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("bench", type=Path)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    model = Model(given.model)
    shown = [(row["id"], name) for row in _rows(given.bench / "refs.csv") for name in row["images"].split(" | ")]
    records = [record for record, _ in shown]
    listed = np.concatenate([model.vectors(_read(given.bench / name), WHOLE) for _, name in shown])
    places = defaultdict(list)
    for row in _rows(given.bench / "truth.csv"):
        right = frozenset(row["ref_id"].split("|")) - {""}
        if right:
            nearness = (model.vectors(_read(given.bench / row["query"]), FRAMES) @ listed.T).astype(np.float32)
            kind = f"{row['class']}, {row['origin']}" if row["class"] == "other_view" else row["class"]
            places[kind].append((_place(nearness[0], records, right), _place(nearness.max(0), records, right)))
    print(f"{'class':30}{'n':>5}   whole photo     three frames")
    for kind, found in sorted(places.items()):
        at = np.array(found)
        first, ten = (at == 0).mean(0), (at < _SHOWN).mean(0)
        print(f"{kind:30}{len(found):5}   {first[0]:.3f} / {ten[0]:.3f}   {first[1]:.3f} / {ten[1]:.3f}")


if __name__ == "__main__":
    main()
