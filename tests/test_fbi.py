import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fbi_server import invented_item
from fieldcheck.datafiles import data_folder
from fieldcheck.errors import SourceError
from fieldcheck.lists.fbi import FbiSource
from fieldcheck.lists.interface import Page, read_descriptor
from fieldcheck.models import Record, Status
from fieldcheck.sync.hosts import declared_hosts

UID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def source() -> FbiSource:
    return FbiSource(read_descriptor(data_folder() / "lists" / "fbi.toml"))


def page(source: FbiSource, *items: object, total: object = None) -> Page:
    content = {"total": len(items) if total is None else total, "items": items, "page": 1}
    return source.parse_page(json.dumps(content).encode())


def record(source: FbiSource, **fields: Any) -> Record:
    found = page(source, {"uid": UID, **fields})
    assert found.problems == ()
    return found.records[0]


def test_the_descriptor_asserts_what_a_copy_must_satisfy_and_names_its_hosts(source: FbiSource) -> None:
    descriptor = source.descriptor
    assert (descriptor.assertions.min_records, descriptor.assertions.max_records) == (3000, 20000)
    assert set(descriptor.assertions.fill) <= set(Record.__slots__)
    assert declared_hosts(descriptor.hosts).permits("https", "api.fbi.gov", None)
    assert declared_hosts(descriptor.image_hosts).permits("https", "artcrimes.fbi.gov", None)


def test_pages_are_counted_from_one_and_sorted_the_same_each_time(source: FbiSource) -> None:
    assert source.page_url(3) == ("https://api.fbi.gov/artcrimes?pageSize=50&page=3&sort_on=modified&sort_order=asc")


def test_an_entry_of_the_real_shape_becomes_a_record(source: FbiSource) -> None:
    item = invented_item(2) | {"uid": UID, "additionalData": "print; portrait; Signed lower left"}
    found = page(source, item, total=4729)
    assert found == Page(
        (
            Record(
                id=UID,
                title="Untitled #2",
                maker="Otar Melashvili; Georgia",
                object_type="drawing or watercolour",
                materials=("Citrine", "Ruby", "Gold"),
                measurements=("2.88\" x 2.88'",),
                features=("print", "portrait", "Signed lower left"),
                inventory_numbers=("14-90002-2", "00000"),
                description="Invented object number 2, seen from the left.\r\nThe back is plain.",
                status=Status.STOLEN,
                url="https://www.fbi.gov/nsaf/invented-2",
                images=("https://artcrimes.fbi.gov/image-repository/invented-2.jpg",),
                modified="2026-07-14T02:20:01+00:00",
                language="en",
            ),
        ),
        4729,
    )


@pytest.mark.parametrize("nothing", [None, "", "  ", "Unknown", "unknown", "None", 0, [], {}, False])
def test_what_says_nothing_is_missing(source: FbiSource, nothing: object) -> None:
    names = ("title", "maker", "materials", "measurements", "additionalData", "period", "description",
             "idInAgency", "referenceNumber", "crimeCategory", "images", "url", "modified")  # fmt: skip
    assert record(source, **dict.fromkeys(names, nothing)) == Record(id=UID, language="en")


def test_unknown_keys_are_ignored(source: FbiSource) -> None:
    assert record(source, title="Heron", publication="2011", recovered={"when": 1}).title == "Heron"


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("paintings", "painting"),
        ("drawing-watercolour", "drawing or watercolour"),
        ("drawing,watercolour", "drawing or watercolour"),
        ("dolls-and-figurines", "doll or figurine"),
        ("dollsandfigurines", "doll or figurine"),
        ("clock,timepiece", "clock or timepiece"),
        ("sculpture", "sculpture"),
        ("metal-flatware", "metal flatware"),
        ("a-category-of-tomorrow", "a category of tomorrow"),
    ],
)
def test_categories_are_read_in_every_spelling(source: FbiSource, slug: str, words: str) -> None:
    assert record(source, crimeCategory=slug).object_type == words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Oil on canvas", ("Oil on canvas",)),
        ("Oil on canvas; wood; silver; copper", ("Oil on canvas", "wood", "silver", "copper")),
        ("Onyx, marble", ("Onyx", "marble")),
        ("Wood (oak, lime); gold leaf", ("Wood (oak, lime)", "gold leaf")),
        ("Gold; gold; ; Unknown; Gold", ("Gold", "gold")),
        ("Silver\r\nEnamel", ("Silver", "Enamel")),
    ],
)
def test_materials_are_taken_apart(source: FbiSource, written: str, read: tuple[str, ...]) -> None:
    assert record(source, materials=written).materials == read


