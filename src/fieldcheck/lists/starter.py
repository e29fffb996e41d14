"""The starter list that comes with the program: publicly known missing works, as ``data/lists/starter.jsonl``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fieldcheck.cache.info import ListInfo
from fieldcheck.cache.schema import MANY_VALUED
from fieldcheck.lists.interface import read_descriptor
from fieldcheck.models import Record, Status

_EXTRA = frozenset({"from_memory", "date_note"})


def read_starter(folder: Path) -> tuple[ListInfo, Iterator[Record]]:
    """Read the starter list's descriptor and records from the folder that holds both."""
    descriptor = read_descriptor(folder / "starter.toml")
    lines = (folder / "starter.jsonl").read_text(encoding="utf-8").splitlines()
    return descriptor.info(), (_record(json.loads(line)) for line in lines)


def _record(row: dict[str, Any]) -> Record:
    unverified = [*row.get("from_memory", ()), *(["stolen_on"] if "date_note" in row else [])]
    fields: dict[str, Any] = {name: value for name, value in row.items() if name not in _EXTRA and name != "status"}
    many: dict[str, Any] = {name: _tuple(fields.pop(name)) for name in MANY_VALUED if name in fields}
    return Record(**fields, **many, status=Status(row["status"]), unverified=tuple(dict.fromkeys(unverified)))


def _tuple(value: str | list[str]) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(" | ")) if isinstance(value, str) else tuple(value)
