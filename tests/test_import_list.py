"""A list in the canonical columns: what becomes a record, what is reported, what refuses the whole list."""

import csv
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.errors import InputError
from fieldcheck.lists.canonical import COLUMNS, MANY_VALUED
from fieldcheck.lists.cells import clean, is_missing
from fieldcheck.lists.files import ImportedList, read_list_file
from fieldcheck.lists.words import nearest
from fieldcheck.models import Record, Status


def save(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def imported(folder: Path, text: str, name: str = "list.csv") -> ImportedList:
    return read_list_file(save(folder, text, name), list_id="losses")


def only(folder: Path, header: str, row: str) -> Record:
    (record,) = imported(folder, f"{header}\n{row}\n").records
    return record


def test_the_columns_are_the_fields_of_a_record() -> None:
    assert (*COLUMNS, "unverified") == tuple(field.name for field in fields(Record))
    assert sorted(MANY_VALUED) == [
        "features", "images", "inscriptions", "inventory_numbers", "materials", "measurements", "techniques",
    ]  # fmt: skip


def test_a_full_row_becomes_a_record(tmp_path: Path) -> None:
    header = ";".join(COLUMNS)
    row = (
        "X-1;Saint George;Anon.;icon;wood | gold leaf;tempera;30 x 20 cm;IC XC;crack at left;George;"
        "16th century;Cretan;GR;A 12 | old 7;An icon.;missing;2020-05-01;Church, Chania;Police;a@b.example;"
        "https://l.example/1;x-1/front.jpg | x-1/back.jpg;2021-01-01;en"
    )
    assert only(tmp_path, header, row) == Record(
        id="X-1", title="Saint George", maker="Anon.", object_type="icon", materials=("wood", "gold leaf"),
        techniques=("tempera",), measurements=("30 x 20 cm",), inscriptions=("IC XC",),
        features=("crack at left",), subject="George", period="16th century", culture="Cretan", origin="GR",
        inventory_numbers=("A 12", "old 7"), description="An icon.", status=Status.MISSING,
        stolen_on="2020-05-01", stolen_from="Church, Chania", reported_by="Police", contact="a@b.example",
        url="https://l.example/1", images=("x-1/front.jpg", "x-1/back.jpg"), modified="2021-01-01",
        language="en",
    )  # fmt: skip


def test_names_of_columns_are_compared_without_case_spaces_and_hyphens(tmp_path: Path) -> None:
    record = only(tmp_path, "ID, Object Type ,inventory-NUMBERS,Stolen_From", "1,vase,A|1,Rome")
    assert (record.object_type, record.inventory_numbers, record.stolen_from) == ("vase", ("A|1",), "Rome")


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("wood", ("wood",)),
        ("wood | gold", ("wood", "gold")),
        ("wood |  | Unknown | gold", ("wood", "gold")),
        ("a|b", ("a|b",)),
        ('["wood", "a | b"]', ("wood", "a | b")),
        ("[]", ()),
        ("[1890]", ("[1890]",)),
        ("[signed", ("[signed",)),
        ("[" * 5_000, ("[" * 5_000,)),
    ],
)
def test_one_cell_may_hold_several_values(tmp_path: Path, cell: str, values: tuple[str, ...]) -> None:
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "materials"], ["1", cell]])
    (record,) = read_list_file(path, list_id="losses").records
    assert record.materials == values


@pytest.mark.parametrize(
    "word",
    ["Unknown", "n/a", "None", "-", "—", "?", "Inconnu", "DIMENSIONS NON PRISES", "неизвестно", "غير معروف"],
)
def test_a_word_for_nothing_is_nothing(tmp_path: Path, word: str) -> None:
    record = only(tmp_path, "id,maker,measurements", f"1,{word},{word}")
    assert (record.maker, record.measurements) == ("", ())


def test_the_code_of_namibia_is_something(tmp_path: Path) -> None:
    assert only(tmp_path, "id,origin", "1,NA").origin == "NA"


