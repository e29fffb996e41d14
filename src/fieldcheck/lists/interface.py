"""What every list has: a descriptor (data, from its TOML) and, where it can be fetched, a source (a parser).

A source does no I/O. It names the page that comes next and turns a page's bytes into records; `fieldcheck.sync`
fetches, keeps and judges.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from fieldcheck.cache.info import ListInfo
from fieldcheck.errors import InputError
from fieldcheck.models import Record

_KEPT = frozenset({"id", "status"})
_FIELDS = frozenset(field.name for field in fields(Record))


def _droppable(name: str) -> str:
    if name not in _FIELDS - _KEPT:
        raise ValueError(f"'{name}' is no field of a record that can be dropped")
    return name


Droppable = Annotated[str, AfterValidator(_droppable)]
ListId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Assertions(BaseModel):
    """What a complete copy of the list must satisfy; a copy that does not is refused.

    ``fill`` maps a record's field to the least share (0 to 1) of records in which it is not empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_records: int = 1
    max_records: int = 10_000_000
    fill: dict[str, float] = Field(default_factory=dict)


class Descriptor(BaseModel):
    """A list's public face: who publishes it, on which terms, from where, how often.

    ``hosts`` are the only hosts that a sync of this list may speak to. ``drop_fields`` are never cached.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ListId
    name: str
    publisher: str
    licence: str
    terms: str
    url: str
    endpoint: str = ""
    hosts: tuple[str, ...] = ()
    image_hosts: tuple[str, ...] = ()
    cadence_days: int = 7
    pause_s: float = 1.0
    published: str = ""
    seen: str = ""
    drop_fields: tuple[Droppable, ...] = ()
    assertions: Assertions = Assertions()

    def kept(self, records: Mapping[str, Record]) -> dict[str, Record]:
        """The records without the fields that are never cached, by the same keys."""
        gone: dict[str, Any] = {field.name: field.default for field in fields(Record) if field.name in self.drop_fields}
        return {key: replace(record, **gone) for key, record in records.items()} if gone else dict(records)

    def info(self) -> ListInfo:
        """What the cache keeps of this with every version of the list."""
        return ListInfo(
            id=self.id,
            name=self.name,
            publisher=self.publisher,
            licence=self.licence,
            terms=self.terms,
            url=self.url,
            published=self.published,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list as its publisher answered it.

    ``total`` is the number of records that the publisher says the whole list has; ``problems`` names entries
    that could not be read, in words.
    """

    records: tuple[Record, ...]
    total: int
    problems: tuple[str, ...] = ()


class Source(Protocol):
    """A publisher's list that can be fetched page by page."""

    @property
    def descriptor(self) -> Descriptor:
        """The list's public face."""
        ...

    def page_url(self, number: int) -> str:
        """The address of page ``number``, counted from 1."""
        ...

    def parse_page(self, body: bytes) -> Page:
        """Read one page.

        Raises:
            SourceError: the body is not a page of this list (a bot wall's HTML, for example).
        """
        ...


def read_descriptor(path: Path) -> Descriptor:
    """Read a list's TOML.

    Raises:
        InputError: the file is missing, is not TOML, or does not describe a list.
    """
    try:
        return Descriptor.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} does not describe a list: {error}",
            next_step="Compare the file with the descriptors that come with fieldcheck.",
        ) from error
