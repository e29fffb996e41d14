"""What is said of a shipment beside its results: how photos were put together, what is gone on with, and how to."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fieldcheck.lists.grouping import Grouping
from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Item
from fieldcheck.shipment.run import Resumed, Shipment

_SHOWN = 3
_HOW = {
    Grouping.FOLDER: "by sub-folder",
    Grouping.NAME: "by sub-folder and name",
    Grouping.TIME: "by sub-folder, time and likeness",
}
_ADVICE = {
    Grouping.FOLDER: "name puts together what names say is one object, such as box3_front and box3_back.",
    Grouping.NAME: "time puts together what was photographed one after the other.",
}


def grouping_told(rows: Sequence[Item | ItemProblem], grouping: Grouping) -> str:
    """One sentence on how the photos of a folder were put together."""
    items = [row for row in rows if isinstance(row, Item)]
    photos = sum(len(item.photos) for item in items)
    together = [item for item in items if len(item.photos) > 1]
    if not together:
        advice = f" --group {_ADVICE[grouping]}" if grouping in _ADVICE and photos > 1 else ""
        return f"{_photos(photos)}, each an item of its own.{advice}"
    shown = "; ".join(_shown(item) for item in together[:_SHOWN])
    more = f"; and {len(together) - _SHOWN} more" if len(together) > _SHOWN else ""
    return f"{_photos(photos)} put together as {len(items):,} items {_HOW[grouping]}: {shown}{more}."


def _shown(item: Item) -> str:
    names = [Path(photo.file).name for photo in item.photos]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{item.ref} ({', '.join(names[:_SHOWN])}{more})"


def _photos(count: int) -> str:
    return f"{count:,} photos" if count > 1 else "1 photo"


def resumed_told(resumed: Resumed, path: Path) -> Iterator[str]:
    """Sentences on what an earlier run left in the file at ``path``."""
    if resumed.kept:
        days = ", ".join(resumed.days)
        yield f"Kept from an earlier run: {_results(resumed.kept)} of {days} in {path}; --fresh checks them again."
    if resumed.other_basis:
        what = "lists, facts, settings or fieldcheck itself"
        yield f"Checked again, as {what} changed since: {_results(resumed.other_basis)} in {path}."
    if resumed.other_item:
        yield f"Checked again, as the item or its like changed since: {_results(resumed.other_item)} in {path}."
    if resumed.elsewhere:
        yield f"Not of this shipment, and left as they are: {_results(resumed.elsewhere)} in {path}."


def stopped_told(shipment: Shipment, path: Path | None) -> str:
    """One sentence on what is done of a shipment that was interrupted, and how to go on."""
    done = f"Stopped after {len(shipment.lines):,} of {len(shipment.rows):,} items"
    if path is None:
        return f"{done}; nothing of them is kept. With --jsonl FILE a shipment goes on where it stopped."
    return f"{done}, which are kept in {path}. Run the same command again to go on."


def _results(count: int) -> str:
    return f"{count:,} results" if count > 1 else "1 result"
