"""A map turns somebody else's columns and words into the canonical ones, or is refused key by key."""

import json
import re
from pathlib import Path

import openpyxl
import pytest

from fieldcheck.errors import InputError
from fieldcheck.lists.files import ImportedList, read_list_file
from fieldcheck.lists.mapping import read_map
from fieldcheck.models import Record, Status

GUIDE = Path(__file__).parent.parent / "docs" / "import-a-list.md"


def imported(folder: Path, text: str, toml: str, name: str = "list.csv", encoding: str = "utf-8") -> ImportedList:
    (folder / name).write_bytes(text.encode(encoding))
    (folder / "map.toml").write_text(toml, encoding="utf-8")
    return read_list_file(folder / name, list_id="losses", mapping=read_map(folder / "map.toml"))


def only(folder: Path, text: str, toml: str, name: str = "list.csv") -> Record:
    (record,) = imported(folder, text, toml, name).records
    return record


def test_a_list_of_a_ministry(tmp_path: Path) -> None:
    text = (
        "id,category,name,author,type,date,year_incident,place_incident,latitude,original_name\n"
        "4086,Painting,Evening Bells,A. Painter,Painting,1899,2022-01-01,The Museum,46.6,Вечірні дзвони\n"
    )
    toml = """
        ignore = ["category", "latitude"]
        [list]
        name = "Objects taken from museums"
        publisher = "A ministry"
        licence = "CC BY 4.0"
        terms = "Name the publisher."
        url = "https://lists.example/"
        published = 2025-02-01
        drop_fields = ["stolen_from"]
        [columns]
        Name = "title"
        original_name = "title"
        author = "maker"
        type = "object_type"
        date = "period"
        year_incident = "stolen_on"
        place_incident = ["stolen_from", "description"]
        [join]
        title = " / "
        [defaults]
        language = "en"
        status = "stolen"
    """
    found = imported(tmp_path, text, toml)
    assert list(found.records) == [
        Record(
            id="4086", title="Evening Bells / Вечірні дзвони", maker="A. Painter", object_type="Painting",
            period="1899", stolen_on="2022-01-01", description="The Museum", language="en",
        )
    ]  # fmt: skip
    assert found.notes == ()
    assert found.info.name == "Objects taken from museums"
    assert (found.info.publisher, found.info.licence) == ("A ministry", "CC BY 4.0")
    assert (found.info.terms, found.info.url) == ("Name the publisher.", "https://lists.example/")
    assert found.info.published == "2025-02-01"


def test_a_list_in_arabic_with_pictures(tmp_path: Path) -> None:
    text = (
        "\ufeffartifact_id,page_num,type,material,status,note,related_images\n"
        '0-خنجر_1,3,خنجر,البرونز ، الذهب,معروض للبيع,عليه كتابة,"[""a 1.png"", ""b.png""]"\n'
        "0-تمثال_2,4,تمثال,حجر الكلس,منهوب,,\n"
    )
    toml = """
        ignore = ["*"]
        [columns]
        artifact_id = "id"
        type = "object_type"
        material = "materials"
        note = "features"
        related_images = "images"
        [split]
        materials = "،"
        [status]
        "معروض للبيع" = "missing"
    """
    assert list(imported(tmp_path, text, toml).records) == [
        Record(
            id="0-خنجر_1", object_type="خنجر", materials=("البرونز", "الذهب"), status=Status.MISSING,
            features=("عليه كتابة",), images=("a 1.png", "b.png"),
        ),
        Record(id="0-تمثال_2", object_type="تمثال", materials=("حجر الكلس",), status=Status.STOLEN),
    ]  # fmt: skip


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (text,) = [block for kind, block in blocks if kind == "csv" and "Numéro" in block]
    (toml,) = [block for kind, block in blocks if kind == "toml" and "Numéro" in block]
    found = imported(tmp_path, text, toml, encoding="cp1252")
    assert found.problems == ()
    assert [record.id for record in found.records] == ["PM21000417", "PM21000530", "PM21000644"]
    assert [record.status for record in found.records] == [Status.STOLEN, Status.MISSING, Status.RECOVERED]
    first = next(iter(found.records))
    assert first.title == "Vierge à l'Enfant"
    assert first.materials == ("bois", "feuille d'or")
    assert first.measurements == ("height 62 cm", "width 21,5 cm")
    assert first.stolen_from == "Saint-Martin, église paroissiale"
    assert first.language == "fr"
    assert found.info.name == "Objets disparus du diocèse"


