"""Which types at risk an object fits, through the lexicon, in any of its languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from fieldcheck.rules.facts import TypeAtRisk
from fieldcheck.rules.goods import Goods
from fieldcheck.text.concepts import Lexicon
from fieldcheck.text.normalise import words

_YOUNG_YEARS = 100


@dataclass(frozen=True, slots=True)
class _Ready:
    """An entry with its words resolved to ids of the lexicon."""

    entry: TypeAtRisk
    types: frozenset[str]
    materials: frozenset[str]
    cultures: frozenset[str]


class TypesAtRisk:
    """The types at risk, resolved once with one lexicon."""

    def __init__(self, entries: Iterable[TypeAtRisk], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        self._ready = [
            _Ready(
                entry,
                self._resolve(entry.types, "type"),
                self._resolve(entry.materials, "material"),
                self._resolve(entry.cultures, "culture"),
            )
            for entry in entries
            if entry.types
        ]

    def fitting(self, goods: Goods, origin: str) -> tuple[tuple[TypeAtRisk, ...], tuple[TypeAtRisk, ...]]:
        """The entries that the type fits and that neither material nor date speaks against.

        First those of them that are of that origin, or of the culture that is named where no origin is given; then
        all of them.
        """
        fitting = [ready for ready in self._ready if _fits(ready, goods)]
        if origin:
            placed = (ready.entry for ready in fitting if origin in ready.entry.origins)
        else:
            placed = (ready.entry for ready in fitting if goods.cultures & ready.cultures)
        return tuple(placed), tuple(ready.entry for ready in fitting)

    def _resolve(self, names: Iterable[str], kind: str) -> frozenset[str]:
        return frozenset(concept for name in names for concept in self._concepts(name, kind))

    def _concepts(self, name: str, kind: str) -> frozenset[str]:
        if (name, kind) not in self._known:
            found = (concept for match in self._lexicon.find(words(name), "en") for concept in match.concepts)
            self._known[name, kind] = frozenset(concept.id for concept in found if concept.kind == kind)
        return self._known[name, kind]


def _fits(ready: _Ready, goods: Goods) -> bool:
    if goods.types.isdisjoint(ready.types):
        return False
    if goods.materials and ready.materials and not goods.materials & ready.materials:
        return False
    entry = ready.entry
    if entry.year_to is None and goods.oldest is not None and goods.oldest < _YOUNG_YEARS:
        return False
    if goods.first_year is not None and entry.year_to is not None and goods.first_year > entry.year_to:
        return False
    return not (goods.last_year is not None and entry.year_from is not None and goods.last_year < entry.year_from)
