"""Finding the records worth comparing: the rarest terms first, until enough records have been looked at."""

from dataclasses import dataclass

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.query import Query
from fieldcheck.text.terms import size_terms, year_terms


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a pass looks: how many places of terms in records, and how many records of each list."""

    postings: int
    candidates: int


FIRST_PASS = Reach(postings=60_000, candidates=250)
WIDER_PASS = Reach(postings=400_000, candidates=1_000)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of each list; ``is_all`` says that every term of the item was looked up."""

    rows: tuple[tuple[OpenList, list[int]], ...]
    is_all: bool


def find_candidates(query: Query, holdings: Holdings, reach: Reach) -> Found:
    """Rows that share the item's rarest terms, or carry its inventory number."""
    terms, is_all = _rarest(query, holdings, reach.postings)
    found: list[tuple[OpenList, list[int]]] = []
    for opened in holdings.lists:
        numbers = (*query.reading.numbers, *query.reading.numbers_in_text)
        numbered = [row for number in numbers for row in opened.with_number(number)]
        if rows := list(dict.fromkeys([*numbered, *opened.lookup(terms, reach.candidates)])):
            found.append((opened, rows))
    return Found(tuple(found), is_all)


def _rarest(query: Query, holdings: Holdings, most: int) -> tuple[list[str], bool]:
    """The terms to look up, and whether these are all that any record has."""
    terms = dict.fromkeys(term for unit in query.units for term in unit.terms)
    terms.update(dict.fromkeys((*size_terms(query.reading), *year_terms(query.reading))))
    counted = sorted((frequency, term) for term in terms if (frequency := holdings.document_frequency(term)))
    chosen: list[str] = []
    postings = 0
    for frequency, term in counted:
        postings += frequency
        if chosen and postings > most:
            return chosen, False
        chosen.append(term)
    return chosen, True
