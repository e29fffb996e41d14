"""The casebook as an officer uses it: check, decide, look, hand on, verify, forget."""

import json
import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from casebooks import a_result, fill, put_rows, rows_of, unzipped
from cli_helpers import HERON, HERON_IN_WORDS, NOTHING_LIKE_IT, Commands, assert_valid, in_a_process, write
from conftest import Install
from fieldcheck.casebook.bundle import bundle_bytes
from fieldcheck.casebook.decisions import Decision, overrides
from fieldcheck.casebook.entry import digest
from fieldcheck.casebook.given import MOST_CASE, MOST_REASON
from fieldcheck.casebook.head import read_anchor, read_fingerprint
from fieldcheck.casebook.log import open_casebook
from fieldcheck.casebook.manifest import belongs
from fieldcheck.casebook.store import DATABASE_NAME
from fieldcheck.errors import ExitCode, UsageError
from fieldcheck.models import Band
from photos import encoded, painting

WHY = ("--reason", "asked by the court")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], install_list: Install) -> Commands:
    install_list("museum", HERON)
    return Commands(capsys)


def head_in(text: str) -> str:
    """The head as a report prints it."""
    return text.split("casebook entry ")[1].split(maxsplit=1)[0].rstrip(".")


def test_a_check_of_a_case_is_logged_and_its_report_prints_the_head(command: Commands, home: Path) -> None:
    ended = command("check", HERON_IN_WORDS, "--case", "2026-0417", "--reason", "parcel 3", "--officer", "unit-7")
    assert ended.code == ExitCode.STRONG
    (row,) = rows_of(home)
    assert head_in(ended.words) == head_in(ended.err) == f"1:{row['hash'][:20]}"
    said = json.loads(row["content"])
    assert (said["case"], said["reason"], said["by"]) == ("2026-0417", "parcel 3", "unit-7")
    assert said["settings"] == {"border": "", "lists": [], "max_list_age": None, "top": 10}
    assert command("case", "verify", "--anchor", head_in(ended.words)).code == ExitCode.NOTHING_FOUND


def test_json_of_a_check_is_the_same_with_a_case(command: Commands) -> None:
    plain = command("check", HERON_IN_WORDS, "--json")
    logged = command("check", HERON_IN_WORDS, "--json", "--case", "A")
    assert logged.out == plain.out
    assert "casebook entry 1:" in logged.err


def test_an_original_is_logged_by_its_hash(command: Commands, home: Path, tmp_path: Path) -> None:
    photo = tmp_path / "front.jpg"
    photo.write_bytes(encoded(painting(1)))
    command("check", HERON_IN_WORDS, "--photo", photo, "--case", "A")
    assert command("case", "export", "A", "--out", tmp_path / "a.zip", *WHY).code == ExitCode.NOTHING_FOUND
    manifest = json.loads(unzipped(tmp_path / "a.zip")["manifest.json"])
    assert manifest["originals"] == [{"file": str(photo), "sha256": digest(photo.read_bytes())}]
    assert [entry["id"] for entry in manifest["lists"]] == ["museum", "starter"]
    assert manifest["tool_versions"] == [json.loads(rows_of(home)[0]["content"])["result"]["tool_version"]]


def test_nothing_names_a_person_unless_it_is_configured(command: Commands, home: Path) -> None:
    command("check", HERON_IN_WORDS, "--case", "A")
    assert json.loads(rows_of(home)[0]["content"])["by"] == ""


def test_a_decision_is_kept_with_its_reason_and_erases_none(command: Commands, home: Path) -> None:
    result_id = command("check", HERON_IN_WORDS, "--json", "--case", "A").json["result_id"]
    first = command("decide", result_id, "--decision", "hold", "--reason", "marks agree", "--json")
    assert_valid(first.json, "decision")
    assert first.json["entry"]["override"] is False
    second = command("decide", result_id[:8], "--decision", "release", "--reason", "the owner came")
    assert "against the verdict" in second.words
    assert head_in(second.words).startswith("3:")
    shown = command("case", "show", "A", *WHY, "--json")
    assert_valid(shown.json, "case")
    decisions = [entry["decision"] for entry in shown.json["entries"] if entry["kind"] == "decision"]
    assert decisions == ["hold", "release"]
    assert "RELEASE AGAINST THE VERDICT" in command("case", "show", "A", *WHY).words
    assert len(rows_of(home)) == 5


@pytest.mark.parametrize("reason", ["", "   ", "\u200b"])
def test_a_decision_needs_its_reason(command: Commands, home: Path, reason: str) -> None:
    result_id = command("check", HERON_IN_WORDS, "--json", "--case", "A").json["result_id"]
    ended = command("decide", result_id, "--decision", "hold", "--reason", reason)
    assert ended.code == ExitCode.USAGE
    assert "reason" in ended.err
    assert len(rows_of(home)) == 1


