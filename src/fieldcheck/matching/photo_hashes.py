"""Reference photos that may be copies of one photo, by their perceptual hashes.

A near hash only proposes: hashes of pictures with little structure lie close together, so a copy is confirmed by its
points, and one that cannot be is no more than possible.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fieldcheck.cache.opening import OpenList
from fieldcheck.models import Fingerprint
from fieldcheck.vision.index import SEGMENT

Hashes = npt.NDArray[np.uint64]
_FAR = 128


@dataclass(frozen=True, slots=True)
class NearHash:
    """One reference photo whose hashes are near; ``is_alone`` where no other photo's are almost as near."""

    opened: OpenList
    number: int
    is_alone: bool


def near_hashes(
    fingerprint: Fingerprint, lists: tuple[OpenList, ...], limits: Mapping[str, float]
) -> Iterator[NearHash]:
    """Reference photos within the limits in any of the eight orientations; photos that are twins stand together."""
    phash, dhash = (np.array([int(value, 16) for value in side], np.uint64) for side in _sides(fingerprint))
    near: list[tuple[int, OpenList, int, tuple[np.uint64, np.uint64]]] = []
    nearest_other = _FAR
    for opened, first, stored in _stored(lists):
        bits = np.bitwise_count(phash[:, None] ^ stored[0]), np.bitwise_count(dhash[:, None] ^ stored[1])
        fits = ((bits[0] <= limits["alike_phash"]) & (bits[1] <= limits["alike_dhash"])).any(axis=0)
        total = (bits[0] + bits[1]).min(axis=0)
        near += [(int(total[i]), opened, first + int(i), (stored[0, i], stored[1, i])) for i in np.flatnonzero(fits)]
        nearest_other = min(nearest_other, int(total[~fits].min(initial=_FAR)))
    near.sort(key=lambda entry: entry[0])
    for bits_apart, opened, number, hashes in near:
        others = (entry[0] for entry in near if not _twins(entry[3], hashes, limits))
        margin = min(min(others, default=_FAR), nearest_other) - bits_apart
        yield NearHash(opened, number, margin >= limits["alike_margin"])


def _sides(fingerprint: Fingerprint) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return fingerprint.phash, fingerprint.dhash


def _stored(lists: tuple[OpenList, ...]) -> Iterator[tuple[OpenList, int, Hashes]]:
    """Each segment's list, its first photo's number and its hashes, shape (2, photos)."""
    for opened in lists:
        for segment, count in opened.photos.segments.items():
            yield opened, segment * SEGMENT, np.frombuffer(opened.photos.hashes(segment), "<u8").reshape(2, count)


def _twins(one: tuple[np.uint64, ...], other: tuple[np.uint64, ...], limits: Mapping[str, float]) -> bool:
    """Whether two references show the same photograph, as two records or lists sometimes do."""
    phash, dhash = (int(a ^ b).bit_count() for a, b in zip(one, other, strict=True))
    return phash <= limits["twin_phash"] and dhash <= limits["twin_dhash"]
