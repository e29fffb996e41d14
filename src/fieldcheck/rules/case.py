"""One object at one border on one day, as all rules see it: read once, judged by each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from fieldcheck.models import Item
from fieldcheck.rules.at_risk import TypesAtRisk
from fieldcheck.rules.facts import Facts, TypeAtRisk
from fieldcheck.rules.goods import Goods, read_goods
from fieldcheck.rules.law import Applied, Situation, controlled_states, judge_law
from fieldcheck.rules.route import Route, read_route
from fieldcheck.text.reading import ItemReading, Reader

_MOST_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Said:
    """What a declaration or a certificate says of the object that it is for."""

    reading: ItemReading
    goods: Goods


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about an object that rules are judged by.

    ``watched`` are the types at risk that fit it and its origin, ``elsewhere`` those that fit but for the origin.
    ``culture_area`` gives the states of today over which a culture reached, ``neighbours_with_control`` those
    states whose objects this border controls by name today.
    """

    item: Item
    reading: ItemReading
    goods: Goods
    declared: Said
    certified: Said
    route: Route
    on: str
    watched: tuple[TypeAtRisk, ...]
    elsewhere: tuple[TypeAtRisk, ...]
    origins: tuple[str, ...]
    law: tuple[Applied, ...]
    culture_area: Mapping[str, tuple[str, ...]]
    neighbours_with_control: frozenset[str]

    @property
    def binding(self) -> tuple[Applied, ...]:
        """The instruments that control it here today for certain."""
        return tuple(applied for applied in self.law if applied.binds)


class Lawbook:
    """The facts, made ready once for all the objects of a check."""

    def __init__(self, facts: Facts, reader: Reader) -> None:
        self.facts = facts
        self._reader = reader
        self._at_risk: TypesAtRisk | None = None
        # Many items come with the same few words, or none.
        self._said = lru_cache(_MOST_REMEMBERED)(self._read_said)

    def case(self, item: Item, reading: ItemReading, on: str) -> Case:
        """The case of an item on the ISO date ``on``."""
        facts = self.facts
        goods = read_goods(item, reading, facts.goods, on)
        route = read_route(item, facts.borders)
        # A list of a hundred entries is resolved only once something that could be on it is met.
        watched, elsewhere = self._types().fitting(goods, item.origin) if goods.types else ((), ())
        origins = (item.origin,) if item.origin else tuple(dict.fromkeys(o for entry in watched for o in entry.origins))
        situation = Situation(goods, route, origins, designated=bool(watched), on=on)
        return Case(
            item=item,
            reading=reading,
            goods=goods,
            declared=self._said(item.declared, on),
            certified=self._said(item.certificate, on),
            route=route,
            on=on,
            watched=watched,
            elsewhere=elsewhere,
            origins=origins,
            law=judge_law(situation, facts) if goods.types else (),
            culture_area=facts.goods.culture_area,
            neighbours_with_control=controlled_states(route, facts, on),
        )

    def _read_said(self, text: str, on: str) -> Said:
        reading = self._reader.read_item(Item(text=text))
        return Said(reading, read_goods(Item(), reading, self.facts.goods, on))

    def _types(self) -> TypesAtRisk:
        if self._at_risk is None:
            self._at_risk = TypesAtRisk(self.facts.types, self._reader.lexicon)
        return self._at_risk
