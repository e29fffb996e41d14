"""A PDF is an archival file of the same pages, in which nothing of a document is ever markup."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli_helpers import HERON, HERON_IN_WORDS, Commands, write
from conftest import Install
from fieldcheck.datafiles import data_folder
from fieldcheck.errors import ExitCode
from fieldcheck.models import Band, Effect
from fieldcheck.report import pdf
from fieldcheck.report.content_holder import holder_document
from fieldcheck.report.content_object_id import object_id_document
from fieldcheck.report.content_report import report
from fieldcheck.report.content_shipment import batch_document
from fieldcheck.report.page import (
    Bullets,
    Document,
    Fact,
    Facts,
    Folded,
    Heading,
    Headline,
    Note,
    Page,
    Picture,
    Point,
    Points,
    Row,
    Table,
    Weight,
)
from fieldcheck.report.pdf import BEGINNING, MARK, pdf_document
from fieldcheck.report.pdf_data import document_data
from fieldcheck.report.pictures import NO_PICTURES
from fieldcheck.report.views import BatchEntry
from reading_html import read_html
from results import ARABIC, make_candidate, make_item, make_record, make_result
from test_report_hostile import TEXTS, saying
from test_report_html import PHOTO, PICTURES, POINTS, every_block, seen_by_photo

pytest.importorskip("typst")

DAY = "2026-11-24"
MARKUP = (
    '#read("/etc/passwd")', "#panic()", "$ x^2 $ $", "*bold* _slanted_", "<label> @label", "`raw` ```", "= Heading",
    '#import "@preview/cetz:0.3.0": *', "\\ \\u{41} // not a comment /* nor this", '"); #panic("', "#(1+1) #{2+2}",
)  # fmt: skip
LATIN_ONLY = make_result(candidates=(make_candidate(), make_candidate(record=make_record(id="Q1", title="Gong"))))
DOCUMENTS = {
    "result": report(LATIN_ONLY, PICTURES),
    "photo": report(seen_by_photo(), PICTURES),
    "nothing": report(make_result(Band.NO_INDICATION, candidates=()), NO_PICTURES),
    "holder": holder_document(LATIN_ONLY, PICTURES, "2026-0417"),
    "Object ID": object_id_document(LATIN_ONLY, PICTURES),
    "shipment": batch_document(
        [BatchEntry("b", "REFER to an expert. A mask.", Band.REFER), BatchEntry("a", "No such file.", None)],
        {"b": (seen_by_photo(), PICTURES)},
    ),
    "every block": Document("all", (*every_block("said"), Bullets(("a", "b"), numbered=True)), day=DAY),
}
needs_reader = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's pdftotext is not here")
needs_arabic = pytest.mark.skipif(
    bool(pdf_document(Document("x", (Note(ARABIC),), day=DAY)).remarks), reason="no font here has Arabic"
)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def text_of(content: bytes, folder: Path) -> str:
    """The words of a PDF in reading order, without its line breaks."""
    path = folder / "read.pdf"
    path.write_bytes(content)
    read = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True)  # noqa: S607  # found above
    return " ".join(read.stdout.decode().split())


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_document_is_archival_and_the_same_twice(document: Document) -> None:
    made = pdf_document(document)
    assert made.remarks == ()
    assert made.content == pdf_document(document).content
    assert made.content.startswith(BEGINNING)
    assert MARK in made.content
    assert b"<pdfaid:part>2</pdfaid:part>" in made.content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in made.content
    for active in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile", b"/OpenAction"):
        assert active not in made.content


def test_the_template_reads_no_file_and_no_package() -> None:
    template = (data_folder() / "report" / "report.typ").read_text(encoding="utf-8")
    for word in ("import", "include", "read(", "eval(", "plugin(", "@preview", "http"):
        assert word not in template.replace("never read as", "")


@needs_reader
@pytest.mark.parametrize("markup", MARKUP)
def test_markup_is_text(markup: str, tmp_path: Path) -> None:
    page: Page = (
        Headline("A", markup), Facts((Fact("B", markup, markup),)), Note(markup), Heading(markup),
        Table(("C", markup), (Row((markup, markup)),)), Bullets((markup,)),
    )  # fmt: skip
    made = pdf_document(Document(markup, page, day=DAY))
    said = " ".join(markup.split())
    assert text_of(made.content, tmp_path).count(said) >= 7
    assert b"root:" not in made.content


_NASTY = st.text(st.sampled_from("#$*_<>@`=\\/\"'()[]{}~-+ \n\x00\x1b\u202e\u2028\ud800a1ж\u00e9"), max_size=50)


@given(_NASTY)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_stops_a_report(said: str) -> None:
    folded = Folded(said, (*every_block(said), Points((Point(Effect.AGAINST, said, Weight(-1.5, 2.0)),))))
    assert pdf_document(Document(said, (*every_block(said), folded), day=DAY)).remarks == ()


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_results_give_a_report(name: str) -> None:
    result = make_result(
        candidates=(saying(make_candidate(), TEXTS[name][:20_000]),), item=saying(make_item(), TEXTS[name][:20_000])
    )
    assert pdf_document(report(result, NO_PICTURES)).content.startswith(BEGINNING)


@needs_reader
def test_the_pdf_says_what_the_html_says(tmp_path: Path) -> None:
    from fieldcheck.report.html import html_document

    said = text_of(pdf_document(DOCUMENTS["nothing"]).content, tmp_path).replace(" ", "")
    page = read_html(html_document(DOCUMENTS["nothing"]))
    sentences = [part.text for part in page.one("main").all("h1", "h2", "dt", "dd", "li", "td", "th")]
    assert len(sentences) > 20
    missing = [text for text in sentences if text.replace(" ", "") not in said]
    assert missing == []


@needs_reader
@needs_arabic
@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("رقم المتحف IM 1897-42 ارتفاعه 12.5 x 8 cm", ("IM 1897-42", "12.5 x 8 cm")),
        ("Икона, инв. № ИК-1897/42, 31,5 x 26 cm", ("Икона, инв. № ИК-1897/42, 31,5 x 26 cm",)),
    ],
)
def test_identifiers_stay_in_order(text: str, whole: tuple[str, ...], tmp_path: Path) -> None:
    record = make_record(id="1897-42", title=text, maker="")
    made = pdf_document(report(make_result(candidates=(make_candidate(record=record),)), NO_PICTURES))
    assert made.remarks == ()
    said = text_of(made.content, tmp_path)
    for char in "\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200e\u200f":
        said = said.replace(char, "")
    assert all(part in said for part in whole)


def test_a_picture_that_cannot_be_decoded_costs_the_pictures_and_not_the_report() -> None:
    broken = PHOTO[:2] + PHOTO[PHOTO.index(b"\xff\xc0") :][:19]
    made = pdf_document(Document("x", (Picture(broken, "front.jpg"), Picture(PHOTO, "back.jpg")), day=DAY))
    assert made.content.startswith(BEGINNING)
    assert made.remarks


def test_letters_that_no_font_has_are_told() -> None:
    made = pdf_document(Document("x", (Note("\U0001ffff \u0378"),), day=DAY))
    assert "not archival" in made.remarks[0]
    assert b"pdfaid" not in made.content


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-40"])
def test_a_document_without_a_day_is_told(day: str) -> None:
    made = pdf_document(Document("x", (Note("x"),), day=day))
    assert made.remarks == ("The PDF is not archival: it bears no date.",)


def test_pictures_are_bytes_and_points_are_shares() -> None:
    (block,) = (
        entry for entry in document_data(DOCUMENTS["every block"], None)["blocks"] if entry["kind"] == "comparison"
    )
    assert [bytes(picture["jpeg"]) for picture in block["pair"]] == [PHOTO, PHOTO]
    assert len(block["marks"]) == 9
    assert {*(mark["at"] for mark in block["marks"]), *block["dots"]} == set(POINTS)


def test_a_check_and_explain_write_the_same_pdf(command: Commands, install_list: Install, tmp_path: Path) -> None:
    install_list("museum", HERON)
    alone = command("check", HERON_IN_WORDS)
    both = command("check", HERON_IN_WORDS, "--pdf", tmp_path / "new" / "a.pdf", "--html", tmp_path / "a.html")
    assert (both.code, both.out) == (alone.code, alone.out) == (ExitCode.STRONG, alone.out)
    assert "a.pdf" in both.err
    assert (tmp_path / "a.html").exists()
    result = command("check", HERON_IN_WORDS, "--json").json
    for _ in range(2):
        command("explain", result["result_id"], "--pdf", tmp_path / "b.pdf")
    assert (tmp_path / "new" / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@needs_reader
def test_a_shipment_is_written_whole(command: Commands, install_list: Install, tmp_path: Path) -> None:
    install_list("museum", HERON)
    manifest = write(tmp_path / "items.csv", f'ref,text\nbox,wicker chair\nflat,"{HERON_IN_WORDS}"\n')
    for outputs in ((), ("--jsonl", tmp_path / "out.jsonl")):
        ended = command("batch", manifest, "--pdf", tmp_path / "all.pdf", *outputs)
        assert ended.code == ExitCode.STRONG
        assert "not archival" not in ended.err
        said = text_of((tmp_path / "all.pdf").read_bytes(), tmp_path)
        assert said.index("Item flat") < said.index("Item box")
        assert "museum/M-1" in said


def test_two_reports_are_two_files(command: Commands, tmp_path: Path) -> None:
    for verb in (("check", "vase"), ("explain", "x"), ("batch", tmp_path / "items.csv")):
        ended = command(*verb, "--pdf", tmp_path / "a", "--html", tmp_path / "a")
        assert ended.code == ExitCode.USAGE
        assert "named twice" in ended.err


def test_a_row_that_points_nowhere_is_a_row() -> None:
    page: Page = (
        Table(("A",), (Row(("b",), target="nowhere"), Row(("c",), target="here"))),
        Heading("H", anchor="here"),
    )
    assert pdf_document(Document("x", page, day=DAY)).remarks == ()


def test_without_typst_nothing_is_begun(
    command: Commands, install_list: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_list("museum", HERON)
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    ended = command("check", HERON_IN_WORDS, "--pdf", tmp_path / "a.pdf", "--html", tmp_path / "a.html")
    assert ended.code == ExitCode.USAGE
    assert "pip install 'fieldcheck[pdf]'" in ended.err
    assert not list(tmp_path.glob("a.*"))
    assert command("check", HERON_IN_WORDS, "--html", tmp_path / "a.html").code == ExitCode.STRONG


@pytest.mark.parametrize("content", ["%PDF-1.7\nmine", "mine", "fieldcheck report"])
def test_no_other_file_is_written_over(command: Commands, install_list: Install, tmp_path: Path, content: str) -> None:
    install_list("museum", HERON)
    mine = write(tmp_path / "mine.pdf", content)
    ended = command("check", HERON_IN_WORDS, "--pdf", mine)
    assert ended.code == ExitCode.USAGE
    assert "is not a PDF report of fieldcheck" in ended.err
    assert mine.read_text() == content


def test_a_rule_of_the_language_turns_the_page() -> None:
    document = replace(DOCUMENTS["nothing"], language="ar")
    assert document_data(document, None)["direction"] == "rtl"
    assert pdf_document(document).remarks == ()
