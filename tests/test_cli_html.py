"""``--html``: a report in a file, beside what stands on the screen, and never over something else."""

import json
from pathlib import Path

import pytest

from cli_helpers import HERON, HERON_IN_WORDS, NOTHING_LIKE_IT, Commands, write
from conftest import Install
from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.errors import ExitCode
from fieldcheck.files import sha256_of
from fieldcheck.models import Record
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from photos import encoded, engraving, on_a_table
from photos import write as write_bytes
from reading_html import Element, read_html


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def with_photo(install_list: Install, tmp_path: Path) -> Path:
    """A list whose record has a photo; a photo of the same picture on a table."""
    path = write_bytes(tmp_path / "heron.jpg", encoded(engraving(1), quality=90))
    (reading,) = read_photos([path], role=Role.REFERENCE)
    prints = reading.photo.fingerprint
    assert prints
    kept = ReferencePhoto(
        HERON.id, "heron.jpg", sha256_of(path), prints.phash[0], prints.dhash[0], reading.thumbnail, reading.points
    )
    install_list("museum", HERON, photos=(kept,))
    return write_bytes(tmp_path / "table.jpg", encoded(on_a_table(engraving(1)), quality=85))


def read(path: Path) -> Element:
    return read_html(path.read_text(encoding="utf-8"))


def test_a_check_writes_a_report_and_says_the_same_as_ever(
    command: Commands, install_list: Install, tmp_path: Path
) -> None:
    install_list("museum", HERON)
    alone = command("check", HERON_IN_WORDS)
    both = command("check", HERON_IN_WORDS, "--html", tmp_path / "new" / "report.html")
    assert (both.code, both.out) == (alone.code, alone.out) == (ExitCode.STRONG, alone.out)
    assert "report.html" in both.err
    page = read(tmp_path / "new" / "report.html")
    assert page.one("h1").text == "HOLD."
    assert "museum/M-1" in page.text
    as_json = command("check", HERON_IN_WORDS, "--json", "--html", tmp_path / "again.html")
    assert as_json.json["result_id"] in page.text
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "new" / "report.html").read_bytes()


def test_a_photo_stands_beside_the_record_s(command: Commands, with_photo: Path, tmp_path: Path) -> None:
    ended = command("check", "--photo", with_photo, "--html", tmp_path / "a.html")
    assert ended.code == ExitCode.STRONG
    assert "table.jpg beside museum/M-1, heron.jpg." in ended.words
    drawing = read(tmp_path / "a.html").one("svg")
    first, second = (image.attributes["href"] for image in drawing.all("image"))
    assert first != second
    assert len(drawing.all("text")) == 18


def test_explain_shows_the_same_report_while_everything_is_there(
    command: Commands, with_photo: Path, tmp_path: Path
) -> None:
    result = command("check", "--photo", with_photo, "--json", "--html", tmp_path / "a.html").json
    command("explain", result["result_id"], "--html", tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_explain_says_which_picture_is_gone(
    command: Commands, with_photo: Path, install_list: Install, tmp_path: Path
) -> None:
    result = command("check", "--photo", with_photo, "--json").json
    with_photo.write_bytes(encoded(engraving(5)))
    install_list("museum", HERON, Record(id="new"))
    ended = command("explain", result["result_id"], "--html", tmp_path / "b.html")
    assert ended.code == ExitCode.NOTHING_FOUND
    figure = read(tmp_path / "b.html").one("figure")
    assert not figure.all("img", "svg")
    assert "the file is gone, or was changed since it was checked" in figure.text
    assert "the list no longer has this photo" in figure.text
    assert "The details that lie alike are spread over" in figure.text


def test_a_picture_of_another_version_of_the_list_says_so(command: Commands, with_photo: Path, tmp_path: Path) -> None:
    content = command("check", "--photo", with_photo, "--json").json
    for entry in content["verdict"]["lines"]["data"]["lists"]:
        entry["version"] = "0000"
    kept = write(tmp_path / "result.json", json.dumps(content))
    command("explain", kept, "--html", tmp_path / "b.html")
    assert "from another version of the list" in read(tmp_path / "b.html").one("figure").text


@pytest.mark.parametrize("file", ["//server/share/a.jpg", "\\\\server\\share\\a.jpg"])
def test_no_path_of_a_result_leads_to_a_network(
    command: Commands, with_photo: Path, tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = command("check", "--photo", with_photo, "--json").json
    content["item"]["photos"][0]["file"] = file
    for candidate in content["candidates"]:
        for entry in candidate["evidence"]:
            entry["query"] = file
    kept = write(tmp_path / "result.json", json.dumps(content))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr("fieldcheck.vision.reader.read_photos", refuse)
    assert command("explain", kept, "--html", tmp_path / "b.html").code == ExitCode.NOTHING_FOUND
    assert "the file is gone" in read(tmp_path / "b.html").text


def test_show_writes_the_record(command: Commands, with_photo: Path, tmp_path: Path) -> None:
    assert with_photo.exists()
    command("show", "museum/M-1", "--html", tmp_path / "record.html")
    page = read(tmp_path / "record.html")
    assert page.one("img").attributes["alt"] == "Photo: museum/M-1"
    assert "1897-42" in page.text


def test_a_shipment_has_one_report_with_every_item(command: Commands, with_photo: Path, tmp_path: Path) -> None:
    manifest = write(
        tmp_path / "items.csv",
        f"ref,text,photos\nbox,{NOTHING_LIKE_IT},\npainting,,{with_photo.name}\nbad,vase,none.jpg\n",
    )
    for outputs in ((), ("--jsonl", tmp_path / "out.jsonl")):
        command("batch", manifest, "--html", tmp_path / "all.html", *outputs)
        page = read(tmp_path / "all.html")
        rows = page.all("table")[0].one("tbody").all("tr")
        assert next(row.one("th").text for row in rows) == "painting"
        assert {row.one("th").text for row in rows} == {"box", "painting", "bad"}
        items = [heading.text for heading in page.all("h2") if heading.text.startswith("Item ")]
        assert items[:1] == ["Item painting"]
        assert len([drawing for drawing in page.all("svg") if drawing.all("line")]) == 1


@pytest.mark.parametrize(
    "arguments",
    [("check", NOTHING_LIKE_IT), ("show", "museum/M-1"), ("batch", "items.csv")],
    ids=lambda words: words[0],
)
def test_nothing_is_written_over_what_is_not_a_report(
    command: Commands,
    install_list: Install,
    tmp_path: Path,
    arguments: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install_list("museum", HERON)
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "items.csv", "ref,text\na,chair\n")
    mine = write(tmp_path / "thesis.html", "<!doctype html>\nmine")
    ended = command(*arguments, "--html", mine)
    assert ended.code == ExitCode.USAGE
    assert "is not an HTML report of fieldcheck" in ended.err
    assert not ended.out
    assert mine.read_text() == "<!doctype html>\nmine"
    assert command(*arguments, "--html", tmp_path).code == ExitCode.USAGE
    for _ in range(2):
        assert command(*arguments, "--html", "mine.html").code == ExitCode.NOTHING_FOUND
    assert read(tmp_path / "mine.html")


def test_a_report_that_cannot_be_written_says_so_after_the_verdict(
    command: Commands, install_list: Install, tmp_path: Path
) -> None:
    install_list("museum", HERON)
    blocked = write(tmp_path / "file", "x")
    ended = command("check", HERON_IN_WORDS, "--html", blocked / "report.html")
    assert ended.code == ExitCode.INTERNAL
    assert "HOLD." in ended.out
    assert "was not written" in ended.err
