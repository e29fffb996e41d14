"""CSV and TSV as others write them: delimiters, quotes, and every way a row can be broken."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.errors import InputError
from fieldcheck.lists.tables import BadRow, Reading, Row, delimited, open_table

HEADER = "id,title,maker\n"


def rows_of(text: str, folder: Path, delimiter: str = "") -> list[Row | BadRow]:
    path = folder / "list.csv"
    path.write_bytes(text.encode())
    with open_table(path, Reading(delimiter=delimiter)) as table:
        assert table.place == "line"
        return list(table.rows)


def outline(rows: list[Row | BadRow]) -> list[tuple[int, str]]:
    """Each row as its line and its id, or the reason why it is none."""
    return [(row.line, row.message if isinstance(row, BadRow) else str(row.cells["id"])) for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(cells) for cells in (["id", "title"], ["1", '"a,b;c\td ""e"""'])) + end
    rows = rows_of(text, tmp_path)
    assert rows == [Row(2, {"id": "1", "title": 'a,b;c\td "e"'})]


def test_a_quoted_name_may_hold_another_delimiter(tmp_path: Path) -> None:
    rows = rows_of('id;"size, in cm";"a ""good"" title"\n1;2;3\n', tmp_path)
    assert rows == [Row(2, {"id": "1", "size, in cm": "2", 'a "good" title': "3"})]


def test_excels_own_hint_names_the_delimiter(tmp_path: Path) -> None:
    assert rows_of("sep=;\r\nid;a,b,c\r\n1;2\r\n", tmp_path) == [Row(3, {"id": "1", "a,b,c": "2"})]


def test_a_header_that_fits_two_delimiters_is_refused_until_one_is_given(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="may be divided by commas or by semicolons") as refusal:
        rows_of("id,a;b\n1,2;3\n", tmp_path)
    assert "delimiter" in refusal.value.next_step
    assert rows_of("id,a;b\n1,2;3\n", tmp_path, ",") == [Row(2, {"id": "1", "a;b": "2;3"})]


def test_a_list_may_have_one_column(tmp_path: Path) -> None:
    assert rows_of("id\nA\nB", tmp_path) == [Row(2, {"id": "A"}), Row(3, {"id": "B"})]


def test_cells_may_hold_lines_and_lines_are_counted_on(tmp_path: Path) -> None:
    rows = rows_of(HEADER + '1,"two\nlines",x\n\n,,\n2,y,z\n', tmp_path)
    assert outline(rows) == [(2, "1"), (6, "2")]


@pytest.mark.parametrize("text", ["", "\n\n", " \n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="is empty"):
        rows_of(text, tmp_path)


def test_empty_cells_beyond_the_header_are_no_error(tmp_path: Path) -> None:
    assert outline(rows_of(HEADER + "1,a,b,,\n", tmp_path)) == [(2, "1")]


def test_a_column_without_a_name_is_called_by_its_number(tmp_path: Path) -> None:
    assert rows_of(",id\n0,A\n", tmp_path) == [Row(2, {"column 1": "0", "id": "A"})]


@pytest.mark.parametrize("header", ["id,Title,title\n", "id,stolen on,Stolen-On\n", "id,a,a\n"])
def test_two_columns_of_one_name_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError, match="has two columns named"):
        rows_of(header + "1,2,3\n", tmp_path)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="more than 200 columns"):
        rows_of(",".join(f"c{number}" for number in range(201)) + "\n", tmp_path)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("2,short\n", "it has 2 cells where the header has 3"),
        ("2,a,b,c\n", "it has 4 cells where the header has 3"),
        ("2,a\0b,c\n", "the row holds a NUL byte"),
        ('2,"a"b,c\n', "text stands between a closing quote and the next delimiter"),
        ("2," + "x" * 1_000_001 + ",c\n", "a cell holds more than 1,000,000 characters"),
        ("2," + "x," * 5_000_000 + "c\n", "the row holds more than 8,000,000 characters"),
    ],
)
def test_a_broken_row_is_named_by_its_line_and_the_next_ones_are_read(tmp_path: Path, broken: str, reason: str) -> None:
    rows = rows_of(HEADER + "1,a,b\n" + broken + "3,a,b\n", tmp_path)
    assert outline(rows) == [(2, "1"), (3, reason), (4, "3")]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rows = rows_of(HEADER + '1,a,b\n2,"open,b\n3,a,b\n4,a,b\n', tmp_path)
    assert outline(rows) == [(2, "1"), (3, "a quote is opened and not closed"), (4, "3"), (5, "4")]


def test_a_quote_that_is_closed_by_that_of_a_later_row_costs_one_row(tmp_path: Path) -> None:
    rows = rows_of(HEADER + '1,a,b\n2,"open,b\n3,a,b\n4,"a",b\n5,a,b\n', tmp_path)
    assert [row.line for row in rows] == [2, 3, 4, 5, 6]
    assert outline(rows)[1] == (3, "a quote is opened and not closed")
    assert [row.cells["id"] for row in rows if isinstance(row, Row)] == ["1", "3", "4", "5"]


def test_a_quote_that_swallows_whole_rows_is_suspected(tmp_path: Path) -> None:
    rows = rows_of(HEADER + '1,a,"b\n2,a,b\n3,a,b",c\n4,a,b\n', tmp_path)
    message = "it has 4 cells where the header has 3; perhaps a quote is opened and not closed"
    assert outline(rows)[0] == (2, message)
    assert [row.cells["id"] for row in rows if isinstance(row, Row)] == ["2", "4"]


def test_lines_are_repeated_only_so_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_MAX_AGAIN", 10)
    text = HEADER + '1,"open,b\n2,a,b\n3,"a",b\n4,"open,b\n5,a,b\n6,"a",b\n7,a,b\n'
    assert outline(rows_of(text, tmp_path)) == [
        (2, "a quote is opened and not closed; the 2 lines after it are lost"),
        (5, "a quote is opened and not closed; the 2 lines after it are lost"),
        (8, "7"),
    ]


def test_a_line_that_is_too_long_after_an_open_quote_costs_no_other(tmp_path: Path) -> None:
    rows = rows_of(HEADER + '1,"open,b\n' + "x," * 5_000_000 + "\n2,a,b\n", tmp_path)
    assert outline(rows) == [
        (2, "a quote is opened and not closed"),
        (3, "the row holds more than 8,000,000 characters"),
        (4, "2"),
    ]


@given(st.text(alphabet=st.sampled_from('ab",;\n\r\t\0é'), max_size=60))
def test_no_text_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    good = "1," + "x" * 1_000 + ",b\n"
    first, *rows = rows_of(HEADER + good + text, tmp_path_factory.mktemp("any"))
    assert isinstance(first, Row)
    assert all(row.line >= 3 for row in rows)
    assert all(len(row.cells) == 3 for row in rows if isinstance(row, Row))


@given(
    st.lists(
        st.lists(st.text(alphabet=st.sampled_from('ab", ;\né|='), min_size=1, max_size=12), min_size=3, max_size=3),
        max_size=5,
    )
)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["id", "title", "maker"], *cells])
    rows = rows_of(text.getvalue(), tmp_path_factory.mktemp("any"))
    assert [list(row.cells.values()) for row in rows if isinstance(row, Row)] == cells
    assert len(rows) == len(cells)
