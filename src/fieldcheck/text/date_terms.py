"""Finding dates in tokens: ``late 19th-early 20th century`` is a dating of two terms.

Nothing is computed here: a term keeps its number, what the number counts, its era and its part.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

from fieldcheck.datafiles import load_toml
from fieldcheck.text.tokens import CURRENCY_SIGNS, Kind, Token, Tokens, fold_word, is_year, load_words


class Count(enum.Enum):
    """What a number counts; an open one waits for the word behind the next term ("V-VI century")."""

    YEAR = enum.auto()
    DECADE = enum.auto()
    CENTURY = enum.auto()
    MILLENNIUM = enum.auto()
    OPEN = enum.auto()


class Era(enum.Enum):
    """What years are counted from: before Christ, after, or the hijra (lunar years)."""

    BC = enum.auto()
    AD = enum.auto()
    AH = enum.auto()


class Bound(enum.Enum):
    """The side on which a date is left open."""

    BEFORE = enum.auto()
    AFTER = enum.auto()


class Part(NamedTuple):
    """A part of a century or decade as fractions of it; `vague` for words such as "early"."""

    start: float
    end: float
    vague: bool


@dataclass(frozen=True, slots=True)
class Term:
    """One date.

    Attributes:
        number: how many years, decades, centuries or millennia.
        digits: the number as it was written in digits; empty for "XIX", "nineteenth", "19th".
        named: whether a word says that the number is a year ("1973 г.").
    """

    number: int
    count: Count
    digits: str = ""
    roman: bool = False
    named: bool = False
    era: Era | None = None
    part: Part | None = None
    bound: Bound | None = None
    circa: bool = False


class Dating(NamedTuple):
    """Terms that are joined into a range or a choice, from the tokens [first, last)."""

    terms: tuple[Term, ...]
    first: int
    last: int


_VAGUE_PARTS = {
    "early": Part(0, 1 / 3, vague=True),
    "mid": Part(1 / 3, 2 / 3, vague=True),
    "late": Part(2 / 3, 1, vague=True),
}
_EXACT_PARTS = {"half": 2, "third": 3, "quarter": 4}
_ROMAN = re.compile(r"(?=[ivx])(?P<number>x{0,3}(?:ix|iv|v?i{0,3}))(?P<suffix>\D*)")
_ROMAN_LOOK_ALIKES = str.maketrans("хіѵӏ", "xivi")
_LETTER_LOOK_ALIKES = str.maketrans("асеорухі", "aceopyxi")
_HAN_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_HAN_TEN = "十"
_LONGEST_PHRASE = 4
_MOST_DIGITS, _MOST_FILLERS = 6, 8
_MONTHS, _DAYS = 12, 31
_GLUED_WORDS = (
    *("circa", "before", "after", "early", "mid", "late"),
    *("century", "century_first", "century_short", "decade", "year"),
)


@lru_cache(maxsize=4096)
def means(key: str, meaning: str) -> bool:
    """Whether ``data/dates.toml`` lists a word under `meaning`; Cyrillic look-alikes are read as Latin."""
    words = load_words("dates.toml", "words")[meaning]
    return key in words or key.translate(_LETTER_LOOK_ALIKES) in words


@cache
def _ordinals(table: str) -> dict[str, int]:
    return {word: int(number) for number, words in load_words("dates.toml", table).items() for word in words}


@cache
def _eras() -> dict[tuple[str, ...], Era]:
    eras = load_toml("dates.toml")["eras"]
    return {tuple(map(fold_word, phrase.split())): Era[name.upper()] for name in eras for phrase in eras[name]}


@cache
def multi_character_words() -> frozenset[str]:
    """Return the words of more than one character that can stand in a run without spaces, such as 世纪."""
    tables = load_words("dates.toml", "words").values()
    return frozenset(word for words in tables for word in words if len(word) > 1)


@lru_cache(maxsize=4096)
def _may_begin(key: str) -> bool:
    """Whether a word may stand first in a term: most words of a text may not, and are passed over."""
    spellings = {key, key.translate(_LETTER_LOOK_ALIKES)}
    return not spellings.isdisjoint(_first_words()) or bool(_roman(key))


@cache
def _first_words() -> frozenset[str]:
    phrases = (phrase[0] for phrase in _eras())
    return frozenset().union(
        *load_words("dates.toml", "words").values(), _ordinals("ordinals"), phrases, _HAN_DIGITS, _HAN_TEN
    )


class Parser:
    """Finds datings. A position is a token's index; what is read comes with where it ended."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def datings(self) -> Iterator[Dating]:
        """Yield every run of terms, in order; whether its numbers are years at all is not decided here."""
        at = 0
        while at < len(self._tokens):
            dating = self._dating(at)
            if dating:
                yield dating
            at = dating.last if dating else at + 1

    def _dating(self, first: int) -> Dating | None:
        token = self._tokens[first]
        passed_over = self._is_stop(first) or (token.kind is Kind.WORD and not _may_begin(token.key))
        read = None if passed_over else self._term(first)
        if not read:
            return None
        terms, last = [read[0]], read[1]
        while following := self._following(last):
            terms.append(following[0])
            last = following[1]
        return Dating(tuple(terms), first, last)

    def _following(self, at: int) -> tuple[Term, int] | None:
        """Read a connecting word and the term behind it."""
        key = self._tokens[at].key
        if key == "." and self._tokens.glued(at):
            at, key = at + 1, self._tokens[at + 1].key
        return self._term(at + 1) if means(key, "to") or means(key, "or") else None

    def _term(self, at: int) -> tuple[Term, int] | None:
        part, at = self._part(at)
        at, bound, circa = self._modifiers(at)
        if not part:
            part, at = self._part(at)
        at, more = self._skip_circa(at)
        era, at = self._era(at)
        first_word = self._skip(at, "filler") if part else at
        century = means(self._tokens[first_word].key, "century_first")
        if century:
            first_word = self._skip_stop(first_word + 1)
        term, end = self._numeral(first_word)
        if term is None:
            return None
        term, end = self._counted(term, end, century=century, before=first_word - 1)
        if not part:
            part, end = self._part_behind(end)
        if era is None:
            era, end = self._era(self._skip_stop(end), end)
        term = replace(term, era=era, part=part, bound=bound, circa=circa or more)
        return self._qualified(term, end)

    def _qualified(self, term: Term, at: int) -> tuple[Term, int]:
        """Read "?", "vers" or "or later" behind a term."""
        if means(self._tokens[at].key, "circa_behind"):
            return replace(term, circa=True), at + 1
        if means(self._tokens[at].key, "or"):
            for word, bound in (("or_later", Bound.AFTER), ("or_earlier", Bound.BEFORE)):
                if means(self._tokens[at + 1].key, word):
                    return replace(term, bound=bound), at + 2
        return term, at

    def _modifiers(self, at: int) -> tuple[int, Bound | None, bool]:
        at, circa = self._skip_circa(self._skip(at, "between"))
        bound = None
        for word, side in (("before", Bound.BEFORE), ("after", Bound.AFTER)):
            if means(self._tokens[at].key, word):
                bound = side
                at = self._skip(at + 1, "filler")
        at, more = self._skip_circa(at)
        return at, bound, circa or more

    def _skip_circa(self, at: int) -> tuple[int, bool]:
        end = at
        while end < at + _MOST_FILLERS and means(self._tokens[end].key, "circa"):
            end = self._skip_stop(end + 1)
        return end, end > at

    def _skip(self, at: int, meaning: str) -> int:
        """Step over words of a meaning and the stops, hyphens and apostrophes between them."""
        end = at
        while end < at + _MOST_FILLERS and (means(self._tokens[end].key, meaning) or self._is_stop(end)):
            end += 1
        return end

    def _is_stop(self, at: int) -> bool:
        return self._tokens[at].text in {".", "-", "'"} and (self._tokens.glued(at) or self._tokens.glued(at + 1))

    def _skip_stop(self, at: int) -> int:
        return at + (self._tokens[at].text in {".", "-"} and self._tokens.glued(at))

    def _part(self, at: int) -> tuple[Part | None, int]:
        """Read "early", "2nd half of the", "3e quart", "النصف الأول من"; a half of two is read as all."""
        start = self._skip(at, "filler")
        ordinal, end = self._ordinal(start)
        named = self._skip(end, "filler") if ordinal else start
        parts = next((n for word, n in _EXACT_PARTS.items() if means(self._tokens[named].key, word)), 0)
        end = named + 1
        if parts and not ordinal:
            ordinal, end = self._ordinal(named + 1)
        if parts and ordinal:
            number = min(ordinal, parts)
            return Part((number - 1) / parts, number / parts, vague=False), self._skip(end, "filler")
        vague = next((p for word, p in _VAGUE_PARTS.items() if means(self._tokens[start].key, word)), None)
        if vague or parts:
            return vague or Part(0, 1, vague=True), self._skip(start + 1, "filler")
        return None, at

    def _part_behind(self, at: int) -> tuple[Part | None, int]:
        """Read the part of "18th century/MID" and "19世纪末"."""
        key = self._tokens[at].key
        if key == "/" or (self._tokens.glued(at) and not key.isascii()):
            part, end = self._part(at + (key == "/"))
            return (part, end) if part else (None, at)
        return None, at

    def _ordinal(self, at: int) -> tuple[int, int]:
        """Return the ordinal here, 0 when there is none, and where it ended."""
        token = self._tokens[at]
        if token.kind is Kind.NUMBER and token.text.isdecimal():
            end = self._suffix(at + 1)
            return (int(token.text[:4]), end) if end else (0, at)
        number = _ordinals("ordinals").get(token.key, 0)
        tens = _ordinals("ordinal_tail").get(self._tokens[at + 1].key, 0) if number else 0
        return number + tens, at + 1 + bool(tens) if number else at

    def _suffix(self, at: int) -> int:
        """Return where the suffix of an ordinal ended that is written onto a number; 0 when there is none."""
        at += self._tokens[at].text == "-" and self._tokens.glued(at)
        return at + 1 if self._tokens.glued(at) and self._tokens[at].key in _suffixes() else 0

    def _numeral(self, at: int) -> tuple[Term | None, int]:
        token = self._tokens[at]
        number, end = self._ordinal(at)
        if token.kind in {Kind.NUMBER, Kind.CODE} and not self._is_number(at):
            return None, at
        if number:
            return Term(number, Count.OPEN), end
        if token.kind is Kind.CODE and (year := _year_of_date(token.text)):
            return Term(year, Count.YEAR, str(year), named=True), at + 1
        if token.kind is Kind.NUMBER and token.text.isdecimal() and len(token.text) <= _MOST_DIGITS:
            return Term(int(token.text), Count.YEAR, "".join(str(int(c)) for c in token.text)), at + 1
        if number := _roman(token.key) if token.kind is Kind.WORD else 0:
            return Term(number, Count.OPEN, roman=True), at + 1
        return self._han(at)

    def _han(self, at: int) -> tuple[Term | None, int]:
        """Read a number in Chinese characters: 十九 or, digit by digit, 一九七〇."""
        end = at
        while end < at + _MOST_DIGITS and self._tokens[end].text in {_HAN_TEN, *_HAN_DIGITS}:
            end += 1
        text = "".join(self._tokens[i].text for i in range(at, end))
        if not text:
            return None, at
        tens, ten, ones = text.partition(_HAN_TEN)
        if ten and len(tens) <= 1 and len(ones) <= 1:
            number = 10 * _HAN_DIGITS.get(tens, 1) + _HAN_DIGITS.get(ones, 0)
            return Term(number, Count.OPEN), end
        digits = "".join(str(_HAN_DIGITS.get(c, "")) for c in text)
        return (Term(int(digits), Count.YEAR, digits), end) if digits and not ten else (None, at)

    def _is_number(self, at: int) -> bool:
        """Whether a number stands for itself, and is not part of an inventory number or a price."""
        before, after = self._tokens[at - 1], self._tokens[at + 1]
        if before.text in CURRENCY_SIGNS or after.text in CURRENCY_SIGNS:
            return False
        named = self._tokens[at - 2] if before.text in {".", ":"} else before
        if means(named.key, "number_first") or _is_currency(before) or _is_currency(after):
            return False
        return self._opens(at) and self._closes(at)

    def _opens(self, at: int) -> bool:
        """Whether the number here may follow what it is written onto."""
        if not self._tokens.glued(at):
            return True
        before = at - 1
        linked = self._tokens[before].text in {"-", "/", ".", "_", "#"} and self._tokens.glued(before)
        before -= linked
        token = self._tokens[before]
        if token.kind is not Kind.WORD or not token.key.isascii():
            return True
        if self._tokens.glued(before) and self._tokens[before - 1].kind is Kind.NUMBER:
            return linked and self._is_date_word(token.key)
        return self._is_date_word(token.key) and (token.key not in _suffixes() or means(token.key, "circa"))

    def _closes(self, at: int) -> bool:
        """Whether the number here may be followed by what is written onto it."""
        end = at + 1
        if not self._tokens.glued(end):
            return True
        end += self._tokens[end].text in {"-", "'"} and self._tokens.glued(end + 1)
        after = self._tokens[end]
        if after.kind is not Kind.WORD or not after.key.isascii():
            return True
        runs_on = self._tokens.glued(end + 1) and self._tokens[end + 1].kind is not Kind.SIGN
        return self._is_date_word(after.key) and not runs_on

    @staticmethod
    def _is_date_word(key: str) -> bool:
        tables = load_words("dates.toml", "words")
        return key in _suffixes() or any(key in tables[name] for name in _GLUED_WORDS) or bool(_eras().get((key,)))

    def _counted(self, term: Term, at: int, *, century: bool, before: int) -> tuple[Term, int]:
        """Say what the number of a term counts, by the word behind or before it."""
        if century:
            return replace(term, count=Count.CENTURY), at
        decade_at = at + (self._tokens[at].text in {"'", "-"} and self._tokens.glued(at))
        if term.digits and self._tokens.glued(decade_at) and means(self._tokens[decade_at].key, "decade"):
            return replace(term, count=Count.DECADE), decade_at + 1
        word_at = self._skip_stop(at)
        word = self._tokens[word_at]
        if means(word.key, "century") or self._is_short_century(term, word_at, glued=word_at == at):
            return replace(term, count=Count.CENTURY), word_at + 1
        if means(word.key, "millennium"):
            return replace(term, count=Count.MILLENNIUM), word_at + 1
        if term.digits and means(word.key, "year"):
            return replace(term, named=True), word_at + 1
        return replace(term, named=term.named or means(self._tokens[before].key, "year_first")), at

    def _is_short_century(self, term: Term, at: int, *, glued: bool) -> bool:
        """Whether a single letter stands for "century": in "16e s.", "XIX в.", "18C."; not in "I c. 1900"."""
        if not means(self._tokens[at].key, "century_short"):
            return False
        if term.digits:
            return glued and self._tokens.glued(at)
        return self._tokens[at + 1].kind is not Kind.NUMBER

    def _era(self, at: int, otherwise: int | None = None) -> tuple[Era | None, int]:
        """Read an era from the words here, without stops and hyphens; if none, the place to go on from."""
        keys: list[str] = []
        ends: list[int] = []
        end = at
        while len(keys) < _LONGEST_PHRASE and self._tokens[end].text:
            keys.append(self._tokens[end].key)
            end += 1
            end += self._tokens[end].text == "." and self._tokens.glued(end)
            ends.append(end)
            end += self._tokens[end].text in {"-", "'"} and self._tokens.glued(end)
        for size in range(len(keys), 0, -1):
            if era := _eras().get(tuple(keys[:size])):
                return era, ends[size - 1]
        return None, at if otherwise is None else otherwise