def test_a_decision_on_a_result_that_was_not_logged_logs_it_too(command: Commands, home: Path) -> None:
    result_id = command("check", HERON_IN_WORDS, "--json").json["result_id"]
    decided = ("decide", result_id, "--decision", "seize", "--reason", "court order")
    refused = command(*decided)
    assert refused.code == ExitCode.USAGE
    assert "not logged in a case yet" in refused.err
    assert command(*decided, "--case", "A").code == ExitCode.NOTHING_FOUND
    assert [row["kind"] for row in rows_of(home)] == ["check", "decision"]
    assert command(*decided, "--case", "B").code == ExitCode.NOTHING_FOUND
    assert "logged in 2 cases" in command(*decided).err
    assert command("decide", result_id, "--decision", "keep", "--reason", "x").code == ExitCode.USAGE


@pytest.mark.parametrize("band", Band)
def test_letting_go_is_in_line_only_where_nothing_was_indicated(band: Band) -> None:
    assert overrides(Decision.RELEASE, band) == (band is not Band.NO_INDICATION)
    assert overrides(Decision.HOLD, band) == (band is Band.NO_INDICATION)


def test_every_look_at_a_case_is_logged_before_it_is_shown(command: Commands, tmp_path: Path, home: Path) -> None:
    command("check", HERON_IN_WORDS, "--case", "A")
    assert command("case", "show", "A").code == ExitCode.USAGE
    assert command("case", "show", "A", "--reason", " ").code == ExitCode.USAGE
    command("case", "show", "A", *WHY, "--officer", "unit-9")
    command("case", "export", "A", "--out", tmp_path / "a.zip", "--reason", "for the ministry")
    looks = [json.loads(row["content"]) for row in rows_of(home) if row["kind"] == "access"]
    assert [(look["action"], look["by"], look["reason"]) for look in looks] == [
        ("show", "unit-9", "asked by the court"),
        ("export to a.zip", "", "for the ministry"),
    ]


def test_the_list_of_cases(command: Commands) -> None:
    assert command("case", "list").code == ExitCode.USAGE
    command("check", HERON_IN_WORDS, "--case", "A")
    listed = command("case", "list", "--json")
    assert_valid(listed.json, "case-list")
    assert [(case["case"], case["checks"]) for case in listed.json["cases"]] == [("A", 1)]
    assert "A" in command("case", "list").out
    assert command("case", "show", "B", *WHY).code == ExitCode.USAGE


def test_a_bundle_shows_one_case_and_links_of_the_others(command: Commands, home: Path, tmp_path: Path) -> None:
    fill(home)
    path = tmp_path / "bundle.zip"
    assert command("case", "export", "2026-0418", "--out", path, *WHY).code == ExitCode.NOTHING_FOUND
    files = unzipped(path)
    assert_valid(json.loads(files["manifest.json"]), "case-bundle")
    everything = b"".join(content for name, content in files.items() if name != "README.txt")
    assert b"2026-0418" in everything
    assert b"2026-0417" not in everything
    assert b"2026-0419" not in everything
    lines = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    assert len(lines) == len(rows_of(home))
    assert {len(line) for line in lines} == {4, 6}
    assert {Path(name).suffix for name in files if name.startswith("reports/")} == {".txt", ".html"}
    fingerprint = command("case", "key").out.strip()
    ended = command("case", "verify", path, "--key", fingerprint, "--json")
    assert_valid(ended.json, "case-verify")
    assert (ended.code, ended.json["whole"], ended.json["trusted"]) == (ExitCode.NOTHING_FOUND, True, True)
    assert command("case", "verify", path).code == ExitCode.NOT_FULLY_CHECKED


def test_the_same_log_gives_the_same_bundle(home: Path) -> None:
    fill(home)
    with open_casebook(home) as book:
        entries, key = list(book.store.entries()), book.signing_key()
    log = [entry if belongs(entry, "2026-0418") else replace(entry, stub=None, content=None) for entry in entries]
    assert bundle_bytes(log, "2026-0418", key) == bundle_bytes(log, "2026-0418", key)


