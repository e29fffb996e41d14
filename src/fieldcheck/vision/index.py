"""The inverted index over photos: which photos have points that look like those of the photo that is looked for.

Bag of visual words with Hamming embedding and weak geometric consistency (Jégou, Douze and Schmid, 2008; 2009).
Photos are filed in segments of 65,536, so that a number of two bytes names one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fieldcheck.vision.features import QUERY_POINTS, Features, Floats
from fieldcheck.vision.reference import Reference, coarse_angle, coarse_scale
from fieldcheck.vision.vocabulary import Vocabulary

SEGMENT = 65_536
"""Photos that are filed together."""

FILED_POINTS = 300
"""Points of a photo that are filed, the clearest first."""

_POSTING_BYTES = 12
_MOST_BITS = 22
_BELL_BITS = 14.0
_KEPT = 400
_ANGLES = 16
_SCALES = 8
_SCALE_STEP = 16

_FILED = np.dtype([("signature", "<u8"), ("word", "<u2"), ("angle", "u1"), ("scale", "u1")])

Integers = npt.NDArray[np.int64]
Filed = npt.NDArray[np.void]


def to_file(reference: Reference) -> Filed:
    """What is filed of one photo: the words, signatures, angles and sizes of its clearest points."""
    points = reference.points[:FILED_POINTS]
    filed = np.empty(len(points), _FILED)
    for name in _FILED.names or ():
        filed[name] = points[name]
    return filed


def file_photos(filed: Sequence[Filed]) -> Iterator[tuple[int, bytes]]:
    """The index of one segment, from what is filed of each photo: each word that occurs, and its postings.

    Postings are the signatures of all points of that word, then the numbers of their photos, their angles and
    their sizes: 12 bytes a point.
    """
    photo = np.repeat(np.arange(len(filed), dtype="<u2"), [len(points) for points in filed])
    if not photo.size:
        return
    points = np.concatenate(filed)
    order = np.argsort(points["word"], kind="stable")
    words, starts = np.unique(points["word"][order], return_index=True)
    for word, rows in zip(words, np.split(order, starts[1:]), strict=True):
        mine = points[rows]
        columns = (mine["signature"], photo[rows], mine["angle"], mine["scale"])
        yield int(word), b"".join(column.tobytes() for column in columns)


@dataclass(frozen=True, slots=True)
class Sought:
    """The points of a photo that is looked for, as the index is asked for them: one row a point and word.

    Rows are in the order of their words.
    """

    words: npt.NDArray[np.uint16]
    signatures: npt.NDArray[np.uint64]
    point: Integers
    angle: npt.NDArray[np.uint8]
    scale: npt.NDArray[np.uint8]

    @classmethod
    def make(
        cls, features: Features, projections: Floats, vocabulary: Vocabulary, tried: int, most: int = QUERY_POINTS
    ) -> "Sought":
        """Look for each of the ``most`` clearest points under its ``tried`` nearest words."""
        words = vocabulary.nearest(features.descriptors[:most], tried)
        signatures = vocabulary.signatures(projections[:most], words)
        point = np.repeat(np.arange(len(words)), tried)
        order = np.argsort(words.ravel(), kind="stable")
        point = point[order]
        return cls(
            words.ravel()[order],
            signatures.ravel()[order],
            point,
            coarse_angle(features.angle)[point],
            coarse_scale(features.scale)[point],
        )

    def distinct(self) -> list[int]:
        """The words that the index is asked for."""
        return [int(word) for word in np.unique(self.words)]


@dataclass(frozen=True, slots=True)
class _Hits:
    """Pairs of a row of `Sought` and a posting that may show the same point."""

    row: Integers
    photo: Integers
    bits: npt.NDArray[np.uint8]
    angle: npt.NDArray[np.uint8]
    scale: npt.NDArray[np.uint8]


def score_photos(sought: Sought, postings: Iterable[tuple[int, bytes]], photos: int) -> Floats:
    """How much each photo of one segment has in common with the photo that is looked for, shape (photos,).

    Args:
        sought: the points.
        postings: the index of the words of ``sought.distinct()`` that occur, in any order.
        photos: number of photos in the segment.
    """
    weights = np.zeros(int(sought.words.max(initial=0)) + 1, np.float32)
    found = [_hits(sought, word, content, weights, photos) for word, content in postings]
    found = [hits for hits in found if len(hits.row)]
    if not found:
        return np.zeros(photos, np.float32)
    names = _Hits.__slots__
    hits = _Hits(*(np.concatenate([getattr(entry, name) for entry in found]) for name in names))
    worth = weights[sought.words[hits.row]] * np.exp(-((hits.bits / _BELL_BITS) ** 2)).astype(np.float32)
    rough = np.bincount(hits.photo, worth, photos)
    best = np.zeros(photos, bool)
    best[np.argpartition(rough, -min(_KEPT, photos))[-_KEPT:]] = True
    kept = np.flatnonzero(best[hits.photo])
    return _consistent(sought, _Hits(*(getattr(hits, name)[kept] for name in names)), worth[kept], photos)


def _hits(sought: Sought, word: int, content: bytes, weights: Floats, photos: int) -> _Hits:
    first, last = np.searchsorted(sought.words, (word, word + 1))
    count = len(content) // _POSTING_BYTES
    signatures = np.frombuffer(content, "<u8", count)
    distances = np.bitwise_count(sought.signatures[first:last, None] ^ signatures)
    photo = np.frombuffer(content, "<u2", count, offset=8 * count)
    row, posting = np.nonzero((distances <= _MOST_BITS) & (photo < photos))
    angle = np.frombuffer(content, "u1", count, offset=10 * count)
    scale = np.frombuffer(content, "u1", count, offset=11 * count)
    weights[word] = max(0.0, np.log(photos * FILED_POINTS / max(count, 1))) ** 2
    bits = distances[row, posting]
    row = row + first
    return _Hits(
        row,
        photo[posting].astype(np.int64),
        bits,
        sought.angle[row] - angle[posting],
        sought.scale[row] - scale[posting],
    )


def _consistent(sought: Sought, hits: _Hits, worth: Floats, photos: int) -> Floats:
    """Scores in which a point counts once, and only what was turned and enlarged alike counts together."""
    pair = hits.photo * (int(sought.point.max()) + 1) + sought.point[hits.row]
    _, which, often = np.unique(pair, return_inverse=True, return_counts=True)
    worth = worth / np.sqrt(often[which])
    angle = hits.angle.astype(np.int64) * _ANGLES // 256
    scale = np.clip(hits.scale.view(np.int8).astype(np.int64) // _SCALE_STEP + _SCALES // 2, 0, _SCALES - 1)
    shape = (photos, _ANGLES, _SCALES)
    keep, compact = np.unique(hits.photo, return_inverse=True)
    bins = np.bincount((compact * _ANGLES + angle) * _SCALES + scale, worth, len(keep) * _ANGLES * _SCALES)
    votes = bins.reshape(len(keep), *shape[1:])
    votes = votes + np.roll(votes, 1, axis=1)
    votes[:, :, 1:] += votes[:, :, :-1].copy()
    scores = np.zeros(photos, np.float32)
    scores[keep] = votes.reshape(len(keep), -1).max(axis=1)
    return scores
