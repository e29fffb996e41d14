"""A shipment in several processes: the same bytes as in one, in order, and none left behind."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cli_helpers import BOWL, HERON, HERON_IN_WORDS, NOTHING_LIKE_IT, Commands, write
from conftest import Install
from fieldcheck.cache.holdings import open_holdings
from fieldcheck.checking import Checker, CheckSettings
from fieldcheck.errors import ExitCode, FieldcheckError, StorageError
from fieldcheck.models import Item
from fieldcheck.shipment import workers
from fieldcheck.shipment.lines import Job, basis_of, job_of
from fieldcheck.shipment.workers import Setup, in_workers, workers_for
from photos import encoded, painting

SETTINGS = CheckSettings(on="2026-11-24")
MANIFEST = "ref,text\n" + "".join(
    f'I-{number},"{HERON_IN_WORDS if number % 5 == 0 else NOTHING_LIKE_IT} {number}"\n' for number in range(16)
)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], install_list: Install) -> Commands:
    install_list("museum", HERON, BOWL)
    return Commands(capsys)


@pytest.fixture
def basis(install_list: Install, home: Path) -> str:
    install_list("museum", HERON, BOWL)
    with open_holdings(home) as holdings:
        return basis_of(Checker(holdings, SETTINGS))


def jobs(basis: str, count: int) -> Iterator[Job]:
    return (job_of(Item(ref=f"I-{number}", text=f"{NOTHING_LIKE_IT} {number}"), basis) for number in range(count))


def test_several_workers_write_what_one_writes(command: Commands, tmp_path: Path) -> None:
    folder = tmp_path / "shipment"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(encoded(painting(number)))
    rows = "".join(f",{number}.jpg\n" if number < 3 else ",\n" for number in range(16))
    lines = zip(
        MANIFEST.splitlines(), ("ref,photos\n".removeprefix("ref"), *rows.splitlines(keepends=True)), strict=True
    )
    manifest = write(folder / "items.csv", "".join(map("".join, lines)))
    outputs = [tmp_path / f"{count}.jsonl" for count in (1, 2)]
    codes = {command("batch", manifest, "--jsonl", path, "--workers", path.stem).code for path in outputs}
    assert codes == {ExitCode.STRONG}
    assert len({path.read_bytes() for path in outputs}) == 1
    lines_in = [json.loads(line) for line in outputs[0].read_text(encoding="utf-8").splitlines()]
    assert [line["ref"] for line in lines_in] == [f"I-{number}" for number in range(16)]
    assert [photo["usable"] for line in lines_in for photo in line["item"].get("photos", [])] == [True] * 3


def test_more_workers_only_where_there_is_enough_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 4)
    assert [workers_for(items, 0) for items in (0, 1, 399, 400, 100_000)] == [1, 1, 1, 2, 4]
    assert [workers_for(photos, photos) for photos in (0, 9, 25, 300)] == [1, 1, 2, 4]
    assert workers_for(3, 0, asked=8) == 3
    assert workers_for(0, 0, asked=8) == 1


def test_a_worker_that_dies_costs_one_item(home: Path, basis: str) -> None:
    seen: list[multiprocessing.process.BaseProcess] = []

    def killing() -> Iterator[Job]:
        for number, job in enumerate(jobs(basis, 6)):
            if number == 3:
                seen.extend(multiprocessing.active_children())
                seen[0].kill()
                seen[0].join()
            yield job

    outcomes = list(in_workers(Setup(home, (), SETTINGS), basis, 1)(killing()))
    assert [outcome.line.entry.ref for outcome in outcomes] == [f"I-{number}" for number in range(6)]
    assert [outcome.line.code for outcome in outcomes if outcome.line.failed] == [ExitCode.INTERNAL]
    assert len(seen) == 1
    assert not multiprocessing.active_children()


def test_workers_that_find_other_lists_stop_the_shipment(home: Path, basis: str, install_list: Install) -> None:
    install_list("museum", HERON)
    with pytest.raises(StorageError, match="lists changed"):
        list(in_workers(Setup(home, (), SETTINGS), basis, 1)(jobs(basis, 2)))


def test_workers_that_cannot_start_stop_the_shipment(home: Path, basis: str, capfd: pytest.CaptureFixture[str]) -> None:
    setup = Setup(home, ("no such list",), SETTINGS)
    with pytest.raises(FieldcheckError, match="could not be started"):
        list(in_workers(setup, basis, 1)(jobs(basis, 2)))
    assert capfd.readouterr().err == ""


def test_an_error_of_one_item_is_a_line(home: Path, basis: str) -> None:
    wrong = job_of(Item(ref="odd", text=5), basis)  # type: ignore[arg-type]  # on purpose
    (outcome,) = in_workers(Setup(home, (), SETTINGS), basis, 1)([wrong])
    assert outcome.line.failed
    assert outcome.line.code is ExitCode.INTERNAL


def running() -> set[int]:
    """Every worker of any shipment."""
    found = set()
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and b"spawn_main" in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
    return found


def children_of(process: int) -> set[int]:
    task = Path(f"/proc/{process}/task/{process}/children")
    return {int(number) for number in task.read_text().split()} & running()


def until(condition: Iterable[bool]) -> None:
    deadline = time.monotonic() + 60
    for holds in condition:
        if holds or time.monotonic() > deadline:
            return
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_a_shipment_that_was_stopped_goes_on_and_leaves_no_worker(
    command: Commands, tmp_path: Path, ending: signal.Signals
) -> None:
    manifest = write(tmp_path / "items.csv", "ref,text\n" + "".join(f"I-{n},bronze horse {n} cm\n" for n in range(250)))
    results, whole = tmp_path / "results.jsonl", tmp_path / "whole.jsonl"
    arguments = ("batch", str(manifest), "--workers", "2", "--jsonl")
    with subprocess.Popen(
        [sys.executable, "-m", "fieldcheck", *arguments, str(results)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    ) as process:
        until(results.exists() and results.stat().st_size > 60_000 for _ in iter(int, 1))
        started = children_of(process.pid)
        os.killpg(process.pid, ending) if ending is signal.SIGINT else process.kill()
        _, err = process.communicate(timeout=60)
    assert len(started) == 2
    until(not started & running() for _ in iter(int, 1))
    assert not started & running()
    done = results.read_bytes().count(b"\n")
    assert 0 < done < 250
    if ending is signal.SIGINT:
        assert process.returncode == ExitCode.INTERRUPTED
        assert err.decode().splitlines()[-2:] == [
            f"Stopped after {done} of 250 items, which are kept in {results}. Run the same command again to go on.",
            "Interrupted.",
        ]
    again = command(*arguments, results)
    assert "Kept from an earlier run: " in again.err
    command("batch", manifest, "--workers", "1", "--jsonl", whole)
    assert results.read_bytes() == whole.read_bytes()
