"""The facts of ``data``: types at risk, what the law says, borders, and what the law's words mean for objects.

An authority may add or replace facts with files of the same names in a folder of its own.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fieldcheck.datafiles import data_folder
from fieldcheck.errors import InputError
from fieldcheck.rules.kinds import Direction, Effect, GoodsGroup, Kind

TYPES_NAME = "types_at_risk.json"
LAW_NAME = "law/instruments.json"
GOODS_NAME = "law/goods.toml"
BORDERS_NAME = "law/borders.toml"
_MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class TypeAtRisk:
    """A group of object types that a watch list names for some states; years with BC negative, None where open.

    ``types``, ``materials`` and ``cultures`` are English words that the lexicon resolves. An entry without types
    is a remark and never matches.
    """

    id: str
    origins: tuple[str, ...]
    region: str
    watch_list: str
    name: str
    types: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    cultures: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    look_for: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    seen: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A convention, resolution, measure or law, with all its conditions; what is empty or None is no condition.

    Dates are ISO 8601, ages in years, values in euros. ``goods`` and ``types`` (ids of the lexicon) say together
    which objects are covered, any one of them. ``made_until`` is the last year of making that is covered. ``papers``
    are the kinds of which one is wanted. ``removed_since`` is the day from which removal counts.
    """

    id: str
    kind: Kind
    effect: Effect
    name: str
    border: str = ""
    origins: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ()
    goods: tuple[GoodsGroup, ...] = ()
    types: tuple[str, ...] = ()
    min_age: int | None = None
    made_until: int | None = None
    min_value_eur: int | None = None
    papers: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    removed_since: str = ""
    note: str = ""
    verified: bool = False
    sources: tuple[str, ...] = ()
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Border:
    """A border whose own law is held; ``members`` are the states that stand behind it."""

    code: str
    name: str
    members: tuple[str, ...]
    call: str
    call_source: str = ""


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """What the law's words mean for the kinds of object and cultures in the lexicon, by their ids."""

    archaeological: tuple[str, ...]
    archaeological_when_old: tuple[str, ...]
    archaeological_until: int
    monument: tuple[str, ...]
    cultural: tuple[str, ...]
    culture_until: Mapping[str, int]
    culture_area: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts that a check is judged by; ``version`` names an authority's own facts as well."""

    version: str
    types: tuple[TypeAtRisk, ...]
    instruments: tuple[Instrument, ...]
    borders: tuple[Border, ...]
    goods: GoodsFacts


@cache
def load_facts(overlay: Path | None = None) -> Facts:
    """Read the facts that come with the program, and an authority's own on top of them.

    Args:
        overlay: a folder with any of the files of the same names; an entry with an id that is known replaces it,
            another one is added. Each file names its own version.

    Raises:
        InputError: a file of the overlay cannot be read or says what it cannot mean.
    """
    types, law = _json(data_folder() / TYPES_NAME), _json(data_folder() / LAW_NAME)
    borders = _toml(data_folder() / BORDERS_NAME)
    goods = _toml(data_folder() / GOODS_NAME)
    own: dict[str, str] = {}
    if overlay is not None:
        types = _with_own(types, "entries", overlay / TYPES_NAME, own)
        law = _with_own(law, "instruments", overlay / LAW_NAME, own)
        borders = {**borders, **_own_borders(overlay / BORDERS_NAME, own)}
        if not own:
            raise InputError(
                f"{overlay} has none of the files of facts.",
                next_step=f"Put {TYPES_NAME}, {LAW_NAME} or {BORDERS_NAME} there, or remove the setting `facts`.",
            )
    return Facts(
        version="+".join((law["version"], *dict.fromkeys(own.values()))),
        types=tuple(TypeAtRisk(**_checked_fields(TypeAtRisk, entry)) for entry in types["entries"]),
        instruments=tuple(Instrument(**_checked_fields(Instrument, entry)) for entry in law["instruments"]),
        borders=tuple(_border(code, entry) for code, entry in borders.items() if isinstance(entry, dict)),
        goods=_goods(goods),
    )


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _with_own(content: dict[str, Any], name: str, path: Path, own: dict[str, str]) -> dict[str, Any]:
    """The shipped entries with an authority's own in the place of those of the same id."""
    if not path.is_file():
        return content
    shape: type[TypeAtRisk | Instrument] = TypeAtRisk if name == "entries" else Instrument
    try:
        added = _checked(path)
        own[path.name] = str(added["version"])
        entries = {entry["id"]: entry for entry in content[name]}
        for entry in added[name]:
            _checked_fields(shape, entry)
            entries[entry["id"]] = entry
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unusable(path, error) from error
    return {**content, name: list(entries.values())}


def _own_borders(path: Path, own: dict[str, str]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        borders = _toml(path)
        own[path.name] = str(borders["version"])
        for code, entry in borders.items():
            if isinstance(entry, dict):
                _border(code, entry)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise _unusable(path, error) from error
    return borders


def _checked(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("it is too large")
    return _json(path)


def _unusable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"{path} is no file of facts: {error}",
        next_step="Correct it after docs/law-and-types-at-risk.md, or remove the setting `facts`.",
    )


def _border(code: str, entry: Mapping[str, Any]) -> Border:
    members = entry["members"]
    if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
        raise TypeError(f"the members of {code} are {members!r}")
    return Border(code, str(entry["name"]), tuple(members), str(entry["call"]), str(entry.get("call_source", "")))


def _goods(content: Mapping[str, Any]) -> GoodsFacts:
    return GoodsFacts(
        archaeological=tuple(content["archaeological"]),
        archaeological_when_old=tuple(content["archaeological_when_old"]),
        archaeological_until=content["archaeological_until"],
        monument=tuple(content["monument"]),
        cultural=tuple(content["cultural"]),
        culture_until=content["culture_until"],
        culture_area={name: tuple(states) for name, states in content["culture_area"].items()},
    )


def _checked_fields(shape: type[TypeAtRisk] | type[Instrument], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of one fact, each checked, so that a typing error of an authority is no silent rule."""
    fields = shape.__dataclass_fields__
    if unknown := sorted(entry.keys() - fields.keys()):
        raise ValueError(f"{entry.get('id')!r} has unknown fields: {', '.join(unknown)}")
    needed = [name for name, field in fields.items() if field.default is MISSING]
    if missing := [name for name in needed if not entry.get(name)]:
        raise ValueError(f"{entry.get('id')!r} lacks {', '.join(missing)}")
    return {name: _value(name, value, str(fields[name].type)) for name, value in entry.items()}


_CHECKS: Mapping[str, tuple[type, ...]] = {"int | None": (int,), "bool": (bool,), "str": (str,)}
_CLOSED = {"kind": Kind, "effect": Effect, "directions": Direction, "goods": GoodsGroup}


def _value(name: str, value: Any, shape: str) -> Any:  # noqa: ANN401  # JSON on the way in, a dataclass's field on the way out
    closed = _CLOSED.get(name)
    if isinstance(value, list) and all(isinstance(part, str) for part in value) and "tuple" in shape:
        return tuple(closed(part) for part in value) if closed else tuple(value)
    if value is None and "None" in shape:
        return None
    if isinstance(value, str) and closed:
        return closed(value)
    kinds = next((kinds for text, kinds in _CHECKS.items() if text in shape), ())
    if not isinstance(value, kinds) or (int in kinds and isinstance(value, bool)):
        raise TypeError(f"{name} is {value!r}")
    return value


def states_of(instruments: Iterable[Instrument]) -> tuple[str, ...]:
    """Every state of origin that instruments name."""
    return tuple(sorted({origin for entry in instruments for origin in entry.origins}))
