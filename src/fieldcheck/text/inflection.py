"""Forms under which a word that the lexicon does not know may stand in it: without an ending, or as its parts."""

from collections.abc import Callable, Iterator

from fieldcheck.datafiles import load_toml

INFLECTIONS_NAME = "inflections.toml"
_SHORTEST = 3
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 9
_JOINTS = ("", "s", "n", "en", "es")


def stems(word: str, language: str) -> Iterator[str]:
    """The word without one of its language's beginnings and endings, the longest first; ``word`` is folded."""
    affixes = load_toml(INFLECTIONS_NAME).get(language, {})
    for beginning in ("", *affixes.get("beginnings", ())):
        rest = word.removeprefix(beginning) if word.startswith(beginning) else ""
        if beginning and len(rest) >= _SHORTEST:
            yield rest
        for ending in affixes.get("endings", ()):
            if rest.endswith(ending) and len(rest) - len(ending) >= _SHORTEST:
                yield rest.removesuffix(ending)


def german_parts(word: str, is_known: Callable[[str], bool]) -> tuple[str, str] | None:
    """The two known words that a German compound is made of, the second of which it is a kind of.

    "Silberbecher" is a cup, of silver. None where it cannot be divided so.
    """
    if len(word) < _SHORTEST_COMPOUND:
        return None
    for place in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        last = word[place:]
        if not is_known(last):
            continue
        for joint in _JOINTS:
            first = word[:place].removesuffix(joint)
            if word[:place].endswith(joint) and len(first) >= _SHORTEST and is_known(first):
                return first, last
    return None
