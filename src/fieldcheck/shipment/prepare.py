"""A shipment before its check: photos put together as items, and what is alike among them."""

from dataclasses import dataclass
from pathlib import Path

from fieldcheck.lists.items import ItemProblem, ItemRows
from fieldcheck.models import Item
from fieldcheck.report.views import AlikeView
from fieldcheck.shipment.by_time import join_by_time
from fieldcheck.shipment.glances import Glances, with_hashes
from fieldcheck.shipment.likeness import find_alike, others_alike
from fieldcheck.shipment.run import alike_marked


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of a shipment as they are checked, and the groups of items that are alike."""

    rows: tuple[Item | ItemProblem, ...]
    alike: tuple[AlikeView, ...]


def prepare(found: ItemRows, glances: Glances, by_time_in: Path | None = None) -> Prepared:
    """Put a shipment together from its rows and a first look at its photos.

    Args:
        found: the rows of a manifest or folder.
        glances: what was seen of each photo.
        by_time_in: the folder whose own photos are to be joined by time and likeness, or None.
    """
    rows = with_hashes(found.rows, glances)
    if by_time_in:
        rows = join_by_time(rows, glances, by_time_in)
    alike = find_alike(rows, glances)
    return Prepared(alike_marked(rows, others_alike(alike)), alike)
