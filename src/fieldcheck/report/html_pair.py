"""Photos in HTML: one alone, and two side by side with lines between the places that lie alike."""

from base64 import b64encode
from collections.abc import Iterator

from fieldcheck.report.html_elements import SPACE, Markup, bare, element, joined
from fieldcheck.report.jpeg import jpeg_size
from fieldcheck.report.matched_points import COLOURS, MatchedPoint, numbered
from fieldcheck.report.page import Comparison, Picture
from fieldcheck.report.sanitise import plain

_WIDTH = 1000.0
"""Width of the drawing in its own units, which the style sheet counts on."""

_GAP = 24.0
_NAME_LIMIT = 80
_RADIUS = "13"
_UNREADABLE = "the picture cannot be read"


def picture_figure(picture: Picture) -> Markup:
    """One picture with its name below it; nothing but words where it is not there."""
    said = ". ".join(part for part in (name_of(picture), plain(picture.remark)) if part)
    return element("figure", {"class": "one"}, _image(picture), element("figcaption", {"dir": "auto"}, said))


def comparison_figure(comparison: Comparison, anchor: str) -> Markup:
    """Two photos with what they share; ``anchor`` is an id that no other element has."""
    item, record = comparison.item, comparison.record
    sizes = jpeg_size(item.jpeg), jpeg_size(record.jpeg)
    if sizes[0] and sizes[1]:
        drawn = _drawn(comparison, (sizes[0], sizes[1]), anchor)
    else:
        drawn = element("div", {"class": "pair"}, _image(item), _image(record))
    kind = "compared" if comparison.points else "unmatched"
    return element("figure", {"class": kind}, drawn, _caption(comparison, is_marked=all(sizes)))


def name_of(picture: Picture) -> str:
    """What a picture shows, in few words."""
    return plain(picture.name, _NAME_LIMIT)


def _caption(comparison: Comparison, *, is_marked: bool) -> Markup:
    names = (("Left, the item", comparison.item), ("Right, the record", comparison.record))
    shown = [
        element(
            "p",
            {"dir": "auto"},
            element("b", {}, f"{label}:"),
            SPACE,
            element("bdi", {}, name_of(picture)),
            f", {plain(picture.remark)}" if picture.jpeg and picture.remark else "",
        )
        for label, picture in names
    ]
    count = len(comparison.points)
    marks = f" {count} of them are marked; equal numbers mark the same detail." if is_marked and count > 1 else ""
    return element("figcaption", {}, *shown, element("p", {"dir": "auto"}, f"{comparison.caption}{marks}"))


def _image(picture: Picture) -> Markup:
    size = jpeg_size(picture.jpeg)
    if size is None:
        remark = plain(picture.remark) if picture.remark and not picture.jpeg else _UNREADABLE
        return element("p", {"class": "gone"}, element("b", {}, "Not shown:"), SPACE, f"{remark}.")
    width, height = map(str, size)
    alt = f"Photo: {name_of(picture)}"
    return element("img", {"src": _data(picture.jpeg), "alt": alt, "width": width, "height": height})


def _data(jpeg: bytes) -> Markup:
    return Markup(f"data:image/jpeg;base64,{b64encode(jpeg).decode()}")


def _drawn(comparison: Comparison, sizes: tuple[tuple[int, int], tuple[int, int]], anchor: str) -> Markup:
    """Both photos at the same height in one drawing, so that lines can run from the one to the other."""
    (across, down), (across2, down2) = sizes
    height = (_WIDTH - _GAP) / (across / down + across2 / down2)
    width, width2 = height * across / down, height * across2 / down2
    boxes = ((0.0, width), (width + _GAP, width2))
    images = (
        element(
            "image",
            {"href": _data(picture.jpeg), "x": _n(x), "width": _n(wide), "height": _n(height)},
        )
        for picture, (x, wide) in zip((comparison.item, comparison.record), boxes, strict=True)
    )
    told = f"{name_of(comparison.item)} beside {name_of(comparison.record)}. {comparison.caption}"
    lines = joined(_marks(comparison.points, boxes, height))
    return element(
        "svg",
        {"viewBox": f"0 0 {_n(_WIDTH)} {_n(height)}", "role": "img", "aria-labelledby": anchor},
        element("title", {"id": anchor}, bare(told)),
        *images,
        lines,
    )


def _marks(
    points: tuple[MatchedPoint, ...], boxes: tuple[tuple[float, float], tuple[float, float]], height: float
) -> Iterator[Markup]:
    """A dot at each end of every point; those that are numbered have a line and a number as well."""
    chosen = numbered(points)
    places = {point: _ends(point, boxes, height) for point in (*points, *chosen)}
    for point, ends in places.items():
        if point not in chosen:
            yield joined(element("circle", {"class": "dot", "cx": x, "cy": y, "r": "4"}) for x, y in ends)
    for point, colour in zip(chosen, COLOURS, strict=False):
        (x, y), (x2, y2) = places[point]
        line = {"x1": x, "y1": y, "x2": x2, "y2": y2}
        yield element("line", {**line, "class": "under"})
        yield element("line", {**line, "class": "over", "stroke": colour})
    for number, (point, colour) in enumerate(zip(chosen, COLOURS, strict=False), 1):
        for x, y in places[point]:
            yield element("circle", {"class": "mark", "cx": x, "cy": y, "r": _RADIUS, "fill": colour})
            yield element("text", {"class": "number", "x": x, "y": y, "dy": ".36em"}, str(number))


def _ends(
    point: MatchedPoint, boxes: tuple[tuple[float, float], tuple[float, float]], height: float
) -> tuple[tuple[str, str], tuple[str, str]]:
    (x, y, x2, y2), ((left, wide), (left2, wide2)) = point, boxes
    return (_n(left + x * wide), _n(y * height)), (_n(left2 + x2 * wide2), _n(y2 * height))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
