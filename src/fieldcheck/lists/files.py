"""Reading a list that somebody hands over as a file: CSV, TSV, Excel, JSON or JSON Lines.

The file is gone through twice: first to find everything that is wrong with it, so that it is refused or
reported as a whole, then to give its records one by one. Between the passes only the ids are held.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from fieldcheck.cache.info import ListInfo
from fieldcheck.errors import InputError
from fieldcheck.lists.interface import ListId
from fieldcheck.lists.layout import Layout
from fieldcheck.lists.mapping import ListMap
from fieldcheck.lists.survey import Survey, read_records
from fieldcheck.lists.tables import Reading
from fieldcheck.models import Record


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a list file; each iteration reads the file anew, so that a million need no memory.

    ``repeated`` are the lines that repeat an earlier record in full.
    """

    path: Path
    mapping: ListMap
    reading: Reading
    repeated: frozenset[int]

    def __iter__(self) -> Iterator[Record]:
        with closing(read_records(self.path, Layout(self.mapping, str(self.path)), self.reading)) as rows:
            for row in rows:
                if row.record and row.line not in self.repeated:
                    yield row.record


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A list file that can be imported.

    ``problems`` name the rows that are left out, each with its place and the reason; ``notes`` say what was
    assumed.
    """

    info: ListInfo
    records: Records
    count: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def read_list_file(
    path: Path, *, list_id: str, mapping: ListMap | None = None, published: str = "", encoding: str = ""
) -> ImportedList:
    """Read a list file.

    ``published`` (ISO 8601) and ``encoding`` go before what the map says.

    Raises:
        InputError: the file cannot be read, has columns or words for a status that nothing explains, gives
            one id to different objects, or holds no record at all. Rows that cannot be read raise nothing.
    """
    chosen = mapping or ListMap()
    info = _info(chosen, list_id, published)
    file = chosen.file
    reading = Reading(encoding or file.encoding, file.delimiter, file.sheet, file.rows)
    survey = Survey(path, chosen, reading)
    records = Records(path, chosen, reading, frozenset(survey.repeated))
    return ImportedList(info, records, survey.count, survey.problems, survey.notes)


def _info(mapping: ListMap, list_id: str, published: str) -> ListInfo:
    try:
        TypeAdapter(ListId).validate_python(list_id)
    except ValidationError as error:
        raise InputError(
            f"{list_id[:40]!r} cannot be the id of a list.",
            next_step="Use up to 40 lower-case letters, digits and hyphens, such as museum-losses.",
        ) from error
    try:
        day = date.fromisoformat(published).isoformat() if published else ""
    except ValueError as error:
        raise InputError(
            f"{published[:40]!r} is no date.", next_step="Write the day of publication as 2026-01-31."
        ) from error
    said = mapping.list_
    return ListInfo(
        list_id,
        said.name or list_id,
        said.publisher,
        said.licence,
        said.terms,
        said.url,
        day or said.published,
    )
