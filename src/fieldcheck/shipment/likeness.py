"""Items of a shipment that are like one another: the same photo, photos that look alike, or the same words.

Thirty parcels of like goods say more together than each says alone; and one object that was entered twice is to be
seen once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Item
from fieldcheck.report.views import AlikeView
from fieldcheck.shipment.glances import Glances
from fieldcheck.text.normalise import words

SAME_PHOTO = "the same photo"
LIKE_PHOTO = "photos that look alike"
SAME_WORDS = "the same description"
LIKE_WORDS = "the same description but for numbers"

_PHASH_BITS = 4
_DHASH_BITS = 6
"""Bits in which the hashes of two copies may differ. Of the 689,725 pairs among 1,175 photographs of museum objects no
two of different objects are within both, unless they are the same file; at 8 bits each, 12 are."""

_MOST_LOOKED_AT = 20_000
"""Photos beyond which only the same file is found: the time to compare all with all grows with their square."""

_AT_ONCE = 2_000_000
_NEVER_COMPARED = frozenset({"inventory_no"})
"""Each object has its own number, however like another it is."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items, by ref, and what they have in common."""

    one: str
    other: str
    common: str


def find_alike(rows: Sequence[Item | ItemProblem], glances: Glances) -> tuple[AlikeView, ...]:
    """Groups of items that are like one another, the largest first; an item is in one group at most.

    Likeness is handed on: where A is like B and B is like C, all three are one group.
    """
    items = [row for row in rows if isinstance(row, Item)]
    pairs = [*_by_words(items), *_by_file(items, glances), *_by_look(items, glances)]
    return tuple(sorted(_groups(pairs, [item.ref for item in items]), key=lambda group: -len(group.refs)))


def others_alike(groups: Iterable[AlikeView]) -> dict[str, int]:
    """How many others each item is like, by ref; items that are like none are left out."""
    return {ref: len(group.refs) - 1 for group in groups for ref in group.refs}


def _by_words(items: Sequence[Item]) -> Iterator[Pair]:
    """Items that are described alike and go the same way."""
    first: dict[tuple[object, ...], Item] = {}
    for item in items:
        said = _said(item)
        kind = frozenset(word for word in said if not any(map(str.isdigit, word)))
        if not kind:
            continue
        earlier = first.setdefault((kind, item.origin, item.sent_from, item.sent_to), item)
        if earlier is not item:
            same = sorted(_said(earlier)) == sorted(said)
            yield Pair(earlier.ref, item.ref, SAME_WORDS if same else LIKE_WORDS)


def _said(item: Item) -> list[str]:
    """Every word that describes the object, or that declares it where nothing does."""
    fields = [text for name, text in item.described_fields().items() if name not in _NEVER_COMPARED and text]
    return [word for text in fields or [item.declared] for word in words(text)]


def _by_file(items: Sequence[Item], glances: Glances) -> Iterator[Pair]:
    first: dict[str, str] = {}
    for item in items:
        for photo in item.photos:
            sha256 = glances[photo.file].photo.sha256 if photo.file in glances else ""
            if sha256 and (earlier := first.setdefault(sha256, item.ref)) != item.ref:
                yield Pair(earlier, item.ref, SAME_PHOTO)


def _by_look(items: Sequence[Item], glances: Glances) -> Iterator[Pair]:
    """Items with photos that are copies of one another, as their hashes say, turned and mirrored ones too."""
    seen: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {}
    for item in items:
        for photo in item.photos:
            glance = glances.get(photo.file)
            if glance and glance.photo.fingerprint:
                hashes = glance.photo.fingerprint
                seen.setdefault(glance.photo.sha256, (item.ref, hashes.phash, hashes.dhash))
    if not 1 < len(seen) <= _MOST_LOOKED_AT:
        return
    refs = [ref for ref, _, _ in seen.values()]
    for one, other in _near([phash for _, phash, _ in seen.values()], [dhash for _, _, dhash in seen.values()]):
        if refs[one] != refs[other]:
            yield Pair(refs[one], refs[other], LIKE_PHOTO)


def _near(phashes: Sequence[tuple[str, ...]], dhashes: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Numbers of two photos whose hashes are near in one of the eight orientations, the lower first."""
    import numpy as np

    sides = [
        np.array([[int(value, 16) for value in side] for side in hashes], np.uint64) for hashes in (phashes, dhashes)
    ]
    step = max(1, _AT_ONCE // (8 * len(phashes)))
    for start in range(0, len(phashes), step):
        near = np.ones((min(step, len(phashes) - start), 8, len(phashes)), np.bool_)
        for side, limit in zip(sides, (_PHASH_BITS, _DHASH_BITS), strict=True):
            near &= np.bitwise_count(side[start : start + step, :, None] ^ side[None, None, :, 0]) <= limit
        for one, other in np.argwhere(near.any(axis=1)).tolist():
            if start + one < other:
                yield start + one, other


def _groups(pairs: Sequence[Pair], refs: Sequence[str]) -> Iterator[AlikeView]:
    """The items that pairs join, in the order of the manifest."""
    leader: dict[str, str] = {}

    def lead(ref: str) -> str:
        while (above := leader.get(ref, ref)) != ref:
            leader[ref] = leader.get(above, above)
            ref = above
        return ref

    for pair in pairs:
        leader[lead(pair.other)] = lead(pair.one)
    common: dict[str, dict[str, None]] = defaultdict(dict)
    for pair in pairs:
        common[lead(pair.one)][pair.common] = None
    members: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        if lead(ref) in common:
            members[lead(ref)].append(ref)
    for head, group in members.items():
        yield AlikeView(tuple(group), ", ".join(common[head]))
