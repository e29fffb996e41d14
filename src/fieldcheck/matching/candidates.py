"""Finding the records worth comparing: the rarest terms first, until enough records have been looked at."""

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.query import Query
from fieldcheck.text.terms import size_terms, year_terms

MOST_POSTINGS = 60_000
MOST_CANDIDATES = 250


def find_candidates(query: Query, holdings: Holdings) -> list[tuple[OpenList, list[int]]]:
    """Rows of each list that share the item's rarest terms, or carry its inventory number."""
    terms = _rarest(query, holdings)
    found: list[tuple[OpenList, list[int]]] = []
    for opened in holdings.lists:
        numbered = [
            row
            for number in (*query.reading.numbers, *query.reading.numbers_in_text)
            for row in opened.with_number(number)
        ]
        rows = [*numbered, *opened.lookup(terms, MOST_CANDIDATES)]
        if rows:
            found.append((opened, list(dict.fromkeys(rows))))
    return found


def _rarest(query: Query, holdings: Holdings) -> list[str]:
    terms = dict.fromkeys(term for unit in query.units for term in unit.terms)
    terms.update(dict.fromkeys((*size_terms(query.reading), *year_terms(query.reading))))
    counted = sorted((frequency, term) for term in terms if (frequency := holdings.document_frequency(term)))
    chosen: list[str] = []
    postings = 0
    for frequency, term in counted:
        postings += frequency
        if chosen and postings > MOST_POSTINGS:
            break
        chosen.append(term)
    return chosen
