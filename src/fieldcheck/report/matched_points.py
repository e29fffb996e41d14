"""Which of many matched points are numbered: a few, far from one another, the same in every output."""

from collections.abc import Sequence

MatchedPoint = tuple[float, float, float, float]
"""x and y in the item's photo, x and y in the record's, as shares of width and height."""

MOST_NUMBERED = 9
"""A digit each, which fits where one character stands for many pixels."""

COLOURS = ("#ffd700", "#00c8ff", "#ff5fd7", "#7fff00", "#ff8700", "#ffffff", "#af87ff", "#00ffaf", "#ff6f6f")
"""A colour for each number, behind black; told apart from one another and from most photos. The numbers serve who
cannot tell them apart."""


def numbered(points: Sequence[MatchedPoint], most: int = MOST_NUMBERED) -> tuple[MatchedPoint, ...]:
    """The points that are numbered, from the left of the item's photo to its right.

    Each is the one farthest from those chosen before it (Gonzalez, 1985), and the first is the upper leftmost.
    """
    left = sorted(set(points), key=lambda point: (point[0] + point[1], point))
    chosen = left[:1]
    del left[:1]
    while left and len(chosen) < most:
        farthest = max(left, key=lambda point: (_distance_to(chosen, point), point))
        left.remove(farthest)
        chosen.append(farthest)
    return tuple(sorted(chosen))


def _distance_to(chosen: Sequence[MatchedPoint], point: MatchedPoint) -> float:
    """Square of the distance to the nearest that is chosen, in whichever photo it is smaller."""
    return min(
        min((point[at] - other[at]) ** 2 + (point[at + 1] - other[at + 1]) ** 2 for at in (0, 2)) for other in chosen
    )
