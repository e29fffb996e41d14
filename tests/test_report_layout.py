from collections.abc import Callable
from dataclasses import replace

import pytest

from drawn import as_plain_text, on_terminal, words_of
from fieldcheck.models import (
    Band,
    Candidate,
    ControlledState,
    EvidenceKind,
    ListedState,
    PapersState,
    Result,
    Rule,
    Status,
    Strength,
)
from fieldcheck.report.content_records import hits_page, lists_page, record_page
from fieldcheck.report.content_result import result_page
from fieldcheck.report.content_tables import batch_page, doctor_page, settings_page
from fieldcheck.report.page import Page
from fieldcheck.report.views import BatchEntry, Finding, Hit, SettingView
from results import (
    ARABIC,
    FBI,
    STARTER,
    make_candidate,
    make_evidence,
    make_lines,
    make_record,
    make_result,
    make_shortlist,
    make_status,
    make_view,
)

draws = pytest.mark.parametrize("draw", [on_terminal, as_plain_text])
Draw = Callable[[Page], str]


def everyday(best: Strength, band: Band, listed: ListedState) -> Result:
    """A result as most checks give: two lists that answered, no trouble with photos."""
    lines = make_lines(listed)
    lines = replace(
        lines,
        listed=replace(lines.listed, not_checked=()),
        data=replace(lines.data, lists=(FBI, replace(STARTER, stale=False))),
    )
    shortlist = make_shortlist(best)
    return make_result(band, lines, candidates=shortlist if best is not Strength.WEAK else shortlist[2:])


@pytest.mark.parametrize(
    "result",
    [
        everyday(Strength.STRONG, Band.HOLD_LISTED, ListedState.STRONG),
        everyday(Strength.POSSIBLE, Band.MORE_INFORMATION, ListedState.POSSIBLE),
        everyday(Strength.WEAK, Band.NO_INDICATION, ListedState.NONE_FOUND),
    ],
)
def test_an_everyday_verdict_fits_forty_lines(result: Result) -> None:
    drawn = on_terminal(result_page(result))
    assert len(drawn.splitlines()) <= 40, drawn


@draws
def test_five_lines_follow_the_headline_in_their_order(draw: Draw) -> None:
    drawn = draw(result_page(make_result()))
    labels = ("HOLD.", "LISTED", "CONTROLLED", "PAPERS", "INDICATORS", "DATA", "Slit drum, Yaka", "RESULT")
    places = [drawn.index(label) for label in labels]
    assert places == sorted(places)


@draws
def test_a_state_is_said_once(draw: Draw) -> None:
    drawn = words_of(draw(result_page(make_result(Band.REFER, make_lines(papers=PapersState.MISSING)))))
    assert "Missing: export licence." in drawn
    assert "Missing. Missing" not in drawn
    controlled = make_result(Band.REFER, make_lines(controlled=ControlledState.NOT_TYPICAL))
    assert "Not typical. Not among the types" in words_of(draw(result_page(controlled)))


@draws
def test_evidence_says_what_agrees_and_what_differs(draw: Draw) -> None:
    said = words_of(draw(result_page(make_result())))
    assert "size: two sizes agree (72.5 x 64.7 cm)" in said
    assert "material: differs (item bronze, record wood)" in said
    assert "no evidence from: inventory number, maker" in said


def test_marks_tell_for_from_against_without_colour() -> None:
    lines = [line.strip() for line in on_terminal(result_page(make_result())).splitlines()]
    assert any(line.startswith("+  size") for line in lines)
    assert any(line.startswith("-  material") for line in lines)


@draws
def test_the_gravest_contradiction_is_never_left_out(draw: Draw) -> None:
    shared = make_evidence()[0]
    evidence = (*(replace(shared, weight=3.0 + place) for place in range(9)), make_evidence()[6])
    assert evidence[-1].kind is EvidenceKind.MATERIAL
    page = result_page(make_result(candidates=(make_candidate(evidence=evidence),)))
    assert "material: differs" in words_of(draw(page))
    assert "more under explain" in words_of(draw(page))


