import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from fieldcheck.datafiles import data_folder
from fieldcheck.errors import InputError, IntegrityError
from fieldcheck.models import (
    Band,
    Channel,
    ControlledState,
    Effect,
    Evidence,
    EvidenceKind,
    Item,
    ListedState,
    Paper,
    PapersState,
    PaperState,
    Result,
    Status,
    Strength,
)
from fieldcheck.report.json_records import hits_to_dict, lists_to_dict, record_to_dict
from fieldcheck.report.json_result import canonical_json, error_to_dict, result_from_dict, result_to_dict
from fieldcheck.report.views import Hit
from results import FBI, make_candidate, make_item, make_record, make_result, make_status, make_view, results

EXAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "result": lambda: result_to_dict(make_result()),
    "error": lambda: error_to_dict(InputError("No such file.", next_step="Give another."), "box-7"),
    "list-status": lambda: lists_to_dict([make_status(), make_status(in_use=False, problem="it is damaged")]),
    "record": lambda: record_to_dict(make_view()),
    "search": lambda: hits_to_dict("drum", [Hit("fbi", make_record())]),
}

each_schema = pytest.mark.parametrize("name", EXAMPLES)


def schema_of(name: str) -> dict[str, Any]:
    path = data_folder() / "schemas" / f"{name}-1.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def objects_in(value: object) -> Iterator[dict[str, Any]]:
    """Every JSON object within a value, itself included."""
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from objects_in(child)


def read_back(result: Result) -> Result:
    return result_from_dict(json.loads(canonical_json(result_to_dict(result))))


@each_schema
def test_output_follows_its_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))
    Draft202012Validator(schema_of(name)).validate(EXAMPLES[name]())


@each_schema
def test_an_extra_key_anywhere_fails(name: str) -> None:
    validator = Draft202012Validator(schema_of(name))
    places = len(list(objects_in(EXAMPLES[name]())))
    for place in range(places):
        data = EXAMPLES[name]()
        list(objects_in(data))[place]["surprise"] = {}
        assert not validator.is_valid(data)


@each_schema
def test_a_missing_key_at_the_top_fails(name: str) -> None:
    validator = Draft202012Validator(schema_of(name))
    for key in EXAMPLES[name]():
        data = EXAMPLES[name]()
        del data[key]
        assert not validator.is_valid(data)


def test_a_missing_key_of_a_candidate_or_a_line_fails() -> None:
    validator = Draft202012Validator(schema_of("result"))
    for path in (("candidates", 0), ("candidates", 0, "evidence", 0), ("verdict",), ("verdict", "lines")):
        keys = list(reached(EXAMPLES["result"](), path))
        for key in keys:
            data = EXAMPLES["result"]()
            del reached(data, path)[key]
            assert not validator.is_valid(data)


def reached(data: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
    for step in path:
        data = data[step]
    return data  # type: ignore[no-any-return] # JSON is not typed


def test_schemas_name_every_member_of_each_closed_set() -> None:
    enums = {tuple(entry["enum"]) for entry in objects_in(schema_of("result")) if "enum" in entry}
    closed = (Band, Channel, ControlledState, Effect, EvidenceKind, ListedState, PapersState, PaperState)
    for members in (*closed, Status, Strength):
        assert tuple(member.value for member in members) in enums


def test_the_item_is_named_as_on_the_command_line() -> None:
    data = result_to_dict(make_result())
    assert data["ref"] == "box-7"
    assert list(data["item"]) == ["text", "type", "origin", "from", "to", "papers", "photos"]
    assert data["item"]["papers"] == {"export licence": "missing"}
    assert [photo["usable"] for photo in data["item"]["photos"]] == [True, False]


def test_an_item_that_says_nothing_is_empty() -> None:
    assert result_to_dict(make_result(item=Item()))["item"] == {}


def test_a_candidate_carries_all_that_its_record_says() -> None:
    first, second = result_to_dict(make_result())["candidates"][:2]
    assert (first["rank"], first["list"], first["record"], first["status"]) == (1, "fbi", "01252", "stolen")
    assert first["details"]["measurements"] == ["72.5 x 64.7 cm"]
    assert first["details"]["unverified"] == ["period"]
    assert "culture" not in first["details"]
    assert (second["rank"], second["status"], second["alike"]) == (2, "recovered", 3)


def test_numbers_have_three_decimals() -> None:
    evidence = (
        Evidence(EvidenceKind.SIZE, "", "", "", 1 / 3),
        Evidence(EvidenceKind.DATE, "", "", "", -0.0001),
    )
    candidate = make_candidate(evidence=evidence, score=2 / 3)
    said = result_to_dict(make_result(candidates=(candidate,)))["candidates"][0]
    assert said["score"] == 0.667
    assert [entry["weight"] for entry in said["evidence"]] == [0.333, 0.0]
    assert [entry["effect"] for entry in said["evidence"]] == ["for", "none"]
    assert "-0.0" not in canonical_json(said)


def test_json_holds_no_control_characters_and_can_be_encoded() -> None:
    record = make_record(title="\x1b[31mred\x00\u202e\ud800", features=("a\nb",))
    data = result_to_dict(make_result(candidates=(make_candidate(record=record),)))
    assert data["candidates"][0]["title"] == "red\ufffd"
    assert data["candidates"][0]["details"]["features"] == ["a b"]
    canonical_json(data).encode()


def test_long_texts_are_whole_in_json() -> None:
    record = make_record(description="x" * 100_000)
    data = result_to_dict(make_result(candidates=(make_candidate(record=record),)))
    assert len(data["candidates"][0]["details"]["description"]) == 100_000


def test_canonical_json_is_one_line_and_never_fails_on_text() -> None:
    line = canonical_json({"text": "a\n\ud800", "word": "木"})
    assert line == '{"text": "a\\n\ufffd", "word": "木"}'


def test_canonical_json_refuses_what_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"score": float("nan")})


