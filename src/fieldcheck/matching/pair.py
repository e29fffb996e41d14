"""An item and a record, side by side."""

from dataclasses import dataclass

from fieldcheck.matching.query import Query
from fieldcheck.matching.weights import Rarity
from fieldcheck.text.reading import Reading


@dataclass(frozen=True, slots=True)
class Pair:
    """What is compared."""

    query: Query
    reading: Reading

    @property
    def rarity(self) -> Rarity:
        """How rare a term is among the records held."""
        return self.query.rarity
