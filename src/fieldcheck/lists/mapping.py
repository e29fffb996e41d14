"""A map: how the columns and words of somebody else's list become the canonical ones (``--map MAP.toml``)."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from fieldcheck.errors import InputError
from fieldcheck.lists.canonical import COLUMNS, MANY_VALUED, status_of
from fieldcheck.lists.interface import Assertions
from fieldcheck.lists.tables import column_key
from fieldcheck.lists.words import nearest
from fieldcheck.models import Status

ROW_NUMBER = "row-number"
_MAX_TEXT = 1_000_000
# Parts of a place in a validation error that are pydantic's, not the map's.
_PYDANTIC_STEPS = ("[key]", "tuple[", "literal[", "function-")


def _one_of(known: frozenset[str], what: str) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name not in known:
            near = nearest(name, known)
            raise ValueError(f"'{name}' is no {what}" + (f"; perhaps '{near}'" if near else ""))
        return name

    return check


def _iso_date(value: object) -> object:
    """Take a date as TOML or text has it."""
    if isinstance(value, str) and value:
        return date.fromisoformat(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _id_columns(value: object) -> object:
    return (value,) if isinstance(value, str) and value != ROW_NUMBER else value


def _status_word(word: str) -> str:
    return word.strip().casefold()


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _by_key(table: object) -> object:
    """Key a table by how column names are compared, so that case and spaces make no difference."""
    if not isinstance(table, dict):
        return table
    keyed = {column_key(name): value for name, value in table.items()}
    if len(keyed) < len(table):
        raise ValueError("one column is named twice (case, spaces, hyphens and underscores make no difference)")
    return keyed


Key = Annotated[str, AfterValidator(column_key)]
Target = Annotated[str, AfterValidator(_one_of(frozenset(COLUMNS), "column of a list"))]
Many = Annotated[str, AfterValidator(_one_of(MANY_VALUED, "column that can have several values"))]
Single = Annotated[str, AfterValidator(_one_of(frozenset(COLUMNS) - MANY_VALUED, "column that has one value"))]
Droppable = Annotated[str, AfterValidator(_one_of(frozenset(COLUMNS) - {"id", "status"}, "column that can be dropped"))]
IsoDate = Annotated[str, BeforeValidator(_iso_date)]
Separator = Annotated[str, Field(min_length=1, max_length=20)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ListTable(_Table):
    """``[list]``: who publishes the list, on which terms, as of which day, what is never kept, what must be so."""

    name: str = ""
    publisher: str = ""
    licence: str = ""
    terms: str = ""
    url: str = ""
    published: IsoDate = ""
    drop_fields: tuple[Droppable, ...] = ()
    assertions: Assertions = Assertions()


class FileTable(_Table):
    """``[file]``: how to read the file where it does not say so itself."""

    encoding: str = ""
    delimiter: str = Field(default="", max_length=1)
    sheet: str = ""
    rows: str = ""


class ListMap(_Table):
    """A map as a whole; `docs/import-a-list.md` explains each key by an example."""

    list_: ListTable = Field(default=ListTable(), alias="list")
    file: FileTable = FileTable()
    columns: Annotated[
        dict[str, Annotated[tuple[Target, ...], BeforeValidator(_as_tuple)]], BeforeValidator(_by_key)
    ] = Field(default_factory=dict)
    ignore: tuple[Key, ...] = ()
    id_from: Annotated[tuple[Key, ...] | Literal["row-number"], BeforeValidator(_id_columns)] = ()
    defaults: dict[Target, str] = Field(default_factory=dict)
    status: dict[Annotated[str, AfterValidator(_status_word)], Status] = Field(default_factory=dict)
    split: dict[Many, Separator] = Field(default_factory=dict)
    join: dict[Single, Separator] = Field(default_factory=dict)
    units: Annotated[dict[str, str], BeforeValidator(_by_key)] = Field(default_factory=dict)
    labels: Annotated[dict[str, str], BeforeValidator(_by_key)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        known = self.sources | set(COLUMNS)
        for table in ("units", "labels"):
            if strange := sorted(set(getattr(self, table)) - known):
                raise ValueError(f"{table}: '{strange[0]}' is neither a column under [columns] nor a column of a list")
        if (word := self.defaults.get("status")) and status_of(word) is None:
            raise ValueError(f"defaults.status: '{word}' is none of {', '.join(Status)}")
        return self

    @property
    def ignores_the_rest(self) -> bool:
        """Whether every column that is not named is ignored."""
        return "*" in self.ignore

    @property
    def numbers_rows(self) -> bool:
        """Whether a record's id is the number of its row."""
        return self.id_from == ROW_NUMBER

    @property
    def id_columns(self) -> tuple[str, ...]:
        """The keys of the columns that make up the id together."""
        return self.id_from if isinstance(self.id_from, tuple) else ()

    @property
    def sources(self) -> frozenset[str]:
        """The keys of all columns of the file that the map makes use of."""
        return frozenset(self.columns) | frozenset(self.id_columns)


def read_map(path: Path) -> ListMap:
    """Read a map.

    Raises:
        InputError: the file is missing, is not TOML, or has keys or values that no map has; it names each.
    """
    try:
        return ListMap.model_validate(tomllib.loads(_text(path)))
    except ValidationError as error:
        told = "; ".join(_told(problem) for problem in error.errors()[:10])
        raise InputError(
            f"{path} is not a map: {told}.",
            next_step="Correct these keys; the documentation explains them under “Import a list”.",
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(
            f"{path} cannot be read as a map: {reason}.",
            next_step='A map is a TOML file with lines such as "Titre" = "title" under [columns].',
        ) from error


def _text(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as stream:
        text = stream.read(_MAX_TEXT + 1)
    if len(text) > _MAX_TEXT:
        raise ValueError(f"it holds more than {_MAX_TEXT:,} characters")
    return text


def _told(problem: Mapping[str, Any]) -> str:
    steps = (part for part in problem["loc"] if isinstance(part, str))
    place = ".".join(step for step in steps if not step.startswith(_PYDANTIC_STEPS))
    if problem["type"] == "extra_forbidden":
        near = nearest(place.rpartition(".")[2], ListMap.model_fields)
        return f"there is no key {place}" + (f" (perhaps {near})" if near else "")
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