@pytest.mark.parametrize(
    ("cell", "values"),
    [("0", ()), ("0 x 0 cm", ()), ("0.00", ()), ("٠", ()), ("10 cm", ("10 cm",)), ("0.5 m", ("0.5 m",)),
     ("tall", ("tall",))],
)  # fmt: skip
def test_a_measurement_of_zero_is_none(tmp_path: Path, cell: str, values: tuple[str, ...]) -> None:
    assert only(tmp_path, "id,measurements", f"1,{cell}").measurements == values


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("stolen", Status.STOLEN), ("Looted", Status.STOLEN), ("VOLÉ", Status.STOLEN),
        ("منهوب", Status.STOLEN), ("Missing", Status.MISSING), ("manquant", Status.MISSING),
        ("Verschollen", Status.MISSING),
        ("found", Status.RECOVERED), ("recovered", Status.RECOVERED), ("disputed", Status.DISPUTED),
        ("delisted", Status.DELISTED), ("", Status.STOLEN),
    ],
)  # fmt: skip
def test_a_status_is_understood_in_several_words(tmp_path: Path, word: str, status: Status) -> None:
    assert only(tmp_path, "id,status", f"1,{word}").status == status


def test_unknown_words_for_a_status_refuse_the_list(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        imported(tmp_path, "id,status\n1,stolen\n2,for sale\n3,unknown\n4,for sale\n")
    assert "“for sale” (line 3), “unknown” (line 4)" in str(refusal.value)
    assert "stolen, missing, disputed, recovered, delisted" in refusal.value.next_step
    assert "[status]" in refusal.value.next_step


def test_records_without_a_status_are_noted(tmp_path: Path) -> None:
    found = imported(tmp_path, "id,title,status\n1,a,\n2,b,missing\n3,c,\n")
    (note,) = found.notes
    assert note.startswith("Records without a status are taken as stolen: 2;")
    assert '[defaults] status = "missing"' in note


def test_unknown_columns_are_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        imported(tmp_path, "id,titel,Artist,materal,zzz\n1,a,b,c,d\n")
    message = str(refusal.value)
    assert "“titel” (perhaps title), “Artist” (perhaps maker), “materal” (perhaps materials), “zzz”." in message
    assert '[columns] "titel" = "title"' in refusal.value.next_step
    assert "ignore" in refusal.value.next_step
    assert "--map" in refusal.value.next_step


def test_an_unknown_key_in_json_lines_is_an_unknown_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="columns that are not known: “colour”"):
        imported(tmp_path, '{"id": "1"}\n{"id": "2", "colour": "red"}\n', "list.jsonl")


def test_only_a_near_name_is_offered() -> None:
    assert [nearest(name, COLUMNS) for name in ("Latitude", "Inventory number", "dimensions")] == [
        "", "inventory_numbers", "measurements",
    ]  # fmt: skip


def test_a_list_without_ids_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no column for the id") as refusal:
        imported(tmp_path, "title\nSaint George\n")
    assert "id_from" in refusal.value.next_step
    with pytest.raises(InputError, match="holds no record that can be read: line 1: it has no id") as refusal:
        imported(tmp_path, '{"title": "Saint George"}\n', "list.jsonl")
    assert "id_from" in refusal.value.next_step


def test_rows_that_are_no_records_are_reported_by_line(tmp_path: Path) -> None:
    long = "x" * 201
    text = f'id,title\n1,a\n ,b\n{long},c\n4\n5,"d\n6,e\n'
    found = imported(tmp_path, text)
    assert found.problems == (
        "line 3: it has no id",
        "line 4: its id has more than 200 characters",
        "line 5: it has 1 cells where the header has 2",
        "line 6: a quote is opened and not closed",
    )
    assert [record.id for record in found.records] == ["1", "6"]
    assert found.count == 2


def test_too_many_values_in_a_cell_are_reported(tmp_path: Path) -> None:
    text = (
        json.dumps({"id": "1", "materials": ["x"] * 1_001}) + '\n{"id": "2"}\n{"id": "3", "Title": "a", "title": "b"}'
    )
    assert imported(tmp_path, text, "list.jsonl").problems == (
        "line 1: a cell has more than 1,000 values",
        "line 3: two of its columns have one name",
    )


def test_only_so_many_problems_are_listed(tmp_path: Path) -> None:
    found = imported(tmp_path, "id,title\n1,a\n" + ",b\n" * 300)
    assert len(found.problems) == 201
    assert found.problems[-1] == "further rows that cannot be read: 100"


