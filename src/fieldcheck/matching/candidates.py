"""Finding the records worth comparing: what the rarest terms lead to, ordered by what all terms are worth.

A term's worth is that of the agreement it stands for, so that the order is nearly that of the full comparison and
few records need one.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.query import Query
from fieldcheck.matching.weights import weight
from fieldcheck.text.terms import size_terms, year_terms

_FEWEST = 12
_USUAL_SIZE = 10_000
_FAR = 12.0
"""A record whose terms are worth so much less than the best one's is no rival; log-odds."""

_YEARS_OF_TERM = {"y": 10, "h": 100}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a pass looks.

    Terms that occur in ``postings`` records together, or in that ``share`` of a list, bring in records; commoner ones
    only order them. ``candidates`` is how many records of a list of 10,000 are compared, half as many again for each
    list ten times as long: among a million, 40 held the right one in the first ten of 86 % of descriptions, 80 of
    90 %.
    """

    postings: int
    share: float
    candidates: int

    def within(self, size: int) -> int:
        """How many places of terms in a list of that many records may bring in records."""
        return max(self.postings, int(self.share * size))

    def compared(self, size: int) -> int:
        """How many records of a list of that many are compared."""
        return int(self.candidates * (1 + max(math.log10(max(size, 1) / _USUAL_SIZE), 0.0) / 2))


FIRST_PASS = Reach(postings=1_000, share=0.01, candidates=40)
WIDER_PASS = Reach(postings=20_000, share=0.05, candidates=60)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of each list; ``is_all`` says that no record that was not looked at can be worth more than the best."""

    rows: tuple[tuple[OpenList, list[int]], ...]
    is_all: bool


@dataclass(frozen=True, slots=True)
class _Aspect:
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
        worths, unseen = _worths(aspects, opened, reach.within(opened.size))
        is_all &= max(worths.values(), default=0.0) >= unseen
        if rows := list(dict.fromkeys([*numbered, *_best(worths, reach.compared(opened.size))])):
            found.append((opened, rows))
    return Found(tuple(found), is_all)


def _best(worths: Mapping[int, float], most: int) -> list[int]:
    ranked = nlargest(most, worths, key=worths.__getitem__)
    return [row for place, row in enumerate(ranked) if place < _FEWEST or worths[row] > worths[ranked[0]] - _FAR]


def _worths(aspects: list[_Aspect], opened: OpenList, most: int) -> tuple[dict[int, float], float]:
    """Each row's worth, and the most that a row that no aspect brought in can be worth."""
    postings = opened.postings(term for aspect in aspects for _, term in aspect.terms)
    worths: dict[int, float] = {}
    spent, unseen = 0, 0.0
    for aspect in aspects:
        spent += aspect.postings
        brings = spent <= most or not worths
        unseen += 0.0 if brings else aspect.most
        own: dict[int, float] = {}
        for worth, term in aspect.terms:
            if found := postings.get(term):
                own.update(dict.fromkeys(found.rows() if brings else found.among(worths.keys()), worth))
        for row, worth in own.items():
            worths[row] = worths.get(row, 0.0) + worth
    return worths, unseen


def _aspects(query: Query) -> Iterator[_Aspect]:
    for unit in query.units:
        yield from _aspect(query, {term: _worth(query, term) for term in unit.terms})
    if sizes := size_terms(query.reading):
        case = "two_agree" if len(query.reading.sizes) > 1 else "one_agrees"
        yield from _aspect(query, dict.fromkeys(sizes, weight("size", case)))
    if years := query.reading.years:
        span = years.last - years.first + 1
        spans = {term: max(span, _YEARS_OF_TERM[term[0]]) for term in year_terms(query.reading)}
        window = weight("date", "window")
        yield from _aspect(query, {term: math.log(max(window / years, 1.1)) for term, years in spans.items()})


def _aspect(query: Query, worths: Mapping[str, float]) -> Iterator[_Aspect]:
    known = sorted((worth, term) for term, worth in worths.items() if query.rarity.known(term))
    if known:
        yield _Aspect(tuple(known), sum(query.rarity.count(term) for _, term in known))


def _worth(query: Query, term: str) -> float:
    kind, case = ("maker", "sounds") if term.startswith("k:") else ("type", "agrees")
    return weight(kind, case) * query.rarity.idf(term)