def test_labels_and_units_are_put_to_bare_numbers_only(tmp_path: Path) -> None:
    toml = """
        [columns]
        Height = "measurements"
        Width = "measurements"
        Weight = "measurements"
        Note = "features"
        [units]
        measurements = "cm"
        weight = "g"
        [labels]
        Height = "height"
        Note = "seen:"
    """
    text = 'id,Height,Width,Weight,Note\n1,30 x 20,12 in,0,crack\n2,0,"5,5",7,Unknown\n3,tall,1*2*3,,\n'
    assert [(record.measurements, record.features) for record in imported(tmp_path, text, toml).records] == [
        (("height 30 x 20 cm", "12 in"), ("seen: crack",)),
        (("5,5 cm", "7 g"), ()),
        (("height tall", "1*2*3 cm"), ()),
    ]


def test_several_columns_make_the_id(tmp_path: Path) -> None:
    text = "Case,Item,title\n2019/97,1,a\n2019/97,2,b\n,,c\n2020/1,,d\n"
    found = imported(tmp_path, text, 'id_from = ["case", "ITEM"]')
    assert [record.id for record in found.records] == ["2019/97/1", "2019/97/2", "2020/1"]
    assert found.problems == ("line 4: it has no id",)


def test_rows_may_be_numbered_with_a_warning(tmp_path: Path) -> None:
    found = imported(tmp_path, "title,status\na,stolen\nb,stolen\n", 'id_from = "row-number"')
    assert [record.id for record in found.records] == ["2", "3"]
    assert found.notes == ("The ids are row numbers: once rows are added or moved, no two versions can be compared.",)


def test_defaults_fill_what_is_empty_or_missing(tmp_path: Path) -> None:
    toml = '[defaults]\nmaker = "workshop"\nmaterials = "wood | gold"\nstatus = "vermisst"\n'
    found = imported(tmp_path, "id,maker,status\n1,,\n2,Unknown,stolen\n3,X,found\n", toml)
    assert [(record.maker, record.status) for record in found.records] == [
        ("workshop", Status.MISSING), ("workshop", Status.STOLEN), ("X", Status.RECOVERED),
    ]  # fmt: skip
    assert {record.materials for record in found.records} == {("wood", "gold")}
    assert found.notes == ()


def test_a_canonical_column_can_be_given_another_meaning_or_ignored(tmp_path: Path) -> None:
    toml = 'ignore = ["origin"]\n[columns]\nstatus = "features"\n'
    record = only(tmp_path, "id,status,origin\n1,good condition,here\n", toml)
    assert (record.status, record.features, record.origin) == (Status.STOLEN, ("good condition",), "")


def test_two_columns_for_one_target_are_not_mixed_silently(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="columns that are not known: “title”"):
        imported(tmp_path, "id,title,Name\n1,a,b\n", '[columns]\nName = "title"\n')


def test_the_file_table_says_how_to_read(tmp_path: Path) -> None:
    record = only(tmp_path, "id,a;b\n1,2;3\n", '[file]\ndelimiter = ","\n[columns]\n"a;b" = "title"\n')
    assert record.title == "2;3"
    (tmp_path / "map.toml").write_text('[file]\nencoding = "cp1256"\n', encoding="utf-8")
    (tmp_path / "list.csv").write_bytes("id,title\n1,تمثال\n".encode("cp1256"))
    chosen = read_map(tmp_path / "map.toml")
    assert next(iter(read_list_file(tmp_path / "list.csv", list_id="x", mapping=chosen).records)).title == "تمثال"
    with pytest.raises(InputError, match="the text is not utf-8"):
        read_list_file(tmp_path / "list.csv", list_id="x", mapping=chosen, encoding="utf-8")


