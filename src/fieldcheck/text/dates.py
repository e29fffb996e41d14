"""Years in which an object was made, from catalogue dates and free text in many languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor
from typing import TypeAlias

from fieldcheck.text.date_terms import Bound, Count, Dating, Era, Parser, Term, means, multi_character_words
from fieldcheck.text.measures import read_measures
from fieldcheck.text.tokens import LAST_YEAR, Tokens, is_year

MAX_CHARS = 2_000
OPEN_YEARS = 100
_LARGEST = {Count.YEAR: 500_000, Count.DECADE: 10_000, Count.CENTURY: 100, Count.MILLENNIUM: 500}
_LATEST = {Count.YEAR: LAST_YEAR, Count.DECADE: LAST_YEAR, Count.CENTURY: 21, Count.MILLENNIUM: 3}
_LENGTH = {Count.CENTURY: 100, Count.MILLENNIUM: 1000}
_BORDERS = frozenset({"", ";", ",", "(", ")", "[", "]", "\n"})
_LONGEST_NAME = 8
_WORDS_BACK = 6
_SHORT = 2
_SURE_CENTURY = 10


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years, both ends included; BC is negative and there is no year 0.

    `approximate` says that an end is vague ("about", "early", "before").
    """

    first: int
    last: int
    approximate: bool = False

    def __str__(self) -> str:
        if self.last < 0:
            return f"{-self.first} BC" if self.first == self.last else f"{-self.first}-{-self.last} BC"
        if self.first < 0:
            return f"{-self.first} BC - AD {self.last}"
        years = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        return years if is_year(str(self.first)) else f"AD {years}"


Spans: TypeAlias = tuple[tuple[int, int], ...]


def read_years(
    text: str, periods: Mapping[str, tuple[int, int]] | None = None, *, has_sizes: bool = True
) -> tuple[Years | None, Spans]:
    """Read the years in which `text` says that an object was made; linear in its length, never raises.

    Several dates are brought together: of those that overlap the common years ("18th century, after 1713"),
    of others all years from the first to the last ("1904, printed 1960"). Measurements, inventory numbers,
    prices and the dates of thefts and purchases are no dates of making. "About" widens by five years, and by
    a hundredth of the distance to the year 2000 for older dates; "before" and "after" leave a hundred years.

    Args:
        text: a catalogue field or free text; only the first 2,000 characters are read.
        periods: casefolded names of periods and their first and last year; the longest name in the text
            counts, if there is no date in numbers.
        has_sizes: whether measurements may stand in the text, which are then looked for and left aside.

    Returns:
        The years, or None; and where in the text the dates in numbers stand, names of periods left aside.
    """
    text = text[:MAX_CHARS]
    bare = _without(text, read_measures(text).spans) if has_sizes else text
    tokens = Tokens(bare, multi_character_words())
    found: list[tuple[Dating, Years]] = []
    for dating in Parser(tokens).datings():
        years = _read(dating, tokens)
        if years is None and found and (decade := _decade_of(found[-1][1], dating)):
            found[-1] = (found[-1][0]._replace(last=dating.last), decade)
        elif years:
            found.append((dating, years))
    spans = tuple((tokens[dating.first].start, tokens[dating.last - 1].end) for dating, _ in found)
    if not found:
        return _period(tokens, periods or {}), ()
    return _together([years for _, years in found]), spans


def _without(text: str, spans: Spans) -> str:
    for start, end in spans:
        text = text[:start] + ";".ljust(end - start) + text[end:]
    return text


def _read(dating: Dating, tokens: Tokens) -> Years | None:
    """Return the years of a dating; None when its numbers are something else or contradict each other."""
    if _is_later(tokens, dating.first):
        return None
    terms = _expanded(_completed(dating.terms))
    bordered = tokens[dating.first - 1].text in _BORDERS and tokens[dating.last].text in _BORDERS
    whole = dating.first == 0 and tokens[dating.last + (tokens[dating.last].text == ".")].text == ""
    ranges = []
    for term in terms:
        if not _is_date(term, bordered=bordered and (len(terms) > 1 or term.circa), whole=whole):
            return None
        ranges.append(_bounded(term, _part_of(term, *_counted(term))))
    if not ranges or any(one.first > two.last for one, two in pairwise(ranges)):
        return None
    return Years(
        min(years.first for years in ranges),
        max(years.last for years in ranges),
        any(years.approximate for years in ranges),
    )


def _is_later(tokens: Tokens, at: int) -> bool:
    """Whether the words before a date, back to the next sign, speak of a theft, a sale or a find."""
    for token in (tokens[at - back] for back in range(1, _WORDS_BACK + 1)):
        if token.text in _BORDERS:
            return False
        if means(token.key, "later_event"):
            return True
    return False


def _completed(terms: Sequence[Term]) -> list[Term]:
    """Give each term what only another one says: "V-VI century", "500-300 BC", "AD 98-117", "c. 1915-20"."""
    done: list[Term] = []
    for term in reversed(terms):
        following = done[0] if done else term
        same_count = term.roman is following.roman and _may_count(term, following.count)
        count = following.count if same_count else term.count
        done.insert(0, replace(term, count=count, era=term.era or following.era))
    first = done[0]
    era = None if first.era is Era.BC else first.era
    return [replace(term, era=term.era or era, circa=term.circa or first.circa) for term in done]