@draws
def test_every_sought_candidate_near_the_top_shows_its_evidence(draw: Draw) -> None:
    candidates = tuple(make_candidate(strength=Strength.POSSIBLE, record=make_record(id=name)) for name in "abc")
    said = words_of(draw(result_page(make_result(candidates=candidates))))
    assert said.count("photo: a photograph that looks alike") == 3


@draws
def test_an_object_that_came_back_is_shown_as_such(draw: Draw) -> None:
    candidates = (make_candidate(record=make_record(status=Status.RECOVERED)),)
    for detail in (False, True):
        said = words_of(draw(result_page(make_result(candidates=candidates), detail=detail)))
        assert "RECOVERED, no longer sought" in said


@draws
def test_what_the_list_does_not_vouch_for_is_marked(draw: Draw) -> None:
    mark = "the list marks this as not verified"
    verified = make_candidate(record=make_record(unverified=()))
    doubtful = make_candidate(record=make_record(unverified=("materials",)))
    assert mark not in words_of(draw(result_page(make_result(candidates=(verified,)))))
    assert f"record wood); {mark}" in words_of(draw(result_page(make_result(candidates=(doubtful,)))))
    assert f"19th century [{mark}]" in words_of(draw(record_page(make_view())))


@draws
def test_explain_runs_through_every_weight_to_the_score(draw: Draw) -> None:
    candidate = make_candidate()
    said = words_of(draw(result_page(make_result(candidates=(candidate,)), detail=True)))
    for entry in candidate.evidence:
        assert entry.detail in said
        assert f"{entry.weight:+.1f}" in said
    assert f"{candidate.score:.1f}" in said
    assert "under explain" not in said


def test_bars_grow_with_the_weight() -> None:
    lines = on_terminal(result_page(make_result(), detail=True)).splitlines()
    bars = {line.split()[0]: line.split()[3] for line in lines if line.strip().startswith(("+4.9", "-1.7", "+1.4"))}
    assert bars == {"+4.9": "+++++", "-1.7": "--", "+1.4": "+"}


@draws
def test_a_shortlist_says_how_many_it_leaves_out(draw: Draw) -> None:
    said = words_of(draw(result_page(make_result())))
    assert "And 6 more that are less alike." in said
    assert "Neckrest" not in said
    assert "Neckrest" in words_of(draw(result_page(make_result(), detail=True)))


@draws
def test_records_that_fit_equally_are_counted(draw: Draw) -> None:
    page = result_page(make_result(candidates=(make_candidate(alike=12),)))
    assert "One of 12 that fit equally" in words_of(draw(page))


@draws
def test_a_result_without_candidates_has_no_shortlist(draw: Draw) -> None:
    assert "candidates" not in draw(result_page(make_result(Band.NO_INDICATION, make_lines(), candidates=()))).lower()


@draws
def test_every_list_is_named_with_its_dates_and_its_trouble(draw: Draw) -> None:
    said = words_of(draw(result_page(make_result())))
    assert "fbi: published 2026-11-01, imported 2026-11-20, 4,731 records" in said
    assert "starter: STALE, published 2026-10-01" in said
    assert "ukraine: NOT READ, it is damaged, no publication date" in said
    assert said.endswith("3f9a0c12de45 of 2026-11-24; more: fieldcheck explain 3f9a0c12de45")


@draws
def test_rules_name_their_source_and_whether_they_were_verified(draw: Draw) -> None:
    said = words_of(draw(result_page(make_result(Band.REFER, make_lines(controlled=ControlledState.WATCH_LIST)))))
    assert "in force to 2027-09-19 [www.ecfr.gov; seen 2026-11-10]" in said
    assert "Nok terracotta heads; not verified in this data [icom.museum; seen 2026-11-09]" in said
    assert "pierced eyes; hollow body" in said


