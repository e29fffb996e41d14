"""Makers' names in any script, compared by their parts rather than parsed."""

from functools import cache, lru_cache

from fieldcheck.datafiles import load_toml
from fieldcheck.text.normalise import SMALL_WORDS_NAME, words


@cache
def hedges() -> frozenset[str]:
    """Words that stand where a name is expected and name nobody: "unknown", "artist", "Co.", "Sir"."""
    lists = load_toml(SMALL_WORDS_NAME)["not_a_name"]
    return frozenset((*lists["words"], *lists["titles"]))


@cache
def not_names() -> frozenset[str]:
    """Words of a maker's field that name nobody: hedges, particles, titles."""
    return frozenset(word for words in load_toml(SMALL_WORDS_NAME)["not_a_name"].values() for word in words)


def name_parts(text: str) -> tuple[str, ...]:
    """The parts of a name that identify, folded and in Latin letters; particles and hedges are left out.

    Transliteration is anyascii's (ISC licence), the same for records and for what an officer types.
    """
    parts = (latin(word) for word in words(text))
    return tuple(
        dict.fromkeys(part for part in parts if len(part) > 1 and part not in not_names() and not part.isdigit())
    )


@lru_cache(maxsize=65536)
def latin(word: str) -> str:
    """Return a folded word in Latin letters, as anyascii writes it."""
    if word.isascii():
        return word
    from anyascii import anyascii

    return "".join(c for c in anyascii(word).lower() if c.isalnum())


@lru_cache(maxsize=65536)
def sound_key(part: str) -> str:
    """A coarse key under which transliterations of one name meet: consonants only, voicing levelled.

    Cyrillic and Arabic spellings of foreign names keep the consonants and vary in the vowels; a name that begins with
    "h" begins with "kh" in them.
    """
    levelled = part.removeprefix("k") if part.startswith("kh") else part
    for old, new in _LEVELLED:
        levelled = levelled.replace(old, new)
    head, tail = levelled[:1], "".join(c for c in levelled[1:] if c not in "aeiouy")
    key = [head if head not in "aeiouy" else "a"]
    key.extend(c for c, before in zip(tail, levelled[:1] + tail, strict=False) if c != before)
    return "".join(key)


_LEVELLED = (
    ("sch", "s"), ("sh", "s"), ("ch", "k"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("zh", "s"),
    ("ts", "s"), ("dzh", "s"), ("ck", "k"), ("qu", "k"), ("x", "ks"), ("c", "k"), ("q", "k"), ("w", "v"), ("z", "s"),
    ("j", "i"), ("h", ""),
)  # fmt: skip
