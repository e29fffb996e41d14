"""Finding the records worth comparing: what the rarest terms lead to, ordered by what all terms are worth.

A term's worth is that of the agreement it stands for, so that the order is nearly that of the full comparison and
few records need one.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.query import Query, QueryUnit
from fieldcheck.matching.weights import weight
from fieldcheck.text.terms import year_terms

_USUAL_SIZE = 10_000
_FEW = 4
_SURE = 12

_YEARS_OF_TERM = {"y": 10, "h": 100}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a pass looks.

    Terms that occur in ``postings`` records together, or in that ``share`` of a list, bring in records; commoner ones
    only order them. ``candidates`` is how many records of a list of 10,000 are compared, and two and a half times as
    many more for each list ten times as long. With all of a million records compared that any term leads to, no more
    of the right ones are among the first ten.
    """

    postings: int
    share: float
    candidates: int

    def within(self, size: int) -> int:
        """How many places of terms in a list of that many records may bring in records."""
        return max(self.postings, int(self.share * size))

    def compared(self, size: int) -> int:
        """How many records of a list of that many are compared."""
        return int(self.candidates * (1 + 2.5 * _tens(size)))


def _near(size: int) -> float:
    """A record whose terms are worth so much less than those of the twelfth best is not among the first ten; log-odds.

    What speaks against a record is seen only when it is compared, and drops more of the best in a longer list.
    """
    return 2.0 + _tens(size) / 2


def _tens(size: int) -> float:
    """How many times ten times as long as usual a list is."""
    return max(math.log10(max(size, 1) / _USUAL_SIZE), 0.0)


FIRST_PASS = Reach(postings=1_000, share=0.01, candidates=40)
WIDER_PASS = Reach(postings=20_000, share=0.05, candidates=60)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of each list; ``is_all`` says that no record that was not looked at can be worth more than the best."""

    rows: tuple[tuple[OpenList, list[int]], ...]
    is_all: bool


class _Aspect(NamedTuple):
    """Terms that say one thing, each with its worth, the least first; a record has the worth of its best."""

    terms: tuple[tuple[float, str], ...]
    postings: int

    @property
    def most(self) -> float:
        """The worth of its best term."""
        return self.terms[-1][0]


def find_candidates(query: Query, holdings: Holdings, reach: Reach) -> Found:
    """Rows that share the item's rarest terms, or carry its inventory number."""
    aspects = sorted(_aspects(query), key=lambda aspect: aspect.postings)
    numbers = (*query.reading.numbers, *query.reading.numbers_in_text)
    found: list[tuple[OpenList, list[int]]] = []
    is_all = True
    for opened in holdings.lists:
        numbered = [row for number in numbers for row in opened.with_number(number)]
        worths, unseen = _worths(aspects, opened, reach)
        is_all &= max(worths.values(), default=0.0) >= unseen
        best = _best(worths, reach.compared(opened.size), _near(opened.size))
        if rows := list(dict.fromkeys([*numbered, *best])):
            found.append((opened, rows))
    return Found(tuple(found), is_all)


def _best(worths: Mapping[int, float], most: int, near: float) -> list[int]:
    ranked = sorted(worths, key=worths.__getitem__, reverse=True)[:most]
    least = worths[ranked[_SURE - 1]] - near if len(ranked) > _SURE else -math.inf
    return [row for row in ranked if worths[row] > least]


def _worths(aspects: list[_Aspect], opened: OpenList, reach: Reach) -> tuple[dict[int, float], float]:
    """Each row's worth, and the most that a row that no aspect brought in can be worth."""
    postings = opened.postings(term for aspect in aspects for _, term in aspect.terms)
    most, compared = reach.within(opened.size), reach.compared(opened.size)
    worths: dict[int, float] = {}
    spent, brings = 0, True
    left = sum(aspect.most for aspect in aspects)
    unseen = 0.0
    for aspect in aspects:
        spent += aspect.postings
        if brings and worths and spent > most:
            brings, unseen = False, left
        if not brings:
            worths = _hopeful(worths, left, compared)
        left -= aspect.most
        own: dict[int, float] = {}
        for worth, term in aspect.terms:
            if found := postings.get(term):
                own.update(dict.fromkeys(found.rows() if brings else found.among(worths.keys()), worth))
        for row in own.keys() & worths.keys():
            own[row] += worths[row]
        worths |= own
    return worths, unseen


def _hopeful(worths: dict[int, float], left: float, compared: int) -> dict[int, float]:
    """Those that may still be among the ``compared`` best when all that is ``left`` speaks for them; a few others."""
    if len(worths) <= _FEW * compared:
        return worths
    least = nlargest(compared, worths.values())[-1] - left
    return {row: worth for row, worth in worths.items() if worth >= least}


def _aspects(query: Query) -> Iterator[_Aspect]:
    for unit in query.units:
        yield from _aspect(query, {term: _worth(query, unit, term) for term in unit.terms})
    if query.sizes:
        most = weight("size", "two_agree" if len(query.reading.sizes) > 1 else "one_agrees")
        least = weight("size", "agrees_least")
        yield from _aspect(query, {term: max(most - cost, least) for term, cost in query.sizes.items()})
    if years := query.reading.years:
        span = years.last - years.first + 1
        spans = {term: max(span, _YEARS_OF_TERM[term[0]]) for term in year_terms(query.reading)}
        window = weight("date", "window")
        yield from _aspect(query, {term: math.log(max(window / years, 1.1)) for term, years in spans.items()})


def _aspect(query: Query, worths: Mapping[str, float]) -> Iterator[_Aspect]:
    known = sorted((worth, term) for term, worth in worths.items() if query.rarity.known(term))
    if known:
        yield _Aspect(tuple(known), sum(query.rarity.count(term) for _, term in known))


def _worth(query: Query, unit: QueryUnit, term: str) -> float:
    """What a record with the term has before one without it, as nearly as the comparison as is known beforehand."""
    if term.startswith("c:"):
        return next(meaning.agrees for meaning in unit.meanings if term == f"c:{meaning.concept.id}")
    if term.startswith("k:"):
        return weight("maker", "sounds") * query.rarity.idf(term) - unit.absent
    worth = max(worths.get(term, 0.0) for worths in (unit.title, unit.words, unit.maker, unit.named))
    if not unit.meanings:
        return worth - unit.absent
    # Most records with the very word are read as having its concept, and compared as such.
    return min(worth, max(meaning.agrees for meaning in unit.meanings) + weight("title", "beyond_concept"))
