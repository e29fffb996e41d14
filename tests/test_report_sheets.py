"""What may be handed to the holder of an object tells nothing of a match; an Object ID sheet has every heading."""

import itertools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli_helpers import HERON, HERON_IN_WORDS, Commands
from conftest import Install
from drawn import as_plain_text, on_terminal
from fieldcheck.errors import ExitCode
from fieldcheck.models import (
    Assay,
    Band,
    ControlledState,
    Fingerprint,
    Item,
    ListedState,
    Observation,
    PapersState,
    PaperState,
    Photo,
    Result,
)
from fieldcheck.report.content_holder import holder_document, holder_page
from fieldcheck.report.content_object_id import object_id_document, object_id_page
from fieldcheck.report.html import html_document
from fieldcheck.report.page import Block, Fact, Facts, Heading, Page, Picture
from fieldcheck.report.pictures import NO_PICTURES, Pictures
from fieldcheck.report.words import BLANK
from photos import encoded, painting
from photos import write as write_bytes
from reading_html import read_html
from results import RULE, WATCH, make_item, make_lines, make_result, results

PHOTO = encoded(painting(1, (60, 40)), quality=60)
PICTURES = Pictures(
    {"front.jpg": Picture(PHOTO, "front.jpg")}, {("fbi", "01252", "01252.jpg"): Picture(b"other", "01252.jpg")}
)
TOLD_OF_ITEM = frozenset({"text", "object_type", "title", "material", "size"})
STANDARD = (
    "Type of object", "Materials and techniques", "Measurements", "Inscriptions and markings",
    "Distinguishing features",
    "Title", "Subject", "Date or period", "Maker", "Short description",
)  # fmt: skip


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def controlled(**changes: object) -> Result:
    lines = make_lines(ListedState.STRONG, ControlledState.CONTROLLED_HERE, PapersState.MISSING)
    lines = replace(lines, papers=replace(lines.papers, wanted=("export certificate of Mali",)))
    return make_result(Band.HOLD_CONTROL, lines, **changes)


def marked(value: object, marks: Iterator[int], secrets: list[str]) -> object:
    """The value with every text in it replaced by one that stands nowhere else, which joins the secrets."""
    if isinstance(value, str) and not isinstance(value, Enum):
        secrets.append(f"secret{next(marks):04}x")
        return secrets[-1]
    if isinstance(value, float):
        return 777.125
    if isinstance(value, tuple):
        return tuple(marked(entry, marks, secrets) for entry in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{field.name: marked(getattr(value, field.name), marks, secrets) for field in fields(value)},  # type: ignore[arg-type]
        )
    return value


def untold(result: Result) -> tuple[Result, list[str]]:
    """A result whose every text is a secret but those that the holder may read, and the secrets."""
    secrets: list[str] = []
    made = marked(result, itertools.count(), secrets)
    assert isinstance(made, Result)
    item = replace(made.item, **{name: f"may be told {name}" for name in TOLD_OF_ITEM})
    papers = tuple(replace(paper, kind="told paper") for paper in item.papers)
    lines = made.verdict.lines
    named = lines.controlled.rules[:1]
    told_rules = tuple(
        replace(rule, name="told rule", detail="told detail", sources=("told source",), seen="2026-11-10")
        for rule in named
    )
    line = replace(lines.controlled, rules=(*told_rules, *lines.controlled.rules[1:]), text="A control: told rule.")
    lines = replace(lines, controlled=line, papers=replace(lines.papers, wanted=("told wanted",)))
    verdict = replace(made.verdict, lines=lines)
    item = replace(item, papers=papers)
    return replace(made, result_id="3f9a0c12de45", checked_on="2026-11-24", item=item, verdict=verdict), secrets


def everywhere(page: Page, document_text: str) -> tuple[str, ...]:
    return as_plain_text(page), on_terminal(page), document_text


