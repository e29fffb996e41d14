"""The guided interview on a terminal: one question a line, nothing that a serial line could not show."""

import shutil
import sys
import textwrap
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fieldcheck.cli.output import note
from fieldcheck.errors import UsageError
from fieldcheck.wording import sentence

if TYPE_CHECKING:
    from fieldcheck.cli.session import Session
    from fieldcheck.interview import Interview, Progress, Question
    from fieldcheck.models import Item

_SAVED = "interview.json"
_MOST_BYTES = 1_000_000


def is_terminal() -> bool:
    """Whether somebody is there to be asked, and to read."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def hold_interview(session: "Session", *, resume: bool) -> "Item | None":
    """Ask until everything was asked; None where the officer quitted and the answers were saved.

    Raises:
        UsageError: there is no interview to resume.
    """
    from fieldcheck.interview import Interview
    from fieldcheck.rules.case import Lawbook
    from fieldcheck.rules.facts import load_facts
    from fieldcheck.text.reading import Reader

    reader = Reader()
    today = date.today().isoformat()  # noqa: DTZ011  # an officer's day is the local one
    interview = Interview(Lawbook(load_facts(session.settings["facts"]), reader), reader, today)
    progress = _begun(session, resume=resume)
    _say(sentence("interview", "welcome"))
    progress = _asked(interview, progress)
    if progress.quitted:
        _save(session, progress)
        return None
    _path(session).unlink(missing_ok=True)
    return interview.item(progress)


def _asked(interview: "Interview", progress: "Progress") -> "Progress":
    while question := interview.question(progress):
        _show(question)
        try:
            text = input("> ")
        except (KeyboardInterrupt, EOFError):
            return replace(progress, quitted=True)
        progress, told = interview.answer(progress, text)
        if told:
            _say(told)
    return progress


def _say(text: str) -> None:
    """Write a sentence, broken between words."""
    width = max(shutil.get_terminal_size().columns - 1, 20)
    sys.stdout.write("\n".join(textwrap.fill(line, width) for line in text.splitlines()) + "\n")


def _show(question: "Question") -> None:
    sys.stdout.write("\n")
    _say(question.text)
    for number, choice in enumerate(question.choices, 1):
        sys.stdout.write(f"  {number} {choice}\n")


def _begun(session: "Session", *, resume: bool) -> "Progress":
    from fieldcheck.interview import Progress, from_json

    if not resume:
        return Progress(border=session.settings["border"].upper())
    path = _path(session)
    try:
        small = path.stat().st_size <= _MOST_BYTES
        saved = from_json(path.read_text(encoding="utf-8")) if small else None
    except (OSError, UnicodeDecodeError):
        saved = None
    if saved is None:
        raise UsageError("There is no interview to go on with.", next_step="Begin one with `fieldcheck check`.")
    return saved


def _save(session: "Session", progress: "Progress") -> None:
    from fieldcheck.files import write_whole
    from fieldcheck.interview import to_json

    write_whole(_path(session), to_json(progress).encode())
    note(sentence("interview", "saved"))


def _path(session: "Session") -> Path:
    return session.home / _SAVED
