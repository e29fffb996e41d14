"""A shipment of photos: put together as items, looked at before they are checked, and what is alike pointed out."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from cli_helpers import Commands, assert_valid, write
from conftest import Install
from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.errors import ExitCode
from fieldcheck.lists.grouping import Grouping
from fieldcheck.lists.items import ItemProblem, ItemRows, read_items
from fieldcheck.models import Item, Photo, Record
from fieldcheck.shipment.glances import look_at, photos_of
from fieldcheck.shipment.likeness import LIKE_PHOTO, LIKE_WORDS, SAME_PHOTO, SAME_WORDS, find_alike
from fieldcheck.shipment.prepare import Prepared, prepare
from fieldcheck.shipment.telling import grouping_told
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, read_photos
from photos import encoded, engraving, noisy, on_a_table, painting

PHOTOS, PLANTED = 40, (3, 11, 25, 38)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def taken_at(seconds: int) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"2026:11:24 10:{seconds // 60:02}:{seconds % 60:02}"
    return exif


def photo(path: Path, picture: Image.Image, seconds: int | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = {} if seconds is None else {"exif": taken_at(seconds)}
    path.write_bytes(encoded(picture, quality=85, **exif))
    return path


def seen(rows: Sequence[Item | ItemProblem]) -> dict[str, PhotoReading]:
    return {glance.photo.file: glance for glance in look_at(photos_of(rows), 1)}


def by_time(folder: Path) -> Prepared:
    found = read_items(folder, grouping=Grouping.TIME)
    return prepare(found, seen(found.rows), folder)


def names(rows: Sequence[Item | ItemProblem]) -> dict[str, list[str]]:
    return {row.ref: [Path(photo.file).name for photo in row.photos] for row in rows if isinstance(row, Item)}


def alike(*items: Item) -> list[tuple[tuple[str, ...], str]]:
    return [(group.refs, group.common) for group in find_alike(items, seen(items))]


def test_a_glance_says_when_a_photo_was_taken_and_never_refuses_it_for_its_quality(tmp_path: Path) -> None:
    dated = photo(tmp_path / "a.jpg", painting(1), 75)
    dark = photo(tmp_path / "b.jpg", Image.new("RGB", (200, 200)), 80)
    broken = write(tmp_path / "c.jpg", "no photo")
    first, second, third = look_at([str(path) for path in (dated, dark, broken)], 2)
    assert (first.taken, second.taken, third.taken) == ("2026-11-24T10:01:15", "2026-11-24T10:01:20", "")
    assert first.photo.usable
    assert second.photo.usable
    assert "not a photo" in third.photo.why_not
    assert len({first.photo.sha256, second.photo.sha256, third.photo.sha256}) == 3
    assert second.colours == bytes(108)


@pytest.mark.parametrize("said", ["0000:00:00 00:00:00", "yesterday", "2026:99:99 99:99:99", "\x00" * 19, ""])
def test_a_clock_that_says_no_time_does_no_harm(tmp_path: Path, said: str) -> None:
    for name in "ab":
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = said
        (tmp_path / f"{name}.jpg").write_bytes(encoded(painting(ord(name)), exif=exif))
    assert names(by_time(tmp_path).rows) == {"a.jpg": ["a.jpg"], "b.jpg": ["b.jpg"]}


def test_photos_taken_together_are_one_item(tmp_path: Path) -> None:
    views = painting(1), painting(2), noisy(painting(2))
    times = {"a": (views[0], 0), "b": (views[1], 5), "c": (views[2], 60), "d": (painting(3), 90), "e": (views[2], 400)}
    for name, (view, seconds) in times.items():
        photo(tmp_path / f"{name}.jpg", view, seconds)
    photo(tmp_path / "undated.jpg", painting(4))
    photo(tmp_path / "box/f.jpg", painting(5), 1)
    photo(tmp_path / "box/g.jpg", painting(6), 900)
    prepared = by_time(tmp_path)
    assert names(prepared.rows) == {
        "a.jpg": ["a.jpg", "b.jpg", "c.jpg"],
        "box": ["f.jpg", "g.jpg"],
        "d.jpg": ["d.jpg"],
        "e.jpg": ["e.jpg"],
        "undated.jpg": ["undated.jpg"],
    }
    assert [(group.refs, group.common) for group in prepared.alike] == [(("a.jpg", "e.jpg"), LIKE_PHOTO)]
    assert grouping_told(prepared.rows, Grouping.TIME) == (
        "8 photos put together as 5 items by sub-folder, time and likeness: a.jpg (a.jpg, b.jpg, c.jpg); "
        "box (f.jpg, g.jpg)."
    )


def test_the_same_and_like_photos_are_pointed_out(tmp_path: Path) -> None:
    first = photo(tmp_path / "1.jpg", engraving(1))
    photo(tmp_path / "2.jpg", engraving(2))
    photo(tmp_path / "3.jpg", engraving(1).resize((300, 225)))
    (tmp_path / "4.jpg").write_bytes(first.read_bytes())
    photo(tmp_path / "5.jpg", engraving(2).transpose(Image.Transpose.ROTATE_90))
    items = [Item(ref=str(number), photos=(Photo(str(tmp_path / f"{number}.jpg")),)) for number in range(1, 6)]
    assert alike(*items) == [(("1", "3", "4"), f"{SAME_PHOTO}, {LIKE_PHOTO}"), (("2", "5"), LIKE_PHOTO)]


def test_two_photos_of_one_item_are_no_two_items(tmp_path: Path) -> None:
    path = str(photo(tmp_path / "1.jpg", engraving(1)))
    assert alike(Item(ref="1", photos=(Photo(path), Photo(path)))) == []


def test_like_descriptions_are_pointed_out_where_the_goods_go_the_same_way() -> None:
    items = [
        Item(ref="1", text="Terracotta figurine, 12 cm", sent_from="NG"),
        Item(ref="2", text="terracotta FIGURINE 14 cm", sent_from="NG"),
        Item(ref="3", text="terracotta figurine, 12 cm", sent_from="PE"),
        Item(ref="4", object_type="coin", inventory_no="A 1"),
        Item(ref="5", object_type="Coin", inventory_no="A 2"),
        Item(ref="6", text="12"),
        Item(ref="7", text="12"),
        Item(ref="8", declared="glass beads"),
        Item(ref="9", declared="glass beads"),
        Item(ref="10", text="bronze horse", declared="glass beads"),
    ]
    assert alike(*items) == [(("1", "2"), LIKE_WORDS), (("4", "5"), SAME_WORDS), (("8", "9"), SAME_WORDS)]


@pytest.mark.parametrize(("count", "met"), [(9, False), (10, True)])
def test_many_like_parcels_are_an_indicator(command: Commands, tmp_path: Path, count: int, met: bool) -> None:  # noqa: FBT001  # an answer
    rows = "".join(f"P-{number},terracotta figurine {number} cm,NG\n" for number in range(count))
    ended = command("batch", write(tmp_path / "parcels.csv", f"ref,text,from\n{rows}other,iron key,NG\n"), "--json")
    *parcels, other = map(json.loads, ended.out.splitlines())
    for line in parcels:
        assert line["item"]["alike"] == count - 1
        assert any(text.startswith("O06 ") for text in line["verdict"]["lines"]["indicators"]["met"]) is met
    assert "alike" not in other["item"]
    del other["inputs"], other["exit_code"], parcels[0]["inputs"], parcels[0]["exit_code"]
    assert_valid(parcels[0], "result")


def test_likeness_is_shown_in_the_summary_and_the_table(command: Commands, tmp_path: Path) -> None:
    rows = "".join(f"P-{number},terracotta figurine {number} cm\n" for number in range(12))
    manifest = write(tmp_path / "parcels.csv", f"ref,text\n{rows}other,iron key\n")
    ended = command("batch", manifest, "--csv", tmp_path / "table.csv")
    assert f"Alike within the shipment: 12 items: {LIKE_WORDS}: P-0, P-1, " in ended.words
    table = (tmp_path / "table.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sum(line.endswith(",11") for line in table) == 12


def test_photos_are_read_once_for_each_item_and_kept_apart(command: Commands, tmp_path: Path) -> None:
    folder = tmp_path / "shipment"
    for number, name in enumerate(("a.jpg", "b.jpg", "box/1.jpg", "box/2.jpg", "lot7_front.jpg", "lot7_back.jpg")):
        photo(folder / name, painting(number))
    (folder / "broken.jpg").write_bytes(b"no photo")
    ended = command("batch", folder, "--json", "--csv", tmp_path / "table.csv")
    lines = {line["ref"]: line for line in map(json.loads, ended.out.splitlines())}
    files = {ref: [Path(photo["file"]).name for photo in line["item"]["photos"]] for ref, line in lines.items()}
    assert files == {
        "a.jpg": ["a.jpg"],
        "b.jpg": ["b.jpg"],
        "box": ["1.jpg", "2.jpg"],
        "broken.jpg": ["broken.jpg"],
        "lot7": ["lot7_back.jpg", "lot7_front.jpg"],
    }
    photos = [photo for line in lines.values() for photo in line["item"]["photos"]]
    assert [photo["usable"] for photo in photos] == [True, True, True, True, False, True, True]
    assert len({photo["sha256"] for photo in photos}) == 7
    assert ended.code == ExitCode.NOT_FULLY_CHECKED
    assert (
        "7 photos put together as 5 items by sub-folder and name: box (1.jpg, 2.jpg); "
        "lot7 (lot7_back.jpg, lot7_front.jpg).\n"
    ) in ended.err
    assert "lot7_back.jpg | lot7_front.jpg" in (tmp_path / "table.csv").read_text(encoding="utf-8-sig")


def test_a_replaced_photo_is_checked_again(command: Commands, tmp_path: Path) -> None:
    folder, results = tmp_path / "shipment", tmp_path / "results.jsonl"
    photo(folder / "a.jpg", painting(1))
    photo(folder / "b.jpg", painting(2))
    command("batch", folder, "--jsonl", results)
    photo(folder / "b.jpg", painting(3))
    assert "item or its like changed since: 1 result" in command("batch", folder, "--jsonl", results).err
    assert results.read_bytes().count(b"\n") == 3


@pytest.mark.parametrize("way", Grouping)
def test_the_officer_is_told_how_photos_were_put_together(way: Grouping) -> None:
    single = ItemRows((Item(ref="a.jpg", photos=(Photo("a.jpg"),)), Item(ref="b.jpg", photos=(Photo("b.jpg"),))))
    told = grouping_told(single.rows, way)
    assert told.startswith("2 photos, each an item of its own.")
    assert ("--group" in told) is (way in {Grouping.FOLDER, Grouping.NAME})


def test_planted_objects_are_all_found_after_a_kill_in_the_middle(
    command: Commands, install_list: Install, tmp_path: Path
) -> None:
    folder, results, table = tmp_path / "shipment", tmp_path / "results.jsonl", tmp_path / "table.csv"
    kept = [photo(tmp_path / "kept" / f"{number}.png", engraving(number)) for number in PLANTED]
    references = (
        ReferencePhoto(
            reading.photo.file, path.name, reading.photo.sha256, fingerprint.phash[0], fingerprint.dhash[0],
            reading.thumbnail, reading.points,
        )
        for path, reading in zip(kept, read_photos(kept, role=Role.REFERENCE), strict=True)
        if (fingerprint := reading.photo.fingerprint)
    )  # fmt: skip
    install_list("museum", *(Record(id=str(path), title=path.stem) for path in kept), photos=tuple(references))
    for number in range(PHOTOS):
        picture = on_a_table(engraving(number), seed=900 + number) if number in PLANTED else engraving(100 + number)
        photo(folder / f"{number:02}.jpg", picture)
    arguments = ("batch", str(folder), "--jsonl", str(results), "--csv", str(table), "--workers", "2")
    with subprocess.Popen(
        [sys.executable, "-m", "fieldcheck", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not (results.exists() and results.read_bytes().count(b"\n") >= 8):
            time.sleep(0.02)
        process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    assert 8 <= results.read_bytes().count(b"\n") < PHOTOS
    ended = command(*arguments)
    assert ended.code == ExitCode.STRONG
    assert "Kept from an earlier run: " in ended.err
    found = {line["ref"]: line["verdict"]["band"] for line in map(json.loads, results.read_text().splitlines())}
    planted = [f"{number:02}.jpg" for number in PLANTED]
    assert [ref for ref, band in found.items() if band == "hold_listed"] == planted
    assert len(found) == PHOTOS
    assert [line.split(",")[0] for line in table.read_text(encoding="utf-8-sig").splitlines()[1:5]] == planted
    assert ended.out.index("4: HOLD, looks like a listed object") < ended.out.index("36: ")
