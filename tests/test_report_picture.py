from io import BytesIO

import pytest
from PIL import Image

from drawn import as_plain_text, on_terminal
from fieldcheck.report.content_records import record_page
from fieldcheck.report.picture import half_blocks
from results import make_view

BLUE, WHITE = (0, 0, 200), (250, 250, 250)


def jpeg(width: int = 40, height: int = 20, kind: str = "JPEG") -> bytes:
    """A picture whose upper half is blue and whose lower half is white."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(WHITE, (0, height // 2, width, height))
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def test_two_pixels_stand_in_each_character() -> None:
    lines = half_blocks(jpeg(), 20).split("\n")
    assert [line.plain for line in lines] == ["▀" * 20] * 5
    first, last = lines[0].spans[0].style, lines[-1].spans[0].style
    blue, white = (style.color.get_truecolor() for style in (first, last))  # type: ignore[union-attr] # styles of ours
    assert blue.blue > 180
    assert blue.red < 60
    assert min(white) > 230


@pytest.mark.parametrize(("width", "height", "most"), [(1, 900, 31), (900, 1, 1)])
def test_an_extreme_shape_stays_small(width: int, height: int, most: int) -> None:
    assert half_blocks(jpeg(width, height), 20).plain.count("\n") <= most


@pytest.mark.parametrize("data", [b"", b"not a picture", jpeg()[:200], jpeg(kind="PNG"), jpeg(1200, 1000)])
def test_what_is_no_small_jpeg_gives_nothing(data: bytes) -> None:
    assert half_blocks(data, 20).plain == ""


def test_a_record_shows_its_picture_only_where_there_are_colours() -> None:
    page = record_page(make_view(thumbnail=jpeg()))
    assert "▀" in on_terminal(page, colours=True, pictures=True)
    assert "▀" not in on_terminal(page)
    assert "▀" not in as_plain_text(page)


def test_a_broken_picture_leaves_the_record_readable() -> None:
    page = record_page(make_view(thumbnail=b"broken"))
    assert "Slit drum" in on_terminal(page, colours=True, pictures=True)
