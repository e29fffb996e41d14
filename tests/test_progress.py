"""Progress that a terminal shows as a bar, and a pipe or a screen reader as a sentence now and then."""

import os
import sys
from collections.abc import Callable
from io import StringIO

import pytest

from fieldcheck.cli.progress import in_words, progress
from fieldcheck.cli.session import Session


class Terminal(StringIO):
    """A stream that says that somebody looks at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def test_what_is_soon_done_is_not_told(clock: Callable[[float], None], capsys: pytest.CaptureFixture[str]) -> None:
    with progress("items checked", 40, moving=True) as advance:
        for _ in range(40):
            clock(0.1)
            advance()
    assert capsys.readouterr().err == ""


def test_a_pipe_gets_a_sentence_now_and_then(
    clock: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("items checked", 1_000, moving=True) as advance:
        for _ in range(1_000):
            clock(0.125)
            advance()
    assert capsys.readouterr().err.splitlines() == [
        "40 of 1,000 items checked; about 2 minutes left.",
        "280 of 1,000 items checked; about 2 minutes left.",
        "520 of 1,000 items checked; about 1 minute left.",
        "760 of 1,000 items checked; less than a minute left.",
    ]


@pytest.mark.parametrize("moving", [True, False])
def test_only_a_terminal_where_it_is_welcome_gets_a_bar(monkeypatch: pytest.MonkeyPatch, moving: bool) -> None:  # noqa: FBT001  # the case
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress("items checked", 3, moving=moving) as advance:
        advance()
    assert ("\x1b[" in screen.getvalue()) is moving
    assert ("items checked" in screen.getvalue()) is moving


def test_a_bar_without_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    with progress("items checked", 3, moving=True) as advance:
        advance()
    assert not any(f"\x1b[{code}m" in screen.getvalue() for code in range(30, 50))


def test_nothing_to_do_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("photos looked at", 0, moving=True):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "less than a minute"), (61, "about 1 minute"), (600, "about 10 minutes"), (7_300, "about 2 hours")],
)
def test_time_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    ("environment", "still"),
    [
        ({}, False),
        ({"ACCESSIBLE": "1"}, True),
        ({"ACCESSIBLE": "please"}, True),
        ({"ACCESSIBLE": "0"}, False),
        ({"ACCESSIBLE": ""}, False),
        ({"ACCESSIBLE": "1", "FIELDCHECK_PLAIN": "no"}, False),
    ],
)
def test_accessible_means_plain_and_still(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    still: bool,  # noqa: FBT001  # the answer
) -> None:
    monkeypatch.delenv("ACCESSIBLE", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session = Session.start({})
    assert session.quiet is still
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert session.plain is still
    assert not Session.start({"plain": False}).quiet
    assert os.environ.get("ACCESSIBLE") == environment.get("ACCESSIBLE")
