"""Where the declaration or a certificate and the object do not agree: kind, material, date, size and tariff heading."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fieldcheck.datafiles import load_toml
from fieldcheck.rules.case import Case, Said
from fieldcheck.rules.goods import Goods
from fieldcheck.rules.kinds import Direction
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


def certificate_disagrees(case: Case) -> bool:
    """Whether what a certificate says of its object does not fit the one that is here."""
    return any(_between(case, case.certified, "certificate"))


def issued_elsewhere(case: Case) -> bool:
    """Whether a certificate was issued by another state than that of the origin."""
    return bool(case.item.issued_by and case.item.origin) and case.item.issued_by != case.item.origin


def _disagreements(case: Case) -> Iterator[str]:
    yield from _between(case, case.declared, "declaration")
    yield from _heading(case)
    yield from _between(case, case.certified, "certificate")
    if issued_elsewhere(case) and case.route.direction is not Direction.EXPORT:
        yield sentence("conflicts", "issuer", {"issuer": case.item.issued_by, "origin": case.item.origin})


def _between(case: Case, said: Said, paper: str) -> Iterator[str]:
    """Where one text and the object do not agree."""
    goods, theirs = case.goods, said.goods
    values = {"paper": sentence("conflicts", paper)}
    if not _alike(goods.types, theirs.types):
        named = {"said": _names(theirs.nearest_types), "object": _names(goods.nearest_types)}
        yield sentence("conflicts", "kind", {**values, **named})
    if goods.materials and theirs.materials and not goods.materials & theirs.materials:
        named = {"said": _names(tuple(sorted(theirs.materials))), "object": _names(tuple(sorted(goods.materials)))}
        yield sentence("conflicts", "kind", {**values, **named})
    ours, dated = case.reading.years, said.reading.years
    if ours and dated and (ours.last < dated.first or dated.last < ours.first):
        yield sentence("conflicts", "date", {**values, "said": dated, "object": ours})
    sizes, given = case.reading.sizes, said.reading.sizes
    # A text may give the size of the package, so only an object that is too large for it is told.
    if sizes and given and max(sizes) > _MOST_SIZE_RATIO * max(given):
        yield sentence("conflicts", "size", {**values, "said": f"{max(given):g}", "object": f"{max(sizes):g}"})


def _heading(case: Case) -> Iterator[str]:
    """What the tariff code says against the object; a code of another chapter is judged as an indicator."""
    digits = hs_digits(case.item.hs)
    heading = _chapter_97()["heading"].get(digits[:_HEADING])
    goods = case.goods if case.goods.types else case.declared.goods
    if heading and not _alike(goods.types, frozenset(heading["types"])):
        values = {"code": digits[:_HEADING], "name": heading["name"], "object": _names(goods.nearest_types)}
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


def _names(ids: tuple[str, ...]) -> str:
    return ", ".join(name.replace("_", " ") for name in ids)


@cache
def _chapter_97() -> dict[str, Any]:
    return load_toml("hs97.toml")
