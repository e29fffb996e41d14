"""What the rules say of an object at a border: the table in ``rules_cases.toml``, and what stands beside a band."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldcheck.models import Band, ControlledState
from fieldcheck.rules.case import Lawbook
from fieldcheck.rules.control import judge_control
from fieldcheck.rules.facts import load_facts
from rules_helpers import TODAY, case_of, make, reader, verdict_of

CASES = tomllib.loads(Path(__file__).with_name("rules_cases.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{number} {case['name']}" for number, case in enumerate(CASES)])
def test_what_the_rules_say(case: dict[str, Any]) -> None:
    item = make(case["text"], *case.get("papers", ()), **case.get("fields", {}))
    verdict = verdict_of(item, case.get("on", TODAY))
    lines = verdict.lines
    said = (lines.controlled.state, lines.papers.state, verdict.band)
    assert said == (case["control"], case["papers_state"], case["band"])
    if "rule" in case:
        assert lines.controlled.rules[0].id == case["rule"]
    if lines.controlled.state is ControlledState.CONTROLLED_HERE:
        assert lines.controlled.rules[0].verified
        assert lines.controlled.rules[0].name in lines.controlled.text
        assert lines.papers.wanted


def test_a_hold_names_the_rule_whose_papers_are_missing() -> None:
    tablet = make(
        "clay cuneiform tablet", "import-licence=present", "export-certificate=missing", origin="IQ", border="EU"
    )
    verdict = verdict_of(tablet)
    assert verdict.band is Band.HOLD_CONTROL
    assert "resolution 1483" in verdict.headline
    assert "2019/880" not in verdict.headline


def test_an_end_that_has_passed_is_said_and_never_dropped() -> None:
    rules = verdict_of(make("bronze helmet 400 BC", origin="GR", border="US")).lines.controlled.rules
    ended = next(rule for rule in rules if rule.id == "gr-us")
    assert "ended in this data on 2026-11-21, verify" in ended.detail


def test_what_is_not_verified_is_said_and_never_binds() -> None:
    rules = verdict_of(make("gold pendant of the Inca", origin="PE", border="CH")).lines.controlled.rules
    agreement = next(rule for rule in rules if rule.id == "ch-pe")
    assert not agreement.verified
    assert "not verified in this data" in agreement.detail


def test_a_rule_that_waits_for_one_answer_asks_for_it() -> None:
    assert "value in euros" in verdict_of(make("oil painting 1650", origin="JP", border="EU")).would_change[0]
    assert "How old" in verdict_of(make("bronze bowl", origin="JP", border="EU")).would_change[0]
    assert "Which of these papers" in verdict_of(make("faience shabti", origin="EG", border="CH")).would_change[0]


def test_who_is_called_depends_on_the_border() -> None:
    steps = {
        border: verdict_of(make("faience shabti", "export-certificate=missing", origin="EG", border=border)).next_steps
        for border in ("EU", "CH", "AU", "US")
    }
    assert len({found[1] for found in steps.values()}) == len(steps)
    assert "Specialised Body" in steps["CH"][1]


@pytest.mark.parametrize(
    ("fields", "direction"),
    [
        ({"border": "EU"}, "import"),
        ({"border": "DE", "sent_from": "TR", "sent_to": "FR"}, "import"),
        ({"border": "EU", "sent_from": "FR", "sent_to": "US"}, "export"),
        ({"border": "EU", "sent_from": "TR", "sent_to": "US"}, "transit"),
        ({"border": "EU", "sent_from": "FR", "sent_to": "DE"}, None),
        ({"border": "BR", "sent_from": "BR", "sent_to": "US"}, "export"),
        ({"border": "BR", "sent_from": "PE", "sent_to": "US"}, "transit"),
        ({}, "import"),
    ],
)
def test_the_way_across_the_border(fields: dict[str, str], direction: str | None) -> None:
    assert case_of(make("bronze bowl", **fields)).route.direction == direction


def test_facts_that_are_not_verified_hold_nothing() -> None:
    facts = load_facts()
    doubted = replace(facts, instruments=tuple(replace(entry, verified=False) for entry in facts.instruments))
    book = Lawbook(doubted, reader())
    for case in CASES:
        item = make(case["text"], *case.get("papers", ()), **case.get("fields", {}))
        judged = book.case(item, reader().read_item(item), TODAY)
        assert not judged.binding
        assert judge_control(judged).state is not ControlledState.CONTROLLED_HERE


def test_no_measure_outlives_the_end_that_this_data_has() -> None:
    for case in CASES:
        item = make(case["text"], *case.get("papers", ()), **case.get("fields", {}))
        assert not [rule for rule in case_of(item, "2099-01-01").binding if rule.instrument.valid_to]