@draws
def test_a_source_that_is_no_address_is_shown_as_it_is(draw: Draw) -> None:
    lines = make_lines(controlled=ControlledState.WATCH_LIST)
    rule = Rule("r", "A law", "", ("Official Journal 12", "http://[broken"), "", verified=True)
    page = result_page(make_result(Band.REFER, replace(lines, controlled=replace(lines.controlled, rules=(rule,)))))
    assert "A law [Official Journal 12, http://[broken; seen on an unknown day]" in words_of(draw(page))


def test_identifiers_beside_arabic_keep_their_order_on_a_terminal() -> None:
    record = make_record(id="1897-42", title=ARABIC)
    row = on_terminal(hits_page("إناء", [Hit("fbi", record)]))
    assert "\u2066fbi/1897-42\u2069" in row
    assert "\u20661897-42\u2069" in row
    assert "\u2066" not in on_terminal(hits_page("drum", [Hit("fbi", make_record(id="1897-42"))]))


@draws
def test_a_record_is_shown_in_the_terms_of_object_id(draw: Draw) -> None:
    said = words_of(draw(record_page(make_view())))
    assert "reported stolen" in said
    for label in (
        "Materials",
        "Measurements",
        "Inventory no.",
        "Date or period",
        "FBI National Stolen Art File",
        "Terms",
    ):
        assert label in said
    assert "Culture" not in said
    assert "imported 2026-11-20, 4,731 records" in said


@draws
def test_a_list_that_cannot_be_read_says_so(draw: Draw) -> None:
    said = words_of(draw(lists_page([make_status(problem="it is damaged"), make_status(in_use=False)])))
    assert "NOT READ: it is damaged" in said
    assert "NOT IN USE" in said
    assert "4,731" in said
    assert "can roll back to 77aa00" in said


@draws
def test_a_shipment_is_shown_worst_first(draw: Draw) -> None:
    entries = [
        BatchEntry("n1", "NO INDICATION IN THE DATA HELD. This is not clearance.", Band.NO_INDICATION),
        BatchEntry("bad", "The photo cannot be read.", None),
        BatchEntry("n2", "NO INDICATION IN THE DATA HELD. This is not clearance.", Band.NO_INDICATION),
        BatchEntry("m", "MORE INFORMATION NEEDED. Where is it from?", Band.MORE_INFORMATION),
        BatchEntry("h", "HOLD. The item looks like a listed object: Drum (fbi/1).", Band.HOLD_LISTED),
    ]
    said = words_of(draw(batch_page(entries)))
    assert said.startswith("HOLD, looks like a listed object. The gravest of 5 items.")
    body = said[said.rindex("listed object: Drum") :]
    texts = (
        "Drum (fbi/1)",
        "Where is it from?",
        "The photo cannot be read.",
        "This is not clearance.",
        "n1, n2",
    )
    places = [body.index(text) for text in texts]
    assert places == sorted(places)
    assert said.count("This is not clearance.") == 1
    assert "HOLD. The item" not in said


@draws
def test_findings_and_settings_are_shown_with_their_state_and_origin(draw: Draw) -> None:
    assert "missing" in draw(doctor_page([Finding("HEIF photos", "missing", "install pillow-heif")]))
    said = words_of(draw(settings_page([SettingView("max_list_age", "30", "config.toml")])))
    assert "max_list_age" in said
    assert "config.toml" in said


def test_plain_text_says_one_fact_a_line() -> None:
    lines = as_plain_text(result_page(make_result()), 200).splitlines()
    for text in (
        "Rank: 1",
        "  Strength: strong",
        "  Record: fbi/01252",
        "  Against: material: differs (item bronze, record wood)",
    ):
        assert text in lines


def test_short_candidates_take_one_line_each() -> None:
    drawn = on_terminal(result_page(make_result())).splitlines()
    rows: list[str] = [line for line in drawn if "weak" in line]
    assert len(rows) == 2
    candidates: tuple[Candidate, ...] = make_shortlist()
    assert all(candidate.record.title in row for candidate, row in zip(candidates[2:], rows, strict=False))
