"""Whatever happens, an officer reads a sentence and never a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli_helpers import NOTHING_LIKE_IT, Commands, assert_valid, in_a_process
from conftest import Install
from fieldcheck.cli.main import run
from fieldcheck.errors import ExitCode
from fieldcheck.models import Record

PROGRAM = (sys.executable, "-m", "fieldcheck")


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("not foreseen")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.mark.parametrize(
    ("where", "arguments"),
    [
        ("fieldcheck.items.make_item", ["check", NOTHING_LIKE_IT]),
        ("fieldcheck.matching.match.match_item", ["search", "vase"]),
        ("fieldcheck.cache.holdings.open_holdings", ["lists", "status"]),
        ("fieldcheck.cache.holdings.open_holdings", ["show", "starter/1"]),
        ("fieldcheck.results.find_result", ["explain", "abcdef"]),
        ("fieldcheck.lists.registry.load_sources", ["sync"]),
        ("fieldcheck.diagnosis.diagnose", ["doctor"]),
        ("fieldcheck.lists.items.read_items", ["batch", "items.csv"]),
    ],
)
def test_the_unexpected_is_told_in_words(
    command: Commands, monkeypatch: pytest.MonkeyPatch, where: str, arguments: list[str]
) -> None:
    monkeypatch.setattr(where, fail)
    ended = command(*arguments, "--json")
    assert ended.code == ExitCode.INTERNAL
    assert "RuntimeError: not foreseen" in ended.err
    assert "FIELDCHECK_DEBUG" in ended.err
    assert_valid(ended.json, "error")


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldcheck.items.make_item", fail)
    monkeypatch.setenv("FIELDCHECK_DEBUG", "1")
    with pytest.raises(RuntimeError, match="not foreseen"):
        run(["check", NOTHING_LIKE_IT])


def test_the_system_refusing_is_told_in_words(command: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("fieldcheck.cache.holdings.open_holdings", refuse)
    ended = command("check", NOTHING_LIKE_IT)
    assert ended.code == ExitCode.INTERNAL
    assert "Input/output error" in ended.err
    assert "fieldcheck doctor" in ended.err


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is another error on Windows")
@pytest.mark.parametrize("arguments", [["show", "museum/M-1"], ["show", "museum/M-1", "--json"], ["--help"]])
def test_a_reader_that_leaves_early_is_no_error(install_list: Install, arguments: list[str]) -> None:
    install_list("museum", Record(id="M-1", description="word " * 40_000))
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() in {ExitCode.NOTHING_FOUND, ExitCode.INTERNAL}


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_an_interrupted_batch_keeps_what_is_done(tmp_path: Path) -> None:
    manifest, results = tmp_path / "items.csv", tmp_path / "results.jsonl"
    manifest.write_text("ref,text\n" + "".join(f"I-{number},bronze horse {number} cm\n" for number in range(3_000)))
    with subprocess.Popen(
        [*PROGRAM, "batch", str(manifest), "--jsonl", str(results)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (results.exists() and results.stat().st_size):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    content = results.read_bytes()
    done = content.count(b"\n")
    assert err.decode().splitlines()[-2:] == [
        f"Stopped after {done:,} of 3,000 items, which are kept in {results}. Run the same command again to go on.",
        "Interrupted.",
    ]
    assert content.endswith(b"}\n")
    assert 0 < done < 3_000


def test_text_that_is_no_unicode_does_no_harm() -> None:
    if os.name == "nt":
        pytest.skip("arguments are always Unicode on Windows")
    ended = in_a_process("check", "bronze \udcff\udcfe horse", "--json")
    assert ended.returncode == ExitCode.NOTHING_FOUND, ended.stderr
    assert "�" in ended.stdout


def test_a_terminal_without_unicode_shows_replacements(install_list: Install) -> None:
    install_list("museum", Record(id="M-1", title="ваза — 花瓶"))
    ended = in_a_process("show", "museum/M-1", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == ExitCode.NOTHING_FOUND, ended.stderr
    assert "????" in ended.stdout
    as_json = in_a_process("show", "museum/M-1", "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "ваза — 花瓶" in as_json.stdout
