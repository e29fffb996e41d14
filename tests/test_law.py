"""The facts of law and of types at risk as data, an authority's own on top, and ``fieldcheck law``."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from cli_helpers import Commands, assert_valid, write
from fieldcheck.datafiles import data_folder, load_toml
from fieldcheck.errors import ExitCode, InputError
from fieldcheck.items import make_item
from fieldcheck.rules.case import Lawbook
from fieldcheck.rules.control import judge_control
from fieldcheck.rules.facts import Instrument, load_facts, states_of
from fieldcheck.rules.kinds import Direction, Effect, Kind
from fieldcheck.rules.papers import kind_of
from fieldcheck.rules.survey import law_of_origin
from fieldcheck.text.normalise import words
from rules_helpers import TODAY, reader

FACTS = load_facts()
STATE = re.compile(r"[A-Z]{2}")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.mark.parametrize("entry", FACTS.instruments, ids=lambda entry: entry.id)
def test_an_instrument_says_what_it_is_and_where_it_was_read(entry: Instrument) -> None:
    assert all(STATE.fullmatch(origin) for origin in entry.origins)
    assert entry.border in {"", *(border.code for border in FACTS.borders)}
    for day in (entry.valid_from, entry.valid_to, entry.removed_since, entry.seen):
        assert not day or date.fromisoformat(day)
    assert not (entry.valid_from and entry.valid_to) or entry.valid_from < entry.valid_to
    assert all(source.startswith("http") for source in entry.sources)
    assert entry.seen
    assert entry.sources or not entry.verified, "what was read nowhere is not verified"
    assert all(kind_of(paper) == paper for paper in entry.papers)
    if entry.effect is not Effect.CONTEXT:
        assert entry.papers, "a control wants a paper"
    if entry.kind is Kind.MEASURE:
        assert entry.origins


def test_ids_are_unique_and_every_border_has_a_rule_of_its_own() -> None:
    ids = [entry.id for entry in (*FACTS.instruments, *FACTS.types)]
    assert len(ids) == len(set(ids))
    borders = {entry.border for entry in FACTS.instruments if entry.effect is not Effect.CONTEXT}
    assert {"EU", "US", "GB", "CH", "CA", "AU"} <= borders
    assert len(next(border for border in FACTS.borders if border.code == "EU").members) == 28, (
        "27 states, and EL for Greece"
    )


def test_types_at_risk_of_at_least_thirty_states_can_be_found_by_their_words() -> None:
    found: dict[str, int] = {}
    for entry in FACTS.types:
        assert entry.sources or "sources" in entry.unverified
        assert entry.seen
        assert all(STATE.fullmatch(origin) for origin in entry.origins)
        kinds = {concept.kind for name in entry.types for match in _find(name) for concept in match}
        if "type" in kinds:
            found.update(dict.fromkeys(entry.origins, 1))
    assert len(found) >= 30
    assert {"IQ", "SY", "EG", "KH", "NG", "PE", "UA", "YE"} <= found.keys()


@pytest.mark.parametrize("kind", ["types", "materials"])
def test_every_word_of_a_type_at_risk_is_in_the_lexicon(kind: str) -> None:
    unknown = {
        (entry.id, name)
        for entry in FACTS.types
        for name in getattr(entry, kind)
        if kind.removesuffix("s") not in {concept.kind for match in _find(name) for concept in match}
    }
    assert not unknown


def test_the_ids_that_the_law_is_written_in_are_in_the_lexicon() -> None:
    goods = FACTS.goods
    types = {*goods.archaeological, *goods.archaeological_when_old, *goods.monument, *goods.cultural}
    types |= {name for entry in FACTS.instruments for name in entry.types}
    types |= {name for heading in load_toml("hs97.toml")["heading"].values() for name in heading["types"]}
    cultures = {*goods.culture_until, *goods.culture_area}
    checks = load_toml("materials_checks.toml")["check"]
    materials = {name for check in checks for name in check.get("materials", ())}
    for names, kind in ((types, "type"), (cultures, "culture"), (materials, "material")):
        for name in names:
            concept = reader().lexicon.concept(name)
            assert concept is not None, name
            assert concept.kind == kind, name


def test_measures_that_have_ended_are_told_from_those_in_force() -> None:
    at_us = {rule.id: rule for origin in ("GR", "HN") for rule in law_of_origin(origin, "US", TODAY, FACTS).here}
    assert "ended in this data on 2026-11-21, verify" in at_us["gr-us"].detail
    assert "in force from 2004-03-12 to 2029-03-12" in at_us["hn-us"].detail
    assert "hn-us" not in {rule.id for rule in law_of_origin("HN", "US", "2003-01-01", FACTS).here}


def test_conventions_of_origin_and_border_are_shown_with_their_dates() -> None:
    said = {(rule.id, rule.detail) for rule in law_of_origin("KH", "CA", TODAY, FACTS).conventions}
    ids = {rule_id for rule_id, _ in said}
    assert {"kh-unesco1970", "ca-unesco1970"} <= ids
    assert any("since 1972-12-26" in detail for rule_id, detail in said if rule_id == "kh-unesco1970")


def test_what_is_made_within_a_border_is_not_under_its_import_law() -> None:
    assert not [rule for rule in law_of_origin("GR", "EU", TODAY, FACTS).here if rule.id.startswith("eu-880")]
    assert [rule for rule in law_of_origin("TR", "EU", TODAY, FACTS).here if rule.id.startswith("eu-880")]


def test_a_rule_pack_has_no_control_without_a_direction_at_the_eu() -> None:
    for entry in FACTS.instruments:
        if entry.border == "EU":
            assert entry.directions
            assert Direction.TRANSIT not in entry.directions or entry.id == "eu-880-a"


def test_law_prints_rules_types_dates_and_sources(command: Commands) -> None:
    ended = command("law", "gr", "--border", "us", "--on", TODAY, "--plain")
    assert ended.code == ExitCode.NOTHING_FOUND
    said = " ".join(ended.out.split())
    assert "ended in this data on 2026-11-21, verify" in said
    assert "https://" in said
    assert "not advice on law" in said
    assert "Byzantine church objects" in said


def test_law_as_json_fits_its_schema(command: Commands) -> None:
    content = command("law", "IQ", "--border", "EU", "--on", TODAY, "--json").json
    assert_valid(content, "law")
    assert content["border"] == "European Union"
    assert {"iq-unsc1483", "eu-880-b"} <= {rule["id"] for rule in content["here"]}
    Draft202012Validator.check_schema(json.loads((data_folder() / "schemas" / "law-1.schema.json").read_text()))


def test_law_of_a_state_of_which_nothing_is_held_says_so(command: Commands) -> None:
    ended = command("law", "SE", "--plain")
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "None is held" in ended.out


@pytest.mark.parametrize(
    "arguments", [("law",), ("law", "IRQ"), ("law", "IQ", "--on", "tomorrow"), ("law", "IQ", "--border", "Europe")]
)
def test_law_refuses_what_cannot_be_meant(command: Commands, arguments: tuple[str, ...]) -> None:
    ended = command(*arguments)
    assert ended.code == ExitCode.USAGE
    assert "Next:" in ended.err


def test_the_indicators_are_listed_by_their_ids(command: Commands) -> None:
    ended = command("law", "--indicators", "--plain")
    assert all(indicator in ended.out for indicator in ("X01", "D08", "K03"))
    assert "Never asked here" in " ".join(ended.out.split())


OWN_RULE = {
    "id": "pe-own", "kind": "border_law", "effect": "control", "name": "Decree 7 of the ministry", "border": "XY",
    "origins": ["PE"], "goods": ["cultural"], "papers": ["export-certificate"], "valid_from": "2026-01-01",
    "verified": True, "sources": ["https://example.org/decree-7"], "seen": "2026-11-01",
}  # fmt: skip
OWN = {"version": "ministry-3", "instruments": [OWN_RULE]}
OWN_BORDER = 'version = "ministry-3"\n[XY]\nname = "Xanadu"\nmembers = ["XY"]\ncall = "Call the ministry in Xanadu."\n'


def _overlay(folder: Path, law: object = OWN) -> Path:
    (folder / "law").mkdir(parents=True)
    write(folder / "law" / "instruments.json", json.dumps(law))
    write(folder / "law" / "borders.toml", OWN_BORDER)
    return folder


def test_an_authority_adds_a_border_and_a_rule_of_its_own(tmp_path: Path) -> None:
    facts = load_facts(_overlay(tmp_path / "own"))
    assert facts.version.endswith("+ministry-3")
    item = make_item({"text": "wooden chair 1700", "origin": "PE", "border": "XY"}, ["export-certificate=missing"])
    line = judge_control(Lawbook(facts, reader()).case(item, reader().read_item(item), TODAY))
    assert line.rules[0].name == "Decree 7 of the ministry"


def test_an_authority_replaces_a_rule_by_its_id(tmp_path: Path) -> None:
    changed = {**OWN_RULE, "id": "gr-us", "kind": "measure", "border": "US", "valid_to": "2031-11-21"}
    facts = load_facts(_overlay(tmp_path / "own", {"version": "2", "instruments": [changed]}))
    greece = [entry for entry in facts.instruments if entry.id == "gr-us"]
    assert [entry.valid_to for entry in greece] == ["2031-11-21"]
    assert len(facts.instruments) == len(FACTS.instruments)


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "1"},
        {"instruments": []},
        {"version": "1", "instruments": [{"id": "x"}]},
        {"version": "1", "instruments": [{**OWN_RULE, "kind": "decree"}]},
        {"version": "1", "instruments": [{**OWN_RULE, "min_age": "old"}]},
        {"version": "1", "instruments": [{**OWN_RULE, "verified": "yes"}]},
        {"version": "1", "instruments": [{**OWN_RULE, "origin": ["PE"]}]},
        [],
    ],
)
def test_facts_that_cannot_be_meant_are_refused(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(InputError):
        load_facts(_overlay(tmp_path / "own", wrong))


@pytest.mark.parametrize(
    "wrong", ["[XY]\nname = 'X'", 'version = "1"\n[XY]\nname = "X"\nmembers = "XY"\ncall = ""', "["]
)
def test_borders_that_cannot_be_meant_are_refused(tmp_path: Path, wrong: str) -> None:
    write(_overlay(tmp_path / "own") / "law" / "borders.toml", wrong)
    with pytest.raises(InputError):
        load_facts(tmp_path / "own")


def test_a_rule_of_ones_own_needs_no_profile_of_the_border(tmp_path: Path) -> None:
    folder = _overlay(tmp_path / "own")
    (folder / "law" / "borders.toml").unlink()
    rules = law_of_origin("PE", "XY", TODAY, load_facts(folder)).here
    assert "pe-own" in {rule.id for rule in rules}
    assert "pe-own" not in {rule.id for rule in law_of_origin("PE", "EU", TODAY, load_facts(folder)).here}


def test_a_folder_without_facts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load_facts(tmp_path)


def test_own_facts_are_named_in_the_data_line(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDCHECK_FACTS", str(_overlay(tmp_path / "own")))
    found = command("check", "wooden chair 1700", "--origin", "PE", "--border", "XY", "--json").json
    assert found["verdict"]["lines"]["data"]["facts_version"].endswith("+ministry-3")
    assert found["verdict"]["lines"]["controlled"]["rules"][0]["id"] == "pe-own"


def test_the_states_that_are_held_are_known() -> None:
    assert len(states_of(FACTS.instruments)) >= 50


def _find(name: str) -> list[tuple[object, ...]]:
    return [found.concepts for found in reader().lexicon.find(words(name), "en")]