def _may_count(term: Term, count: Count) -> bool:
    """Whether a term that does not say what it counts may count the same as the one behind it."""
    if count is Count.DECADE:
        return bool(term.digits) and term.number % 10 == 0
    if count not in _LENGTH or term.named:
        return False
    return term.count is Count.OPEN or (term.count is Count.YEAR and term.number <= _LARGEST[count])


def _expanded(terms: Sequence[Term]) -> list[Term]:
    """Write out years that are cut short ("1465-87") and leave out months ("5/1898").

    A short number below the end of the year before it is no year: 1897-42 is an inventory number.
    """
    done: list[Term] = []
    for term in terms:
        previous = done[-1] if done else None
        cut_short = previous and 0 < len(term.digits) <= _SHORT < len(previous.digits)
        if previous and cut_short and Era.BC not in {previous.era, term.era}:
            number = int(previous.digits[: -len(term.digits)] + term.digits)
            if number <= previous.number:
                return []
            done.append(replace(term, number=number, digits=str(number)))
            continue
        if previous and len(previous.digits) in {1, _SHORT} and is_year(term.digits) and not previous.era:
            done.pop()
        done.append(term)
    return done


def _is_date(term: Term, *, bordered: bool, whole: bool) -> bool:
    """Whether a number is a date; `bordered` and `whole` say how much stands alone what it is part of."""
    if term.count is Count.OPEN:
        several_letters = term.roman and term.number not in {1, 5, 10}
        sure = (whole and several_letters) or (term.part is not None and term.number >= _SURE_CENTURY)
        return sure and term.number <= _LATEST[Count.CENTURY]
    most = _LARGEST if term.era is Era.BC else _LATEST
    if not 1 <= term.number <= most[term.count] or term.era or term.count in _LENGTH:
        return 1 <= term.number <= most[term.count]
    three_digits = len(term.digits) > _SHORT and (term.named or bordered or term.count is Count.DECADE)
    return is_year(term.digits) or three_digits


def _counted(term: Term) -> tuple[int, int]:
    """Return the first and last year of a term, its part and its bounds left aside."""
    if term.count is Count.YEAR:
        first, last = term.number, term.number
    elif term.count is Count.DECADE:
        first, last = term.number, term.number + (99 if term.number % 100 == 0 else 9)
    else:
        length = _LENGTH.get(term.count, 100)
        first, last = (term.number - 1) * length + 1, term.number * length
    if term.era is Era.BC:
        return -last, -first
    return (_from_hijra(first)[0], _from_hijra(last)[1]) if term.era is Era.AH else (first, last)


def _from_hijra(year: int) -> tuple[int, int]:
    """Return the two years of our era that a lunar year falls in, by the mean length of lunar years."""
    return floor((year - 1) * 0.970224 + 622.54), floor(year * 0.970224 + 622.54)


def _part_of(term: Term, first: int, last: int) -> Years:
    if term.part is None:
        return Years(first, last)
    length = last - first + 1
    end = first + ceil(length * term.part.end) - 1
    return Years(first + floor(length * term.part.start), end, term.part.vague)


def _bounded(term: Term, years: Years) -> Years:
    """Widen for "about", "before" and "after"."""
    first, last = years.first, years.last
    if term.circa and term.count in {Count.YEAR, Count.DECADE}:
        first, last = _shifted(first, -_vagueness(first)), _shifted(last, _vagueness(last))
    if term.bound is Bound.BEFORE:
        first = _shifted(first, -OPEN_YEARS)
    if term.bound is Bound.AFTER:
        last = min(_shifted(last, OPEN_YEARS), LAST_YEAR)
    return Years(first, last, years.approximate or term.circa or term.bound is not None)


def _vagueness(year: int) -> int:
    return max(5, (2000 - year) // 100)


def _shifted(year: int, by: int) -> int:
    """Return a year moved by some years, with no year 0 on the way."""
    moved = year + by
    if year < 0 <= moved:
        return moved + 1
    return moved - 1 if moved <= 0 < year else moved


def _decade_of(years: Years, dating: Dating) -> Years | None:
    """Return the decade that a short one means behind its century: "XX century, 50s", "20世纪70年代"."""
    term = dating.terms[0]
    is_century = years.last - years.first == _LENGTH[Count.CENTURY] - 1 and years.first > 0
    if not is_century or len(dating.terms) > 1 or term.count is not Count.DECADE or len(term.digits) > _SHORT:
        return None
    first = years.first - 1 + term.number
    return Years(max(first, 1), first + 9, years.approximate)


def _together(found: Sequence[Years]) -> Years:
    """Return the common years of several dates, or else all if they are no further apart than a life."""
    years = found[0]
    for other in found[1:]:
        first, last = max(years.first, other.first), min(years.last, other.last)
        approximate = years.approximate or other.approximate
        if first <= last:
            years = Years(first, last, approximate)
        elif first - last <= OPEN_YEARS:
            years = Years(min(years.first, other.first), max(years.last, other.last), approximate)
    return years


def _period(tokens: Tokens, periods: Mapping[str, tuple[int, int]]) -> Years | None:
    """Return the years of the longest name of a period in the text."""
    best = ""
    for first in range(len(tokens)):
        for last in range(first, min(first + _LONGEST_NAME, len(tokens))):
            name = " ".join(tokens.text[tokens[first].start : tokens[last].end].casefold().split())
            if len(name) > len(best) and name in periods:
                best = name
    return Years(*periods[best]) if best else None
