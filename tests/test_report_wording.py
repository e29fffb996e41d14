import re
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from drawn import as_plain_text, on_terminal, words_of
from fieldcheck.errors import InputError
from fieldcheck.models import Band, ControlledState, ListedState, PapersState, Status
from fieldcheck.report.content_records import hits_page, lists_page, record_page
from fieldcheck.report.content_result import result_page
from fieldcheck.report.content_tables import batch_page, doctor_page, error_page, settings_page
from fieldcheck.report.page import Page
from fieldcheck.report.views import BatchEntry, Finding, Hit, SettingView
from results import make_lines, make_record, make_result, make_status, make_view

DISCLAIMER = "This is not clearance and says nothing of ownership or legality"
CLEARS = re.compile(
    r"clear|clean|\bsafe|\bok\b|authentic|\blegal(?! control)|innocent|approved|[✓✔✅☑%]", re.IGNORECASE
)
ACCUSES = re.compile(r"guilt|thief|thieves|criminal|smuggl|suspect|\billegal|illicit|fraud", re.IGNORECASE)
GREEN = {"32", "42", "92", "102"}
STYLE = re.compile(r"\x1b\[([\d;]*)m")
NO_COLOUR = re.compile(r"\x1b")


def every_result() -> Iterator[Page]:
    for band, listed in product(Band, ListedState):
        for controlled, papers in zip((*ControlledState, ControlledState.CONTROLLED_HERE), PapersState, strict=True):
            result = make_result(band, make_lines(listed, controlled, papers))
            yield from (result_page(result), result_page(result, detail=True))


def other_pages() -> Iterator[Page]:
    for status in Status:
        record = make_record(status=status)
        yield record_page(make_view(record=record))
        yield hits_page("drum", [Hit("fbi", record)])
    yield hits_page("drum", [])
    yield lists_page([make_status(), make_status(in_use=False, problem="it is damaged")])
    yield lists_page([])
    yield batch_page([BatchEntry("1", make_result(band).verdict.headline, band) for band in Band])
    yield batch_page([BatchEntry("1", "The photo cannot be read.", None)])
    yield batch_page([])
    yield doctor_page([Finding("lists", "missing", "no list is held")])
    yield settings_page([SettingView("lang", "en", "default")])
    yield error_page(InputError("No such file.", next_step="Give another."))


ALL_PAGES = [*every_result(), *other_pages()]


@pytest.mark.parametrize("draw", [on_terminal, as_plain_text])
def test_no_report_clears_an_object_or_accuses_a_person(draw: Callable[[Page], str]) -> None:
    for page in ALL_PAGES:
        said = words_of(draw(page)).replace(DISCLAIMER, "")
        assert not CLEARS.search(said)
        assert not ACCUSES.search(said)


def test_nothing_is_green() -> None:
    for page in ALL_PAGES:
        codes = {code for style in STYLE.findall(on_terminal(page, colours=True)) for code in style.split(";")}
        assert not codes & GREEN
        assert "38" not in codes, "only the eight named colours, which every terminal shows in its own shade"


def test_only_calls_to_act_have_colour() -> None:
    coloured = {band: "41m" in on_terminal(result_page(make_result(band)), colours=True) for band in Band}
    assert coloured == {band: band in {Band.HOLD_LISTED, Band.HOLD_CONTROL} for band in Band}
    yellow = {band: "43m" in on_terminal(result_page(make_result(band)), colours=True) for band in Band}
    assert yellow == {band: band is Band.REFER for band in Band}


def test_a_terminal_without_colours_gets_no_escapes() -> None:
    for page in ALL_PAGES:
        assert not NO_COLOUR.search(on_terminal(page))


def test_plain_text_uses_ascii_punctuation_and_draws_nothing() -> None:
    for page in ALL_PAGES:
        drawn = re.sub(r"[\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff]", "", as_plain_text(page))
        assert drawn.isascii()
        assert not re.search(r"[|+]{2}|-{3}|={2}", drawn)


def test_no_indication_always_says_that_it_is_not_clearance() -> None:
    page = result_page(make_result(Band.NO_INDICATION, make_lines()))
    for drawn in (on_terminal(page), on_terminal(page, 40), as_plain_text(page)):
        assert DISCLAIMER in words_of(drawn)
    batch = batch_page([BatchEntry(str(number), page[0].text, Band.NO_INDICATION) for number in range(3)])  # type: ignore[union-attr] # a headline
    assert DISCLAIMER in words_of(on_terminal(batch))


def test_three_negatives_never_share_a_line() -> None:
    page = result_page(make_result(Band.NO_INDICATION, make_lines()))
    for drawn in (on_terminal(page, 200), as_plain_text(page, 200)):
        for line in drawn.splitlines():
            assert sum(text in line for text in ("No record found", "not like enough", "was not checked")) <= 1
        assert words_of(drawn).count("was not checked") == 1
