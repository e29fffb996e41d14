"""Options of commands that log to the casebook, and logging a result as one goes by."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldcheck.cli.output import note
from fieldcheck.errors import FieldcheckError, NotFoundError, UsageError

if TYPE_CHECKING:
    from fieldcheck.casebook.head import Logged
    from fieldcheck.casebook.log import Casebook
    from fieldcheck.cli.session import Session
    from fieldcheck.models import Result
    from fieldcheck.report.page import Page

Case = Annotated[
    str,
    typer.Option("--case", metavar="REF", help="Log it in the casebook under this file number.", show_default=False),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, in a sentence; it is logged.", show_default=False)
]
Officer = Annotated[
    str | None,
    typer.Option("--officer", metavar="CODE", help="Badge or unit code to log.", show_default=False),
]

_CHECK_SETTINGS = ("border", "top", "max_list_age")


@dataclass(slots=True)
class CaseLog:
    """Logs results of one case as they come; where that fails, the verdict is shown and the command then fails.

    ``asked`` are the lists that the check was limited to.
    """

    session: "Session"
    case: str
    reason: str
    book: "Casebook | None"
    asked: tuple[str, ...] = ()
    logged: "Logged | None" = None
    failure: FieldcheckError | None = field(default=None)

    @property
    def lines(self) -> "Page":
        """The line that a report of the last result ends with; empty where nothing was logged."""
        if self.logged is None:
            return ()
        from fieldcheck.casebook.pages import logged_line

        return (logged_line(self.logged),)

    def result(self, result: "Result") -> None:
        """Log a result."""
        if self.book:
            from fieldcheck.report.json_result import result_to_dict

            self.line(result_to_dict(result))

    def line(self, content: Mapping[str, Any], *, once: bool = False) -> None:
        """Log the JSON of a result, or of an item that could not be checked; ``once`` passes over one that is there."""
        if self.book is None or self.failure:
            return
        from fieldcheck.casebook.head import Logged

        settings = {name: self.session.settings[name] for name in _CHECK_SETTINGS} | {"lists": list(self.asked)}
        try:
            entry = self.book.log_check(self.case, content, reason=self.reason, settings=settings, once=once)
        except FieldcheckError as error:
            self.failure = error
            self.logged = None
        else:
            self.logged = Logged(self.case, entry.head)

    def text(self, line: str) -> None:
        """Log a line of a shipment."""
        if self.book:
            self.line(json.loads(line))

    def kept_lines(self, path: Path, refs: frozenset[str]) -> None:
        """Log what an earlier run made of these items, where the case has it not yet; the last line on each counts."""
        if self.book is None or not refs:
            return
        with path.open("rb") as file:
            lines = (json.loads(text) for text in file)
            last = {line["ref"]: line for line in lines if line["ref"] in refs and "error" not in line}
        for line in last.values():
            self.line(line, once=True)

    def close(self) -> None:
        """Say where the log ends, so that it can be written down.

        Raises:
            FieldcheckError: something could not be logged.
        """
        if self.failure:
            note(f"Error: NOT in the casebook: this check of case {self.case}.")
            raise self.failure
        if self.logged:
            note(f"Logged: {self.logged.words}.")


@contextmanager
def case_log(session: "Session", case: str, reason: str, asked: tuple[str, ...] = ()) -> Iterator[CaseLog]:
    """A log for the results of this command; one that does nothing where no case was named.

    Raises:
        UsageError: a reason was given without a case, or the case's reference is none.
        StorageError: the casebook cannot be written.
    """
    if not case:
        if reason:
            raise UsageError("A reason is logged with a case.", next_step="Add --case REF, or leave out --reason.")
        yield CaseLog(session, "", "", None)
        return
    from fieldcheck.casebook.given import case_reference, told
    from fieldcheck.casebook.log import open_casebook

    reference, why = case_reference(case), told(reason)
    with open_casebook(session.home, session.settings["officer"]) as book:
        yield CaseLog(session, reference, why, book, asked)


def result_by_name(session: "Session", name: str, ref: str, action: str) -> "Result":
    """A result that is kept, in a file, or else in the casebook, where the look at it is logged.

    Raises:
        NotFoundError: there is none, or more than one begins so.
        IntegrityError: it was changed.
    """
    from fieldcheck.results import find_result

    try:
        return find_result(session.settings.home, name, ref)
    except NotFoundError:
        found = None if ref else _logged_result(session, name, action)
        if found is None:
            raise
        return found


def _logged_result(session: "Session", name: str, action: str) -> "Result | None":
    if session.settings.home is None or not name:
        return None
    from fieldcheck.casebook.finding import find_logged
    from fieldcheck.casebook.log import open_casebook
    from fieldcheck.report.json_result import result_from_dict

    found = find_logged(session.settings.home, name)
    if found is None:
        return None
    with open_casebook(session.home, session.settings["officer"]) as book:
        book.note_access(found.case, action, "")
    return result_from_dict(found.result)
