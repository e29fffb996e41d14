"""Finding the steps of a delta: which pages the old file has, and which of its pages the others are like."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fieldcheck.cache.delta_format import MOST_DICTIONARY, MOST_FRESH, NEXT, PAGE, RAW, Kind, Pages, Step

_AT_ONCE = 256
_MARGIN = 1
"""Pages of the dictionary before those that are alike, so that what moved a little is still seen."""

_LEVEL = 9
_MEMORY = 9
_WORD = 8
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_TOP = np.uint64(64 - 7)
"""Of a page's runs of eight bytes those are looked at whose hash begins with seven zeros: about 32 of them."""

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.bool_]


def make_steps(before: Pages, after: Pages) -> Iterator[Step]:
    """The steps from one file to another, in their order."""
    found = _Found.look(_Seen.read(before), _Seen.read(after))
    similar = _Similar(before, after, found.sources)
    for page, count in found.runs():
        if found.sources[page] < 0:
            yield from similar.steps(page, count)
        else:
            yield from found.steps(page, count)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What identifies each page of a file: its first four bytes, and a hash of the others."""

    heads: npt.NDArray[np.uint32]
    hashes: Hashes

    @classmethod
    def read(cls, pages: Pages) -> "_Seen":
        heads, hashes = bytearray(), bytearray()
        for first in range(0, pages.count, _AT_ONCE):
            block = pages.read(first, min(_AT_ONCE, pages.count - first))
            for start in range(0, len(block), PAGE):
                heads += block[start : start + NEXT]
                hashes += hashlib.blake2b(block[start + NEXT : start + PAGE], digest_size=_WORD).digest()
        return cls(np.frombuffer(heads, ">u4").astype(np.uint32), np.frombuffer(hashes, "<u8"))


@dataclass(frozen=True, slots=True)
class _Found:
    """Which page of the old file each page of the new one is, -1 for none, and in which way it can be copied."""

    sources: Integers
    as_it_is: Marks
    moved: Marks

    @classmethod
    def look(cls, old: _Seen, new: _Seen) -> "_Found":
        sources = _in_runs(_first_places(old.hashes, new.hashes), old.hashes, new.hashes)
        heads = old.heads[sources] if len(old.heads) else np.zeros(len(sources), np.uint32)
        shift = (np.arange(len(sources)) - sources).astype(np.uint32)
        as_it_is = (sources >= 0) & (new.heads == heads)
        moved = (sources >= 0) & (new.heads == np.where(heads == 0, 0, heads + shift))
        return cls(np.where(as_it_is | moved, sources, -1), as_it_is, moved)

    def runs(self) -> Iterator[tuple[int, int]]:
        """Stretches of the new file that the old one has in a row, or has nothing of: first page and count."""
        breaks = np.diff(self.sources, prepend=-2) != np.where(self.sources < 0, 0, 1)
        starts = np.flatnonzero(breaks | (np.diff(self.sources < 0, prepend=True)))
        ends = np.append(starts[1:], len(self.sources))
        return zip(starts.tolist(), (ends - starts).tolist(), strict=True)

    def steps(self, page: int, count: int) -> Iterator[Step]:
        """Copy a stretch in as few steps as it takes."""
        end = page + count
        while page < end:
            kinds = {kind: _leading(marks[page:end]) for kind, marks in self._ways()}
            kind = max(kinds, key=lambda kind: kinds[kind])
            yield Step(kind, kinds[kind], int(self.sources[page]))
            page += kinds[kind]

    def _ways(self) -> tuple[tuple[Kind, Marks], ...]:
        return (Kind.COPY, self.as_it_is), (Kind.MOVE, self.moved)


class _Similar:
    """Packs pages of the new file that the old one does not have, with pages of the old one that are most like them."""

    def __init__(self, before: Pages, after: Pages, sources: Integers) -> None:
        self._before = before
        self._after = after
        self._sources = sources
        unused = np.ones(before.count, bool)
        unused[sources[sources >= 0]] = False
        old = _Samples.take(before, np.flatnonzero(unused)).distinct()
        new = _Samples.take(after, np.flatnonzero(sources < 0))
        places = _first_places(old.hashes, new.hashes)
        shared = places >= 0
        self._pages = new.pages[shared]
        self._alike = old.pages[places[shared]]

    def steps(self, page: int, count: int) -> Iterator[Step]:
        """Pack a stretch."""
        for first in range(page, page + count, MOST_FRESH):
            yield self._step(first, min(MOST_FRESH, page + count - first))

    def _step(self, page: int, count: int) -> Step:
        dictionary = min(count + MOST_DICTIONARY - MOST_FRESH, self._before.count)
        source = max(0, min(self._like(page, count) - _MARGIN, self._before.count - dictionary))
        packer = zlib.compressobj(
            _LEVEL, zlib.DEFLATED, RAW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, self._before.read(source, dictionary)
        )
        packed = packer.compress(self._after.read(page, count)) + packer.flush()
        return Step(Kind.FRESH, count, source, dictionary, packed)

    def _like(self, page: int, count: int) -> int:
        """The old page that most of what these pages share with the old file is relative to."""
        first, last = np.searchsorted(self._pages, (page, page + count))
        relative = self._alike[first:last] - (self._pages[first:last] - page)
        if len(relative):
            return int(Counter(relative.tolist()).most_common(1)[0][0])
        return int(self._sources[page - 1]) + 1 if page else 0


@dataclass(frozen=True, slots=True)
class _Samples:
    """Hashes of some runs of eight bytes, chosen by their content alone, and the pages that they are on, in order."""

    hashes: Hashes
    pages: Integers

    @classmethod
    def take(cls, pages: Pages, numbers: Integers) -> "_Samples":
        found = [_sample(pages, part) for part in _parts(numbers)]
        if not found:
            return cls(np.zeros(0, np.uint64), np.zeros(0, np.int64))
        return cls(np.concatenate([hashes for hashes, _ in found]), np.concatenate([places for _, places in found]))

    def distinct(self) -> "_Samples":
        """Only those that occur once: what is everywhere tells nothing."""
        values, first, counts = np.unique(self.hashes, return_index=True, return_counts=True)
        once = counts == 1
        return _Samples(values[once], self.pages[first[once]])


def _sample(pages: Pages, numbers: Integers) -> tuple[Hashes, Integers]:
    content = b"".join(pages.read(number, 1) for number in numbers.tolist())
    hashes, places = [], []
    for start in range(_WORD):
        count = (len(content) - start) // _WORD
        spread = np.frombuffer(content, "<u8", count, start) * _SPREAD
        chosen = np.flatnonzero((spread >> _TOP == 0) & (spread != 0))  # zeros fill what a page does not use
        hashes.append(spread[chosen])
        places.append(chosen * _WORD + start)
    place = np.concatenate(places)
    order = np.argsort(place, kind="stable")
    return np.concatenate(hashes)[order], numbers[place[order] // PAGE]


def _parts(numbers: Integers) -> Iterable[Integers]:
    return (numbers[first : first + _AT_ONCE] for first in range(0, len(numbers), _AT_ONCE))


def _first_places(among: Hashes, sought: Hashes) -> Integers:
    """Where each hash occurs first, -1 for nowhere."""
    if not len(among):
        return np.full(len(sought), -1)
    order = np.argsort(among, kind="stable")
    place = np.minimum(np.searchsorted(among[order], sought), len(among) - 1)
    found = order[place]
    return np.where(among[found] == sought, found, -1)


def _in_runs(places: Integers, old: Hashes, new: Hashes) -> Integers:
    """The same places, but where the old file has a page more than once the one after the page before."""
    values, counts = np.unique(old, return_counts=True)
    repeated = np.flatnonzero(np.isin(new, values[counts > 1]))
    for page in repeated[repeated > 0].tolist():
        following = places[page - 1] + 1
        if 0 < following < len(old) and old[following] == new[page]:
            places[page] = following
    return places


def _leading(marks: Marks) -> int:
    """How many of them are set before the first that is not."""
    return len(marks) if marks.all() else int(marks.argmin())