def _roman(key: str) -> int:
    """Return the number of "XIX", "XIXe" or, in Cyrillic letters, "ХVІІІ"; 0 of any other word."""
    match = _ROMAN.fullmatch(key.translate(_ROMAN_LOOK_ALIKES))
    if not match or (match["suffix"] and match["suffix"] not in _suffixes()):
        return 0
    number, smaller = 0, 0
    for value in ({"i": 1, "v": 5, "x": 10}[letter] for letter in reversed(match["number"])):
        number += value if value >= smaller else -value
        smaller = max(smaller, value)
    return number


def _year_of_date(text: str) -> int:
    """Return the year of a whole date such as 19/8/1953, 19.08.1953 or 1953-08-19; 0 of any other code."""
    match = re.fullmatch(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})", text)
    if not match:
        return 0
    first, month, last = int(match[1]), int(match[3]), int(match[4])
    if is_year(match[1]) and match[2] != "." and month <= _MONTHS and last <= _DAYS:
        return first
    day_and_month = max(first, month) <= _DAYS and min(first, month) <= _MONTHS
    return last if is_year(match[4]) and day_and_month else 0


def _is_currency(token: Token) -> bool:
    return token.key in load_words("units.toml", "words")["currency"]


@cache
def _suffixes() -> frozenset[str]:
    return load_words("dates.toml", "suffixes")["ordinal"]