def test_the_file_table_names_a_sheet_and_a_place(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Losses").append(["id"])
    book["Losses"].append(["A"])
    book.save(tmp_path / "list.xlsx")
    (tmp_path / "map.toml").write_text('[file]\nsheet = "Losses"\nrows = "form.record"\n', encoding="utf-8")
    chosen = read_map(tmp_path / "map.toml")
    assert next(iter(read_list_file(tmp_path / "list.xlsx", list_id="x", mapping=chosen).records)).id == "A"
    (tmp_path / "list.json").write_text(json.dumps({"form": {"record": {"id": "B"}}}), encoding="utf-8")
    assert next(iter(read_list_file(tmp_path / "list.json", list_id="x", mapping=chosen).records)).id == "B"


def test_nested_keys_are_mapped_by_their_dotted_names(tmp_path: Path) -> None:
    text = json.dumps([{"Main Data": {"Reference": "1"}, "Shape": {"Height (cm)": "0", "Width (cm)": "5"}}])
    toml = """
        [columns]
        "Main Data.Reference" = "id"
        "Shape.Height (cm)" = "measurements"
        "Shape.Width (cm)" = "measurements"
        [units]
        measurements = "cm"
    """
    assert only(tmp_path, text, toml, "list.json").measurements == ("5 cm",)


def test_a_column_that_the_file_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not have: “titre”") as refusal:
        imported(tmp_path, "id,Titel\n1,a\n", '[columns]\nTitre = "title"\nTitel = "title"\n')
    assert "“Titel”" in refusal.value.next_step


def test_a_key_that_no_entry_has_is_noted(tmp_path: Path) -> None:
    found = imported(tmp_path, '{"id": "1", "status": "lost"}\n', '[columns]\nTitre = "title"\n', "list.jsonl")
    assert found.notes == ("No row has what the map calls “titre”.",)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('[column]\na = "title"', "there is no key column (perhaps columns)"),
        ('[list]\nlicense = "x"', "there is no key list.license"),
        ('[columns]\nTitre = "titel"', "columns.titre: 'titel' is no column of a list; perhaps 'title'"),
        ('[columns]\nTitre = ["title", "colour"]', "'colour' is no column of a list"),
        ('[columns]\nTitre = "title"\nTITRE = "maker"', "columns: one column is named twice"),
        ("[columns]\nTitre = 1", "columns.titre: Input should be a valid tuple"),
        ('columns = "title"', "columns: Input should be a valid dictionary"),
        ('[status]\nx = "gone"', "status.x: Input should be 'stolen', 'missing', 'disputed', 'recovered' or"),
        ('[defaults]\nstatus = "gone"', "defaults.status: 'gone' is none of stolen, missing"),
        ('[defaults]\ncolour = "red"', "'colour' is no column of a list"),
        ('[split]\ntitle = ";"', "'title' is no column that can have several values"),
        ('[split]\nmaterials = ""', "split.materials: String should have at least 1 character"),
        ('[join]\nmaterials = ";"', "'materials' is no column that has one value"),
        (
            '[units]\nHeight = "cm"',
            "units: 'height' is neither a column under [columns] nor a column of a list",
        ),
        ('[labels]\nHeight = "h"', "labels: 'height' is neither"),
        ('[list]\npublished = "yesterday"', "list.published: Invalid isoformat string: 'yesterday'"),
        ('[list]\ndrop_fields = ["id"]', "'id' is no column that can be dropped"),
        ('[file]\ndelimiter = "||"', "file.delimiter: String should have at most 1 character"),
        ("id_from = 3", "id_from: "),
    ],
)
def test_what_is_wrong_with_a_map_is_said_by_key(tmp_path: Path, toml: str, message: str) -> None:
    (tmp_path / "map.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_map(tmp_path / "map.toml")
    assert message in str(refusal.value)
    assert "is not a map" in str(refusal.value)


@pytest.mark.parametrize(
    "content",
    [b"[columns\n", b"\xff\xfe", b"x = " + b"[" * 5_000, b"#" * 1_000_001, b'a = "1"\na = "2"'],
)
def test_what_is_no_map_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "map.toml").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as a map"):
        read_map(tmp_path / "map.toml")
    with pytest.raises(InputError, match="No such file"):
        read_map(tmp_path / "absent.toml")
