"""Other ways to find a photograph, for `photo.py` to run beside ours: perceptual hashes, and SIFT by brute force."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

Scores = list[np.ndarray]
DESCRIPTORS = 400
RATIO = 0.75
VERIFIED = 20
BLOCK = 50


@dataclass(frozen=True, slots=True)
class Peer:
    """What one way found: for each query a score of each reference, higher where more alike, and what it took."""

    name: str
    scores: Scores
    seconds: float
    bytes_a_photo: int


def run_peers(references: Sequence[Path], queries: Sequence[Path]) -> list[Peer]:
    """Every peer in turn; pdqhash where it is installed."""
    peers = [
        hashed("imagehash pHash", references, queries, phash, phash),
        hashed("imagehash pHash, eight turns", references, queries, phash, phash_turned),
    ]
    try:
        import pdqhash  # noqa: F401  whether it is there
    except ImportError:
        print("pdqhash: not installed")
    else:
        peers.append(hashed("pdqhash, eight turns", references, queries, pdq, pdq_turned))
    return [*peers, sift(references, queries)]


def hashed(
    name: str,
    references: Sequence[Path],
    queries: Sequence[Path],
    of_reference: Callable[[Path], np.ndarray],
    of_query: Callable[[Path], np.ndarray],
) -> Peer:
    """The nearest of all hashes, by the bits that differ."""
    kept = np.concatenate([of_reference(file) for file in references])
    started = time.process_time()
    scores = [
        -np.bitwise_count(of_query(file)[:, None] ^ kept).sum(axis=2).min(axis=0).astype(float) for file in queries
    ]
    return Peer(name, scores, (time.process_time() - started) / len(queries), kept.shape[1])


def phash(file: Path) -> np.ndarray:
    """The 64 bits of imagehash, shape (1, 8)."""
    import imagehash

    with Image.open(file) as picture:
        return np.packbits(imagehash.phash(picture).hash.ravel())[None]


def phash_turned(file: Path) -> np.ndarray:
    """The same in all eight flips and turns, shape (8, 8)."""
    import imagehash

    with Image.open(file) as opened:
        picture = opened.convert("L")
    turns = [
        side.rotate(angle, expand=True) for side in (picture, ImageOps.mirror(picture)) for angle in (0, 90, 180, 270)
    ]
    return np.array([np.packbits(imagehash.phash(turn).hash.ravel()) for turn in turns])


def pdq(file: Path) -> np.ndarray:
    """The 256 bits of PDQ, shape (1, 32)."""
    import pdqhash

    return np.packbits(pdqhash.compute(_pixels(file))[0])[None]


def pdq_turned(file: Path) -> np.ndarray:
    """The same in all eight flips and turns, shape (8, 32)."""
    import pdqhash

    return np.array([np.packbits(bits) for bits in pdqhash.compute_dihedral(_pixels(file))[0]])


def _pixels(file: Path) -> np.ndarray:
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))


def sift(references: Sequence[Path], queries: Sequence[Path]) -> Peer:
    """OpenCV's SIFT: every query against every reference, ratio test, RANSAC homography of the best twenty.

    A reference's score is its inliers where it was verified; else its matches count a thousandth, so that it ranks
    after those.
    """
    import cv2

    cv2.setNumThreads(1)
    finder = cv2.SIFT.create(DESCRIPTORS)
    kept = [_points(finder, file) for file in references]
    everything = np.zeros((len(kept), DESCRIPTORS, 128), np.float32)
    for place, (_, descriptors) in enumerate(kept):
        everything[place, : len(descriptors)] = descriptors
    started = time.process_time()
    scores: Scores = []
    for number, file in enumerate(queries):
        xy, descriptors = _points(finder, file)
        nearest = _nearest(descriptors, everything)
        found = (nearest >= 0).sum(axis=0) / 1000
        for place in np.argsort(-found, kind="stable")[:VERIFIED]:
            here = np.flatnonzero(nearest[:, place] >= 0)
            found[place] += _inliers(xy[here], kept[place][0][nearest[here, place]])
        scores.append(found)
        if number % 100 == 99:
            print(f"  SIFT: {number + 1} of {len(queries)}", flush=True)
    return Peer(
        "OpenCV SIFT, brute force", scores, (time.process_time() - started) / len(queries), DESCRIPTORS * (128 + 4)
    )


def _points(finder: "object", file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Where the clearest points are, and their descriptors at length 1."""
    with Image.open(file) as picture:
        grey = np.asarray(picture.convert("L"))
    points, descriptors = finder.detectAndCompute(grey, None)  # type: ignore[attr-defined]
    if descriptors is None:
        return np.empty((0, 2), np.float32), np.empty((0, 128), np.float32)
    lengths = np.maximum(np.linalg.norm(descriptors, axis=1, keepdims=True), 1e-6)
    return np.array([point.pt for point in points], np.float32)[:DESCRIPTORS], (descriptors / lengths)[:DESCRIPTORS]


def _nearest(descriptors: np.ndarray, everything: np.ndarray) -> np.ndarray:
    """For each of the query's points and each reference its nearest point, or -1 where the ratio test fails."""
    nearest = np.full((len(descriptors), len(everything)), -1, np.int64)
    if not len(descriptors):
        return nearest
    for start in range(0, len(everything), BLOCK):
        block = everything[start : start + BLOCK]
        alike = (descriptors @ block.reshape(-1, 128).T).reshape(len(descriptors), len(block), -1)
        best = alike.argmax(axis=2)
        near = np.take_along_axis(alike, best[..., None], axis=2)[..., 0]
        np.put_along_axis(alike, best[..., None], -1, axis=2)
        # For vectors of length 1 the squared distance is 2 - 2 x their product.
        passed = 1 - near < RATIO**2 * (1 - alike.max(axis=2))
        nearest[:, start : start + BLOCK] = np.where(passed, best, -1)
    return nearest


def _inliers(xy: np.ndarray, onto: np.ndarray) -> int:
    import cv2

    if len(xy) < 4:
        return 0
    _, mask = cv2.findHomography(xy, onto, cv2.RANSAC, 5.0)
    return 0 if mask is None else int(mask.sum())