def test_one_id_for_different_objects_refuses_the_list(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        imported(tmp_path, "id,title\nA,x\nB,y\nA,z\nC,1\nA,x\nB,y\nC,2\n")
    assert "gives one id to different objects" in str(refusal.value)
    assert "“A” in 2, 4, 6; “C” in 5, 8" in str(refusal.value)
    assert "“B”" not in str(refusal.value)
    assert "id_from" in refusal.value.next_step


def test_rows_that_repeat_are_merged_with_a_note(tmp_path: Path) -> None:
    found = imported(tmp_path, "id,title,status\nA,x,stolen\nB,y,stolen\nA, x,Stolen\n")
    assert [record.id for record in found.records] == ["A", "B"]
    assert found.count == 2
    assert found.notes == ("Rows that repeat an earlier one were merged: 1 (first: 4).",)


@pytest.mark.parametrize("text", ["id,title\n", "id,title\n,x\n"])
def test_a_list_without_a_single_record_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="holds no record that can be read"):
        imported(tmp_path, text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("\x1b[31mred\x07", "[31mred"),
        ("a\x00b", "ab"),
        ("e\u0301glise", "église"),
        ("a\r\nb\rc\td", "a\nb\nc d"),
        ("\ud800x", "x"),
        ("\x85\x9b1", "1"),
        (" \u00a0x ", "x"),
        ("=1+1", "=1+1"),
    ],
)
def test_hostile_text_loses_its_controls_and_nothing_else(tmp_path: Path, cell: str, text: str) -> None:
    record = next(iter(imported(tmp_path, json.dumps({"id": "1", "title": cell}), "list.jsonl").records))
    assert record.title == text
    record.title.encode()


def test_an_id_is_one_line(tmp_path: Path) -> None:
    assert only(tmp_path, "id", '" A\n  12 "').id == "A 12"


def test_records_can_be_read_more_than_once(tmp_path: Path) -> None:
    found = imported(tmp_path, "id\nA\nB\n")
    assert list(found.records) == list(found.records) == [Record("A"), Record("B")]


def test_a_reading_that_stops_early_leaves_no_file_open(tmp_path: Path) -> None:
    found = imported(tmp_path, "id\nA\nB\n")
    assert next(iter(found.records)).id == "A"
    found.records.path.unlink()


@pytest.mark.parametrize("list_id", ["", "Losses", "../x", "a b", "x" * 41, "-x"])
def test_the_id_of_a_list_is_a_plain_word(tmp_path: Path, list_id: str) -> None:
    with pytest.raises(InputError, match="cannot be the id of a list"):
        read_list_file(save(tmp_path, "id\nA\n"), list_id=list_id)


def test_the_day_of_publication_must_be_a_date(tmp_path: Path) -> None:
    path = save(tmp_path, "id\nA\n")
    assert read_list_file(path, list_id="losses", published="2026-01-31").info.published == "2026-01-31"
    with pytest.raises(InputError, match=r"'31\.01\.2026' is no date"):
        read_list_file(path, list_id="losses", published="31.01.2026")


WORDS = st.text(st.characters(codec="utf-8"), max_size=20).map(clean).filter(lambda text: not is_missing(text))
TEXTS = st.one_of(st.just(""), WORDS)
MANY = st.lists(WORDS, max_size=3).map(tuple)
RECORDS = st.builds(
    Record,
    id=WORDS.map(lambda text: " ".join(text.split())).filter(bool),
    status=st.sampled_from(Status),
    measurements=st.lists(st.sampled_from(["30 x 20 cm", "H. 1,2 m", "a | b"]), max_size=3).map(tuple),
    **{
        name: MANY if name in MANY_VALUED else TEXTS for name in COLUMNS if name not in {"id", "status", "measurements"}
    },
)


def written_value(value: Any) -> str:
    return json.dumps(value) if isinstance(value, tuple) else str(value)


@given(st.lists(RECORDS, min_size=1, max_size=4, unique_by=lambda record: record.id))
def test_what_was_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, records: list[Record]) -> None:
    folder = tmp_path_factory.mktemp("back")
    rows = [{name: value for name, value in asdict(record).items() if name != "unverified"} for record in records]
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows({name: written_value(value) for name, value in row.items()} for row in rows)
    (folder / "list.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "list.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for name in ("list.csv", "list.json", "list.jsonl"):
        found = read_list_file(folder / name, list_id="losses")
        assert list(found.records) == records
        assert found.problems == ()