def test_a_number_that_agency_and_case_share_is_kept_once(source: FbiSource) -> None:
    assert record(source, idInAgency="01252", referenceNumber="01252").inventory_numbers == ("01252",)


@pytest.mark.parametrize("key", ["pathId", "@id"])
def test_the_address_stands_in_for_a_missing_uid(source: FbiSource, key: str) -> None:
    found = page(source, {key: f"https://api.fbi.gov/@artcrimes/{UID}", "uid": None})
    assert [record.id for record in found.records] == [UID]


@pytest.mark.parametrize(
    "item",
    [None, 7, "text", [], {}, {"uid": ""}, {"uid": 5}, {"uid": "a b"}, {"uid": "x" * 65}, {"uid": "../x"},
     {"pathId": "https://elsewhere.example/@artcrimes/1"}],
)  # fmt: skip
def test_an_entry_without_a_key_is_a_problem_and_spoils_no_page(source: FbiSource, item: object) -> None:
    found = page(source, {"uid": "a1", "title": "Heron"}, item, {"uid": "b2"})
    assert [record.id for record in found.records] == ["a1", "b2"]
    assert found.problems == ("entry 2 of its page has no usable uid",)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html><html>Just a moment...</html>", "web page"),
        (b"  \n<html>", "web page"),
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"total": 1, "items": [', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"total": ' + b"9" * 10_000 + b', "items": []}', "not JSON"),
        (b"[]", "no items and total"),
        (b"null", "no items and total"),
        (b'{"items": []}', "no items and total"),
        (b'{"total": 5}', "no items and total"),
        (b'{"total": -1, "items": []}', "no items and total"),
        (b'{"total": 5, "items": {"a": 1}}', "no items and total"),
        (b'{"error": "rate limit", "total": null, "items": null}', "no items and total"),
    ],
)
def test_what_is_not_a_page_is_refused(source: FbiSource, body: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        source.parse_page(body)
    assert caught.value.next_step


def test_every_field_is_capped(source: FbiSource) -> None:
    item = dict.fromkeys(invented_item(0), "x; " * 100_000) | {"uid": UID}
    item["images"] = [{"original": f"https://artcrimes.fbi.gov/{number}"} for number in range(500)]
    found = record(source, **item)
    assert len(found.description) <= 8_000
    assert len(found.title) <= 1_000
    assert len(found.features) <= 40
    assert len(found.images) == 40
    assert found.url == ""


def test_an_address_that_is_too_long_or_is_none_is_left_out(source: FbiSource) -> None:
    images = [
        {"original": "https://artcrimes.fbi.gov/" + "x" * 2_000, "large": "https://artcrimes.fbi.gov/large"},
        {"original": "javascript:alert(1)"},
        "text",
        None,
    ]
    found = record(source, images=images, url="file:///etc/passwd")
    assert found.images == ("https://artcrimes.fbi.gov/large",)
    assert found.url == ""


def test_what_no_file_can_hold_is_replaced(source: FbiSource) -> None:
    body = b'{"total": 1, "items": [{"uid": "a1", "title": "He\\u0000ron \\ud800"}]}'
    title = source.parse_page(body).records[0].title
    assert title == "Heron ?"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ITEMS = st.dictionaries(st.sampled_from([*invented_item(0), "@id"]), JSON_VALUES) | JSON_VALUES


@settings(deadline=None)
@given(st.lists(ITEMS, max_size=4))
def test_no_entry_is_lost_silently(items: list[object]) -> None:
    source = FbiSource(read_descriptor(data_folder() / "lists" / "fbi.toml"))
    found = page(source, *items)
    assert len(found.records) + len(found.problems) == len(items)
    for entry in found.records:
        entry.title.encode("utf-8")
        assert entry.id
