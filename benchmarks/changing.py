"""A list with photos that changes from version to version, put together from real records and photos."""

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from mixing import SEED, mixed

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.models import Record
from fieldcheck.models.item import Fingerprint, Photo
from fieldcheck.vision.reader import PhotoReading
from fieldcheck.vision.reference import Reference

PARTS = 4
_JPEG_HEAD = 600
CHANGED, ADDED, WITHDRAWN, PHOTOGRAPHED = 0.005, 0.0025, 0.0025, 0.001
"""Shares of the records that are changed, added, withdrawn and given another photo from one version to the next."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: its number, and how often its words and its photo have changed."""

    number: int
    words: int = 0
    photo: int = 0


class ChangingList:
    """Records and photos of one version; ``images`` is the folder that has a small file for each photo.

    Args:
        records: the records to mix from.
        kept: the photos to mix from.
        count: records of the first version.
        images: where the files of the photos are.
    """

    def __init__(self, records: tuple[Record, ...], kept: list[ReferencePhoto], count: int, images: Path) -> None:
        self._records = list(mixed(records, count * 2))
        self._kept = kept
        self._references = [Reference.unpack(photo.points) for photo in kept]
        self._chance = random.Random(SEED)  # noqa: S311  # a benchmark, not a secret
        self._images = images
        self._next = count
        self.entries = [Entry(number) for number in range(count)]
        images.mkdir(parents=True, exist_ok=True)

    def change(self) -> None:
        """Go on to the next version."""
        count = len(self.entries)
        chosen = iter(self._chance.sample(range(count), count))
        for place in _first(chosen, CHANGED, count):
            self.entries[place] = replace(self.entries[place], words=self.entries[place].words + 1)
        for place in _first(chosen, PHOTOGRAPHED, count):
            self.entries[place] = replace(self.entries[place], photo=self.entries[place].photo + 1)
        withdrawn = frozenset(_first(chosen, WITHDRAWN, count))
        self.entries = [entry for place, entry in enumerate(self.entries) if place not in withdrawn]
        came = [Entry(self._next + number) for number in range(round(count * ADDED))]
        self._next += len(came)
        # A publisher's file has its own order, in which what is new may stand anywhere.
        for entry in came:
            self.entries.insert(self._chance.randrange(len(self.entries)), entry)

    def __iter__(self) -> Iterator[Record]:
        for entry in self.entries:
            record, name = self._records[entry.number], f"{entry.number}-{entry.photo}.jpg"
            path = self._images / name
            if not path.exists():
                path.write_text(name)
            title = record.title + " (seen again)" * entry.words
            yield replace(record, id=f"R{entry.number:07d}", title=title, images=(name,))

    def read(self, paths: Iterable[Path]) -> Iterator[PhotoReading]:
        """What a reader would see in the photos."""
        for path in paths:
            number, _, edition = path.stem.partition("-")
            yield self._reading(path, int(number), int(edition))

    def _reading(self, path: Path, number: int, edition: int) -> PhotoReading:
        chance = np.random.default_rng((number, edition))
        chosen = [self._references[place] for place in chance.integers(0, len(self._references), PARTS)]
        points = np.concatenate([reference.points[part::PARTS] for part, reference in enumerate(chosen)])
        shown = self._kept[number % len(self._kept)].thumbnail
        # Of its own, and as hard to pack as a JPEG is.
        thumbnail = shown[:_JPEG_HEAD] + chance.bytes(max(0, len(shown) - _JPEG_HEAD))
        phash, dhash = (f"{int(value):016x}" for value in chance.integers(0, 2**63, 2))
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        fingerprint = Fingerprint((phash,), (dhash,))
        return PhotoReading(
            Photo(path.name, sha256, fingerprint=fingerprint), thumbnail, Reference((512, 512), points).pack()
        )


def _first(places: Iterator[int], share: float, count: int) -> list[int]:
    return [next(places) for _ in range(round(count * share))]
