"""Excel workbooks (.xlsx): dates as ISO 8601, numbers as shown, formulas by their stored results."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from fieldcheck.errors import InputError
from fieldcheck.lists.tables.model import (
    MAX_CELL,
    MAX_COLUMNS,
    BadRow,
    Reading,
    Row,
    Table,
    column_names,
    shown,
)

_MAX_UNPACKED = 512 * 1024**2
_MAX_PARTS = 10_000
_XML = (".xml", ".rels", ".vml")
_LONGEST_PROLOG = 65_536
_MAX_SHEET_ROWS = 1_048_576
_HEADER_WITHIN = 50
_CHUNK = 1_000


@contextmanager
def open_workbook(path: Path, reading: Reading) -> Iterator[Table]:
    """Open one sheet of a workbook: the one named, or else the first visible one.

    Raises:
        InputError: the file is no workbook, is damaged or too large when unpacked, or has no such sheet.
    """
    _check_parts(path)
    with _damage(path):
        import openpyxl

        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        sheet, notes = _sheet(book, reading.sheet, path)
        header_row, header = _header(sheet, path)
        columns = column_names(header, str(path))
        yield Table(columns, _rows(sheet, header_row, columns, path), "row", notes)
    finally:
        book.close()


def _check_parts(path: Path) -> None:
    """Refuse what is no workbook, or unpacks to more than a workbook should, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) <= _MAX_UNPACKED and len(parts) <= _MAX_PARTS:
                _refuse_declarations(path, archive)
    except (zipfile.BadZipFile, OSError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise InputError(
            f"{path} is not an Excel workbook, or is damaged.",
            next_step="Save it as .xlsx (not .xls, and without a password) or as CSV.",
        ) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise InputError(
            f"{path} is a zip archive, but not an Excel workbook.",
            next_step="Unpack it and import what it holds.",
        )
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise InputError(
            f"{path} unpacks to more than {_MAX_UNPACKED // 1024**2} MB.",
            next_step="Save the sheet as CSV: such a file may be larger.",
        )


def _refuse_declarations(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse XML that declares a document type: no spreadsheet program does, and entities are declared in one."""
    for part in archive.infolist():
        if part.filename.casefold().endswith(_XML):
            with archive.open(part) as stream:
                if _declares_type(stream.read(_LONGEST_PROLOG)):
                    raise InputError(
                        f"{path} was refused: {shown(part.filename)} in it declares XML entities.",
                        next_step="Do not use this file; no spreadsheet program writes such a one.",
                    )


def _declares_type(beginning: bytes) -> bool:
    """Whether a document type is, or may be, declared before the first element, in whatever encoding."""
    found: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    parser.StartElementHandler = lambda *_: found.append(False)
    with suppress(expat.ExpatError):  # what is no XML, openpyxl refuses
        parser.Parse(beginning, False)  # noqa: FBT003  # expat takes no keyword: more of it may follow
    return found[0] if found else len(beginning) == _LONGEST_PROLOG


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn whatever openpyxl raises into an error that names the file, and keep its warnings to itself."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        raise InputError(
            f"{path} cannot be read as an Excel workbook: {type(error).__name__}.",
            next_step="Open it in a spreadsheet program and save it again, or save the sheet as CSV.",
        ) from error


def _sheet(book: Any, name: str, path: Path) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401 - openpyxl has no types
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name:
        if name not in sheets:
            raise InputError(
                f"{path} has no sheet {shown(name)}.",
                next_step=f"Name one of its sheets in the map: {', '.join(map(shown, list(sheets)[:10]))}.",
            )
        return sheets[name], ()
    visible = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
    if not visible:
        raise InputError(f"{path} has no visible sheet.", next_step="Check that this is the right file.")
    if len(visible) == 1:
        return visible[0], ()
    note = (
        f"Only the first of {len(visible)} sheets was read, {shown(visible[0].title)}; "
        'another can be named in a map: [file] sheet = "…".'
    )
    return visible[0], (note,)


def _header(sheet: Any, path: Path) -> tuple[int, list[str]]:  # noqa: ANN401 - openpyxl has no types
    """Return the number and the cells of the first row that is not empty."""
    with _damage(path):
        rows = list(sheet.iter_rows(max_row=_HEADER_WITHIN, max_col=MAX_COLUMNS + 1))
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            while not cells[-1]:
                cells.pop()
            return number, cells
    raise InputError(
        f"{path} has no header in its first {_HEADER_WITHIN} rows.",
        next_step='Check the sheet, or name another in a map: [file] sheet = "…".',
    )


def _rows(sheet: Any, header_row: int, columns: tuple[str, ...], path: Path) -> Iterator[Row | BadRow]:  # noqa: ANN401 - openpyxl has no types
    width = len(columns)
    found = sheet.iter_rows(min_row=header_row + 1, max_row=_MAX_SHEET_ROWS, max_col=width + 1)
    number = header_row
    while True:
        with _damage(path):
            chunk = [[_text(cell) for cell in row] for row in islice(found, _CHUNK)]
        if not chunk:
            return
        for number, cells in enumerate(chunk, start=number + 1):  # noqa: B020 - the count goes on from chunk to chunk
            if not any(cells):
                continue
            if any(cells[width:]):
                yield BadRow(number, f"it has more cells than the {width} of the header")
            elif any(len(cell) > MAX_CELL for cell in cells):
                yield BadRow(number, f"a cell holds more than {MAX_CELL:,} characters")
            else:
                yield Row(number, dict(zip(columns, cells, strict=False)))


def _text(cell: Any) -> str:  # noqa: ANN401 - openpyxl has no types
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return "true" if value else "false"
        case datetime() as value if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time() as value:
            return value.isoformat()
        case int() | float() as value:
            return _number(value, cell.number_format)
        case value:
            return str(value).strip()


def _number(value: float, shape: str) -> str:
    """Write a number with the 15 digits that Excel keeps, and the leading zeros that its format shows."""
    if value == int(value):
        text = str(int(value))
        return text.zfill(len(shape)) if set(shape) == {"0"} else text
    return f"{value:.15g}"
