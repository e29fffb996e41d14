"""Photos that were taken one after the other, put together as those of one item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Item
from fieldcheck.shipment.glances import Glances
from fieldcheck.vision.reader import PhotoReading

CLOSE_SECONDS = 8
"""Photos so close in time are of one item whatever they show: nobody puts one object away and lays out the next."""

ALIKE_SECONDS = 90
"""Photos within so much time are of one item where they look alike."""

ALIKE_COLOURS = 25
"""Mean difference, of 255, of the colours of 6 × 6 fields up to which photos look alike. Among catalogue photographs
72 % of two views of one object are within it, and 5 % of two objects of one museum."""


@dataclass(frozen=True, slots=True)
class _Timed:
    """One photo as an item of its own, when it was taken and what was seen of it."""

    time: datetime
    item: Item
    seen: PhotoReading


def join_by_time(rows: Sequence[Item | ItemProblem], glances: Glances, folder: Path) -> tuple[Item | ItemProblem, ...]:
    """Join the photos that lie in no sub-folder, where their times and likeness say so.

    A photo whose camera did not say when it was taken stays an item of its own. A joined item is named after its
    first photo.
    """
    loose = [row for row in rows if isinstance(row, Item) and _is_loose(row, folder)]
    timed = [_Timed(time, item, seen) for item in loose if (time := _time(seen := glances[item.photos[0].file]))]
    timed.sort(key=lambda entry: (entry.time, entry.item.ref))
    joined = {run[0].item.ref: run for run in _runs(timed)}
    gone = {entry.item.ref for run in joined.values() for entry in run[1:]}
    return tuple(
        replace(row, photos=tuple(photo for entry in joined[row.ref] for photo in entry.item.photos))
        if isinstance(row, Item) and row.ref in joined
        else row
        for row in rows
        if row.ref not in gone
    )


def _is_loose(item: Item, folder: Path) -> bool:
    return len(item.photos) == 1 and Path(item.photos[0].file).parent == folder


def _runs(photos: Sequence[_Timed]) -> Iterator[list[_Timed]]:
    """The photos in the order of their times, cut where the next is of another object."""
    run: list[_Timed] = []
    for photo in photos:
        if run and not _belongs(run, photo):
            yield run
            run = []
        run.append(photo)
    if run:
        yield run


def _belongs(run: Sequence[_Timed], photo: _Timed) -> bool:
    gap = (photo.time - run[-1].time).total_seconds()
    if gap <= CLOSE_SECONDS:
        return True
    return gap <= ALIKE_SECONDS and any(colours_apart(photo.seen, other.seen) <= ALIKE_COLOURS for other in run)


def _time(photo: PhotoReading) -> datetime | None:
    """When a photo was taken; None where the camera does not say, or its clock was never set."""
    try:
        return datetime.fromisoformat(photo.taken)
    except ValueError:
        return None


def colours_apart(one: PhotoReading, other: PhotoReading) -> float:
    """How far two photos' colours are apart, 0 to 255; 255 where one of them was not seen."""
    if not one.colours or not other.colours:
        return 255.0
    return sum(abs(a - b) for a, b in zip(one.colours, other.colours, strict=True)) / len(one.colours)
