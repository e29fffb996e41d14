"""What speaks for and against one record: one function for each kind of evidence.

Each function compares one aspect and yields its evidence, or nothing where there is nothing to compare. What an
agreement is worth stands in ``data/weights.toml``; the method is Fellegi and Sunter's (1969), with agreements on
words weighed by their rarity.
"""

import math
from collections.abc import Iterable, Iterator

from fieldcheck.matching.pair import Pair
from fieldcheck.matching.said import compare_words
from fieldcheck.matching.weights import weight
from fieldcheck.models import Evidence, EvidenceKind

_MOST_SIZES = 4


def gather(pair: Pair) -> tuple[Evidence, ...]:
    """All evidence about one record, strongest first."""
    found = [*compare_numbers(pair), *compare_words(pair), *compare_sizes(pair), *compare_dates(pair)]
    return tuple(sorted(found, key=lambda evidence: -abs(evidence.weight)))


def compare_numbers(pair: Pair) -> Iterator[Evidence]:
    """Inventory, accession and reference numbers, compared whole."""
    reading = pair.query.reading
    if not reading.numbers and not reading.numbers_in_text:
        return
    listed = pair.reading.numbers
    shown = " | ".join(listed)
    asked = (*reading.numbers, *reading.numbers_in_text)
    shared = [number for number in asked if number in listed]
    if shared:
        case = "agrees" if shared[0] in reading.numbers else "found_in_text"
        worth = weight("inventory_number", case)
        yield Evidence(EvidenceKind.INVENTORY_NUMBER, "the same number", shared[0], shown, worth)
    elif reading.numbers and listed:
        worth = weight("inventory_number", "disagrees")
        yield Evidence(EvidenceKind.INVENTORY_NUMBER, "other numbers", " | ".join(reading.numbers), shown, worth)


def compare_sizes(pair: Pair) -> Iterator[Evidence]:
    """Sizes in centimetres; one within 3.5 % is the same size, the nearer the surer, in whatever order."""
    asked, listed = pair.query.reading.sizes[:_MOST_SIZES], pair.reading.sizes
    if not asked or not listed:
        return
    gaps = sorted(_gaps(asked, listed))
    same = [gap for gap in gaps if gap <= weight("size", "agree_within")]
    far = sum(gap > weight("size", "differ_beyond") for gap in gaps)
    if len(same) > 1:
        worth, detail = weight("size", "two_agree") * _nearness(same[:2]), "two sizes agree"
        worth += weight("size", "same_order") if _in_order(asked, listed) else 0.0
    elif same and min(len(asked), len(listed)) == 1:
        worth, detail = weight("size", "one_agrees") * _nearness(same), "the size agrees"
    elif same and far < len(gaps) - 1:
        worth, detail = weight("size", "one_of_two"), "one size agrees, another is near"
    elif far:
        worth, detail = weight("size", "differ"), "the sizes differ"
    else:
        worth, detail = 0.0, "the sizes are near, not the same"
    yield Evidence(EvidenceKind.SIZE, detail, _sizes(asked), _sizes(listed), worth)


def compare_dates(pair: Pair) -> Iterator[Evidence]:
    """Years of making; the narrower both spans are, the more an overlap says."""
    asked, listed = pair.query.reading.years, pair.reading.years
    if not asked or not listed:
        return
    gap = max(asked.first - listed[1], listed[0] - asked.last, 0)
    span = max(asked.last - asked.first, listed[1] - listed[0]) + 1
    if not gap:
        worth = min(max(math.log(weight("date", "window") / span), 0.1), weight("date", "agrees_most"))
        detail = "the date agrees"
    elif gap <= weight("date", "near"):
        worth, detail = 0.0, "the dates are near, not the same"
    else:
        worth = weight("date", "disagrees" if gap <= weight("date", "far") else "disagrees_far")
        detail = "the date differs"
    yield Evidence(EvidenceKind.DATE, detail, _span(asked.first, asked.last), _span(*listed), worth)


def _nearness(gaps: list[float]) -> float:
    """1 for sizes that are the same, ``farthest`` for such as only just agree."""
    spread = sum((gap / weight("size", "agree_within")) ** 2 for gap in gaps) / len(gaps)
    return 1.0 - (1.0 - weight("size", "farthest")) * spread


def _gaps(asked: tuple[float, ...], listed: tuple[float, ...]) -> Iterator[float]:
    """Relative difference of each asked size to the nearest listed size that is not yet taken."""
    left = list(listed)
    for size in asked:
        if not left:
            return
        nearest = min(left, key=lambda other: _gap(other, size))
        left.remove(nearest)
        yield _gap(nearest, size)


def _gap(one: float, other: float) -> float:
    return abs(one - other) / max(one, other)


def _in_order(asked: tuple[float, ...], listed: tuple[float, ...]) -> bool:
    """Whether the first two sizes were given in the order of the record, and another order would not fit as well."""
    straight = max(_gap(asked[0], listed[0]), _gap(asked[1], listed[1]))
    crossed = max(_gap(asked[0], listed[1]), _gap(asked[1], listed[0]))
    return straight <= weight("size", "agree_within") < crossed


def _sizes(sizes: Iterable[float]) -> str:
    return " x ".join(f"{size:g}" for size in sizes) + " cm"


def _span(first: int, last: int) -> str:
    shown = [f"{-year} BC" if year < 0 else str(year) for year in dict.fromkeys((first, last))]
    return " to ".join(shown)
