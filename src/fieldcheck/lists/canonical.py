"""The canonical import columns: their names, and a row of them as a record."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields

from pydantic import TypeAdapter, ValidationError

from fieldcheck.errors import InputError
from fieldcheck.lists.tables import Cell
from fieldcheck.lists.tables.model import shown
from fieldcheck.lists.words import STATUS, nearest
from fieldcheck.models import Record, Status

_FIELDS = {field.name: field for field in fields(Record) if field.name != "unverified"}

COLUMNS = tuple(_FIELDS)
"""The canonical import columns, in order; each is a field of `fieldcheck.models.Record`."""

MANY_VALUED = frozenset(name for name, field in _FIELDS.items() if isinstance(field.default, tuple))
"""The columns that may hold several values."""

MAX_ID = 200

_SHOWN = 20
_ADAPTER = TypeAdapter(Record)


class RowError(ValueError):
    """A row that is no record, and why; ``status`` is its status if that is what is not understood."""

    def __init__(self, message: str, status: str = "") -> None:
        super().__init__(message)
        self.status = status


def status_of(word: str) -> Status | None:
    """Return the status that a word stands for, in any of the languages of lists, or nothing."""
    return STATUS.get(" ".join(word.casefold().split()))


def to_record(values: Mapping[str, Cell]) -> Record:
    """Make a record of clean canonical values; fields with several are tuples.

    Raises:
        RowError: there is no id or too long a one, or the status is a word that means none.
    """
    key = values.get("id")
    if not isinstance(key, str) or not key:
        raise RowError("it has no id")
    if len(key) > MAX_ID:
        raise RowError(f"its id has more than {MAX_ID} characters")
    filled: dict[str, object] = dict(values)
    if word := values.get("status"):
        filled["status"] = status_of(str(word))
        if filled["status"] is None:
            raise RowError(f"its status is {shown(str(word))}", status=str(word))
    try:
        return _ADAPTER.validate_python(filled)
    except ValidationError as error:
        first = error.errors()[0]
        raise RowError(f"its {first['loc'][0]} is not valid: {first['msg']}") from error


def unknown_columns(names: Iterable[str], file: str) -> InputError:
    """Return the error that names the columns of a file that are neither canonical nor mapped."""
    unknown = {name: nearest(name, COLUMNS) for name in names}
    told = [f"{shown(name)} (perhaps {near})" if near else shown(name) for name, near in unknown.items()]
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    name, near = next(((name, near) for name, near in unknown.items() if near), (next(iter(unknown)), "description"))
    example = json.dumps(name[:60], ensure_ascii=False)
    return InputError(
        f"{file} has columns that are not known: {', '.join(told[:_SHOWN])}{more}.",
        next_step="Say in a map given with --map what each one is, or that it is to be ignored: "
        f'[columns] {example} = "{near}", or ignore = [{example}], or ignore = ["*"] for all the rest.',
    )
