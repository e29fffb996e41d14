"""The item's photo beside the record's: on a terminal in colours, everywhere else in a sentence."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from drawn import as_plain_text, on_terminal, words_of
from fieldcheck.models import Evidence, EvidenceKind, Result, Status, Strength
from fieldcheck.report.content_comparison import caption
from fieldcheck.report.content_result import result_page
from fieldcheck.report.jpeg import jpeg_size
from fieldcheck.report.matched_points import MOST_NUMBERED, numbered
from fieldcheck.report.page import Page, Picture
from fieldcheck.report.pictures import Pictures
from photos import encoded, painting
from results import make_candidate, make_record, make_result

PHOTO, OTHER = (encoded(painting(seed, (120, 90)), quality=70) for seed in (1, 2))
POINTS = tuple((x / 10, y / 10, x / 20, y / 20) for x in range(1, 10, 2) for y in (1, 5, 9))
PICTURES = Pictures(
    {"C:\\photos\\front.jpg": Picture(PHOTO, "C:\\photos\\front.jpg")},
    {("fbi", "01252", "refs/01252.jpg"): Picture(OTHER, "refs/01252.jpg")},
)
SENTENCE = "The details that lie alike are spread over most of the item's photo and a part of the record's."


def evidence(points: tuple[tuple[float, float, float, float], ...] = POINTS) -> Evidence:
    return Evidence(EvidenceKind.PHOTO, "31 details lie alike", "C:\\photos\\front.jpg", "refs/01252.jpg", 6.0, points)


def result(strength: Strength = Strength.STRONG, status: Status = Status.STOLEN) -> Result:
    found = make_candidate(strength=strength, record=make_record(status=status), evidence=(evidence(),))
    return make_result(candidates=(found,))


def drawn(page: Page, width: int = 80) -> str:
    return on_terminal(page, width, colours=True, pictures=True)


@pytest.mark.parametrize("width", [80, 120])
def test_both_photos_stand_side_by_side_with_the_same_numbers(width: int) -> None:
    text = drawn(result_page(result(), PICTURES), width)
    rows = [line for line in text.splitlines() if line.count("▀") > 20]
    assert 10 < len(rows) < 25
    for number in range(1, MOST_NUMBERED + 1):
        assert sum(row.count(f"m{number}\x1b") for row in rows) == 2
    plain = on_terminal(result_page(result(), PICTURES), width, pictures=True)
    assert all(cell_len(line.rstrip()) <= width for line in plain.splitlines())
    signs = [(line, place) for line in plain.splitlines() if "▀" in line for place in range(len(line))]
    side = min(44, (width - 4) // 2)
    in_record = [(place - side - 4) / side for line, place in signs if line[place].isdigit() and place > side + 3]
    assert len(in_record) == MOST_NUMBERED
    assert max(in_record) < 0.5  # where the points are in the record's photo
    assert "Item: front.jpg" in plain
    assert "Record: fbi/01252, 01252.jpg" in plain
    assert "Equal numbers mark the same detail." in plain
    assert SENTENCE in words_of(plain)


@pytest.mark.parametrize("draw", [on_terminal, as_plain_text])
@pytest.mark.parametrize("pictures", [PICTURES, Pictures()], ids=["gathered", "not gathered"])
def test_without_pictures_a_sentence_says_where_the_photos_agree(draw: type, pictures: Pictures) -> None:
    text: str = draw(result_page(result(), pictures))
    assert "▀" not in text
    assert f"front.jpg beside fbi/01252, 01252.jpg. {SENTENCE}" in words_of(text)


@pytest.mark.parametrize(("strength", "status"), [(Strength.WEAK, Status.STOLEN), (Strength.STRONG, Status.RECOVERED)])
def test_what_raises_no_hold_is_not_held_beside_the_item(strength: Strength, status: Status) -> None:
    assert "SIDE BY SIDE" not in drawn(result_page(result(strength, status), PICTURES))


@pytest.mark.parametrize("jpeg", [b"", b"broken"])
def test_a_picture_that_is_gone_is_missed_in_words(jpeg: bytes) -> None:
    pictures = replace(PICTURES, items={"C:\\photos\\front.jpg": Picture(jpeg, "front.jpg", "the file is gone")})
    text = on_terminal(result_page(result(), pictures), pictures=True)
    assert "Not shown: the file is gone." in words_of(text)
    assert "▀" in text


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (((0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 1.0, 1.0)), "most of both photos"),
        (
            ((0.4, 0.4, 0.0, 0.0), (0.5, 0.5, 0.7, 0.6)),
            "a small part of the item's photo and about half of the record's",
        ),
        (((0.5, 0.5, 0.5, 0.5),), "a small part of both photos"),
    ],
)
def test_the_spread_is_said_without_a_number(points: tuple[tuple[float, float, float, float], ...], said: str) -> None:
    sentence = caption(evidence(points))
    assert sentence == f"The details that lie alike are spread over {said}."
    assert not any(character.isdigit() for character in sentence)


def test_without_points_the_caption_is_what_was_seen() -> None:
    assert caption(evidence(())) == "31 details lie alike."


_SHARES = st.floats(0, 1)
_POINTS = st.lists(st.tuples(_SHARES, _SHARES, _SHARES, _SHARES), max_size=40).map(tuple)


@given(_POINTS)
def test_numbered_points_are_some_of_them_and_always_the_same(
    points: tuple[tuple[float, float, float, float], ...],
) -> None:
    chosen = numbered(points)
    assert set(chosen) <= set(points)
    assert len(chosen) == len(set(chosen)) == min(len(set(points)), MOST_NUMBERED)
    assert numbered(points[::-1]) == chosen


def test_numbered_points_lie_apart() -> None:
    close = tuple((0.5 + place / 1000, 0.5, 0.5, 0.5) for place in range(30))
    corners = ((0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 1.0, 0.0), (0.0, 1.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0))
    assert set(corners) <= set(numbered((*close, *corners)))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}])
def test_the_size_of_a_jpeg_is_in_its_header(options: dict[str, bool]) -> None:
    assert jpeg_size(encoded(painting(1, (123, 45)), **options)) == (123, 45)
    assert jpeg_size(encoded(painting(1, (123, 45)).convert("L"), **options)) == (123, 45)


@given(st.binary(max_size=60))
def test_no_bytes_upset_the_reading_of_a_size(content: bytes) -> None:
    size = jpeg_size(b"\xff\xd8\xff" + content)
    assert size is None or min(size) > 0


@pytest.mark.parametrize(
    "content", [b"", b"no picture", PHOTO[:60], encoded(painting(1, (60, 60)), "PNG"), PHOTO + b"x" * 200_000]
)
def test_what_is_no_small_jpeg_has_no_size(content: bytes) -> None:
    assert jpeg_size(content) is None
