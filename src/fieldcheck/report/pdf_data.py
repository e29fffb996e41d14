"""Pages as JSON for the template of the PDF: every text sanitised, every picture as its bytes, nothing as markup."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from fieldcheck.models import Effect
from fieldcheck.report.jpeg import jpeg_size
from fieldcheck.report.matched_points import COLOURS, numbered
from fieldcheck.report.page import (
    Block,
    Bullets,
    Comparison,
    Document,
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
from fieldcheck.report.sanitise import PARAGRAPH_LIMIT, isolate, plain
from fieldcheck.report.words import CLOSING, RIGHT_TO_LEFT
from fieldcheck.version import __version__

_EFFECTS = {Effect.FOR: "For", Effect.AGAINST: "Against", Effect.NONE: "Neither"}
_NAME_LIMIT = 80
_UNREADABLE = "the picture cannot be read"

Data = dict[str, Any]


def document_data(document: Document, day: date | None, *, pictures: bool = True) -> Data:
    """What the template needs to know.

    Args:
        document: what is written.
        day: the day that it bears, or None.
        pictures: whether pictures are handed over, rather than the remark that they cannot be read.
    """
    return {
        "title": _said(document.title),
        "language": document.language,
        "direction": "rtl" if document.language in RIGHT_TO_LEFT else "ltr",
        "day": [day.year, day.month, day.day] if day else None,
        "closing": CLOSING,
        "program": f"fieldcheck {__version__}",
        "blocks": _Blocks(pictures).all_of(document.page),
    }


class _Blocks:
    """Turns blocks into data; ``pictures`` says whether pictures are handed over."""

    def __init__(self, pictures: bool) -> None:  # noqa: FBT001  # the one thing that it is made with
        self._pictures = pictures

    def all_of(self, blocks: Sequence[Block]) -> list[Data]:
        return [{"kind": type(block).__name__.lower(), **self._one(block)} for block in blocks]

    def _one(self, block: Block) -> Data:  # noqa: C901, PLR0911  # one for each kind of block
        match block:
            case Headline():
                return {"words": _said(block.words), "text": _said(block.text), "tone": block.tone.value}
            case Heading():
                return {"text": _said(block.text), "level": block.level, "anchor": block.anchor}
            case Facts():
                return {"groups": list(_groups(block.rows))}
            case Table():
                columns = [_said(column) for column in block.columns]
                return {"columns": columns, "rows": [_row(row) for row in block.rows]}
            case Points():
                return {"points": [_point(point) for point in block.points]}
            case Bullets():
                return {"items": [_said(item) for item in block.items], "numbered": block.numbered}
            case Note():
                return {"text": _said(block.text)}
            case Picture():
                return {"picture": self._picture(block)}
            case Comparison():
                return self._comparison(block)
            case Folded():
                return {"title": _said(block.title), "blocks": self.all_of(block.blocks)}

    def _picture(self, picture: Picture) -> Data:
        """The bytes as numbers, which is what the template makes bytes of; null where there is nothing to show."""
        size = jpeg_size(picture.jpeg) if self._pictures else None
        why = _said(picture.remark) if picture.remark and not picture.jpeg else _UNREADABLE
        return {
            "jpeg": list(picture.jpeg) if size else None,
            "size": size,
            "name": _said(plain(picture.name, _NAME_LIMIT)),
            "remark": _said(picture.remark) if size else "",
            "gone": "" if size else f"Not shown: {why.rstrip('.')}.",
        }

    def _comparison(self, block: Comparison) -> Data:
        """Both photos, and the places in both that lie alike: those that are numbered, and all the others as dots."""
        pair = [self._picture(block.item), self._picture(block.record)]
        shown = all(picture["jpeg"] for picture in pair)
        chosen = numbered(block.points) if shown else ()
        rest = [point for point in block.points if point not in chosen] if shown else []
        count = len(block.points)
        marks = f" {count} of them are marked; equal numbers mark the same detail." if shown and count > 1 else ""
        return {
            "pair": pair,
            "shown": shown,
            "marks": [{"at": point, "colour": colour} for point, colour in zip(chosen, COLOURS, strict=False)],
            "dots": rest,
            "caption": f"{_said(block.caption)}{marks}",
        }


def _said(text: str) -> str:
    return isolate(plain(text, PARAGRAPH_LIMIT))


def _groups(rows: Sequence[Fact]) -> Iterator[Data]:
    """A label with everything that stands below it; a line without a label belongs to the one before."""
    groups: list[tuple[str, list[Fact]]] = []
    for fact in rows:
        if fact.label or not groups:
            groups.append((fact.label or "Further", []))
        groups[-1][1].append(fact)
    for label, facts in groups:
        major = label.isupper()
        yield {
            "label": _said(label[:1].upper() + label[1:].lower() if major else label),
            "major": major,
            "facts": [_fact(fact) for fact in facts],
        }


def _fact(fact: Fact) -> Data:
    gap = " " if fact.state and fact.text.startswith(" ") else ""
    return {"state": _said(fact.state), "text": gap + isolate(plain(fact.text, PARAGRAPH_LIMIT), fact.state)}


def _row(row: Row) -> Data:
    around = " ".join(row.cells)
    cells = [isolate(plain(cell, PARAGRAPH_LIMIT), around) for cell in row.cells]
    return {"cells": cells, "points": [_point(point) for point in row.points], "target": row.target}


def _point(point: Point) -> Data:
    weight = ""
    if point.weight is not None:
        weight = f"{point.weight.worth:+.1f} = {point.weight.total:.1f}".replace("-", "\N{MINUS SIGN}")
    effect = point.effect.value
    return {"way": _EFFECTS[point.effect], "effect": effect, "weight": weight, "text": _said(point.text)}
