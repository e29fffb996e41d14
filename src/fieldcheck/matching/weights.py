"""The weights table, ``data/weights.toml``, and how rare a word is among the records held."""

import math
from collections.abc import Callable, Iterable
from functools import cache

from fieldcheck.datafiles import load_toml

WEIGHTS_NAME = "weights.toml"


@cache
def weight(kind: str, case: str) -> float:
    """The weight of one case of one kind of evidence, in log-odds."""
    return float(load_toml(WEIGHTS_NAME)[kind][case])


def measuring_error(size: float) -> float:
    """How far one measuring of a size usually is from another (standard deviation), in centimetres as the size."""
    return math.hypot(weight("size", "measured") * size, weight("size", "read_off"))


class Rarity:
    """How much it says that two descriptions share a term.

    Args:
        size: number of records held.
        document_frequency: in how many of them a term occurs.
    """

    def __init__(self, size: int, document_frequency: Callable[[str], int]) -> None:
        self._size = max(size, 1)
        self._frequency = document_frequency
        self._idf: dict[str, float] = {}

    def idf(self, term: str) -> float:
        """Inverse document frequency, ``ln(records / records with the term)``; at least 0, one record at most."""
        if term not in self._idf:
            self._idf[term] = max(0.0, math.log(self._size / max(self._frequency(term), 1)))
        return self._idf[term]

    def idf_of_any(self, terms: Iterable[str]) -> float:
        """What it says that a record has one of several terms."""
        return max(0.0, math.log(self._size / max(sum(map(self._frequency, terms)), 1)))

    def known(self, term: str) -> bool:
        """Whether any record has the term."""
        return self._frequency(term) > 0

    def count(self, term: str) -> int:
        """In how many records a term occurs."""
        return self._frequency(term)
