import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

import pytest
from rich.cells import cell_len

from drawn import as_plain_text, on_terminal, words_of
from fieldcheck.errors import InputError
from fieldcheck.models import Band, ControlledState, ListedState, Record, Status
from fieldcheck.report.content_records import hits_page, lists_page, record_page
from fieldcheck.report.content_result import result_page
from fieldcheck.report.content_tables import batch_page, doctor_page, error_page, settings_page
from fieldcheck.report.page import Page
from fieldcheck.report.views import BatchEntry, Finding, Hit, SettingView
from fieldcheck.verdict import named
from fieldcheck.wording import sentence
from results import (
    FBI,
    make_candidate,
    make_item,
    make_lines,
    make_record,
    make_result,
    make_status,
    make_view,
)

T = TypeVar("T")

WIDE = "\u3000"
FAKE = "NO INDICATION IN THE DATA HELD."
TEXTS = {
    "terminal escapes": f"\x1b[2J\x1b[1;1H\x1b[32m{FAKE}\x1b[0m",
    "links": "\x1b]8;;https://evil.example\x1b\\drum\x1b]8;;\x07",
    "bidi overrides": "\u202e\u2066drum\u202c\u200f",
    "markup": "[bold red]drum[/bold red] [link=https://evil.example]x[/link] [/]",
    "newlines": f"drum\n\n\r\n{FAKE}\u2028{FAKE}\x85{FAKE}" + "\n" * 1000,
    "padding": f"drum{' ' * 150}{FAKE}{WIDE * 90}{FAKE}",
    "a wrapped line": " ".join(["x" * length + " " + FAKE for length in range(30, 80)]),
    "a long word": "x" * 5_000,
    "a megabyte": "ox " * 350_000,
    "nothing visible": "\x00\u200b\u2060\ufeff",
    "NUL and lone surrogates": "dr\x00um \ud800\udfff",
    "wide and right to left": "木" * 300 + "إناء 1897-42 " * 30,
}

draws = pytest.mark.parametrize("draw", [on_terminal, as_plain_text])
each_text = pytest.mark.parametrize("name", TEXTS)


def saying(value: T, text: str, keep: frozenset[str] = frozenset()) -> T:
    """The value with every text in it replaced, all the way down."""
    if isinstance(value, Enum) or value is None:
        return value
    if isinstance(value, str):
        return text  # type: ignore[return-value] # T is str
    if isinstance(value, tuple):
        return tuple(saying(entry, text) for entry in value)  # type: ignore[return-value] # T is a tuple
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: saying(getattr(value, field.name), text) for field in fields(value) if field.name not in keep
        }
        return replace(value, **changes)
    return value


def pages(text: str | None) -> list[Page]:
    """Every page, with a text in each place that a record, a file or a shipment can fill, or as it is."""

    def hostile(value: T, *keep: str) -> T:
        return value if text is None else saying(value, text, frozenset(keep))

    candidates = tuple(
        hostile(make_candidate(record=make_record(status=status))) for status in (Status.STOLEN, Status.RECOVERED)
    )
    lines = make_lines(ListedState.STRONG, ControlledState.WATCH_LIST)
    lines = replace(
        lines,
        listed=replace(
            lines.listed,
            text=sentence("listed", "strong", named(candidates[0])),
            not_checked=(sentence("listed", "photo_unusable", {"file": hostile("a.jpg"), "why": "it is dark."}),),
        ),
        controlled=hostile(lines.controlled),
        data=hostile(lines.data, "text"),
    )
    result = make_result(Band.HOLD_LISTED, lines, candidates=candidates, item=hostile(make_item()))
    headline = sentence("headline", "hold_listed", named(candidates[0]))
    result = replace(result, verdict=replace(result.verdict, headline=headline))
    view = make_view(record=hostile(make_record(unverified=("title",)), "unverified"), dates=hostile(FBI))
    return [
        result_page(result),
        result_page(result, detail=True),
        record_page(hostile(view) if text else view),
        hits_page(hostile("drum"), [Hit(hostile("fbi"), hostile(make_record()))]),
        lists_page([hostile(make_status())]),
        batch_page([BatchEntry(hostile(ref), headline, Band.HOLD_LISTED) for ref in "ab"]),
        batch_page([BatchEntry(hostile("a"), hostile("No such file."), None)]),
        doctor_page([hostile(Finding("lists", "missing", "none"))]),
        settings_page([hostile(SettingView("lang", "en", "default"))]),
        error_page(InputError(hostile("No such file."), next_step=hostile("Give another."))),
    ]


def starts(drawn: str) -> set[str]:
    """The first words of all lines that are not indented."""
    return {line.split()[0] for line in drawn.splitlines() if line[:1].strip()}


@draws
@each_text
def test_no_control_or_invisible_character_survives(draw: Callable[[Page], str], name: str) -> None:
    for page in pages(TEXTS[name]):
        for character in set(draw(page)) - {"\n", "\u2066", "\u2069"}:
            assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


@each_text
def test_colours_are_only_ours(name: str) -> None:
    for page in pages(TEXTS[name]):
        drawn = on_terminal(page, colours=True)
        codes = set(re.findall(r"\x1b\[([\d;]*)m", drawn))
        assert codes <= {"0", "1", "1;37;41", "1;30;43"}
        assert "\x1b" not in re.sub(r"\x1b\[[\d;]*m", "", drawn)


@draws
@each_text
def test_no_record_can_fake_a_line_of_ours(draw: Callable[[Page], str], name: str) -> None:
    for page, harmless in zip(pages(TEXTS[name]), pages("ordinary"), strict=True):
        assert starts(draw(page)) <= starts(draw(harmless))


@draws
@each_text
def test_the_verdict_keeps_its_own_words_around_a_hostile_title(draw: Callable[[Page], str], name: str) -> None:
    said = words_of(draw(pages(TEXTS[name])[0]))
    assert said.startswith("HOLD. The item looks like a listed object: ")
    assert "Its identity is not confirmed." in said
    assert "Keep the object and its packing." in said


@each_text
def test_lines_fit_the_width_and_pages_stay_short(name: str) -> None:
    for page in pages(TEXTS[name]):
        for draw in (on_terminal, as_plain_text):
            lines = draw(page, 80).splitlines()
            assert max(cell_len(line) for line in lines) <= 80
            assert len(lines) < 3_500
    assert len(on_terminal(pages(TEXTS[name])[0]).splitlines()) < 250


@pytest.mark.parametrize("width", [10, 30, 400])
@draws
def test_any_width_is_drawn(draw: Callable[[Page, int], str], width: int) -> None:
    for page in pages(None):
        assert draw(page, width)


@draws
def test_markup_is_shown_as_it_is_written(draw: Callable[[Page], str]) -> None:
    record = Record(id="1", title="[bold red]drum[/bold red]")
    assert "[bold red]drum[/bold red]" in draw(record_page(make_view(record=record)))
