"""Larger lists made of real records: the real ones unchanged, and as many mixed ones as are asked for.

A mixed record takes what belongs together from one real record each: its kind and materials, its maker with culture
and period, its sizes, and two halves of its title. So words, makers, years and kinds of object keep the frequencies
that they have in the real records, and what one description has to be told from grows with the list. No new words
come in, as they would with new objects, which makes a mixed list harder than a real one of its length.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fieldcheck.models import Record
from fieldcheck.text.measures import read_measures

SEED = 20261124
MEASURED_ANEW = 0.12
"""How far the sizes of a mixed record are from those of the record that they come from (standard deviation of ln)."""


def mixed(records: Sequence[Record], count: int) -> Iterator[Record]:
    """``count`` records: the real ones first, unchanged, then mixed ones with ids of their own."""
    chance = random.Random(SEED)  # noqa: S311  # a benchmark, not a secret
    yield from records[:count]
    sized = [read_measures(" ; ".join(record.measurements), default_unit="cm").sizes for record in records]
    for number in range(len(records), count):
        kind, maker, title, rest = (chance.choice(records) for _ in range(4))
        yield replace(
            kind,
            id=f"M{number:07d}",
            title=_title(title, rest),
            subject=title.subject,
            description=title.description,
            features=title.features,
            inscriptions=title.inscriptions,
            maker=maker.maker,
            culture=maker.culture,
            origin=maker.origin,
            period=maker.period,
            measurements=_measured(chance.choice(sized), chance),
            inventory_numbers=(f"MX.{number}",),
        )


def _title(one: Record, other: Record) -> str:
    """The first half of one title and the second half of another."""
    begin, end = one.title.split(), other.title.split()
    return " ".join((*begin[: (len(begin) + 1) // 2], *end[(len(end) + 1) // 2 :]))


def _measured(sizes: tuple[float, ...], chance: random.Random) -> tuple[str, ...]:
    """Sizes of the same shape, larger or smaller, each a little by itself."""
    scale = chance.lognormvariate(0, MEASURED_ANEW)
    return (
        (" x ".join(f"{size * scale * chance.lognormvariate(0, 0.03):.1f}" for size in sizes) + " cm",) if sizes else ()
    )
