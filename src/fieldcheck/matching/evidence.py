"""What speaks for and against one record: one function for each kind of evidence.

Each function compares one aspect and yields what it finds, or nothing where there is nothing to compare. What an
agreement is worth stands in ``data/weights.toml``; the method is Fellegi and Sunter's (1969), with agreements on
words weighed by their rarity and sizes by how far measuring anew strays.
"""

import math
from collections.abc import Iterator, Sequence

from fieldcheck.matching.finding import Finding
from fieldcheck.matching.query import Query
from fieldcheck.matching.said import compare_words
from fieldcheck.matching.weights import weight
from fieldcheck.models import EvidenceKind
from fieldcheck.text.reading import Reading

_MOST_SIZES = 4


def compare(query: Query, reading: Reading) -> tuple[Finding, ...]:
    """All that is found about one record."""
    return (
        *compare_numbers(query, reading),
        *compare_words(query, reading),
        *compare_sizes(query, reading),
        *compare_dates(query, reading),
    )


def compare_numbers(query: Query, reading: Reading) -> Iterator[Finding]:
    """Inventory, accession and reference numbers, compared whole."""
    given, in_text, listed = query.reading.numbers, query.reading.numbers_in_text, reading.numbers
    if not listed or not (given or in_text):
        return
    shared = [number for number in (*given, *in_text) if number in listed]
    if shared:
        case = "agrees" if shared[0] in given else "found_in_text"
        worth = weight("inventory_number", case)
        yield Finding(EvidenceKind.INVENTORY_NUMBER, "the same number", worth, shared[:1])
    elif given:
        worth = weight("inventory_number", "disagrees")
        yield Finding(EvidenceKind.INVENTORY_NUMBER, "other numbers", worth, given)


def compare_sizes(query: Query, reading: Reading) -> Iterator[Finding]:
    """Sizes in centimetres, in whatever order; the nearer the surer, as errors of measuring are distributed."""
    asked, listed = query.reading.sizes[:_MOST_SIZES], reading.sizes
    if not asked or not listed:
        return
    nearest, within = _nearest(asked, listed), weight("size", "same_within")
    strays = [abs(size - other) / error for size, other, error in zip(asked, nearest, query.errors, strict=False)]
    same = sorted([stray for stray in strays if stray <= within])
    if len(same) > 1:
        worth, detail = _likely("two_agree", same[:2]), "two sizes agree"
        worth += weight("size", "same_order") if _in_order(asked, listed, query.errors) else 0.0
    elif same and min(len(asked), len(listed)) == 1:
        worth, detail = _likely("one_agrees", same), "the size agrees"
        worth += weight("size", "is_first") if nearest[0] == listed[0] else 0.0
    else:
        worth, detail = _near_or_far(asked, nearest, some_agree=bool(same))
    yield Finding(EvidenceKind.SIZE, detail, worth)


def compare_dates(query: Query, reading: Reading) -> Iterator[Finding]:
    """Years of making; the narrower both spans are, the more an overlap says."""
    asked, listed = query.reading.years, reading.years
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
    yield Finding(EvidenceKind.DATE, detail, worth)


def _likely(case: str, strays: Sequence[float]) -> float:
    """The worth of sizes that agree, less what makes so large an error unlikely (Gauss)."""
    return max(weight("size", case) - sum([stray * stray for stray in strays]) / 2, weight("size", "agrees_least"))


def _near_or_far(asked: Sequence[float], nearest: Sequence[float], *, some_agree: bool) -> tuple[float, str]:
    beyond = weight("size", "differ_beyond")
    far = sum([abs(size - other) > beyond * max(size, other) for size, other in zip(asked, nearest, strict=False)])
    if some_agree and far < len(nearest) - 1:
        return weight("size", "one_of_two"), "one size agrees, another is near"
    return (weight("size", "differ"), "the sizes differ") if far else (0.0, "the sizes are near, not the same")


def _nearest(asked: Sequence[float], listed: Sequence[float]) -> list[float]:
    """For each asked size the nearest listed size that is not yet taken, as far as there are."""
    left, found = list(listed), []
    for size in asked[: len(listed)]:
        gaps = [abs(other - size) for other in left]
        found.append(left.pop(gaps.index(min(gaps))))
    return found


def _in_order(asked: Sequence[float], listed: Sequence[float], errors: Sequence[float]) -> bool:
    """Whether the first two sizes were given in the order of the record, and another order would not fit as well."""
    within = [weight("size", "same_within") * error for error in errors[:2]]
    straight = abs(asked[0] - listed[0]) <= within[0] and abs(asked[1] - listed[1]) <= within[1]
    return straight and (abs(asked[0] - listed[1]) > within[0] or abs(asked[1] - listed[0]) > within[1])
