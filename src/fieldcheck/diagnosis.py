"""Testing everything that a check needs, one finding each, with what to do about what fails."""

import enum
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fieldcheck.cache.holdings import Held, Holdings, list_path, open_holdings
from fieldcheck.cache.latest_time import moment
from fieldcheck.errors import FieldcheckError
from fieldcheck.files import sha256_of
from fieldcheck.settings import Settings
from fieldcheck.text.concepts import Lexicon
from fieldcheck.version import __version__

if TYPE_CHECKING:
    from fieldcheck.vision.model import Model


@enum.unique
class Health(enum.StrEnum):
    """How one thing that was tested is."""

    WORKS = "works"
    NOTE = "note"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tested; ``next_step`` says something only where it failed."""

    name: str
    health: Health
    detail: str
    next_step: str = ""


def diagnose(settings: Settings, *, deep: bool = False) -> tuple[Finding, ...]:
    """Test everything; ``deep`` also reads every list file whole and compares its hash."""
    return (
        _program(),
        _tested("full-text search", _search_engine),
        _tested("lexicon", _lexicon),
        _tested("data folder", lambda: _home(settings.home)),
        _clock(settings.home),
        *_lists(settings, deep=deep),
        _tested("photo reader", _photos),
        _tested("photo model", partial(_model, settings)),
    )


def _tested(name: str, test: Callable[[], Finding]) -> Finding:
    """A test's finding; where the system refuses the test itself, that is the finding."""
    try:
        return test()
    except OSError as error:
        return Finding(
            name, Health.FAILED, f"cannot be tested: {error}", "Free some space, or look at the permissions."
        )


def _program() -> Finding:
    detail = (
        f"fieldcheck {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {sys.platform}"
    )
    return Finding("program", Health.WORKS, detail)


def _search_engine() -> Finding:
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5(word, tokenize='trigram')")
    except sqlite3.Error as error:
        return Finding(
            "full-text search",
            Health.FAILED,
            str(error),
            "Install a Python whose SQLite has FTS5 (3.34 or newer).",
        )
    return Finding("full-text search", Health.WORKS, "FTS5 with trigrams")


def _lexicon() -> Finding:
    try:
        lexicon = Lexicon()
        found = lexicon.concept("painting")
        lexicon.close()
    except sqlite3.Error as error:
        return Finding("lexicon", Health.FAILED, str(error), "Install fieldcheck again.")
    if found is None:
        return Finding("lexicon", Health.FAILED, "it is empty", "Install fieldcheck again.")
    return Finding("lexicon", Health.WORKS, "words in 12 languages")


def _home(home: Path | None) -> Finding:
    if home is None:
        return Finding(
            "data folder",
            Health.NOTE,
            "there is none; only the starter list is asked",
            "Name one with FIELDCHECK_HOME.",
        )
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        return Finding(
            "data folder",
            Health.NOTE,
            f"{home} cannot be written: {error.strerror}",
            "Lists can be read, not updated.",
        )
    return Finding("data folder", Health.WORKS, str(home))


def _clock(home: Path | None) -> Finding:
    now = moment(home, datetime.now(UTC))
    shown = f"{now.clock:%Y-%m-%d %H:%M} UTC"
    if now.is_clock_behind:
        return Finding(
            "clock",
            Health.FAILED,
            f"it shows {shown}, and {now.believed:%Y-%m-%d} was seen here before",
            "Set the clock; if it is right now, run `fieldcheck doctor --clock-is-right`.",
        )
    return Finding("clock", Health.WORKS, shown)


def _lists(settings: Settings, *, deep: bool) -> Iterator[Finding]:
    home = settings.home
    try:
        with open_holdings(home) as holdings:
            held, unread = holdings.held, _unread(settings, holdings)
    except FieldcheckError as error:
        yield Finding("lists", Health.FAILED, str(error), error.next_step)
        return
    if not held:
        yield Finding("lists", Health.FAILED, "no list is held", "Run `fieldcheck sync` or `fieldcheck lists import`.")
    for entry in held:
        name = f"list {entry.installed.info.id}"
        unread_here = entry.installed.info.id in unread
        yield _tested(name, partial(_list, name, home, entry, deep=deep, unread=unread_here))


def _list(name: str, home: Path | None, held: Held, *, deep: bool, unread: bool) -> Finding:
    installed = held.installed
    again = "Sync or import this list again."
    if held.problem:
        return Finding(name, Health.FAILED, held.problem, again)
    if deep and installed.sha256 and sha256_of(list_path(home, installed)) != installed.sha256:
        return Finding(name, Health.FAILED, "the file is not the one that was put in use", again)
    dates = f"published {installed.info.published[:10] or 'not stated'}, imported {installed.imported[:10]}"
    detail = f"{installed.records:,} records, {dates}"
    if unread:
        todo = f"Run `fieldcheck lists reindex {installed.info.id}`."
        return Finding(name, Health.NOTE, f"{detail}; the photo model has not read its photos", todo)
    return Finding(name, Health.WORKS, detail)


def _unread(settings: Settings, holdings: Holdings) -> frozenset[str]:
    """The lists whose photos the model in use has not read; none where there is no such model."""
    try:
        model, _ = model_in_use(settings)
    except FieldcheckError:
        return frozenset()
    lacking = holdings.lacking_vectors(model.key, model.dimension)
    return frozenset(installed.info.id for installed in lacking)


def model_in_use(settings: Settings) -> "tuple[Model, str]":
    """The model that photos are read with, and where it is from.

    Raises:
        InputError: its description cannot be read.
    """
    from fieldcheck.cache.photo_model import chosen_model, kept_model
    from fieldcheck.vision.model import load_model

    configured = settings["models.photo"]
    model = load_model(chosen_model(settings.home, configured))
    if configured:
        return model, f"named by models.photo: {configured}"
    if kept := kept_model(settings.home):
        return model, f"came through the channel {kept.channel}" if kept.channel else "came through a channel"
    return model, "shipped with fieldcheck"


def _model(settings: Settings) -> Finding:
    from fieldcheck.vision.process import try_model

    try:
        model, origin = model_in_use(settings)
        try_model(model)
    except FieldcheckError as error:
        return Finding("photo model", Health.FAILED, str(error), error.next_step)
    return Finding("photo model", Health.WORKS, f"{model.key}, {origin}")


def _photos() -> Finding:
    from fieldcheck.vision.protocol import Role
    from fieldcheck.vision.reader import read_photos

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.jpg")
        path.write_bytes(b"\xff\xd8\xff")
        readings = list(read_photos([path], role=Role.QUERY))
    # A broken photo must be refused in words: that shows that the child process starts and answers.
    if readings and readings[0].photo.why_not and readings[0].photo.sha256:
        return Finding("photo reader", Health.WORKS, "starts and refuses a broken photo")
    return Finding("photo reader", Health.FAILED, "it does not start", "Install fieldcheck again.")
