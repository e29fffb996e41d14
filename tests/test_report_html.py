"""An HTML report is one whole file that runs nothing, asks for nothing and hides nothing from whoever cannot see it."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldcheck.datafiles import data_folder
from fieldcheck.models import Band, Evidence, EvidenceKind, Record, Result
from fieldcheck.report.content_report import record_document, report
from fieldcheck.report.content_shipment import MOST_WHOLE, batch_document, shown_whole
from fieldcheck.report.html import BEGINNING, html_document
from fieldcheck.report.page import (
    Comparison,
    Document,
    Fact,
    Facts,
    Heading,
    Headline,
    Note,
    Page,
    Picture,
    Row,
    Table,
    Tone,
)
from fieldcheck.report.pictures import NO_PICTURES, Pictures
from fieldcheck.report.views import BatchEntry
from photos import encoded, painting
from reading_html import Element, read_html
from results import ARABIC, make_candidate, make_item, make_record, make_result, make_view, results
from test_report_hostile import TEXTS, saying

ELEMENTS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "div", "h1", "h2", "h3"}
    | {"h4", "p", "b", "strong", "bdi", "span", "a", "dl", "dt", "dd", "ol", "ul", "li", "table", "thead", "tbody"}
    | {"tr", "th", "td", "details", "summary", "figure", "figcaption", "img", "svg", "image", "circle", "line", "text"}
)
ATTRIBUTES = frozenset(
    {"lang", "dir", "charset", "http-equiv", "content", "name", "class", "id", "aria-labelledby", "role", "scope"}
    | {"colspan", "href", "src", "alt", "width", "height", "viewbox", "x", "y", "cx", "cy", "r", "dy"}
    | {"x1", "y1", "x2", "y2", "fill", "stroke"}
)
PHOTO = encoded(painting(1, (120, 90)), quality=60)
POINTS = tuple((x / 10, y / 10, 1 - x / 10, y / 10) for x in range(1, 10, 2) for y in (2, 5, 8))
PICTURES = Pictures(
    {"front.jpg": Picture(PHOTO, "front.jpg")},
    {("fbi", "01252", "01252.jpg"): Picture(PHOTO, "01252.jpg", "from another version")},
)


def seen_by_photo() -> Result:
    photo = Evidence(EvidenceKind.PHOTO, "31 details lie alike", "front.jpg", "01252.jpg", 6.0, POINTS)
    return make_result(candidates=(make_candidate(evidence=(photo,)),))


def shown(result: Result, pictures: Pictures = NO_PICTURES) -> Element:
    return read_html(html_document(report(result, pictures)))


DOCUMENTS = {
    "result": report(make_result(), NO_PICTURES),
    "photo": report(seen_by_photo(), PICTURES),
    "nothing": report(make_result(Band.NO_INDICATION, candidates=()), NO_PICTURES),
    "record": record_document(make_view(thumbnail=PHOTO), {"a.jpg": PHOTO, "b.jpg": PHOTO}),
    "shipment": batch_document(
        [BatchEntry("b", "REFER to an expert. A mask.", Band.REFER), BatchEntry("a", "No such file.", None)],
        {"b": (seen_by_photo(), PICTURES)},
    ),
}
each_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)


def policy_of(page: Element) -> str:
    (policy,) = [meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes]
    return policy


@each_document
def test_nothing_runs_and_nothing_is_fetched(document: Document) -> None:
    text = html_document(document)
    page = read_html(text)
    style = page.one("style").text
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy_of(page).split("; ") == [
        "default-src 'none'", "img-src data:", f"style-src 'sha256-{digest}'", "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip
    assert "url(" not in style
    assert "@import" not in style
    assert {element.name for element in page.all()} <= ELEMENTS
    assert {name for element in page.all() for name in element.attributes} <= ATTRIBUTES
    places = [
        element.attributes[name] for element in page.all() for name in ("href", "src") if name in element.attributes
    ]
    assert all(place.startswith(("#", "data:image/jpeg;base64,")) for place in places)


@each_document
def test_the_headings_are_in_order_and_every_part_is_named(document: Document) -> None:
    page = read_html(html_document(document))
    levels = [int(heading.name[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [child.name for child in page.one("body").children] == ["header", "main", "footer"]
    names = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(names) == len(set(names))
    pointed = [element.attributes.get("aria-labelledby", "") for element in page.all()]
    pointed += [link.attributes["href"].removeprefix("#") for link in page.all("a")]
    assert set(filter(None, pointed)) <= set(names)
    assert page.one("html").attributes == {"lang": "en", "dir": "ltr"}


@each_document
def test_every_picture_has_words(document: Document) -> None:
    page = read_html(html_document(document))
    assert all(image.attributes["alt"] for image in page.all("img"))
    for drawing in page.all("svg"):
        assert drawing.attributes["role"] == "img"
        title = drawing.one("title")
        assert title.attributes["id"] == drawing.attributes["aria-labelledby"]
        assert title.text


def test_the_same_report_gives_the_same_bytes() -> None:
    assert html_document(report(seen_by_photo(), PICTURES)) == html_document(report(seen_by_photo(), PICTURES))
    assert html_document(DOCUMENTS["result"]).startswith(BEGINNING)


def test_matched_details_are_marked_alike_in_both_photos() -> None:
    drawing = shown(seen_by_photo(), PICTURES).one("svg")
    assert len(drawing.all("image")) == 2
    numbers = [number.text for number in drawing.all("text")]
    assert sorted(numbers) == sorted("123456789" * 2)
    lines = [line for line in drawing.all("line") if line.attributes["class"] == "over"]
    colours = [mark.attributes["fill"] for mark in drawing.all("circle") if mark.attributes["class"] == "mark"]
    assert colours[::2] == colours[1::2] == [line.attributes["stroke"] for line in lines]
    ends = {(line.attributes[x], line.attributes[y]) for line in lines for x, y in (("x1", "y1"), ("x2", "y2"))}
    marks = {
        (mark.attributes["cx"], mark.attributes["cy"])
        for mark in drawing.all("circle")
        if mark.attributes["class"] == "mark"
    }
    assert ends == marks
    both = [
        {name: float(value) for name, value in image.attributes.items() if name != "href"}
        for image in drawing.all("image")
    ]
    places = [{name: float(line.attributes[name]) for name in ("x1", "y1", "x2", "y2")} for line in lines]
    shares = {
        tuple(
            round((place[f"{axis}{end}"] - box.get(axis, 0.0)) / box[side], 2)
            for end, box in zip("12", both, strict=True)
            for axis, side in (("x", "width"), ("y", "height"))
        )
        for place in places
    }
    assert shares <= {tuple(round(share, 2) for share in point) for point in POINTS}
    left, right = (float(image.attributes.get("x", "0")) for image in drawing.all("image"))
    assert left == 0
    assert all(float(line.attributes["x1"]) < right <= float(line.attributes["x2"]) for line in lines)


def test_a_caption_says_what_is_marked_and_from_where() -> None:
    said = shown(seen_by_photo(), PICTURES).one("figcaption").text
    assert "15 of them are marked" in said
    assert "fbi/01252, 01252.jpg, from another version" in said


@pytest.mark.parametrize("gone", [b"", b"no picture", PHOTO[:40]])
def test_a_picture_that_is_gone_says_so(gone: bytes) -> None:
    pictures = replace(PICTURES, items={"front.jpg": Picture(gone, "front.jpg", "" if gone else "the file is gone")})
    page = shown(seen_by_photo(), pictures)
    figure = page.one("figure")
    assert not page.all("svg")
    assert [image.attributes["alt"] for image in figure.all("img")] == ["Photo: fbi/01252, 01252.jpg"]
    assert ("Not shown: the file is gone." if not gone else "Not shown: the picture cannot be read.") in figure.text
    assert "are marked" not in figure.text


def test_weights_and_the_record_are_folded_away() -> None:
    page = shown(make_result(candidates=(make_candidate(),)))
    folded = {part.one("summary").text: part.text for part in page.all("details")}
    weighed = folded["What each comparison weighs"]
    assert "+5.2 = 5.2" in weighed
    assert "\N{MINUS SIGN}1.7" in weighed
    assert "A slit drum carved from one log" in folded["What the list says of this object"]
    unfolded = page.text
    for said in folded.values():
        unfolded = unfolded.replace(said, "")
    assert "+5.2" not in unfolded
    assert "photo: a photograph that looks alike" in unfolded


def test_a_report_says_what_it_rests_on() -> None:
    closing = (Facts((Fact("CASEBOOK", "entry 7, head 00ff"),)),)
    page = read_html(html_document(report(make_result(), NO_PICTURES, closing)))
    for said in (
        "3f9a0c12de45", "2026-11-24", "fieldcheck 0.1.0", "ab" * 32, "version 9f3c2a", "published 2026-11-01",
        "STALE", "NOT READ, it is damaged", "entry 7, head 00ff", "Keep the object and its packing",
        "It proves neither identity nor ownership",
    ):  # fmt: skip
        assert said in page.text, said


@pytest.mark.parametrize("band", Band)
def test_no_verdict_reassures_by_its_colour(band: Band) -> None:
    band_of = shown(make_result(band)).all("div")[0].attributes["class"].split()
    assert band_of == ["band", {"hold_listed": "hold", "hold_control": "hold", "refer": "refer"}.get(band, "neutral")]
    style = (data_folder() / "report" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"\bgreen\b", style)
    for red, green, blue in re.findall(r"#(..)(..)(..)\b", style):
        assert int(green, 16) <= 1.15 * max(int(red, 16), int(blue, 16))


def test_identifiers_stay_in_order_beside_right_to_left_letters() -> None:
    page = shown(make_result(candidates=(make_candidate(record=Record(id="1897-42", title=ARABIC)),)))
    isolated = [part.text for part in page.all("bdi") if part.attributes.get("dir") == "ltr"]
    assert "1897-42" in isolated
    values = [part for part in page.all("dd") if ARABIC in part.text]
    assert values
    assert all(part.attributes["dir"] == "auto" for part in values)


def test_letters_before_a_number_stay_with_it() -> None:
    text = "رقم المتحف IM 1897-42، ارتفاعه 12.5 x 8 cm"
    page = read_html(html_document(Document("x", (Headline("x", text),))))
    assert [part.text for part in page.all("bdi")] == ["IM 1897-42", "12.5 x 8 cm"]


def test_a_language_that_runs_from_the_right_turns_the_page() -> None:
    page = read_html(html_document(Document("فحص", (Headline("قف"),), "ar")))
    assert page.one("html").attributes == {"lang": "ar", "dir": "rtl"}


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text_is_text(name: str) -> None:
    result = make_result(candidates=(saying(make_candidate(), TEXTS[name]),), item=saying(make_item(), TEXTS[name]))
    page = shown(result)
    assert {element.name for element in page.all()} <= ELEMENTS
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\ud800-\udfff]", page.text)


_NASTY = st.text(st.sampled_from("<>&\"'`=/;-!{}[]() \n\t\x00\x1b\u202e\u2028\ud800a1scriptonerrorهع"), max_size=60)


def every_block(said: str) -> Page:
    picture = Picture(PHOTO, said, said)
    return (
        Headline(said, said, Tone.HOLD), Facts((Fact(said, said, said),)), Note(said), Heading(said),
        Table((said, said), (Row((said, said)),)), Comparison(picture, picture, POINTS, said), picture,
    )  # fmt: skip


def elements_of(said: str) -> list[Element]:
    text = html_document(Document(said, every_block(said)))
    text.encode()
    return [element for element in read_html(text).all() if element.name != "bdi"]


@given(_NASTY)
@settings(max_examples=60, deadline=None)
def test_no_text_becomes_markup(said: str) -> None:
    elements = elements_of(f"x{said}")
    assert [element.name for element in elements] == [element.name for element in elements_of("x")]
    assert {name for element in elements for name in element.attributes} <= ATTRIBUTES


@given(results())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_result_gives_a_whole_page(result: Result) -> None:
    page = shown(result)
    assert {element.name for element in page.all()} <= ELEMENTS
    assert all(group.children[0].name == "dt" for group in page.all("div") if group.all("dt"))


def test_a_shipment_is_listed_worst_first_with_links_to_what_is_shown_whole() -> None:
    entries = [
        BatchEntry("n", "NO INDICATION IN THE DATA HELD. This is not clearance.", Band.NO_INDICATION),
        BatchEntry("bad", "The photo cannot be read.", None),
        BatchEntry("h", "HOLD. Looks like a drum.", Band.HOLD_LISTED, gaps="Photo 2 was not checked."),
    ]
    assert shown_whole(entries) == ("h", "n")
    page = read_html(html_document(batch_document(entries, {"h": (make_result(), NO_PICTURES)})))
    rows = page.all("table")[0].one("tbody").all("tr")
    assert [row.one("th").text for row in rows] == ["h", "bad", "n"]
    assert "Photo 2 was not checked." in rows[0].text
    (link,) = page.all("a")
    target = link.attributes["href"].removeprefix("#")
    assert next(element for element in page.all("h2") if element.attributes["id"] == target).text == "Item h"
    assert "2 of them stand in this table only." in page.text
    assert "8 more that are less alike; `fieldcheck explain` shows them." in page.text


def test_a_large_shipment_shows_no_more_than_can_be_read() -> None:
    entries = [BatchEntry(str(number), "REFER to an expert.", Band.REFER) for number in range(MOST_WHOLE + 50)]
    assert len(shown_whole(entries)) == MOST_WHOLE


def test_a_record_that_says_nothing_has_a_page() -> None:
    view = make_view(record=make_record(title="", maker="", object_type=""))
    assert "fbi/01252" in read_html(html_document(record_document(view, {}))).text
