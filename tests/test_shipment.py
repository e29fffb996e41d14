"""A shipment's output: one whole line for each item, gone on with after a crash, never written over by mistake."""

import errno
import json
import os
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import pytest

from cli_helpers import BOWL, HERON, HERON_IN_WORDS, NOTHING_LIKE_IT, Commands, assert_valid, write
from conftest import Install
from fieldcheck.cache.holdings import open_holdings
from fieldcheck.checking import Checker, CheckSettings
from fieldcheck.errors import ExitCode, InputError, StorageError
from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Item, Photo, Result
from fieldcheck.shipment.lines import Line, basis_of, gravest
from fieldcheck.shipment.output import open_output
from fieldcheck.shipment.run import Resumed, Shipment, in_this_process, ready
from fieldcheck.vision.refusals import Refusal

ROWS = (
    Item(ref="I-1", text=HERON_IN_WORDS),
    Item(ref="I-2", text=NOTHING_LIKE_IT),
    Item(ref="I-3", text="silver bowl"),
)
MANIFEST = f'ref,text,origin\nI-1,"{HERON_IN_WORDS}",\nI-2,{NOTHING_LIKE_IT},\nI-3,silver bowl,\n'


class CountingChecker(Checker):
    """Remembers what it was asked to check."""

    asked: list[str]

    def check(self, item: Item) -> Result:
        self.asked.append(item.ref)
        return super().check(item)


def unread(items: Iterable[Item]) -> Generator[Item, None, None]:
    yield from items


@pytest.fixture
def checker(install_list: Install, home: Path) -> Iterable[CountingChecker]:
    install_list("museum", HERON, BOWL)
    with open_holdings(home) as holdings:
        checker = CountingChecker(holdings, CheckSettings(on="2026-11-24"))
        checker.asked = []
        yield checker


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], install_list: Install) -> Commands:
    install_list("museum", HERON, BOWL)
    return Commands(capsys)


def run(checker: Checker, path: Path | None, *rows: Item | ItemProblem, fresh: bool = False) -> Shipment:
    basis = basis_of(checker)
    with open_output(path, fresh=fresh) as output:
        shipment = Shipment(tuple(ready(row, basis, "EU") for row in rows), output)
        list(shipment.run(in_this_process(checker, unread)))
    return shipment


def left_over(checker: Checker, path: Path, *rows: Item | ItemProblem) -> Resumed:
    """What a run would find of an earlier one."""
    with open_output(path, fresh=False) as output:
        return Shipment(tuple(ready(row, basis_of(checker), "EU") for row in rows), output).resumed()


