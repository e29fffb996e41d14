"""Which border an object is at, and which way it crosses it."""

from collections.abc import Iterable
from dataclasses import dataclass

from fieldcheck.models import Item
from fieldcheck.rules.facts import Border
from fieldcheck.rules.kinds import Direction


@dataclass(frozen=True, slots=True)
class Route:
    """Where an object is checked; ``border`` is None where no law of that border is held.

    ``code`` is the code that was given; ``members`` are the states behind the border. ``direction`` is None
    within one territory; where nothing is said, an object is taken as one that comes in (``assumed``).
    """

    code: str
    border: Border | None
    members: frozenset[str]
    direction: Direction | None
    assumed: bool = False


def read_route(item: Item, borders: Iterable[Border]) -> Route:
    """The border that an item stands at, and its direction by where it comes from and goes to."""
    code = item.border
    border = next((entry for entry in borders if code == entry.code or code in entry.members), None)
    members = frozenset(border.members if border else (code,) if code else ()) | ({code} if code else set())
    came_in, goes_out = item.sent_from, item.sent_to
    if not code:
        return Route(code, border, members, Direction.IMPORT, assumed=True)
    leaves = bool(goes_out) and goes_out not in members
    enters = bool(came_in) and came_in not in members
    if enters and leaves:
        return Route(code, border, members, Direction.TRANSIT)
    if leaves:
        return Route(code, border, members, Direction.EXPORT)
    if came_in in members and goes_out in members:
        return Route(code, border, members, None)
    return Route(code, border, members, Direction.IMPORT, assumed=not enters and goes_out not in members)
