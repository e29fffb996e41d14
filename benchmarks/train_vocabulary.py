"""Make the visual vocabulary of ``data/vision`` from a folder of photographs: ``train_vocabulary.py FOLDER``.

Only cluster centres, medians and axes are kept; no picture can be made from them.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from fieldcheck.datafiles import data_folder
from fieldcheck.vision.features import REFERENCE_POINTS, extract, shrink
from fieldcheck.vision.vocabulary import SIGNATURE_BITS, Vocabulary

SEED = 20261124
WORDS = 4096
ROUNDS = 14
MOST_DESCRIPTORS = 300_000
NAMES = ("words.npy", "thresholds.npy", "axes.npy")


def photographs(folder: Path) -> list[Path]:
    """Photographs, leaving out folders that name several objects."""
    return [path for path in sorted(folder.rglob("*.jpg")) if ";" not in str(path)]


def descriptors(paths: list[Path]) -> Iterator[np.ndarray]:
    """Descriptors of each photograph."""
    for path in paths:
        grey = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
        yield extract(shrink(np.asarray(grey, np.uint8)), REFERENCE_POINTS).descriptors


def cluster(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Lloyd's k-means; a word that loses all its points gets a point at random."""
    words = points[random.choice(len(points), WORDS, replace=False)].astype(np.float32)
    for number in range(ROUNDS):
        nearest = Vocabulary(words, *[np.empty(0)] * 3).nearest(points, 1)[:, 0]
        order = np.argsort(nearest, kind="stable")
        counts = np.bincount(nearest, minlength=WORDS)
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        sums = np.add.reduceat(points[order].astype(np.float32), np.minimum(starts, len(points) - 1), axis=0)
        words = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], words)
        for empty in np.flatnonzero(counts == 0):
            words[empty] = points[random.integers(len(points))]
        print(f"round {number + 1} of {ROUNDS}, {np.count_nonzero(counts)} words in use", file=sys.stderr)
    return words


def thresholds(points: np.ndarray, words: np.ndarray, mean: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """The median of each word's points along the first axes."""
    vocabulary = Vocabulary(words, np.empty(0), mean, axes)
    nearest, projected = vocabulary.nearest(points, 1)[:, 0], vocabulary.project(points)[:, :SIGNATURE_BITS]
    medians = np.array((words - mean) @ axes[:, :SIGNATURE_BITS], np.float32)
    for word in range(WORDS):
        mine = projected[nearest == word]
        if len(mine):
            medians[word] = np.median(mine, axis=0)
    return medians.astype(np.float16)


def main() -> None:
    """Write the vocabulary and what it was made from."""
    random = np.random.default_rng(SEED)
    paths = photographs(Path(sys.argv[1]))
    points = np.concatenate(list(descriptors(paths)))
    points = points[random.permutation(len(points))[:MOST_DESCRIPTORS]]
    mean = points.mean(axis=0, dtype=np.float64).astype(np.float32)
    axes = np.linalg.qr(random.standard_normal((128, 128)))[0].astype(np.float32)
    words = np.round(cluster(points, random)).astype(np.uint8)
    folder = data_folder() / "vision"
    folder.mkdir(exist_ok=True)
    np.save(folder / NAMES[0], words)
    np.save(folder / NAMES[1], thresholds(points, words.astype(np.float32), mean, axes))
    np.save(folder / NAMES[2], np.vstack((mean, axes)))
    lines = [
        "# How the visual vocabulary was made; benchmarks/train_vocabulary.py makes it again.",
        f'from = "{len(paths)} photographs of museum objects, of which nothing but these centres and medians is kept"',
        f"descriptors = {len(points)}",
        f"seed = {SEED}",
        f"rounds = {ROUNDS}",
        "",
        "[sha256]",
        *(f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"' for name in NAMES),
    ]
    (folder / "vocabulary.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
