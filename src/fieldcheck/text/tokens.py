"""Splitting text into words, numbers and signs, for the readers of sizes and of years.

Digits of any script stay as they are written: Python's numbers read them all.
"""

import enum
import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from fieldcheck.datafiles import load_toml

FIRST_BARE_YEAR, LAST_YEAR = 1000, 2099
CURRENCY_SIGNS = frozenset("$€£¥₽₴₺")
_LETTERS = str.maketrans({"ی": "ي", "ى": "ي", "ک": "ك", "\u200c": None, "ـ": None, "ı": "i"})

# One sign for all that look alike; every position in the text stays as it is.
_SIGNS = str.maketrans(
    "٫٬،⁄∕’‘‛′ʹ´`”“„‟″ʺ‐‑‒–—−﹣\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\t\r\f\v",
    ".,,//" + "'" * 7 + '"' * 6 + "-" * 7 + " " * 13,
)
_VULGAR = "¼½¾⅐-⅞"
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_LETTER = rf"(?:[^\W\d_{_VULGAR}²³¹{_CJK}]|[㎜㎝])"
_TOKEN = re.compile(
    rf"""
    (?P<NUMBER> \d{{1,3}}(?:,\d{{3}})+\.\d+(?![\d.,])                      # 1,250.5
              | \d{{1,3}}(?:\.\d{{3}})+,\d+(?![\d.,])                      # 1.250,5
              | \d{{1,4}}[\x20\xa0-]\x20?\d{{1,2}}\x20?/\x20?\d{{1,3}}(?![\d/])  # 27 5/16  10-1/2
              | \d{{1,2}}/\d{{1,3}}(?![\d/.-])                             # 5/16
              | (?:\d{{1,4}}[\s-]?)?[{_VULGAR}]                            # 5½  5 ½
              | \d{{1,3}}(?:[\xa0\u202f\u2009]\d{{3}})+(?!\d)             # 1 250
              | \d{{1,3}}\x20\d{{3}}(?=\s?(?i:mm|мм|ملم))                   # 1 250 mm
              | (?! \d+(?:[.,:/-]\d+){{2,}} | \d+:\d )       # no code
                (?: \d+[.,]\d+ | \d+\x20\.\d+ | \d+ | (?<!\w)\.\d+ ) )  # 20,5  7 .5
  | (?P<CODE>   \d+(?:[.,:/-]\d+)+ )                                      # 2016.4.168  1:50
  | (?P<QUOTE>  '" | '' | ['"] )
  | (?P<WORD>   (?i:cm|mm|in|ft|m|см|мм|м)(?=[xXхХ×]\s?\d)                    # the unit of 15cmx20cm
              | {_LETTER}(?:{_LETTER}|[\u0300-\u036f\u064b-\u065f\u200c])* )
  | (?P<CJK>    [{_CJK}]+ )
  | (?P<SIGN>   \n | \S )
    """,
    re.VERBOSE,
)


class Kind(enum.Enum):
    """What a token is; a code is digits that are no quantity: an inventory number, a date, a scale."""

    NUMBER = enum.auto()
    CODE = enum.auto()
    QUOTE = enum.auto()
    WORD = enum.auto()
    SIGN = enum.auto()


class Token(NamedTuple):
    """A piece of text, where it stands, and the folded `key` to look it up by."""

    kind: Kind
    text: str
    start: int
    end: int
    key: str


NOTHING = Token(Kind.SIGN, "", -1, -1, "")


class Tokens:
    """The tokens of a text; reading before the first or after the last one gives `NOTHING`."""

    def __init__(self, text: str, joined: Collection[str] = ()) -> None:
        """Split `text`; `joined` are words to be found inside runs of Chinese or Japanese characters."""
        self.text = text.translate(_SIGNS)
        self._tokens = list(_split(self.text, joined))

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens)

    def __getitem__(self, at: int) -> Token:
        return self._tokens[at] if 0 <= at < len(self._tokens) else NOTHING

    def glued(self, at: int) -> bool:
        """Whether nothing stands between a token and the one before it."""
        return 0 < at < len(self) and self[at - 1].end == self[at].start


def _split(text: str, joined: Collection[str]) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        name, at = str(match.lastgroup), match.start()
        kind = Kind.WORD if name == "CJK" else Kind[name]
        for piece in _pieces(match[0], joined) if name == "CJK" else (match[0],):
            yield Token(kind, piece, at, at + len(piece), fold_word(piece))
            at += len(piece)


def _pieces(run: str, joined: Collection[str]) -> Iterator[str]:
    """Cut a run without spaces into the words that are known and single characters."""
    at = 0
    while at < len(run):
        size = next((n for n in (5, 4, 3, 2) if run[at : at + n] in joined), 1)
        yield run[at : at + size]
        at += size


def is_year(text: str) -> bool:
    """Whether digits of any script read as a year on their own: 1000 to 2099, so that no clock is needed."""
    return bool(re.fullmatch(r"\d{4}", text)) and FIRST_BARE_YEAR <= int(text) <= LAST_YEAR


@lru_cache(maxsize=4096)
def fold_word(word: str) -> str:
    """Return the one spelling of look-alikes: case, accents, joiners and Persian letters are folded."""
    if word.isascii():
        return word.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return bare.casefold().translate(_LETTERS)


@cache
def load_words(file: str, table: str) -> dict[str, frozenset[str]]:
    """Return the folded words that a table of a TOML file in ``data/`` lists under each name."""
    return {name: frozenset(map(fold_word, words.split())) for name, words in load_toml(file)[table].items()}
