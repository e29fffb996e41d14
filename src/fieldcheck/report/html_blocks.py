"""Drawing the blocks of a page as HTML: sections under headings, and each block in the element made for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from fieldcheck.models import Effect
from fieldcheck.report.html_elements import LINE, SPACE, Markup, element, joined, words
from fieldcheck.report.html_pair import comparison_figure, picture_figure
from fieldcheck.report.page import (
    TOP_LEVEL,
    Block,
    Bullets,
    Comparison,
    Fact,
    Facts,
    Folded,
    Heading,
    Headline,
    Note,
    Picture,
    Point,
    Points,
    Row,
    Table,
)

_EFFECTS = {Effect.FOR: "For", Effect.AGAINST: "Against", Effect.NONE: "Neither"}
_UNLABELLED = "Further"
_ANY_SIDE = {"dir": "auto"}


@dataclass(slots=True)
class Drawing:
    """One page being drawn; every part that is pointed to has an id of its own."""

    _ids: Iterator[int] = field(default_factory=lambda: count(1))
    _has_title: bool = False

    def draw(self, page: Sequence[Block]) -> Markup:
        """The page as sections that are nested as its headings are."""
        return joined(self._parts(page))

    def _parts(self, page: Sequence[Block]) -> Iterator[Markup]:
        """The blocks up to the first heading, and then a section for each heading of the highest level."""
        places = [place for place, block in enumerate(page) if isinstance(block, Heading)]
        yield from map(self._block, page[: places[0]] if places else page)
        if not places:
            return
        tops = [place for place in places if _level(page[place]) <= _level(page[places[0]])]
        for place, end in zip(tops, [*tops[1:], len(page)], strict=True):
            yield self._section(page[place], page[place + 1 : end])

    def _section(self, heading: Block, blocks: Sequence[Block]) -> Markup:
        assert isinstance(heading, Heading)  # noqa: S101  # found by being one
        name = heading.anchor or self._id()
        title = element(f"h{heading.level}", {"id": name}, heading.text)
        # Only a part of the page is a landmark: the parts of parts have the same names again and again.
        labelled = {"aria-labelledby": name} if heading.level == TOP_LEVEL else {}
        return element("section", labelled, LINE, title, *self._parts(blocks))

    def _block(self, block: Block) -> Markup:  # noqa: PLR0911  # one for each kind of block
        match block:
            case Headline():
                return self._headline(block)
            case Facts():
                return element("dl", {}, *_facts(block.rows))
            case Table():
                return self._table(block)
            case Points():
                return _points(block.points)
            case Bullets():
                items = (element("li", _ANY_SIDE, item) for item in block.items)
                return element("ol" if block.numbered else "ul", {}, *items)
            case Picture() | Comparison():
                return picture_figure(block) if isinstance(block, Picture) else comparison_figure(block, self._id())
            case Folded():
                summary = element("summary", {}, block.title)
                return element("details", {}, summary, *self._parts(block.blocks))
            case Heading():
                return self._section(block, ())
            case Note():
                return element("p", {"class": "note", **_ANY_SIDE}, block.text)

    def _headline(self, block: Headline) -> Markup:
        """The first is the title of the whole page."""
        said = element("h1" if not self._has_title else "p", {"class": "words"}, block.words)
        self._has_title = True
        text = element("p", {}, block.text) if block.text else Markup()
        return element("div", {"class": f"band {block.tone}"}, said, text)

    def _table(self, block: Table) -> Markup:
        head = element("tr", {}, *(element("th", {"scope": "col"}, column) for column in block.columns))
        rows = (row for entry in block.rows for row in _row(entry, len(block.columns)))
        table = element("table", {}, element("thead", {}, head), element("tbody", {}, *rows))
        return element("div", {"class": "wide"}, table)

    def _id(self) -> str:
        return f"part-{next(self._ids)}"


def _level(block: Block) -> int:
    return block.level if isinstance(block, Heading) else 0


def _facts(rows: Sequence[Fact]) -> Iterator[Markup]:
    """A label with everything that stands below it; a line without a label belongs to the one before."""
    groups: list[list[Fact]] = []
    for fact in rows:
        if fact.label or not groups:
            groups.append([])
        groups[-1].append(fact)
    for group in groups:
        label = group[0].label or _UNLABELLED
        kind = "" if label.isupper() else "minor"
        term = element("dt", {}, label[:1].upper() + label[1:].lower() if label.isupper() else label)
        yield element("div", {"class": kind}, term, *map(_fact, group))


def _fact(fact: Fact) -> Markup:
    if not fact.state:
        return element("dd", _ANY_SIDE, fact.text)
    gap = SPACE if fact.text.startswith(" ") else Markup()
    return element("dd", _ANY_SIDE, element("strong", {}, fact.state), gap, words(fact.text, fact.state))


def _row(row: Row, columns: int) -> Iterator[Markup]:
    around = " ".join(row.cells)
    # A cell is short: its text keeps its own direction and yet stands where the column begins.
    first, *others = (element("bdi", {}, words(cell, around)) for cell in row.cells)
    if row.target:
        first = element("a", {"href": f"#{row.target}"}, first)
    cells = (element("td", {}, cell) for cell in others)
    yield element("tr", {}, element("th", {"scope": "row"}, first), *cells)
    if row.points:
        yield element("tr", {"class": "more"}, element("td", {"colspan": str(columns)}, _points(row.points)))


def _points(points: Sequence[Point]) -> Markup:
    return element("ul", {"class": "points"}, *map(_point, points))


def _point(point: Point) -> Markup:
    way = element("b", {"class": f"way {point.effect}"}, _EFFECTS[point.effect])
    text = element("span", _ANY_SIDE, point.text)
    if point.weight is None:
        return element("li", {}, way, text)
    said = f"{point.weight.worth:+.1f} = {point.weight.total:.1f}".replace("-", "\N{MINUS SIGN}")
    return element("li", {"class": "weighed"}, way, element("bdi", {"class": "weight", "dir": "ltr"}, said), text)
