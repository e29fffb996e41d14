"""Where the declaration and the object do not agree: kind, material, date, size and tariff heading."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fieldcheck.datafiles import load_toml
from fieldcheck.rules.case import Case
from fieldcheck.rules.goods import Goods
from fieldcheck.wording import sentence

_MOST_SIZE_RATIO = 1.6
_HEADING = 4
_CHAPTER = "97"
_SUBHEADING = 6
_CODE = re.compile(r"[^0-9]")

# Words that declarations use for one another in good faith.
_ALIKE = (
    frozenset(
        {"book", "manuscript", "document", "album", "codex", "scroll", "letter", "map", "quran", "papyrus", "print"}
    ),
    frozenset({"plaque", "relief", "sculpture", "medal", "mask", "stele", "ancestor_figure", "buddha_figure", "icon"}),
    frozenset({"drawing", "painting", "pastel", "collage", "print"}),
    frozenset({"box", "casket", "reliquary", "chest", "cabinet"}),
    frozenset({"vessel", "urn", "lamp", "censer", "tray"}),
    frozenset({"carpet", "textile_object", "tapestry"}),
    frozenset({"architectural_element", "sculpture", "relief", "stele", "plaque"}),
    frozenset({"coin", "medal"}),
    frozenset({"amulet", "pendant", "jewellery", "bead", "scarab"}),
    frozenset({"inscription", "cuneiform_tablet", "plaque", "stele"}),
)


def disagreements(case: Case) -> tuple[str, ...]:
    """Each disagreement as a sentence; what is not given on both sides is never one."""
    return tuple(_disagreements(case))


def hs_digits(code: str) -> str:
    """The digits of a tariff code."""
    return _CODE.sub("", code)


def is_for_modern_goods(code: str) -> bool:
    """Whether a tariff code is one that is not of chapter 97, in which all old objects are."""
    digits = hs_digits(code)
    return len(digits) >= _HEADING and not digits.startswith(_CHAPTER)


def _disagreements(case: Case) -> Iterator[str]:
    goods, declared = case.goods, case.declared_goods
    if not _alike(goods.types, declared.types):
        values = {"declared": _names(declared.nearest_types), "object": _names(goods.nearest_types)}
        yield sentence("conflicts", "type", values)
    if goods.materials and declared.materials and not goods.materials & declared.materials:
        values = {"declared": _names(_nearest(declared)), "object": _names(_nearest(goods))}
        yield sentence("conflicts", "material", values)
    ours, theirs = case.reading.years, case.declared.years
    if ours and theirs and (ours.last < theirs.first or theirs.last < ours.first):
        yield sentence("conflicts", "date", {"declared": theirs, "object": ours})
    sizes, said = case.reading.sizes, case.declared.sizes
    if sizes and said and not 1 / _MOST_SIZE_RATIO <= max(sizes) / max(said) <= _MOST_SIZE_RATIO:
        yield sentence("conflicts", "size", {"declared": f"{max(said):g}", "object": f"{max(sizes):g}"})
    yield from _heading(case)


def _heading(case: Case) -> Iterator[str]:
    """What the tariff code says against the object; a code of another chapter is judged as an indicator."""
    digits = hs_digits(case.item.hs)
    heading = _chapter_97()["heading"].get(digits[:_HEADING])
    if heading and case.goods.types and not _alike(case.goods.types, frozenset(heading["types"])):
        values = {"code": digits[:_HEADING], "name": heading["name"], "object": _names(case.goods.nearest_types)}
        yield sentence("conflicts", "heading", values)
    over, up_to = _chapter_97()["age"].get(digits[:_SUBHEADING], (0, 0))
    if not case.goods.by_culture and _outside(case.goods, over, up_to):
        name = "age_between" if over and up_to else "age_over" if over else "age_up_to"
        yield sentence("conflicts", name, {"code": digits[:_SUBHEADING], "over": over, "up_to": up_to})


def _outside(goods: Goods, over: int, up_to: int) -> bool:
    if goods.oldest is None or goods.youngest is None:
        return False
    return (over > 0 and goods.oldest <= over) or (up_to > 0 and goods.youngest > up_to)


def _alike(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    if not ours or not theirs or ours & theirs:
        return True
    return any(group & ours and group & theirs for group in _ALIKE)


def _nearest(goods: Goods) -> tuple[str, ...]:
    return tuple(sorted(goods.materials))


def _names(ids: tuple[str, ...]) -> str:
    return ", ".join(name.replace("_", " ") for name in ids)


@cache
def _chapter_97() -> dict[str, Any]:
    return load_toml("hs97.toml")