def with_everything() -> Result:
    item = replace(
        make_item(),
        maker="m", inscription="i", feature="f", subject="s", culture="c", inventory_no="n", declared="d", value="v",
        observations=(Observation("ind-1", met=True),), assays=(Assay("zn", 34.0),),
    )  # fmt: skip
    lines = make_lines(ListedState.STRONG, ControlledState.CONTROLLED_HERE)
    indicators = replace(lines.indicators, met=("met",), unmet=("unmet",), unanswered=("open",), checks=("zinc",))
    papers = replace(lines.papers, conflicts=("the declaration names a chair",))
    return make_result(lines=replace(lines, indicators=indicators, papers=papers), item=item)


@pytest.mark.parametrize("band", Band)
def test_nothing_but_what_may_be_told_reaches_the_holder(band: Band) -> None:
    full = with_everything()
    result, secrets = untold(replace(full, verdict=replace(full.verdict, band=band)))
    assert len(secrets) > 100
    document = holder_document(result, PICTURES, "2026-0417")
    for text in everywhere(document.page, html_document(document)):
        assert not [secret for secret in secrets if secret in text]
        assert "777" not in text
        for told in ("told rule", "told wanted", "may be told object_type", "2026-0417", "3f9a0c12de45"):
            assert told in text
        assert "may be told text" not in text


@given(results(), st.sampled_from(ControlledState))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_result_puts_a_candidate_before_the_holder(result: Result, state: ControlledState) -> None:
    lines = result.verdict.lines
    lines = replace(lines, controlled=replace(lines.controlled, state=state))
    mine, secrets = untold(replace(result, verdict=replace(result.verdict, lines=lines)))
    text = as_plain_text(holder_page(mine, NO_PICTURES))
    assert not [secret for secret in secrets if secret in text]


def test_marks_by_which_it_is_known_again_are_not_told() -> None:
    item = Item(object_type="drum", text="drum, IM 1897-42", feature="a chip", inventory_no="1897-42", maker="Yaka")
    said = as_plain_text(holder_page(make_result(item=item), NO_PICTURES))
    assert "drum" in said
    assert not [mark for mark in ("1897-42", "a chip", "Yaka") if mark in said]
    only_text = as_plain_text(holder_page(make_result(item=Item(text="a slit drum")), NO_PICTURES))
    assert "a slit drum" in only_text


def test_the_holder_reads_the_ground_and_the_papers() -> None:
    said = " ".join(as_plain_text(holder_page(controlled(), NO_PICTURES)).split())
    assert "This is not an accusation." in said
    assert RULE.name in said
    assert "in force to 2027-09-19" in said
    assert "export certificate of Mali" in said
    assert "export licence" in said
    assert "Office: ____" in said
    assert WATCH.name not in said


@pytest.mark.parametrize("state", [state for state in ControlledState if state is not ControlledState.CONTROLLED_HERE])
def test_what_does_not_control_the_object_is_no_ground(state: ControlledState) -> None:
    lines = make_lines(ListedState.STRONG, state)
    lines = replace(lines, controlled=replace(lines.controlled, rules=(RULE, WATCH), text=RULE.name))
    said = as_plain_text(holder_page(make_result(lines=lines), NO_PICTURES))
    assert RULE.name not in said
    assert "Ground: ____" in said


def test_a_paper_that_is_there_is_not_asked_for() -> None:
    papers = tuple(replace(paper, state=PaperState.PRESENT) for paper in make_item().papers)
    said = as_plain_text(holder_page(make_result(item=replace(make_item(), papers=papers)), NO_PICTURES))
    assert "export licence" not in said
    assert "Papers: ____" in said


def test_only_photos_of_the_object_are_on_the_sheets() -> None:
    for page in (holder_page(make_result(), PICTURES), object_id_page(make_result(), PICTURES)):
        assert [block.jpeg for block in page if isinstance(block, Picture)] == [PHOTO]


def facts_of(page: Page) -> list[Fact]:
    return [fact for block in page if isinstance(block, Facts) for fact in block.rows]


def test_object_id_has_every_heading_in_the_standard_s_order() -> None:
    item = Item(object_type="drum", technique="carved", material="wood", text="a slit drum")
    page = object_id_page(make_result(item=item), NO_PICTURES)
    facts = [fact for fact in facts_of(page) if fact.label in STANDARD]
    assert tuple(fact.label for fact in facts) == STANDARD
    said = {fact.label: fact.text for fact in facts}
    assert said["Materials and techniques"] == "wood; carved"
    assert said["Short description"] == "a slit drum"
    assert said["Maker"] == said["Title"] == BLANK


