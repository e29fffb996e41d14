"""Excel workbooks: what cells become, which sheet is read, and what is refused before it is unpacked."""

import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fieldcheck.errors import InputError
from fieldcheck.lists.tables import BadRow, Reading, Row, open_table, workbook


def save(path: Path, rows: list[list[Any]], **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for title, content in {"Losses": rows, **sheets}.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def read(path: Path, sheet: str = "") -> tuple[list[Row | BadRow], tuple[str, ...]]:
    with open_table(path, Reading(sheet=sheet)) as table:
        assert table.place == "row"
        return list(table.rows), table.notes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Икона ", "Икона"),
        (1897, "1897"),
        (1897.0, "1897"),
        (0.1 + 0.2, "0.3"),
        (date(2024, 3, 1), "2024-03-01"),
        (datetime(2024, 3, 1, tzinfo=UTC).replace(tzinfo=None), "2024-03-01"),
        (datetime(2024, 3, 1, 13, 5, tzinfo=UTC).replace(tzinfo=None), "2024-03-01T13:05:00"),
        (time(13, 5), "13:05:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        (True, "true"),
        (None, ""),
    ],
)
def test_a_cell_is_read_as_the_sheet_shows_it(tmp_path: Path, value: Any, text: str) -> None:
    rows, notes = read(save(tmp_path / "list.xlsx", [["id", "title"], ["A", value]]))
    assert rows == [Row(2, {"id": "A", "title": text})]
    assert notes == ()


def test_the_zeros_of_an_inventory_number_are_kept(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["id"], [123]])
    book = openpyxl.load_workbook(path)
    book["Losses"]["A2"].number_format = "00000"
    book.save(path)
    assert read(path)[0] == [Row(2, {"id": "00123"})]


def test_a_formula_gives_its_stored_result(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["id", "title"], ["A", "=1+1"]])
    assert read(path)[0] == [Row(2, {"id": "A", "title": ""})]
    rewrite(path, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>", b"<v />", b"<v>2</v>", b"<v/>", b"<v>2</v>")
    assert read(path)[0] == [Row(2, {"id": "A", "title": "2"})]


def rewrite(path: Path, part: str, *replacements: bytes) -> None:
    """Replace bytes in one part of a workbook: what, by what, and so on."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before = parts[part]
    for old, new in zip(replacements[::2], replacements[1::2], strict=True):
        parts[part] = parts[part].replace(old, new)
    assert parts[part] != before
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_rows_keep_their_numbers_over_empty_ones(tmp_path: Path) -> None:
    rows, _ = read(save(tmp_path / "list.xlsx", [[], ["id", "title"], ["A", "x"], [], ["B"], ["C", "y", "z"]]))
    assert rows == [
        Row(3, {"id": "A", "title": "x"}),
        Row(5, {"id": "B", "title": ""}),
        BadRow(6, "it has more cells than the 2 of the header"),
    ]


def test_many_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows, _ = read(save(tmp_path / "list.xlsx", [["id"], *([number] for number in range(2_500))]))
    assert [(row.line, row.cells["id"]) for row in rows if isinstance(row, Row)] == [
        (number + 2, str(number)) for number in range(2_500)
    ]


def test_the_first_visible_sheet_is_read_and_said(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["no"]], Objects=[["id"], ["A"]], People=[["id"], ["B"]])
    book = openpyxl.load_workbook(path)
    book["Losses"].sheet_state = "hidden"
    book.save(path)
    rows, notes = read(path)
    assert rows == [Row(2, {"id": "A"})]
    assert "first of 2 sheets was read, “Objects”" in notes[0]
    assert read(path, "People") == ([Row(2, {"id": "B"})], ())
    with pytest.raises(InputError, match="has no sheet “Places”") as refusal:
        read(path, "Places")
    assert "“Objects”" in refusal.value.next_step


def test_a_sheet_without_a_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no header in its first 50 rows"):
        read(save(tmp_path / "list.xlsx", []))


def test_too_wide_a_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="more than 200 columns"):
        read(save(tmp_path / "list.xlsx", [[f"c{number}" for number in range(300)]]))


def test_a_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["id"], ["A"]])
    rewrite(path, "xl/worksheets/sheet1.xml", b'r="A2"', b'r="XFD2"')
    assert read(path)[0] == []


@pytest.mark.parametrize("content", [b"id,title\n1,a\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b""])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not an Excel workbook, or is damaged"):
        read(path)


def test_another_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(InputError, match="is a zip archive, but not an Excel workbook"):
        read(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "list.xlsx", [["id"], ["A"]])
    monkeypatch.setattr(workbook, "_MAX_UNPACKED", 1_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        read(path)


def test_broken_xml_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["id"], ["A"]])
    rewrite(path, "xl/worksheets/sheet1.xml", b"</sheetData>", b"<")
    with pytest.raises(InputError, match=r"list.xlsx cannot be read as an Excel workbook"):
        read(path)


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["id"], ["A"]])
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 10))
    doctype = b'<!DOCTYPE w [<!ENTITY e0 "' + b"x" * 100 + b'">' + bomb + b"]>"
    rewrite(path, "xl/worksheets/sheet1.xml", b"<worksheet", doctype + b"<worksheet", b"<t>A</t>", b"<t>&e9;</t>")
    with pytest.raises(InputError, match="declares XML entities"):
        read(path)
