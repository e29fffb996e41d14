"""The items of a batch: a manifest's rows, or a folder of photos, with a bad row named and never raised."""

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from fieldcheck.errors import InputError
from fieldcheck.lists import items
from fieldcheck.lists.grouping import Grouping
from fieldcheck.lists.items import ItemProblem, ItemRows, read_items
from fieldcheck.models import Item, Paper, PaperState, Photo


def manifest(folder: Path, text: str, name: str = "items.csv") -> ItemRows:
    (folder / name).write_text(text, encoding="utf-8")
    return read_items(folder / name)


def test_every_option_of_check_is_a_column(tmp_path: Path) -> None:
    text = (
        "ref;text;photos;type;title;maker;material;technique;period;size;inscription;feature;subject;culture;"
        "Inventory-No;origin;declared;hs;value;from;to;border;paper\n"
        "7/1;a stone head;a.jpg | sub/b.jpg;head;T;M;stone;carved;Roman;30 cm;ABC;chip;man;Roman;1897-42;SY;"
        "garden ornament;6802;900 EUR;LB;DE;EU;export certificate=missing | invoice = Present\n"
    )
    assert manifest(tmp_path, text).rows == (
        Item(
            ref="7/1", text="a stone head", object_type="head", title="T", maker="M", material="stone",
            technique="carved", period="Roman", size="30 cm", inscription="ABC", feature="chip",
            subject="man", culture="Roman", inventory_no="1897-42", origin="SY", declared="garden ornament",
            hs="6802", value="900 EUR", sent_from="LB", sent_to="DE", border="EU",
            papers=(Paper("export certificate", PaperState.MISSING), Paper("invoice", PaperState.PRESENT)),
            photos=(Photo(str(tmp_path / "a.jpg")), Photo(str(tmp_path / "sub/b.jpg"))),
        ),
    )  # fmt: skip


def test_json_lines_have_the_same_keys_and_others_are_noted_once(tmp_path: Path) -> None:
    text = (
        '{"ref": "a", "text": "icon", "set": "x", "lang": "en", "truth": null, "photos": ["p.jpg"]}\n'
        '{"ref": "b", "inventory_no": "1", "set": "y", "lang": "fr"}\n'
    )
    found = manifest(tmp_path, text, "items.jsonl")
    assert found.rows == (
        Item(ref="a", text="icon", photos=(Photo(str(tmp_path / "p.jpg")),)),
        Item(ref="b", inventory_no="1"),
    )
    assert found.notes == ("Not used, as no column of an item has this name: “set”, “lang”.",)


def test_an_unknown_column_of_a_table_is_noted_with_the_nearest(tmp_path: Path) -> None:
    found = manifest(tmp_path, "ref,text,materials,box\n1,icon,wood,3\n")
    assert found.rows == (Item(ref="1", text="icon"),)
    assert found.notes == (
        "Not used, as no column of an item has this name: “materials” (perhaps material is meant), “box”.",
    )


def test_a_workbook_is_a_manifest(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Ref", "Text", "HS"])
    sheet.append([12, "coin", 9705])
    book.save(tmp_path / "items.xlsx")
    assert read_items(tmp_path / "items.xlsx").rows == (Item(ref="12", text="coin", hs="9705"),)


def test_a_bad_row_is_named_and_the_others_are_items(tmp_path: Path) -> None:
    text = "ref,text,paper\n1,icon,\n2,icon\n3,,\n4,icon,invoice=lost\n,coin,\n1,again,\n5,vase,invoice\n"
    assert manifest(tmp_path, text).rows == (
        Item(ref="1", text="icon"),
        ItemProblem("line 3", 3, "it has 2 cells where the header has 3"),
        ItemProblem("3", 4, "it has neither words nor photos"),
        ItemProblem("4", 5, "the paper “invoice=lost” is not of the form KIND=STATE, "
                    "with STATE present|missing|conflicting|verified"),
        Item(ref="line 6", text="coin"),
        ItemProblem("line 7", 7, "line 2 has the same ref, “1”"),
        ItemProblem("5", 8, "the paper “invoice” is not of the form KIND=STATE, "
                    "with STATE present|missing|conflicting|verified"),
    )  # fmt: skip


def test_a_broken_line_of_json_is_a_problem(tmp_path: Path) -> None:
    (row,) = manifest(tmp_path, "{broken\n", "items.jsonl").rows
    assert isinstance(row, ItemProblem)
    assert row.line == 1
    assert "it is not JSON" in row.message


def test_words_for_nothing_are_nothing(tmp_path: Path) -> None:
    assert manifest(tmp_path, "ref,text,maker,size\n1,icon,Unknown,0 x 0\n").rows == (Item(ref="1", text="icon"),)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("https://x.example/a.jpg", "It is an address on the web"),
        ("\\\\server\\share\\a.jpg", "It is on another computer"),
        ("//server/share/a.jpg", "It is on another computer"),
    ],
)
def test_a_photo_elsewhere_is_unusable_and_never_asked_for(tmp_path: Path, name: str, reason: str) -> None:
    (row,) = manifest(tmp_path, f"ref,photos\n1,{name}\n").rows
    assert isinstance(row, Item)
    assert row.photos[0].file == name
    assert row.photos[0].why_not.startswith(reason)