def test_object_id_has_the_hashes_of_every_photo() -> None:
    prints = Fingerprint(("aa" * 8, "bb" * 8), ("cc" * 8, "dd" * 8))
    item = replace(make_item(), photos=(Photo("front.jpg", "ab" * 32, fingerprint=prints), *make_item().photos[1:]))
    page = object_id_page(make_result(item=item), PICTURES)
    hashes = [fact.text for fact in facts_of(page) if fact.label in {"File (SHA-256)", "pHash", "dHash"}]
    assert hashes[:4] == ["ab" * 32, "aa" * 8, "cc" * 8, "cd" * 32]
    assert "Photo 2: back.jpg. Not shown: it is too dark" in as_plain_text(page)


def test_object_id_names_the_records_and_no_more() -> None:
    said = as_plain_text(object_id_page(make_result(), PICTURES))
    assert "fbi/01252" in said
    assert "FBI National Stolen Art File" in said
    for untold_here in ("starter/Q1234", "fbi/1897-42", "a photograph that looks alike", "Slit drum with bearded"):
        assert untold_here not in said
    assert "No record is named" in as_plain_text(object_id_page(make_result(candidates=()), NO_PICTURES))


@pytest.mark.parametrize(
    "document", [holder_document(controlled(), PICTURES), object_id_document(controlled(), PICTURES)]
)
def test_every_painter_says_the_same(document: object) -> None:
    page: tuple[Block, ...] = document.page  # type: ignore[attr-defined]
    html = read_html(html_document(document)).text  # type: ignore[arg-type]
    for text in (as_plain_text(page), on_terminal(page), html):
        for block in page:
            if isinstance(block, Heading):
                assert block.text.casefold() in text.casefold()


def test_a_sheet_is_what_stands_on_the_screen_and_in_the_file(
    command: Commands, install_list: Install, tmp_path: Path
) -> None:
    install_list("museum", HERON)
    ended = command("check", HERON_IN_WORDS, "--type", "painting", "--sheet", "holder", "--html", tmp_path / "a.html")
    assert ended.code == ExitCode.STRONG
    for text in (ended.out, read_html((tmp_path / "a.html").read_text(encoding="utf-8")).text):
        assert "FOR THE HOLDER" in text
        assert "painting" in text
        assert not [word for word in ("Heron", "museum", "HOLD.", "candidate", "Varga") if word in text]
    full = command("check", HERON_IN_WORDS, "--type", "painting", "--sheet", "holder", "--json")
    assert full.json["candidates"]
    command("explain", full.json["result_id"], "--sheet", "holder", "--html", tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert command("check", HERON_IN_WORDS, "--sheet", "owner").code == ExitCode.USAGE


def test_the_holder_reads_the_case_and_not_the_log(command: Commands, install_list: Install) -> None:
    install_list("museum", HERON)
    ended = command("check", HERON_IN_WORDS, "--case", "2026-0417", "--sheet", "holder")
    assert "2026-0417" in ended.out
    assert "casebook" not in ended.out.casefold()
    sent = command("check", HERON_IN_WORDS, "--case", "2026-0417", "--sheet", "object-id")
    assert "casebook entry" in sent.out


def test_object_id_is_the_same_later(command: Commands, install_list: Install, tmp_path: Path) -> None:
    install_list("museum", HERON)
    photo = write_bytes(tmp_path / "front.jpg", encoded(painting(3)))
    outputs = ("--photo", photo, "--sheet", "object-id", "--html", tmp_path / "a.html")
    command("check", HERON_IN_WORDS, *outputs)
    result = command("check", HERON_IN_WORDS, "--photo", photo, "--json").json
    command("explain", result["result_id"], "--sheet", "object-id", "--html", tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert "not kept" not in (tmp_path / "a.html").read_text(encoding="utf-8")
