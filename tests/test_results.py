import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from cli_helpers import HERON, HERON_IN_WORDS, NOTHING_LIKE_IT, Commands, assert_valid, write
from conftest import Install
from fieldcheck import results
from fieldcheck.errors import ExitCode, InputError, IntegrityError, NotFoundError
from fieldcheck.report.json_result import canonical_json, result_to_dict
from fieldcheck.results import find_result, keep_result
from results import make_result


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], install_list: Install) -> Commands:
    install_list("museum", HERON)
    return Commands(capsys)


@pytest.mark.parametrize(
    "arguments", [(HERON_IN_WORDS,), (NOTHING_LIKE_IT,), ("--title", "Heron at Dusk", "--origin", "IQ")]
)
def test_the_same_check_gives_the_same_bytes_and_explain_repeats_them(
    command: Commands, arguments: tuple[str, ...]
) -> None:
    first = command("check", *arguments, "--json")
    second = command("check", *arguments, "--json")
    assert first.out == second.out
    assert_valid(first.json, "result")
    assert command("explain", first.json["result_id"], "--json").out == first.out
    assert command("explain", first.json["result_id"][:6], "--json").out == first.out


def test_explain_outlives_the_list(command: Commands) -> None:
    before = command("check", HERON_IN_WORDS, "--json")
    assert command("lists", "remove", "museum").code == ExitCode.NOTHING_FOUND
    after = command("explain", before.json["result_id"])
    assert after.code == ExitCode.NOTHING_FOUND
    assert "museum/M-1" in after.out
    assert "weight" in after.out


def test_another_item_list_day_or_setting_is_another_result(command: Commands, install_list: Install) -> None:
    def result_id(*arguments: str) -> str:
        identity: str = command("check", *arguments, "--json").json["result_id"]
        return identity

    ids = [result_id("vase"), result_id("vases"), result_id("vase", "--top", "3"), result_id("vase", "--border", "EU")]
    install_list("museum", replace(HERON, title="Another"))
    ids.append(result_id("vase"))
    assert len(set(ids)) == len(ids)


def test_a_result_is_read_from_a_file(tmp_path: Path) -> None:
    result = make_result()
    text = canonical_json(result_to_dict(result))
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = write(tmp_path / "result.json", text, encoding)
        assert result_to_dict(find_result(None, str(path))) == result_to_dict(result)


def test_a_result_is_read_from_the_lines_of_a_shipment(command: Commands, tmp_path: Path) -> None:
    lines = tmp_path / "results.jsonl"
    manifest = write(tmp_path / "items.csv", f'ref,text,origin\nI-1,"{HERON_IN_WORDS}",\nI-2,vase,Iraq\nI-3,vase,\n')
    command("batch", manifest, "--jsonl", lines)
    assert "museum/M-1" in command("explain", lines, "--ref", "I-1").out
    assert command("explain", lines, "--ref", "I-3", "--json").json["ref"] == "I-3"
    for ref, code, message in (
        ("I-2", ExitCode.USAGE, "could not be checked: --origin 'Iraq'"),
        ("I-9", ExitCode.USAGE, "has no item 'I-9'"),
        ("", ExitCode.USAGE, "--ref"),
    ):
        ended = command("explain", lines, "--ref", ref)
        assert ended.code == code
        assert message in ended.err


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", InputError),
        (b"not JSON", InputError),
        (b"\xff\xd8\xff\xe0\x00", InputError),
        (b"[" * 100_000, InputError),
        (b"[]", IntegrityError),
        (b"{}", IntegrityError),
        (b'{"schema_version": "2"}', IntegrityError),
        (b'{"error": {"message": "no"}}', InputError),
    ],
)
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(content)
    with pytest.raises(error):
        find_result(None, str(path))
    with pytest.raises((InputError, IntegrityError, NotFoundError)):
        find_result(None, str(path), "I-1")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    with path.open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(InputError, match="too large"):
        find_result(None, str(path))


def test_a_result_that_was_changed_is_refused(tmp_path: Path) -> None:
    content = result_to_dict(make_result())
    content["verdict"]["band"] = "no_indication"
    content["verdict"]["extra"] = 1
    with pytest.raises(IntegrityError):
        find_result(None, str(write(tmp_path / "result.json", json.dumps(content))))


@pytest.mark.parametrize(
    "name", ["*", "..", "../results/abcdef", "abcde", "ABCDEF", "abcdef*", "\x00", "", "a" * 5_000]
)
def test_a_name_that_is_no_id_finds_nothing(home: Path, name: str) -> None:
    keep_result(home, replace(make_result(), result_id="abcdef123456"))
    with pytest.raises(NotFoundError):
        find_result(home, name)


def test_the_beginning_of_an_id_must_be_of_one_result(home: Path) -> None:
    for identity in ("abcdef000001", "abcdef000002"):
        keep_result(home, replace(make_result(), result_id=identity))
    with pytest.raises(NotFoundError, match="More than one"):
        find_result(home, "abcdef")
    assert find_result(home, "abcdef000002").result_id == "abcdef000002"


def test_the_oldest_results_go_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST_KEPT", 3)
    identities = [f"{number:012x}" for number in range(5)]
    for age, identity in enumerate(identities):
        os.utime(keep_result(home, replace(make_result(), result_id=identity)), (age, age))
    assert sorted(path.stem for path in (home / "results").iterdir()) == identities[2:]