def test_a_photo_by_its_full_path_stays_there(tmp_path: Path) -> None:
    (row,) = manifest(tmp_path, f"ref,photos\n1,{tmp_path / 'x' / 'a.jpg'}\n").rows
    assert isinstance(row, Item)
    assert row.photos == (Photo(str(tmp_path / "x" / "a.jpg")),)


def test_an_empty_or_endless_manifest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="holds no items"):
        manifest(tmp_path, "ref,text\n")
    monkeypatch.setattr(items, "MAX_ITEMS", 2)
    with pytest.raises(InputError, match="more than 2 rows"):
        manifest(tmp_path, "ref,text\n1,a\n2,b\n3,c\n")


def test_a_legacy_encoding_is_noted(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_bytes("ref,text\n1,tête de Bouddha dorée\n".encode("cp1252"))
    found = read_items(tmp_path / "items.csv")
    assert found.rows == (Item(ref="1", text="tête de Bouddha dorée"),)
    assert "Windows-1252" in found.notes[0]
    assert read_items(tmp_path / "items.csv", encoding="cp1252").notes == ()


def test_a_folder_of_photos_is_items(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", "notes.txt", ".hidden.jpg", "vase/2.jpg", "vase/1.heic", "vase/list.pdf",
                 "vase/deep/3.jpg", "empty/readme.md"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = read_items(tmp_path)
    assert found.rows == (
        Item(ref="a.png", photos=(Photo(str(tmp_path / "a.png")),)),
        Item(ref="b.JPG", photos=(Photo(str(tmp_path / "b.JPG")),)),
        ItemProblem("empty", 0, "the folder has no photo in it"),
        Item(ref="vase", photos=(Photo(str(tmp_path / "vase/1.heic")), Photo(str(tmp_path / "vase/2.jpg")))),
        Item(ref="vase/deep", photos=(Photo(str(tmp_path / "vase/deep/3.jpg")),)),
    )
    assert found.notes == ("Passed over, as no photos: 3 files.",)


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        ("box3_front.jpg box3_back.jpg", ["box3"]),
        ("IMG_1234-1.jpg IMG_1234-2.jpg IMG_1234.jpg", ["IMG_1234"]),
        ("IMG_0001.jpg IMG_0002.jpg", ["IMG_0001.jpg", "IMG_0002.jpg"]),
        ("vase-1.jpg vase-2.jpg vase 3.jpg", ["vase 3.jpg", "vase-1.jpg", "vase-2.jpg"]),
        ("Lot7-Front-2.jpg lot7_front_1.jpg LOT7 (1).JPG lot7.png", ["LOT7"]),
        ("20261124_101530.jpg 20261124_101531.jpg", ["20261124_101530.jpg", "20261124_101531.jpg"]),
        ("front.jpg back.jpg", ["back.jpg", "front.jpg"]),
        ("lot9_vorne.jpg lot9_Rückseite.jpg lot9_спереди.jpg lot9_أمام.jpg", ["lot9"]),
        ("lot9_Ru\u0308ckseite.jpg lot9_oben.jpg", ["lot9"]),
        ("lot9_rabbit.jpg lot9_hare.jpg", ["lot9_hare.jpg", "lot9_rabbit.jpg"]),
    ],
)
def test_names_say_which_photos_are_of_one_object(tmp_path: Path, names: str, groups: list[str]) -> None:
    for name in re.split(r"(?<=[gG]) ", names):
        (tmp_path / name).write_bytes(b"x")
    assert [row.ref for row in read_items(tmp_path).rows] == groups


def test_a_folder_can_be_taken_photo_by_photo_or_folder_by_folder(tmp_path: Path) -> None:
    for name in ("lot7_front.jpg", "lot7_back.jpg", "vase/1.jpg", "vase/2.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    refs = {way: [row.ref for row in read_items(tmp_path, grouping=way).rows] for way in Grouping}
    assert refs == {
        Grouping.FOLDER: ["lot7_back.jpg", "lot7_front.jpg", "vase"],
        Grouping.NAME: ["lot7", "vase"],
        Grouping.TIME: ["lot7_back.jpg", "lot7_front.jpg", "vase"],
        Grouping.NONE: ["lot7_back.jpg", "lot7_front.jpg", "vase/1.jpg", "vase/2.jpg"],
    }


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.jpg").write_bytes(b"x")
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"x")
    (folder / "link.jpg").symlink_to(tmp_path / "outside.jpg")
    (folder / "all").symlink_to(tmp_path)
    assert [row.ref for row in read_items(folder).rows] == ["a.jpg"]


def test_a_batch_loads_no_more_than_it_needs() -> None:
    heavy = "{'pydantic', 'openpyxl', 'numpy', 'PIL', 'httpx', 'sqlite_utils'}"
    code = f"import sys, fieldcheck.lists.items; print(*({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"x")
    with pytest.raises(InputError, match="has no photo in it"):
        read_items(tmp_path)