@given(result=results())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_result_comes_back_as_it_was_and_follows_the_schema(result: Result) -> None:
    assert read_back(result) == result


def test_a_typical_result_comes_back_as_it_was() -> None:
    assert read_back(make_result()) == make_result()


def changed(change: Callable[[dict[str, Any]], object]) -> object:
    data = result_to_dict(make_result())
    change(data)
    return data


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "result",
        {},
        {"schema_version": "1"},
        error_to_dict(InputError("No such file.", next_step="Give another.")),
        changed(lambda data: data.update(schema_version="2")),
        changed(lambda data: data.update(surprise=1)),
        changed(lambda data: data["item"].update(surprise=1)),
        changed(lambda data: data["item"].update(object_type="drum")),
        changed(lambda data: data["candidates"][0]["details"].update(surprise="x")),
        changed(lambda data: data["candidates"][0]["evidence"][0].update(effect="against")),
        changed(lambda data: data["candidates"][0].update(rank=7)),
        changed(lambda data: data["candidates"][0].update(score=float("nan"))),
        changed(lambda data: data["candidates"][0].update(title="\x1b[31m")),
        changed(lambda data: data["candidates"][0].pop("details")),
        changed(lambda data: data["verdict"].update(band="released")),
        changed(lambda data: data["verdict"]["lines"].pop("data")),
        changed(lambda data: data["item"].update(photos=[1])),
        changed(lambda data: data["item"].update(papers=["x"])),
    ],
)
def test_what_is_not_a_result_of_ours_is_refused(data: object) -> None:
    with pytest.raises(IntegrityError) as caught:
        result_from_dict(data)
    assert "check --json" in caught.value.next_step


def test_an_error_names_its_item_its_kind_and_its_next_step() -> None:
    assert error_to_dict(InputError("No such\x00 file.", next_step="Give another."), "box-7") == {
        "schema_version": "1",
        "ref": "box-7",
        "error": {
            "type": "InputError",
            "message": "No such file.",
            "next_step": "Give another.",
            "exit_code": 2,
        },
    }


def test_a_list_says_whether_it_is_in_use_and_what_a_rollback_returns_to() -> None:
    entry = lists_to_dict([make_status(in_use=False)])["lists"][0]
    assert list(entry) == list(schema_of("list-status")["properties"]["lists"]["items"]["properties"])
    assert (entry["id"], entry["records"], entry["previous"], entry["in_use"]) == (
        "fbi",
        4731,
        "77aa00",
        False,
    )


def test_a_record_leaves_out_what_it_does_not_say() -> None:
    said = record_to_dict(make_view())
    assert said["list"] == FBI.id
    assert said["record"]["status"] == "stolen"
    assert "culture" not in said["record"]
    assert said["list_dates"]["stale"] is False


def test_two_papers_of_one_item_keep_their_order() -> None:
    papers = (Paper("invoice", PaperState.PRESENT), Paper("export licence", PaperState.VERIFIED))
    said = result_to_dict(make_result(item=replace(make_item(), papers=papers)))["item"]["papers"]
    assert list(said.items()) == [("invoice", "present"), ("export licence", "verified")]