def test_a_bundle_verifies_by_hand_as_its_readme_says(home: Path, tmp_path: Path, command: Commands) -> None:
    fill(home, 2)
    command("case", "export", "2026-0417", "--out", tmp_path / "a.zip", *WHY)
    files = unzipped(tmp_path / "a.zip")
    previous, last_key = "0" * 64, ""
    for line in map(json.loads, files["log.jsonl"].splitlines()):
        link = f'{{"casebook":"1","previous":"{previous}","seq":{line["seq"]},"stub_sha256":"{line["stub_sha256"]}"}}'
        assert digest(link.encode()) == line["hash"]
        if "stub" in line:
            assert digest(line["content"].encode()) == line["stub"]["content_sha256"]
            stub = json.dumps(line["stub"], sort_keys=True, separators=(",", ":"))
            assert digest(stub.encode()) == line["stub_sha256"]
            last_key = line["stub"]["key"]
        previous = line["hash"]
    assert list(json.loads(files["manifest.json"])["keys"])[-1] == last_key
    names = {"said": files["manifest.json"], "signature": bytes.fromhex(files["manifest.sig"].decode())}
    for name, content in names.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "key.pem").write_bytes(files[f"keys/{last_key}.pem"])
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    options = ["-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "said", "-sigfile", "signature"]
    ended = subprocess.run([openssl, "pkeyutl", *options], cwd=tmp_path, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_finding_ends_with_4_and_names_the_entry(command: Commands, home: Path) -> None:
    command("check", HERON_IN_WORDS, "--case", "A")
    command("check", NOTHING_LIKE_IT, "--case", "A")
    rows = rows_of(home)
    rows[0]["content"] = rows[0]["content"].replace("Heron", "Hemon")
    put_rows(home, rows)
    ended = command("case", "verify")
    assert ended.code == ExitCode.INTEGRITY
    assert "Entry 1: its content was changed." in ended.words
    found = command("case", "verify", "--json")
    assert_valid(found.json, "case-verify")
    assert found.json["findings"] == [{"seq": 1, "what": "its content was changed"}]


def test_explain_finds_a_result_in_the_casebook_after_list_and_copy_are_gone(command: Commands, home: Path) -> None:
    before = command("check", HERON_IN_WORDS, "--json", "--case", "A")
    name = before.json["result_id"]
    (home / "results" / f"{name}.json").unlink()
    command("lists", "remove", "museum")
    again = command("explain", name, "--json")
    assert (again.code, again.out) == (ExitCode.NOTHING_FOUND, before.out)
    assert "museum/M-1" in command("explain", name[:6]).out
    assert [json.loads(row["content"])["action"] for row in rows_of(home)[1:]] == ["explain", "explain"]
    assert command("explain", "0123456789ab").code == ExitCode.USAGE


def test_a_check_that_cannot_be_logged_shows_its_verdict_and_fails(
    command: Commands, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    command("check", NOTHING_LIKE_IT, "--case", "A")
    monkeypatch.setattr("fieldcheck.casebook.store.Store.add", refuse)
    ended = command("check", HERON_IN_WORDS, "--case", "A")
    assert ended.code == ExitCode.INTERNAL
    assert "museum/M-1" in ended.out
    assert "casebook entry" not in ended.out
    assert "NOT in the casebook" in ended.err
    assert "The disk is full" in ended.err
    assert len(rows_of(home)) == 1
    assert command("case", "verify").code == ExitCode.NOTHING_FOUND


@pytest.mark.parametrize("case", ["\u200b", "x" * (MOST_CASE + 1)])
def test_a_case_needs_a_reference(command: Commands, home: Path, case: str) -> None:
    assert command("check", NOTHING_LIKE_IT, "--case", case).code == ExitCode.USAGE
    assert not (home / DATABASE_NAME).exists()


def test_a_reason_is_logged_with_a_case_and_not_without_end(command: Commands, home: Path) -> None:
    assert command("check", NOTHING_LIKE_IT, "--reason", "x").code == ExitCode.USAGE
    assert command("check", NOTHING_LIKE_IT, "--case", "A", "--reason", "x" * (MOST_REASON + 1)).code == ExitCode.USAGE
    assert not (home / DATABASE_NAME).exists()


def test_hostile_words_are_logged_as_they_can_be_shown(command: Commands, home: Path) -> None:
    ended = command("check", NOTHING_LIKE_IT, "--case", "A\x1b[2J\u202e1", "--reason", "\x1b]0;x\x07[bold]why")
    assert ended.code == ExitCode.NOTHING_FOUND
    said = json.loads(rows_of(home)[0]["content"])
    assert (said["case"], said["reason"]) == ("A1", "[bold]why")


def test_a_shipment_is_logged_item_by_item_and_once(command: Commands, home: Path, tmp_path: Path) -> None:
    manifest = write(tmp_path / "items.csv", f'ref,text,origin\nI-1,"{HERON_IN_WORDS}",\nI-2,vase,Iraq\nI-3,vase,\n')
    lines = tmp_path / "lines.jsonl"
    command("batch", manifest, "--jsonl", lines)
    ended = command("batch", manifest, "--jsonl", lines, "--case", "A", "--reason", "container 9")
    assert "casebook entry 2:" in ended.err
    logged = [json.loads(row["content"])["result"] for row in rows_of(home)]
    assert sorted(result["ref"] for result in logged) == ["I-1", "I-3"]
    assert command("batch", manifest, "--jsonl", lines, "--case", "A").code == ended.code
    assert len(rows_of(home)) == 2
    command("batch", manifest, "--case", "B")
    said = [json.loads(row["content"]) for row in rows_of(home)[2:]]
    assert ["error" in entry for entry in said] == [False, True, False]
    assert "I-2: NOT CHECKED: --origin 'Iraq'" in command("case", "show", "B", *WHY).words


def test_purge_goes_by_the_day_or_by_the_setting(
    command: Commands, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("case", "purge", "--before", "2999-01-01", *WHY).code == ExitCode.USAGE
    assert not (home / DATABASE_NAME).exists()
    result_id = command("check", HERON_IN_WORDS, "--json", "--case", "A").json["result_id"]
    refused = command("case", "purge", *WHY)
    assert refused.code == ExitCode.USAGE
    assert "retention_days" in refused.err
    monkeypatch.setenv("FIELDCHECK_RETENTION_DAYS", "30")
    assert command("case", "purge", *WHY).code == ExitCode.NOTHING_TO_UPDATE
    assert command("case", "purge", "--before", "1 May", *WHY).code == ExitCode.USAGE
    assert command("case", "purge", "--before", "2999-01-01", *WHY).code == ExitCode.NOTHING_FOUND
    assert not (home / "results" / f"{result_id}.json").exists()
    assert command("case", "show", "A", *WHY).code == ExitCode.USAGE
    verified = command("case", "verify", "--json")
    assert (verified.code, verified.json["purged"]) == (ExitCode.NOTHING_FOUND, 1)


def test_the_doctor_tells_what_is_kept_for_too_long(
    command: Commands, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_casebook(home) as book:
        book.log_check("A", a_result())
    assert "retention_days is not set" in command("doctor").words
    monkeypatch.setenv("FIELDCHECK_RETENTION_DAYS", "30")
    assert "kept for 30 days" in command("doctor").words
    monkeypatch.setattr("fieldcheck.casebook.purging.first_kept_day", lambda _: "2999-01-01")
    assert "case purge" in command("doctor").words
    assert len(rows_of(home)) == 1
    (home / DATABASE_NAME).write_bytes(b"not a database at all" * 500)
    assert command("doctor").code == ExitCode.INTEGRITY


def test_the_key_is_shown_and_changed(command: Commands) -> None:
    assert command("case", "key").code == ExitCode.USAGE
    command("check", NOTHING_LIKE_IT, "--case", "A")
    old = command("case", "key").out.strip()
    new = command("case", "change-key", *WHY).out.strip()
    assert len({old, new}) == 2
    assert command("case", "key").out.strip() == new
    for fingerprint in (old[:20], new):
        assert command("case", "verify", "--key", fingerprint).code == ExitCode.NOTHING_FOUND
    assert command("case", "verify", "--key", "0" * 20).code == ExitCode.INTEGRITY


@pytest.mark.parametrize(
    "text", ["", "12", "12:", ":abcdabcdabcdabcd", "12:abc", "x:abcdabcdabcdabcd", "1:" + "g" * 20]
)
def test_a_head_must_be_a_head(text: str) -> None:
    with pytest.raises(UsageError):
        read_anchor(text)


def test_a_head_is_read_as_it_is_copied_from_paper() -> None:
    assert read_anchor(" 12: 3F9A-0C12 de45 a1b2 ").short == "12:3f9a0c12de45a1b2"
    assert read_fingerprint("3F9A 0C12 de45 a1b2") == "3f9a0c12de45a1b2"
    with pytest.raises(UsageError):
        read_fingerprint("3f9a")


def test_no_socket_is_ever_opened(command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    result_id = command("check", HERON_IN_WORDS, "--json", "--case", "A").json["result_id"]
    for arguments in (
        ("decide", result_id, "--decision", "hold", *WHY),
        ("case", "list"),
        ("case", "show", "A", *WHY),
        ("case", "export", "A", "--out", tmp_path / "a.zip", *WHY),
        ("case", "verify"),
        ("case", "change-key", *WHY),
        ("case", "purge", "--before", "2999-01-01", *WHY),
    ):
        assert command(*arguments).code == ExitCode.NOTHING_FOUND, arguments


@pytest.mark.parametrize("arguments", [["check", "bronze horse"], ["batch", "items.csv"], ["doctor"]], ids=" ".join)
def test_a_command_without_a_case_loads_no_casebook(tmp_path: Path, arguments: list[str]) -> None:
    write(tmp_path / "items.csv", "ref,text\n1,vase\n")
    script = (
        f"import os, sys\nos.chdir({str(tmp_path)!r})\nfrom fieldcheck.cli.main import run\nrun({arguments})\n"
        "print('LOADED', *sys.modules)"
    )
    loaded = in_a_process(script=script).stdout.partition("LOADED ")[2].split()
    assert loaded
    assert not [name for name in loaded if name.startswith(("cryptography", "rfc8785", "fieldcheck.casebook"))]
