"""Papers, the declaration, indicators and readings: what each says, and where it says nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli_helpers import assert_valid
from fieldcheck.errors import UsageError
from fieldcheck.items import make_assay, make_observation
from fieldcheck.models import Band, IndicatorsState, Paper, PapersState, PaperState
from fieldcheck.report.json_result import result_from_dict, result_to_dict
from fieldcheck.rules.goods import read_euros
from fieldcheck.rules.indicators import load_indicators
from results import make_result
from rules_helpers import lines_of, make, verdict_of


def met(text: str, *papers: str, **fields: object) -> set[str]:
    line = lines_of(make(text, *papers, **fields)).indicators  # type: ignore[arg-type]  # fields are the test's own
    return {said.partition(" ")[0] for said in line.met}


def unmet(text: str, *papers: str, **fields: str) -> set[str]:
    return {said.partition(" ")[0] for said in lines_of(make(text, *papers, **fields)).indicators.unmet}


def test_all_forty_are_there_with_what_they_need_and_where_they_come_from() -> None:
    entries = load_indicators()
    assert len({entry.id for entry in entries}) == len(entries) == 40
    assert all(entry.inputs and entry.source.startswith("http") for entry in entries)
    assert all(entry.question if entry.asked else entry.why_not_asked for entry in entries)
    assert {entry.id for entry in entries if not entry.asked} == {"O05", "O07"}, "statistics and persons"


def test_every_indicator_that_is_asked_is_in_the_line_exactly_once() -> None:
    line = lines_of(make("clay cuneiform tablet", origin="IQ", border="EU")).indicators
    ids = [said.partition(" ")[0] for said in (*line.met, *line.unmet, *line.unanswered)]
    assert sorted(ids) == sorted(entry.id for entry in load_indicators() if entry.asked)


STATUETTE = {"origin": "YE", "border": "US"}


@pytest.mark.parametrize(
    ("indicator", "text", "fields", "holds"),
    [
        ("D01", "bronze statuette 100 BC", {**STATUETTE, "declared": "household goods"}, True),
        ("D01", "bronze statuette 100 BC", {**STATUETTE, "declared": "bronze statuette"}, False),
        ("D03", "bronze statuette 100 BC", {**STATUETTE, "declared": "souvenir"}, True),
        ("D03", "bronze statuette 100 BC", {**STATUETTE, "declared": "artesanía"}, True),
        ("D03", "bronze statuette 2015", {**STATUETTE, "declared": "souvenir"}, False),
        ("D05", "mosaic of a fish", {"declared": "ceramic tiles"}, True),
        ("D05", "mosaic of a fish", {"declared": "mosaic panel, tiles"}, False),
        ("D06", "bronze statuette", {"declared": "clay, brass"}, True),
        ("D06", "bronze statuette", {"declared": "brass figure"}, False),
        ("D08", "bronze statuette 100 BC", {"hs": "8306.29"}, True),
        ("D08", "bronze statuette 100 BC", {"hs": "9705.10"}, False),
        ("D08", "bronze statuette 2015", {"hs": "8306.29"}, False),
        ("O01", "cuneiform tablet", {"culture": "Sumerian", "origin": "AE", "sent_from": "AE"}, True),
        ("O01", "cuneiform tablet", {"culture": "Sumerian", "origin": "SY", "sent_from": "AE"}, False),
        ("O08", "stone stele, Maya", {"origin": "MX", "border": "US"}, True),
        ("O08", "stone stele, Maya", {"origin": "HN", "border": "US"}, False),
        ("P09", "bronze arrowhead 1930", {"origin": "SE", "border": "EU"}, True),
        ("P09", "bronze arrowhead 1995", {"origin": "SE", "border": "EU"}, False),
        ("X01", "bronze statuette", {"inventory_no": "IM 12345"}, True),
        ("X02", "stone slab", {"inscription": "wedge-shaped signs"}, True),
        ("X02", "stone slab", {"inscription": "HIC IACET"}, False),
        ("X08", "human remains", {}, True),
        ("X08", "vase", {}, False),
    ],
)
def test_what_is_decided(indicator: str, text: str, fields: dict[str, str], *, holds: bool) -> None:
    assert indicator in (met if holds else unmet)(text, **fields)


@pytest.mark.parametrize("indicator", ["D01", "D03", "D08", "O01", "P09", "X01", "X04", "M01"])
def test_what_is_not_said_decides_nothing(indicator: str) -> None:
    assert indicator not in met("vase") | unmet("vase")


def test_papers_decide_their_indicators_only_once_something_is_said_of_them() -> None:
    shabti = {"origin": "EG", "border": "EU"}
    assert "P06" in met("faience shabti", "import-licence=missing", **shabti)
    assert "P06" in unmet("faience shabti", "import-licence=present", **shabti)
    assert "P06" not in met("faience shabti", **shabti) | unmet("faience shabti", **shabti)
    tablet = {"origin": "IQ", "border": "GB"}
    assert "O03" in met("cuneiform tablet", "export-certificate=missing", **tablet)
    assert "O03" in unmet("cuneiform tablet", "proof-of-earlier-exit=present", **tablet)


def test_the_officer_decides_what_cannot_be_seen_and_stands_above_what_was() -> None:
    hidden = verdict_of(make("vase 1990", origin="SE", observations=("X04=yes",)))
    assert hidden.band is Band.REFER
    assert "X04" in hidden.headline
    denied = lines_of(make("human remains", observations=("X08=no",))).indicators
    assert any(said.startswith("X08") for said in denied.unmet)


@pytest.mark.parametrize(
    ("observations", "state"),
    [
        ((), IndicatorsState.NONE_MET),
        (("M01=yes",), IndicatorsState.SOME_MET),
        (("M01=yes", "M02=yes", "M03=yes", "O02=yes", "P04=yes"), IndicatorsState.SOME_MET),
        (("D02=yes",), IndicatorsState.SOME_MET),
        (("D02=yes", "O06=yes"), IndicatorsState.SEVERAL_MET),
        (("X04=yes",), IndicatorsState.SEVERAL_MET),
        (("K01=yes", "K02=yes", "K03=yes"), IndicatorsState.NONE_MET),
    ],
)
def test_how_indicators_count_together(observations: tuple[str, ...], state: IndicatorsState) -> None:
    assert lines_of(make("vase 1990", origin="SE", observations=observations)).indicators.state is state


def test_signs_of_a_replica_never_better_a_band() -> None:
    tablet = {"origin": "IQ", "border": "EU"}
    plain = verdict_of(make("cuneiform tablet", "export-certificate=missing", **tablet))
    jumbled = verdict_of(make("cuneiform tablet", "export-certificate=missing", observations=("K03=yes",), **tablet))
    assert plain.band is jumbled.band is Band.HOLD_CONTROL


def test_what_is_met_comes_with_its_harmless_explanation() -> None:
    line = lines_of(make("vase 1990", observations=("P05=yes",))).indicators
    assert any("but: True for many honest owners" in said for said in line.met)


@pytest.mark.parametrize(
    ("text", "fields", "word"),
    [
        ("bronze bowl", {"declared": "wooden chair"}, "chair"),
        ("bronze bowl", {"declared": "wooden bowl"}, "wood"),
        ("bronze bowl 300 BC", {"declared": "bowl, 20th century"}, "dates"),
        ("bronze bowl 40 cm", {"declared": "bowl 10 cm"}, "40 cm"),
        ("marble statue", {"hs": "9701.21"}, "9701"),
        ("oil painting 1650", {"hs": "9701.91"}, "970191"),
        ("oil painting 1990", {"hs": "970121"}, "970121"),
        ("wooden chair 1850", {"hs": "9706.10"}, "970610"),
    ],
)
def test_a_declaration_that_does_not_fit_is_said(text: str, fields: dict[str, str], word: str) -> None:
    line = lines_of(make(text, origin="SE", border="US", **fields)).papers
    assert line.state is PapersState.CONFLICTING
    assert any(word in conflict for conflict in line.conflicts)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"certificate": "wooden statue"}, "wood"),
        ({"certificate": "bronze vase"}, "vase"),
        ({"certificate": "bronze statue, 19th century"}, "dates"),
        ({"certificate": "bronze statue, 10 cm"}, "10 cm"),
        ({"issued_by": "AE"}, "AE"),
    ],
)
def test_a_genuine_paper_for_another_object_is_told(fields: dict[str, str], word: str) -> None:
    statue = make("bronze statue 100 BC, 60 cm", "export-certificate=verified", origin="EG", border="CH", **fields)
    line = lines_of(statue).papers
    assert line.state is PapersState.CONFLICTING
    assert any("certificate" in conflict and word in conflict for conflict in line.conflicts)
    assert verdict_of(statue).band is Band.HOLD_CONTROL


def test_a_paper_that_fits_its_object_is_no_conflict() -> None:
    fields = {"certificate": "statue of bronze, Ptolemaic, 60 cm", "issued_by": "EG"}
    line = lines_of(
        make("bronze statue 100 BC, 60 cm", "export-certificate=verified", origin="EG", border="CH", **fields)
    )
    assert line.papers.state is PapersState.VERIFIED
    assert any(said.startswith("P03") for said in line.indicators.unmet)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("bronze bowl", {"declared": "vase of copper alloy"}),
        ("amphora", {"declared": "old pottery vessel"}),
        ("manuscript", {"declared": "old book"}),
        ("bronze bowl", {"declared": "gift"}),
        ("bronze bowl", {"declared": "decoration"}),
        ("bronze bowl 40 cm", {"declared": "bowl 42 cm"}),
        ("oil painting 1650", {"hs": "9701.21"}),
        ("oil painting", {"hs": "9701.91"}),
        ("wooden chair 1700", {"hs": "9706"}),
        ("wooden chair", {"hs": "9401"}),
        ("bronze statue", {"hs": "9705.10"}),
    ],
)
def test_a_declaration_that_may_well_fit_is_no_conflict(text: str, fields: dict[str, str]) -> None:
    assert not lines_of(make(text, **fields)).papers.conflicts


@pytest.mark.parametrize(
    "kind",
    ["export certificate", "Export Permit", "certificat d'exportation", "Ausfuhrgenehmigung", "export-certificate"],
)
def test_a_paper_is_known_by_its_names(kind: str) -> None:
    item = make("faience shabti", f"{kind}=missing", origin="EG", border="CH")
    assert lines_of(item).papers.state is PapersState.MISSING


def test_the_papers_that_are_wanted_are_named_with_the_day_that_counts() -> None:
    wanted = lines_of(make("cuneiform tablet", origin="IQ", border="GB")).papers.wanted
    assert wanted == ("export certificate or permit of IQ, or proof that it had left IQ before 1990-08-06",)


def test_a_paper_that_nobody_wants_decides_nothing() -> None:
    item = make("faience shabti", "invoice=missing", "export-certificate=verified", origin="EG", border="CH")
    assert lines_of(item).papers.state is PapersState.VERIFIED


@pytest.mark.parametrize(
    ("text", "assays", "word"),
    [
        ("brass statue 100 BC", ("zn=34",), "inconsistent with the claimed date"),
        ("brass statue 100 BC", ("zn=20",), "says nothing"),
        ("brass statue 1800", ("zn=34",), "says nothing"),
        ("brass statue", ("zn=34",), "no date is claimed"),
        ("marble statue 100 BC", ("zn=34",), "laboratory"),
        ("oil painting 1650", ("ti=12",), "inconsistent with the claimed date"),
        ("oil painting 1950", ("ti=12",), "says nothing"),
        ("brass statue 100 BC", ("sb=2",), "laboratory"),
    ],
)
def test_what_a_reading_says(text: str, assays: tuple[str, ...], word: str) -> None:
    checks = lines_of(make(text, assays=assays)).indicators.checks
    assert len(checks) == 1
    assert word in checks[0]


def test_a_reading_changes_no_band() -> None:
    fields = {"origin": "EG", "border": "CH"}
    bands = {verdict_of(make("brass statue 100 BC", assays=assays, **fields)).band for assays in ((), ("zn=34",))}
    assert len(bands) == 1


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("900 EUR", 900.0), ("18,000 EUR", 18000.0), ("18.000,50 €", 18000.5), ("EUR 18 000", 18000.0),
        ("€1'250'000", 1250000.0), ("17999.99 eur", 17999.99), ("900", None), ("900 USD", None), ("", None),
        ("from 900 to 1200 EUR", None), ("EUR", None),
    ],
)  # fmt: skip
def test_a_value_in_euros(text: str, euros: float | None) -> None:
    assert read_euros(text) == euros


def test_what_was_observed_and_read_is_in_the_result_and_back() -> None:
    item = make(
        "brass statue 100 BC", "export-certificate=present", observations=("X04=no", "D02=yes"), assays=("zn=34.5",)
    )
    result = make_result(item=item)
    content = result_to_dict(result)
    assert content["item"]["observations"] == {"X04": False, "D02": True}
    assert content["item"]["assays"] == {"zn": 34.5}
    assert result_from_dict(content).item == item
    assert_valid(content, "result")


def test_lines_as_they_are_judged_fit_the_schema() -> None:
    item = make(
        "bronze bowl 40 cm", "export-certificate=present", origin="JP", border="EU", declared="chair", issued_by="AE"
    )
    lines = lines_of(item)
    assert lines.controlled.asks
    assert lines.papers.conflicts
    result = make_result(Band.REFER, lines, item=item, candidates=())
    assert_valid(result_to_dict(result), "result")
    assert result_from_dict(result_to_dict(result)) == result


@pytest.mark.parametrize("text", ["X99=yes", "X01=maybe", "X01", "=yes", ""])
def test_an_observation_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        make_observation(text)


@pytest.mark.parametrize("text", ["zn", "zn=lots", "zn=101", "zn=-1", "zinc=20", "zn=1e9", ""])
def test_a_reading_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        make_assay(text)


_ANY = st.text(max_size=60) | st.sampled_from(
    ["bronze bowl 40 cm, 300 BC", "9701.91", "18.000,50 €", "oil painting 1650"]
)


@given(text=_ANY, declared=_ANY, certificate=_ANY, hs=_ANY, value=_ANY, culture=_ANY, paper=st.text(max_size=20))
@settings(deadline=None, max_examples=60)
def test_whatever_is_said_the_rules_answer(  # noqa: PLR0913, PLR0917  # one for each field that is free text
    text: str, declared: str, certificate: str, hs: str, value: str, culture: str, paper: str
) -> None:
    fields = {"declared": declared, "certificate": certificate, "hs": hs, "value": value, "culture": culture}
    item = replace(make(text, origin="IQ", border="EU", **fields), papers=(Paper(paper, PaperState.MISSING),))
    verdict = verdict_of(item)
    assert verdict.headline
    assert len(verdict.would_change) <= 3
