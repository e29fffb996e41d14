"""Folding text so that the same word written differently becomes the same key.

Folding is idempotent and loses nothing that tells objects apart: compatibility forms, case, diacritics, Arabic
letter variants and Cyrillic look-alikes inside Latin words (a known trait of scraped lists) are levelled. The
original text is kept beside it for display.
"""

import re
import unicodedata
from functools import cache, lru_cache

from fieldcheck.datafiles import load_toml

SMALL_WORDS_NAME = "smallwords.toml"

_ARABIC = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
        "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و",
        "ة": "ه", "ۀ": "ه", "ک": "ك", "ـ": None, "\u200c": None, "\u200d": None,
    }
)  # fmt: skip
_LATIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_CYRILLIC_TO_LATIN = str.maketrans("авеёкмнорстухіїјѕ", "abeekmhopctyxiijs")
_LATIN_TO_CYRILLIC = str.maketrans("abcehikmoptxy", "авсеніkмортху".replace("k", "к"))
_MARKS_KEPT = frozenset("\u0901\u0902\u0903")

_RUN = re.compile(r"[^\W_]+")
# No article: "album" begins with the letters of one, but for the hamza that folding takes away.
_HAMZA_BEFORE_LAM = re.compile(r"(?<!\w)[أآإ](?=ل)")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_LATIN_LETTER = re.compile(r"[a-z]")
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u052f]")
_ELISIONS = frozenset({"l", "d", "s", "n", "qu", "dell", "nell", "sull", "all", "un"})
_ARABIC_PREFIXES = ("وال", "بال", "كال", "لل", "ال")
_MAX_TEXT = 20_000


def fold(text: str) -> str:
    """Return ``text`` with compatibility forms, case, diacritics and letter variants levelled."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LATIN)
    folded = unicodedata.normalize("NFD", folded)
    if not folded.isascii():
        folded = "".join(c for c in folded if not unicodedata.combining(c) or c in _MARKS_KEPT)
        folded = folded.translate(_ARABIC)
        folded = "".join(_digit(c) for c in folded)
    return unicodedata.normalize("NFC", folded)


@cache
def empty_words_of(language: str) -> frozenset[str]:
    """Folded words of one language that say nothing by themselves."""
    return frozenset(fold(word) for word in load_toml(SMALL_WORDS_NAME)["empty"].get(language, ()))


@cache
def empty_words() -> frozenset[str]:
    """Folded words that say nothing by themselves, from ``data/smallwords.toml``."""
    return frozenset(fold(word) for words in load_toml(SMALL_WORDS_NAME)["empty"].values() for word in words)


def words(text: str) -> tuple[str, ...]:
    """Split text into folded words, in order: letters and digits only, Chinese and Japanese runs whole.

    Articles that are written onto the word (French ``l'``, Arabic ``ال``) are taken off. Text beyond
    20,000 characters is not read.
    """
    found: list[str] = []
    text = _HAMZA_BEFORE_LAM.sub("اء", text[:_MAX_TEXT])
    for piece in _RUN.findall(fold(text)):
        if piece in _ELISIONS and piece != "un":
            continue
        found.extend(_split_han(_one_alphabet(_without_article(piece))))
    return tuple(found)


@lru_cache(maxsize=65536)
def _without_article(word: str) -> str:
    if word[0] < "\u0621" or word[0] > "\u06ff":
        return word
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + 2:
            return word[len(prefix) :]
    return word


def _one_alphabet(word: str) -> str:
    """Undo look-alike letters: a word that mixes alphabets is read in the one that most of its letters have."""
    if word.isascii():
        return word
    latin = len(_LATIN_LETTER.findall(word))
    cyrillic = len(_CYRILLIC_LETTER.findall(word))
    if not latin or not cyrillic:
        return word
    return word.translate(_CYRILLIC_TO_LATIN if latin >= cyrillic else _LATIN_TO_CYRILLIC)


def _split_han(word: str) -> list[str]:
    """Separate Chinese and Japanese runs from the letters and digits that are written onto them."""
    if word.isascii() or not _HAN.search(word):
        return [word]
    return [piece for piece in re.split(f"({_HAN.pattern})", word) if piece]


def is_han(word: str) -> bool:
    """Whether a folded word is a Chinese or Japanese run, which has no spaces between its words."""
    return bool(_HAN.fullmatch(word))


def _digit(character: str) -> str:
    return str(unicodedata.digit(character, character)) if character.isdigit() else character
