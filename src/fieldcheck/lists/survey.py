"""The first pass over a list file: what it holds, and everything that is wrong with it."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from fieldcheck.errors import InputError
from fieldcheck.lists.canonical import RowError, to_record
from fieldcheck.lists.layout import HOW_TO_GIVE_IDS, Layout
from fieldcheck.lists.mapping import ListMap
from fieldcheck.lists.tables import BadRow, Reading, open_table
from fieldcheck.lists.tables.model import shown
from fieldcheck.models import Record, Status

_MAX_PROBLEMS = 200
_SHOWN = 5
_MAX_WORDS = 20


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a list file: its record, or the reason why it is none.

    ``strange_status`` is the word for its status where that is the reason.
    """

    line: int
    record: Record | None = None
    has_status: bool = True
    problem: str = ""
    strange_status: str = ""


def read_records(
    path: Path, layout: Layout, reading: Reading, notes: list[str] | None = None
) -> Generator[ReadRow, None, None]:
    """Yield what each row of a file gives; append to ``notes`` what had to be assumed.

    Raises:
        InputError: the file cannot be read, or the layout does not explain its columns.
    """
    with open_table(path, reading) as table:
        if table.columns:
            layout.check(table.columns)
        if notes is not None:
            notes.extend(table.notes)
        for row in table.rows:
            where = f"{table.place} {row.line}"
            if isinstance(row, BadRow):
                yield ReadRow(row.line, problem=f"{where}: {row.message}")
                continue
            try:
                values = layout.values(row)
                yield ReadRow(row.line, to_record(values), has_status="status" in values)
            except RowError as error:
                yield ReadRow(row.line, problem=f"{where}: {error}", strange_status=error.status)
            except ValueError as error:
                yield ReadRow(row.line, problem=f"{where}: {error}")


class Survey:
    """What one pass over a file found.

    ``count`` is the number of different records; ``repeated`` are the lines that repeat an earlier record in
    full.
    """

    def __init__(self, path: Path, mapping: ListMap, reading: Reading) -> None:
        """Read the whole file once.

        Raises:
            InputError: the file is refused as a whole; the message says why.
        """
        self._path = path
        self._mapping = mapping
        self._reading = reading
        self._layout = Layout(mapping, str(path))
        self._notes: list[str] = []
        self._problems: list[str] = []
        self._problem_count = 0
        self._without_status = 0
        self._strange_status: dict[str, str] = {}
        self._clashing: set[str] = set()
        self._content: dict[str, int] = {}
        self.repeated: list[int] = []
        for row in read_records(path, self._layout, reading, self._notes):
            self._add(row)
        self._refuse_as_a_whole()

    @property
    def count(self) -> int:
        """How many different records the file holds."""
        return len(self._content)

    @property
    def problems(self) -> tuple[str, ...]:
        """The rows that are no records, each with its place and the reason."""
        left = self._problem_count - len(self._problems)
        return (*self._problems, *([f"further rows that cannot be read: {left:,}"] if left else []))

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be assumed, in sentences."""
        notes = list(self._notes)
        if self.repeated:
            first = ", ".join(map(str, self.repeated[:_SHOWN]))
            notes.append(f"Rows that repeat an earlier one were merged: {len(self.repeated):,} (first: {first}).")
        if self._without_status:
            notes.append(
                f"Records without a status are taken as stolen: {self._without_status:,}; "
                'another can be set in a map: [defaults] status = "missing".'
            )
        if self._layout.unseen:
            notes.append(f"No row has what the map calls {', '.join(map(shown, sorted(self._layout.unseen)))}.")
        if self._mapping.numbers_rows:
            notes.append("The ids are row numbers: once rows are added or moved, no two versions can be compared.")
        return tuple(notes)

    def _add(self, row: ReadRow) -> None:
        if row.record is None:
            self._add_problem(row)
            return
        # The hash tells a repeated row from a clash without holding a million records.
        content = hash(row.record)
        if row.record.id not in self._content:
            self._content[row.record.id] = content
            self._without_status += not row.has_status
        elif self._content[row.record.id] == content:
            self.repeated.append(row.line)
        else:
            self._clashing.add(row.record.id)

    def _add_problem(self, row: ReadRow) -> None:
        self._problem_count += 1
        if len(self._problems) < _MAX_PROBLEMS:
            self._problems.append(row.problem)
        if row.strange_status and len(self._strange_status) < _MAX_WORDS:
            self._strange_status.setdefault(row.strange_status, row.problem.partition(":")[0])

    def _refuse_as_a_whole(self) -> None:
        if self._strange_status:
            words = ", ".join(f"{shown(word)} ({where})" for word, where in self._strange_status.items())
            raise InputError(
                f"{self._path} has words for a status that are not known: {words}.",
                next_step=f"Say in a map given with --map which of {', '.join(Status)} each one means: "
                '[status] "their word" = "stolen"; or give the column another meaning, or ignore it.',
            )
        if self._clashing:
            raise self._clash()
        if not self._content:
            told = "; ".join(self._problems[:_SHOWN])
            raise InputError(
                f"{self._path} holds no record that can be read" + (f": {told}." if told else "."),
                next_step=HOW_TO_GIVE_IDS if "no id" in told else "Check that this is the right file.",
            )

    def _clash(self) -> InputError:
        """Read the file again for the lines of the ids that different objects have."""
        asked = sorted(self._clashing)[:_SHOWN]
        lines: dict[str, list[int]] = {key: [] for key in asked}
        for row in read_records(self._path, Layout(self._mapping, str(self._path)), self._reading):
            if row.record and row.record.id in lines and len(lines[row.record.id]) < _SHOWN:
                lines[row.record.id].append(row.line)
        told = "; ".join(f"{shown(key)} in {', '.join(map(str, where))}" for key, where in lines.items())
        more = f"; and {len(self._clashing) - len(asked):,} more" if len(self._clashing) > len(asked) else ""
        return InputError(
            f"{self._path} gives one id to different objects (id and lines): {told}{more}.",
            next_step="Correct the list, or make the id of several columns in a map given with --map: "
            'id_from = ["…", "…"].',
        )
