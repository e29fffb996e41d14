"""The facts of ``data/types_at_risk.json``: which types of object are at risk where, and which rules stand."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from fieldcheck.datafiles import data_folder

FACTS_NAME = "types_at_risk.json"


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
    types: tuple[str, ...]
    materials: tuple[str, ...]
    cultures: tuple[str, ...]
    year_from: int | None
    year_to: int | None
    look_for: tuple[str, ...]
    unverified: tuple[str, ...]
    sources: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A convention, resolution, measure or national law that concerns objects from some states.

    Dates are ISO 8601 or empty; ``border`` is the code of the only border at which it applies, or empty.
    """

    id: str
    kind: str
    origins: tuple[str, ...]
    border: str
    name: str
    valid_from: str
    valid_to: str
    removed_since: str
    note: str
    verified: bool
    sources: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one version of the file."""

    version: str
    types: tuple[TypeAtRisk, ...]
    instruments: tuple[Instrument, ...]


@cache
def load_facts() -> Facts:
    """Read the facts that come with the program."""
    content = json.loads((data_folder() / FACTS_NAME).read_text(encoding="utf-8"))
    return Facts(
        version=content["version"],
        types=tuple(TypeAtRisk(**_fields(entry, TypeAtRisk)) for entry in content["entries"]),
        instruments=tuple(Instrument(**_fields(entry, Instrument)) for entry in content["instruments"]),
    )


def _fields(entry: dict[str, Any], shape: type[TypeAtRisk] | type[Instrument]) -> dict[str, Any]:
    names = shape.__dataclass_fields__
    values = {name: entry.get(name) for name in names}
    return {name: _plain(value, str(names[name].type)) for name, value in values.items()}


def _plain(value: Any, shape: str) -> Any:  # noqa: ANN401  # JSON on the way in, a dataclass's field on the way out
    if isinstance(value, list):
        return tuple(value)
    return "" if value is None and "None" not in shape else value
