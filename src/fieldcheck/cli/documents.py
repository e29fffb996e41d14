"""Documents that a command writes beside its report on the screen, each to a file that the officer names."""

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli.output import note
from fieldcheck.errors import InputError, StorageError, UsageError

if TYPE_CHECKING:
    from fieldcheck.cli.casework import CaseLog
    from fieldcheck.models import Result
    from fieldcheck.report.page import Document
    from fieldcheck.report.pictures import Pictures


@enum.unique
class Sheet(enum.StrEnum):
    """Who a result is shown and written for."""

    FULL = "full"
    HOLDER = "holder"
    OBJECT_ID = "object-id"


_MOST_BYTES = 200_000_000
"""Bytes of a document that are searched for its mark; none of ours comes near."""

Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a report with photos for any browser.", show_default=False),
]
Pdf = Annotated[
    Path | None,
    typer.Option("--pdf", metavar="FILE", help="Write it as archival PDF; needs fieldcheck[pdf].", show_default=False),
]
SheetFor = Annotated[
    Sheet,
    typer.Option(
        "--sheet", help="The full report, a sheet for the holder of the object, or Object ID.", case_sensitive=False
    ),
]


def hold_documents(html: Path | None, pdf: Path | None) -> None:
    """Make sure, before any work is done, that these reports may be written and can be.

    Raises:
        InputError: there is something else than a report of this program.
        UsageError: what writes PDF is not installed, or both are one file.
    """
    hold_html(html)
    if pdf is None:
        return
    if html and html.resolve() == pdf.resolve():
        raise UsageError("One file is named twice.", next_step="Give --html and --pdf a file each.")
    from fieldcheck.report.pdf import BEGINNING, MARK, require_typst

    require_typst()
    hold(pdf, BEGINNING, "a PDF report", MARK)


def write_documents(html: Path | None, pdf: Path | None, document: "Document") -> None:
    """Write a document in each of the forms that were asked for.

    Raises:
        StorageError: one cannot be written; what was there before is unchanged.
        FieldcheckError: the PDF cannot be set; the HTML is written.
    """
    if html:
        write_html(html, document)
    if pdf:
        from fieldcheck.report.pdf import pdf_document

        made = pdf_document(document)
        write_document(pdf, made.content)
        for remark in made.remarks:
            note(f"Note: {remark}")


def document_for(sheet: Sheet, result: "Result", pictures: "Pictures", log: "CaseLog | None" = None) -> "Document":
    """A result as the document that was asked for; ``log`` says where it stands in the casebook."""
    closing = log.lines if log else ()
    if sheet is Sheet.HOLDER:
        from fieldcheck.report.content_holder import holder_document

        return holder_document(result, pictures, log.logged.case if log and log.logged else "")
    if sheet is Sheet.OBJECT_ID:
        from fieldcheck.report.content_object_id import object_id_document

        return object_id_document(result, pictures, closing)
    from fieldcheck.report.content_report import report

    return report(result, pictures, closing)


def hold_html(path: Path | None) -> None:
    """Make sure, before any work is done, that a report may be written there.

    Raises:
        InputError: there is something else than a report of this program.
    """
    if path is None:
        return
    from fieldcheck.report.html import BEGINNING

    hold(path, BEGINNING.encode(), "an HTML report")


def write_html(path: Path, document: "Document") -> None:
    """Write a document as one HTML file, whole or not at all.

    Raises:
        StorageError: it cannot be written; what was there before is unchanged.
    """
    from fieldcheck.report.html import html_document

    write_document(path, html_document(document).encode("utf-8"))


def hold(path: Path, beginning: bytes, kind: str, mark: bytes = b"") -> None:
    """Refuse a path whose content is not as that of documents of this kind: it was named by mistake.

    Args:
        path: where a document is to be written.
        beginning: how documents of this kind begin.
        kind: what they are called.
        mark: what stands somewhere in each of them.

    Raises:
        InputError: there is something else.
    """
    try:
        if not path.exists():
            return
        with path.open("rb") as file:
            ours = file.read(len(beginning)) == beginning and (not mark or mark in file.read(_MOST_BYTES))
    except (OSError, ValueError):
        ours = False
    if not ours:
        raise InputError(
            f"{path} exists and is not {kind} of fieldcheck.", next_step="Name another file; nothing was written."
        )


def write_document(path: Path, content: bytes) -> None:
    """Write a document and say where it is.

    Raises:
        StorageError: it cannot be written; what was there before is unchanged.
    """
    from fieldcheck.files import write_whole

    try:
        write_whole(path, content)
    except (StorageError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise StorageError(
            f"The report {path} was not written: {reason}",
            next_step="Free some space or name another file, and run the command again.",
        ) from error
    note(f"Report: {path}")
