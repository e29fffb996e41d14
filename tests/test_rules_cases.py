"""What the rules say of an object at a border: one row for each case, and the rule that is named."""

import pytest

from fieldcheck.models import Band, ControlledState, PapersState
from rules_helpers import TODAY, case_of, make, verdict_of

# What it shows, the description, the papers, the day, the fields; then the line on control with its first rule, the line
# on papers and the band. A rule that is named where the state is unknown is one that an answer would decide.
CASES = (
    ("tablet of Iraq at the EU", "clay cuneiform tablet", "export-certificate=missing", TODAY, {"origin": "IQ", "border": "EU"},
     ControlledState.CONTROLLED_HERE, "iq-unsc1483", PapersState.MISSING, Band.HOLD_CONTROL),
    ("the same, papers not asked", "clay cuneiform tablet", "", TODAY, {"origin": "IQ", "border": "EU"},
     ControlledState.CONTROLLED_HERE, "eu-880-b", PapersState.NOT_ASKED, Band.REFER),
    ("the same, papers present", "clay cuneiform tablet", "import-licence=present export-certificate=present", TODAY, {"origin": "IQ", "border": "EU"},
     ControlledState.CONTROLLED_HERE, "eu-880-b", PapersState.PRESENT_UNVERIFIED, Band.REFER),
    ("the same, one of two papers verified", "clay cuneiform tablet", "import-licence=verified", TODAY, {"origin": "IQ", "border": "EU"},
     ControlledState.CONTROLLED_HERE, "eu-880-b", PapersState.NOT_ASKED, Band.REFER),
    ("tablet of Iraq at the US, whose measure is not verified", "clay cuneiform tablet", "export-certificate=missing", TODAY, {"origin": "IQ", "border": "US"},
     ControlledState.CONTROLLED_HERE, "iq-unsc1483", PapersState.MISSING, Band.HOLD_CONTROL),
    ("tablet of Iraq at GB", "clay cuneiform tablet", "export-certificate=missing", TODAY, {"origin": "IQ", "border": "GB"},
     ControlledState.CONTROLLED_HERE, "gb-iraq", PapersState.MISSING, Band.HOLD_CONTROL),
    ("tablet of Iraq at a border without a profile", "clay cuneiform tablet", "export-certificate=missing", TODAY, {"origin": "IQ", "border": "BR"},
     ControlledState.CONTROLLED_HERE, "iq-unsc1483", PapersState.MISSING, Band.HOLD_CONTROL),
    ("tablet of Iraq, no border", "clay cuneiform tablet", "export-certificate=missing", TODAY, {"origin": "IQ"},
     ControlledState.CONTROLLED_HERE, "iq-unsc1483", PapersState.MISSING, Band.HOLD_CONTROL),
    ("tablet of Iraq before the resolution", "clay cuneiform tablet", "export-certificate=missing", '2003-05-01', {"origin": "IQ", "border": "BR"},
     ControlledState.WATCH_LIST, "iq-writing", PapersState.MISSING, Band.REFER),
    ("placed by its culture alone", "Sumerian clay tablet with cuneiform", "export-certificate=missing", TODAY, {"border": "EU"},
     ControlledState.CONTROLLED_HERE, "iq-unsc1483", PapersState.MISSING, Band.HOLD_CONTROL),
    ("bust of Syria at the US", "limestone funerary bust, 2nd century", "export-certificate=missing", TODAY, {"origin": "SY", "border": "US"},
     ControlledState.CONTROLLED_HERE, "sy-unsc2199", PapersState.MISSING, Band.HOLD_CONTROL),
    ("bust of Syria at GB", "limestone funerary bust, 2nd century", "proof-of-earlier-exit=missing", TODAY, {"origin": "SY", "border": "GB"},
     ControlledState.CONTROLLED_HERE, "gb-syria", PapersState.MISSING, Band.HOLD_CONTROL),
    ("proof of earlier exit in place of a certificate", "limestone funerary bust, 2nd century", "export-certificate=missing proof-of-earlier-exit=verified", TODAY, {"origin": "SY", "border": "GB"},
     ControlledState.CONTROLLED_HERE, "gb-syria", PapersState.VERIFIED, Band.NO_INDICATION),
    ("in another language", "tablette cunéiforme en argile", "export-certificate=missing", TODAY, {"origin": "IQ", "border": "GB"},
     ControlledState.CONTROLLED_HERE, "gb-iraq", PapersState.MISSING, Band.HOLD_CONTROL),
    ("in Arabic", "لوح مسماري من الطين", "export-certificate=missing", TODAY, {"origin": "IQ", "border": "GB"},
     ControlledState.CONTROLLED_HERE, "gb-iraq", PapersState.MISSING, Band.HOLD_CONTROL),
    ("modern souvenir by its year", "bronze souvenir statuette of a cat", "", TODAY, {"origin": "EG", "border": "EU", "period": "2024"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("modern souvenir by its word", "bronze statuette of a cat", "", TODAY, {"origin": "EG", "border": "EU", "period": "modern"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("modern mask", "wooden mask 2015", "", TODAY, {"origin": "NG", "border": "US"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("modern porcelain", "porcelain bowl 1980", "", TODAY, {"origin": "CN", "border": "US"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("licensed export, verified", "faience shabti", "export-certificate=verified", TODAY, {"origin": "EG", "border": "CH"},
     ControlledState.CONTROLLED_HERE, "ch-eg", PapersState.VERIFIED, Band.NO_INDICATION),
    ("licensed import, verified", "ceramic vessel 1200", "export-permit=verified", TODAY, {"origin": "HN", "border": "US"},
     ControlledState.CONTROLLED_HERE, "hn-us", PapersState.VERIFIED, Band.NO_INDICATION),
    ("licensed export from the EU", "manuscript 1700", "export-licence=verified", TODAY, {"origin": "FR", "border": "FR", "sent_from": "FR", "sent_to": "US"},
     ControlledState.CONTROLLED_HERE, "eu-116-manuscripts", PapersState.VERIFIED, Band.NO_INDICATION),
    ("heirloom under 100 years", "gold bracelet", "", TODAY, {"origin": "EG", "border": "EU", "period": "1950"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("heirloom under 100 years of India", "silver ring 1960", "", TODAY, {"origin": "IN", "border": "US"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("heirloom over 100 but under 200 years", "oil painting 1850", "", TODAY, {"origin": "JP", "border": "EU", "value": "90 000 EUR"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("a state with no measure", "wicker chair", "", TODAY, {"origin": "SE", "border": "US"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("a state with no measure, old", "wooden chair 1700", "", TODAY, {"origin": "SE", "border": "US"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("replica signs do not lower anything", "replica of a bronze statuette", "", TODAY, {"origin": "EG", "border": "EU"},
     ControlledState.WATCH_LIST, "eg-sculpture", PapersState.NOT_ASKED, Band.REFER),
    ("replica with a missing paper", "replica of a clay cuneiform tablet", "export-certificate=missing", TODAY, {"origin": "IQ", "border": "GB"},
     ControlledState.CONTROLLED_HERE, "gb-iraq", PapersState.MISSING, Band.HOLD_CONTROL),
    ("too young for the list of its state", "brass lamp 1960", "", TODAY, {"origin": "IN", "border": "US"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("a measure of Greece that has ended", "bronze helmet 400 BC", "export-certificate=missing", TODAY, {"origin": "GR", "border": "US"},
     ControlledState.WATCH_LIST, "gr-sculpture-vessels", PapersState.MISSING, Band.REFER),
    ("the same on a day before its end", "bronze helmet 400 BC", "export-certificate=missing", '2026-11-01', {"origin": "GR", "border": "US"},
     ControlledState.CONTROLLED_HERE, "gr-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Costa Rica that has ended", "ceramic vessel 1200", "export-certificate=missing", TODAY, {"origin": "CR", "border": "US"},
     ControlledState.WATCH_LIST, "cr-ceramics-stone", PapersState.MISSING, Band.REFER),
    ("the same on a day before its end", "ceramic vessel 1200", "export-certificate=missing", '2025-06-01', {"origin": "CR", "border": "US"},
     ControlledState.CONTROLLED_HERE, "cr-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Italy that has ended", "stone vase 500 BC", "export-certificate=missing", TODAY, {"origin": "IT", "border": "US"},
     ControlledState.WATCH_LIST, "it-archaeology", PapersState.MISSING, Band.REFER),
    ("a measure of Turkiye that has ended", "ceramic tile 1600", "export-certificate=missing", TODAY, {"origin": "TR", "border": "US"},
     ControlledState.WATCH_LIST, "tr-tiles-textiles", PapersState.MISSING, Band.REFER),
    ("a measure that had not begun", "ceramic vessel 1200", "export-certificate=missing", '2003-01-01', {"origin": "HN", "border": "US"},
     ControlledState.WATCH_LIST, "hn-archaeology", PapersState.MISSING, Band.REFER),
    ("a measure of Honduras in force", "ceramic vessel 1200", "export-certificate=missing", TODAY, {"origin": "HN", "border": "US"},
     ControlledState.CONTROLLED_HERE, "hn-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Cambodia in force", "stone statue 1200", "export-certificate=missing", TODAY, {"origin": "KH", "border": "US"},
     ControlledState.CONTROLLED_HERE, "kh-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Nigeria in force", "terracotta head of the Nok culture", "export-certificate=missing", TODAY, {"origin": "NG", "border": "US"},
     ControlledState.CONTROLLED_HERE, "ng-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Ukraine in force", "gold coin 3rd century", "export-certificate=missing", TODAY, {"origin": "UA", "border": "US"},
     ControlledState.CONTROLLED_HERE, "ua-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Pakistan in force", "schist relief 3rd century", "export-certificate=missing", TODAY, {"origin": "PK", "border": "US"},
     ControlledState.CONTROLLED_HERE, "pk-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Jordan in force", "bronze coin 100 AD", "export-certificate=missing", TODAY, {"origin": "JO", "border": "US"},
     ControlledState.CONTROLLED_HERE, "jo-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Tunisia in force", "stone stele 200 BC", "export-certificate=missing", TODAY, {"origin": "TN", "border": "US"},
     ControlledState.CONTROLLED_HERE, "tn-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure of Morocco in force", "manuscript 1700", "export-certificate=missing", TODAY, {"origin": "MA", "border": "US"},
     ControlledState.CONTROLLED_HERE, "ma-us", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a measure waits for the age", "stone sculpture", "export-certificate=missing", TODAY, {"origin": "IN", "border": "US"},
     ControlledState.WATCH_LIST, "in-temple", PapersState.MISSING, Band.REFER),
    ("a measure is not for what is too young", "oil painting 1900", "", TODAY, {"origin": "TR", "border": "US"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("the day before Part B applied", "faience shabti", "import-licence=missing", '2025-06-27', {"origin": "EG", "border": "EU"},
     ControlledState.CONTROLLED_HERE, "eu-880-a", PapersState.NOT_ASKED, Band.REFER),
    ("the day on which Part B applied", "faience shabti", "import-licence=missing", '2025-06-28', {"origin": "EG", "border": "EU"},
     ControlledState.CONTROLLED_HERE, "eu-880-b", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a Member State stands for the EU", "faience shabti", "import-licence=missing", TODAY, {"origin": "EG", "border": "DE", "sent_from": "AE", "sent_to": "DE"},
     ControlledState.CONTROLLED_HERE, "eu-880-b", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a transit meets Part A, not Part B", "faience shabti", "export-certificate=missing", TODAY, {"origin": "EG", "border": "DE", "sent_from": "AE", "sent_to": "US"},
     ControlledState.CONTROLLED_HERE, "eu-880-a", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a transit of what is on no list", "wooden chair 1700", "", TODAY, {"origin": "SE", "border": "CH", "sent_from": "SE", "sent_to": "IT"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("Part C at its threshold", "oil painting 1650", "importer-statement=missing", TODAY, {"origin": "JP", "border": "EU", "value": "18,000 EUR"},
     ControlledState.CONTROLLED_HERE, "eu-880-c", PapersState.MISSING, Band.HOLD_CONTROL),
    ("Part C below its threshold", "oil painting 1650", "importer-statement=missing", TODAY, {"origin": "JP", "border": "EU", "value": "17.999,00 EUR"},
     ControlledState.NOT_TYPICAL, "", PapersState.MISSING, Band.NO_INDICATION),
    ("Part C waits for the value", "oil painting 1650", "", TODAY, {"origin": "JP", "border": "EU"},
     ControlledState.UNKNOWN, "eu-880-c", PapersState.NOT_ASKED, Band.MORE_INFORMATION),
    ("Part C cannot read dollars", "oil painting 1650", "", TODAY, {"origin": "JP", "border": "EU", "value": "20000 USD"},
     ControlledState.UNKNOWN, "eu-880-c", PapersState.NOT_ASKED, Band.MORE_INFORMATION),
    ("Part B waits for the age", "bronze bowl", "", TODAY, {"origin": "JP", "border": "EU"},
     ControlledState.UNKNOWN, "eu-880-b", PapersState.NOT_ASKED, Band.MORE_INFORMATION),
    ("made within the EU", "bronze helmet 400 BC", "", TODAY, {"origin": "GR", "border": "EU", "sent_from": "US", "sent_to": "GR"},
     ControlledState.WATCH_LIST, "gr-sculpture-vessels", PapersState.NOT_ASKED, Band.REFER),
    ("export of a picture", "oil painting 1650", "export-licence=missing", TODAY, {"origin": "FR", "border": "EU", "sent_from": "FR", "sent_to": "US", "value": "200000 EUR"},
     ControlledState.CONTROLLED_HERE, "eu-116-pictures", PapersState.MISSING, Band.HOLD_CONTROL),
    ("export of a cheap picture", "oil painting 1650", "", TODAY, {"origin": "FR", "border": "EU", "sent_from": "FR", "sent_to": "US", "value": "2000 EUR"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("within the EU", "oil painting 1650", "", TODAY, {"origin": "FR", "border": "EU", "sent_from": "FR", "sent_to": "DE", "value": "200000 EUR"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("export of an antiquity", "faience shabti", "export-licence=missing", TODAY, {"origin": "EG", "border": "EU", "sent_from": "FR", "sent_to": "US"},
     ControlledState.CONTROLLED_HERE, "eu-116-archaeological", PapersState.MISSING, Band.HOLD_CONTROL),
    ("Switzerland has an agreement with Egypt", "faience shabti", "export-certificate=missing", TODAY, {"origin": "EG", "border": "CH"},
     ControlledState.CONTROLLED_HERE, "ch-eg", PapersState.MISSING, Band.HOLD_CONTROL),
    ("Switzerland has none with Cambodia", "stone statue 1200", "export-certificate=missing", TODAY, {"origin": "KH", "border": "CH"},
     ControlledState.WATCH_LIST, "kh-stone", PapersState.MISSING, Band.REFER),
    ("Switzerland's agreement with Peru is not verified", "gold pendant of the Inca", "export-certificate=missing", TODAY, {"origin": "PE", "border": "CH"},
     ControlledState.WATCH_LIST, "pe-metal-stone", PapersState.MISSING, Band.REFER),
    ("Canada enforces the law of Cambodia", "stone statue 1200", "export-certificate=missing", TODAY, {"origin": "KH", "border": "CA"},
     ControlledState.CONTROLLED_HERE, "ca-37", PapersState.MISSING, Band.HOLD_CONTROL),
    ("Australia enforces the law of Cambodia", "stone statue 1200", "export-certificate=missing", TODAY, {"origin": "KH", "border": "AU"},
     ControlledState.CONTROLLED_HERE, "au-14", PapersState.MISSING, Band.HOLD_CONTROL),
    ("Australia knows no law of Japan", "bronze bowl 500 AD", "", TODAY, {"origin": "JP", "border": "AU"},
     ControlledState.UNKNOWN, "au-14", PapersState.NOT_ASKED, Band.MORE_INFORMATION),
    ("a border without a profile", "stone statue 1200", "export-certificate=missing", TODAY, {"origin": "KH", "border": "NZ"},
     ControlledState.WATCH_LIST, "kh-stone", PapersState.MISSING, Band.REFER),
    ("leaving its own state", "terracotta head 500 BC", "export-certificate=missing", TODAY, {"origin": "NG", "border": "NG", "sent_from": "NG", "sent_to": "FR"},
     ControlledState.CONTROLLED_HERE, "ng-law", PapersState.MISSING, Band.HOLD_CONTROL),
    ("a paper that does not fit", "faience shabti", "export-certificate=conflicting", TODAY, {"origin": "EG", "border": "CH"},
     ControlledState.CONTROLLED_HERE, "ch-eg", PapersState.CONFLICTING, Band.HOLD_CONTROL),
    ("a declaration of something else", "bronze bowl", "", TODAY, {"origin": "SE", "border": "US", "declared": "wooden chair"},
     ControlledState.NOT_TYPICAL, "", PapersState.CONFLICTING, Band.REFER),
    ("a tariff heading of something else", "marble statue 1990", "", TODAY, {"origin": "SE", "border": "US", "hs": "9701.91"},
     ControlledState.NOT_TYPICAL, "", PapersState.CONFLICTING, Band.REFER),
    ("a tariff heading for old things", "wooden chair 1700", "", TODAY, {"origin": "SE", "border": "US", "hs": "9706.10"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
    ("the last port as the origin", "cuneiform tablet", "", TODAY, {"origin": "AE", "sent_from": "AE", "border": "US", "culture": "Sumerian"},
     ControlledState.NOT_TYPICAL, "", PapersState.NOT_ASKED, Band.REFER),
    ("nothing but a kind", "statue", "", TODAY, {},
     ControlledState.UNKNOWN, "", PapersState.NOT_ASKED, Band.MORE_INFORMATION),
    ("no kind at all", "a thing of unknown use", "", TODAY, {"origin": "IQ", "border": "EU"},
     ControlledState.UNKNOWN, "", PapersState.NOT_ASKED, Band.NO_INDICATION),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "papers", "on", "fields", "controlled", "rule", "state", "band"),
    [row[1:] for row in CASES],
    ids=[f"{number} {row[0]}" for number, row in enumerate(CASES)],
)
def test_what_the_rules_say(
    text: str, papers: str, on: str, fields: dict[str, str],
    controlled: ControlledState, rule: str, state: PapersState, band: Band,
) -> None:  # fmt: skip
    verdict = verdict_of(make(text, *papers.split(), **fields), on)
    lines = verdict.lines
    assert (lines.controlled.state, lines.papers.state, verdict.band) == (controlled, state, band)
    assert not rule or lines.controlled.rules[0].id == rule
    if controlled is ControlledState.CONTROLLED_HERE:
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