def lines_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_item_is_one_result_a_line(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    output = run(checker, path, *ROWS)
    lines = lines_in(path)
    assert [line["ref"] for line in lines] == ["I-1", "I-2", "I-3"]
    assert [line["exit_code"] for line in lines][:2] == [ExitCode.STRONG, ExitCode.NOTHING_FOUND]
    assert {line["item"]["border"] for line in lines} == {"EU"}
    for line in lines:
        del line["exit_code"], line["inputs"]
        assert_valid(line, "result")
    assert gravest(output.lines) is ExitCode.STRONG


@pytest.mark.parametrize("cut", [1, 30, 700, -1])
def test_a_run_that_was_cut_off_goes_on(checker: CountingChecker, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "results.jsonl"
    run(checker, path, *ROWS)
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(whole[: last + cut] if cut > 0 else whole[:cut])
    checker.asked.clear()
    output = run(checker, path, *ROWS)
    assert checker.asked == ["I-3"]
    assert path.read_bytes() == whole
    assert [entry.ref for entry in output.entries] == ["I-1", "I-2", "I-3"]
    assert gravest(output.lines) is ExitCode.STRONG


@pytest.mark.parametrize(
    ("refusal", "again"), [(Refusal.TOO_SLOW, ["I-9"]), (Refusal.READER_STOPPED, ["I-9"]), (Refusal.BLURRED, [])]
)
def test_a_photo_that_the_computer_could_not_read_at_that_moment_is_read_again(
    checker: CountingChecker, tmp_path: Path, refusal: Refusal, again: list[str]
) -> None:
    path = tmp_path / "results.jsonl"
    unread_photo = Item(ref="I-9", photos=(Photo("a.jpg", sha256="0" * 64, why_not=refusal.sentence),))
    run(checker, path, *ROWS, unread_photo)
    checker.asked.clear()
    assert left_over(checker, path, *ROWS, unread_photo).kept == 4 - len(again)
    output = run(checker, path, *ROWS, unread_photo)
    assert checker.asked == again
    assert [entry.ref for entry in output.entries] == ["I-1", "I-2", "I-3", "I-9"]


def test_what_is_done_is_not_done_again(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    before = run(checker, path, *ROWS)
    content = path.read_bytes()
    checker.asked.clear()
    again = run(checker, path, *ROWS)
    assert checker.asked == []
    assert path.read_bytes() == content
    assert again.lines == before.lines


def test_a_reworded_row_is_checked_again_and_no_other(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    run(checker, path, *ROWS)
    checker.asked.clear()
    rows = (ROWS[0], replace(ROWS[1], text="wicker basket"), ROWS[2], Item(ref="I-4", text="iron key"))
    assert left_over(checker, path, *rows) == Resumed(2, 0, 1, 0, ("2026-11-24",))
    run(checker, path, *rows)
    assert checker.asked == ["I-2", "I-4"]
    assert lines_in(path)[-2]["item"]["text"] == "wicker basket"
    assert left_over(checker, path, rows[0]) == Resumed(1, 0, 0, 3, ("2026-11-24",))


def test_results_of_other_lists_or_settings_are_never_mixed_in(
    checker: CountingChecker, install_list: Install, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "results.jsonl"
    run(checker, path, *ROWS)
    install_list("museum", HERON)
    with open_holdings(home) as holdings:
        for settings in (CheckSettings(on="2026-11-24"), CheckSettings(on="2026-11-24", top=3)):
            other = CountingChecker(holdings, settings)
            other.asked = []
            assert left_over(other, path, *ROWS) == Resumed(0, 3, 0, 0, ())
            run(other, path, *ROWS)
            assert other.asked == ["I-1", "I-2", "I-3"]
        another_day = CountingChecker(holdings, CheckSettings(on="2026-11-25", top=3))
        assert left_over(another_day, path, *ROWS) == Resumed(3, 0, 0, 0, ("2026-11-24",))


def test_an_output_that_does_not_say_what_it_rests_on_is_checked_again(
    checker: CountingChecker, tmp_path: Path
) -> None:
    path = tmp_path / "results.jsonl"
    run(checker, path, *ROWS)
    lines = lines_in(path)
    for line in lines:
        del line["inputs"]
    write(path, "".join(f"{json.dumps(line)}\n" for line in lines))
    assert left_over(checker, path, *ROWS).other_basis == 3


def test_the_officer_is_told_what_is_kept_and_what_is_checked_again(
    command: Commands, install_list: Install, tmp_path: Path
) -> None:
    manifest, results = write(tmp_path / "items.csv", MANIFEST), tmp_path / "results.jsonl"
    command("batch", manifest, "--jsonl", results)
    again = command("batch", manifest, "--jsonl", results)
    assert "Kept from an earlier run: 3 results of " in again.err
    write(manifest, MANIFEST.replace("wicker", "wooden"))
    assert (
        "Checked again, as the item or its like changed since: 1 result "
        in command("batch", manifest, "--jsonl", results).err
    )
    install_list("museum", HERON)
    assert (
        "Checked again, as lists, facts, settings or fieldcheck itself changed since: 3 results "
        in command("batch", manifest, "--jsonl", results).err
    )


def test_fresh_starts_over(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    run(checker, path, *ROWS)
    run(checker, path, ROWS[1], fresh=True)
    assert [line["ref"] for line in lines_in(path)] == ["I-2"]


@pytest.mark.parametrize(
    "content",
    [
        b"ref,text\nI-1,vase\n",
        b"one line without an end",
        b'{"ref": "I-1"}\n',
        b'{"schema_version": "1", "ref": "I-1", "verdict": {"band": "clear", "headline": ""}, "exit_code": 0}\n',
        b"[]\n",
        b"[" * 100_000,
        b"\xff\xd8\xff\xe0 a photo \x00",
        b"\n",
        b'{"schema_version": "1", "ref": "I-1", "error": null}\n',
    ],
    ids=["manifest", "sentence", "other JSON", "other band", "array", "deep", "photo", "empty line", "other error"],
)
def test_a_file_that_is_something_else_is_refused_and_kept(
    checker: CountingChecker, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "precious"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not the output of a shipment"):
        run(checker, path, *ROWS)
    assert path.read_bytes() == content
    assert checker.asked == []


def test_something_else_after_whole_lines_is_refused(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    run(checker, path, *ROWS)
    with path.open("ab") as file:
        file.write(b"notes of my own")
    before = path.read_bytes()
    with pytest.raises(InputError):
        run(checker, path, *ROWS)
    assert path.read_bytes() == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_never_leaves_a_torn_line(
    checker: CountingChecker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "results.jsonl"
    open_path = Path.open

    class Filling:
        """A file on a disk that takes one line and a half."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.file = open_path(*arguments, **options)
            self.room = 2

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, content: bytes) -> int:
            self.room -= 1
            if self.room > 0:
                return int(self.file.write(content))
            if self.room == 0:
                return int(self.file.write(content[: len(content) // 2]))
            raise OSError(number, os.strerror(number))

    def open_filling(*arguments: Any, **options: Any) -> Filling:
        return Filling(*arguments, **options)

    monkeypatch.setattr(Path, "open", open_filling)
    with pytest.raises(StorageError, match="The results before are whole"):
        run(checker, path, *ROWS)
    monkeypatch.undo()
    assert [line["ref"] for line in lines_in(path)] == ["I-1"]
    assert path.read_bytes().endswith(b"\n")
    run(checker, path, *ROWS)
    assert [line["ref"] for line in lines_in(path)] == ["I-1", "I-2", "I-3"]


def test_a_row_that_fails_stops_no_other(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    rows = (ItemProblem("I-0", 2, "too few cells"), Item(ref="I-9", text="vase", origin="Iraq"), ROWS[1])
    output = run(checker, path, *rows)
    bad, wrong, good = lines_in(path)
    assert_valid(bad, "error")
    assert bad["error"]["message"] == "too few cells"
    assert "two letters" in wrong["error"]["message"]
    assert good["verdict"]["band"]
    assert gravest(output.lines) is ExitCode.NOT_FULLY_CHECKED


def test_an_item_that_makes_the_program_fail_stops_no_other(
    checker: CountingChecker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Checker.check

    def fail_once(self: Checker, item: Item) -> Result:
        if item.ref == "I-2":
            raise ZeroDivisionError
        return check(self, item)

    monkeypatch.setattr(Checker, "check", fail_once)
    path = tmp_path / "results.jsonl"
    output = run(checker, path, *ROWS)
    assert [line.code for line in output.lines][1] is ExitCode.INTERNAL
    assert [line["ref"] for line in lines_in(path) if "error" in line] == ["I-2"]
    monkeypatch.undo()
    checker.asked.clear()
    again = run(checker, path, *ROWS)
    assert checker.asked == ["I-2"]
    assert not any(line.failed for line in again.lines)


def test_a_corrected_row_is_checked_and_a_wrong_one_is_not_told_twice(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    wrong = Item(ref="I-1", text="vase", origin="Iraq")
    run(checker, path, wrong)
    run(checker, path, wrong)
    assert len(lines_in(path)) == 1
    output = run(checker, path, replace(wrong, origin="IQ"))
    assert checker.asked == ["I-1"]
    assert not output.lines[0].failed
    assert run(checker, path, replace(wrong, origin="IQ")).lines == output.lines
    assert checker.asked == ["I-1"]


def test_a_ref_of_hostile_text_is_recognised_again(checker: CountingChecker, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    row = Item(ref="I-1\x1b[2J\u202e", text=NOTHING_LIKE_IT)
    run(checker, path, row)
    run(checker, path, row)
    assert checker.asked == [row.ref]
    assert lines_in(path)[0]["ref"] == "I-1"


def test_the_summary_says_what_was_not_checked(command: Commands, tmp_path: Path) -> None:
    rows = f"ref,text,photos\nI-1,{NOTHING_LIKE_IT},none.jpg\nI-2,,none.jpg\n"
    ended = command("batch", write(tmp_path / "items.csv", rows), "--csv", tmp_path / "summary.csv")
    assert ended.code == ExitCode.NOT_FULLY_CHECKED
    assert "1: NOT CHECKED" in ended.out
    assert "Checked, but not in full:" in ended.out
    assert ended.words.count("there is no such file") == 2
    nothing, partly = (tmp_path / "summary.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert partly.startswith("I-1,no_indication,")
    assert nothing.startswith("I-2,not_checked,")
    assert "there is no such file" in partly


def test_a_photo_on_the_web_is_never_opened(command: Commands, tmp_path: Path) -> None:
    manifest = write(tmp_path / "items.csv", f"ref,text,photos\nI-1,{NOTHING_LIKE_IT},https://example.org/a.jpg\n")
    ended = command("batch", manifest, "--json")
    assert "address on the web" in json.loads(ended.out)["item"]["photos"][0]["why_not"]


@pytest.mark.parametrize("option", ["--jsonl", "--csv"])
def test_the_manifest_is_never_written_over(command: Commands, tmp_path: Path, option: str) -> None:
    manifest = write(tmp_path / "items.csv", MANIFEST)
    ended = command("batch", manifest, option, tmp_path / "." / "items.csv", "--fresh")
    assert ended.code == ExitCode.USAGE
    assert "named twice" in ended.err
    assert manifest.read_text() == MANIFEST


def test_a_summary_for_a_spreadsheet(command: Commands, tmp_path: Path) -> None:
    manifest = write(tmp_path / "items.csv", MANIFEST.replace("I-2", "=cmd|' /C calc'!A0"))
    assert command("batch", manifest, "--csv", tmp_path / "summary.csv").code == ExitCode.STRONG
    text = (tmp_path / "summary.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "ref,band,headline,not_checked,photos,alike"
    assert text.splitlines()[1].startswith("I-1,hold_listed,HOLD.")
    assert text.splitlines()[-1].startswith("'=cmd")


def test_a_summary_that_cannot_be_written_is_told(command: Commands, tmp_path: Path) -> None:
    manifest = write(tmp_path / "items.csv", MANIFEST)
    blocked = write(tmp_path / "file", "") / "summary.csv"
    ended = command("batch", manifest, "--csv", blocked)
    assert ended.code == ExitCode.INTERNAL
    assert ended.err.startswith("Error: ")
    ended = command("batch", manifest, "--jsonl", blocked)
    assert ended.code == ExitCode.INTERNAL
    assert "cannot be written" in ended.err


def test_the_gravest_item_decides() -> None:
    codes = list(ExitCode)
    possible = (20, 10, 11, 1, 3, 0)
    lines = [Line(None, code) for code in codes if code in possible]  # type: ignore[arg-type]  # only codes matter
    for code in possible:
        assert gravest(lines) == code
        lines = [line for line in lines if line.code != code]
    assert gravest([]) is ExitCode.NOTHING_FOUND
