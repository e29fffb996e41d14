"""JSON and JSON Lines: where the entries are, what nested values become, and what is refused."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from fieldcheck.errors import InputError
from fieldcheck.lists.tables import BadRow, Reading, Row, json_rows, open_table


def read(
    folder: Path, text: str, name: str = "list.json", rows: str = ""
) -> tuple[list[Row | BadRow], tuple[str, ...]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with open_table(path, Reading(rows=rows)) as table:
        return list(table.rows), table.notes


def cells(folder: Path, value: Any, rows: str = "") -> list[dict[str, Any]]:
    found, _ = read(folder, json.dumps(value), rows=rows)
    return [row.cells for row in found if isinstance(row, Row)]


def test_values_become_text(tmp_path: Path) -> None:
    entry: dict[str, Any] = {"id": 7, "a": 7.0, "b": 1.5, "c": True, "d": None, "e": "x", "f": [], "g": 1e300}
    assert cells(tmp_path, [entry]) == [{"id": "7", "a": "7", "b": "1.5", "c": "true", "e": "x", "g": "1e+300"}]


def test_nested_values_get_dotted_names_and_arrays_several_values(tmp_path: Path) -> None:
    entry = {"id": "1", "place": {"lat": 1, "town": {"name": "Aden"}},
             "images": [{"large": "a"}, {"large": "b"}], "materials": ["wood", None, "gold"]}  # fmt: skip
    assert cells(tmp_path, [entry]) == [
        {"id": "1", "place.lat": "1", "place.town.name": "Aden", "images.large": ("a", "b"),
         "materials": ("wood", "gold")}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "note"),
    [
        ([{"id": "1"}], False),
        ({"items": [{"id": "1"}], "total": 1}, True),
        ({"Losses of 2020": [{"id": "1"}]}, True),
        ({"records": [{"id": "1"}], "people": [{"name": "x"}]}, True),
    ],
)
def test_the_array_of_entries_is_found(tmp_path: Path, value: Any, note: bool) -> None:  # noqa: FBT001 - a parameter
    found, notes = read(tmp_path, json.dumps(value))
    assert found == [Row(1, {"id": "1"})]
    assert bool(notes) == note


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [{"id": "1"}], "b": [{"id": "2"}]}, "holds several arrays of objects: “a”, “b”"),
        ({"a": {"b": [{"id": "1"}]}}, "holds no array of objects"),
        ("text", "holds no array of objects"),
        ({"items": [1, 2]}, "holds no array of objects"),
    ],
)
def test_where_the_entries_are_must_be_clear(tmp_path: Path, value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        read(tmp_path, json.dumps(value))
    assert "[file] rows" in refusal.value.next_step


def test_a_map_names_the_place_of_the_entries(tmp_path: Path) -> None:
    value = {"answer": [{"hits": [{"id": "1"}, {"id": "2"}]}, {"hits": [{"id": "3"}]}]}
    assert [row["id"] for row in cells(tmp_path, value, "answer.hits")] == ["1", "2", "3"]
    with pytest.raises(InputError, match=r"has nothing at “answer\.none”"):
        cells(tmp_path, value, "answer.none")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"id": "1"}\n{"id": "2"}\n', "Extra data at line 2, column 1"),
        ('[{"id": ', "Expecting value at line 1"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(InputError, match="is not JSON") as refusal:
        read(tmp_path, text)
    assert reason in str(refusal.value)
    assert ".jsonl" in refusal.value.next_step


def test_too_large_a_json_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "_MAX_TEXT", 10)
    with pytest.raises(InputError, match="is too large for a JSON file"):
        read(tmp_path, '[{"id": "1"}]')


def test_a_web_page_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it seems to be a web page"):
        read(tmp_path, "<!DOCTYPE html><title>Just a moment</title>")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "it is not JSON: Expecting property name enclosed in double quotes at line 1, column 2"),
        ('["1"]', "it is not an object with named values"),
        ('"1"', "it is not an object with named values"),
        ('{"id": ' + "[" * 50_000 + "]" * 50_000 + "}", "it is not JSON: it is nested too deeply"),
        (json.dumps({"id": "x" * 1_000_001}), "a value holds more than 1,000,000 characters"),
        (json.dumps({f"k{number}": 1 for number in range(201)}), "it has more than 200 keys"),
        (json.dumps({"id": "x" * 8_000_001}), "the line holds more than 8,000,000 characters"),
    ],
)
def test_a_broken_line_is_named_and_the_next_ones_are_read(tmp_path: Path, line: str, reason: str) -> None:
    found, _ = read(tmp_path, f'{{"id": "1"}}\n\n{line}\n{{"id": "2"}}\n', "list.jsonl")
    assert found == [Row(1, {"id": "1"}), BadRow(3, reason), Row(4, {"id": "2"})]


def test_a_number_with_too_many_digits_breaks_its_line_only(tmp_path: Path) -> None:
    found, _ = read(tmp_path, '{"id": ' + "9" * 5_000 + '}\n{"id": NaN}\n{"id": "2"}', "list.ndjson")
    assert isinstance(found[0], BadRow)
    assert found[1:] == [Row(2, {}), Row(3, {"id": "2"})]


def test_compressed_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl.gz"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf{"id": "1"}\n'))
    with open_table(path) as table:
        assert list(table.rows) == [Row(1, {"id": "1"})]
