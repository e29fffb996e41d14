"""Documents as archival PDF (PDF/A-2b, ISO 19005-2), set by typst from a fixed template.

Nothing of a document is ever markup: the template receives it as JSON, shows every text as text, and reads no file.
"""

import json
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from typing import Any, Final, Literal

from fieldcheck.datafiles import data_folder
from fieldcheck.errors import FieldcheckError, UsageError
from fieldcheck.report.page import Document
from fieldcheck.report.pdf_data import document_data

BEGINNING = b"%PDF-"
MARK = b"fieldcheck report"
"""How a file begins, and what it says of itself, that this module wrote; any other is not written over."""

_ARCHIVAL: Final = "a-2b"
_ORDINARY: Final = "1.7"


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF and, in sentences, what of it is not as it should be."""

    content: bytes
    remarks: tuple[str, ...] = ()


def require_typst() -> None:
    """Make sure that PDF can be written here.

    Raises:
        UsageError: typst is not installed.
    """
    if find_spec("typst") is None:
        raise UsageError(
            "PDF needs a part that is not installed; nothing was checked or written.",
            next_step="Install it with `pip install 'fieldcheck[pdf]'`, or write --html and print that.",
        )


def pdf_document(document: Document) -> Pdf:
    """The whole file; the same document and fonts give the same bytes.

    A letter that no font on this computer has, or a picture that cannot be decoded, is no reason for no report: then
    the file is an ordinary PDF, or is without pictures, and says so.

    Raises:
        UsageError: typst is not installed.
        FieldcheckError: typst fails.
    """
    require_typst()
    from typst import TypstError

    day = _day(document.day)
    remarks: list[str] = []
    data = document_data(document, day)
    if day is None:
        remarks.append("The PDF is not archival: it bears no date.")
    else:
        try:
            return Pdf(_compiled(data, _ARCHIVAL))
        except TypstError:
            remarks.append(
                "The PDF is not archival (PDF/A): it has letters that no font on this computer has, or a picture that "
                "cannot be kept so. Install fonts for the scripts in it, such as Noto, and write it again."
            )
    try:
        return Pdf(_compiled(data, _ORDINARY), tuple(remarks))
    except TypstError:
        remarks.append("The PDF has no pictures: one of them cannot be decoded.")
    try:
        return Pdf(_compiled(document_data(document, day, pictures=False), _ORDINARY), tuple(remarks))
    except TypstError as error:
        raise FieldcheckError(
            f"The PDF could not be set: {error}.", next_step="Write --html and print that; report what is printed here."
        ) from error


def _compiled(data: dict[str, Any], standard: Literal["a-2b", "1.7"]) -> bytes:
    import typst

    folder = data_folder() / "report"
    inputs = {"data": json.dumps(data, ensure_ascii=False, allow_nan=False)}
    return typst.compile(
        str(folder / "report.typ"),
        root=str(folder),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[standard],
        timestamp=0,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
