"""What a sync has fetched so far, kept so that an interrupted sync goes on where it stopped.

``lists/<id>/staging/`` holds ``state.json`` and one file for each page, exactly as received. A page's file is
there whole or not at all, and nothing else says which pages are done, so nothing contradicts it.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from fieldcheck.cache.pointer import lists_folder
from fieldcheck.errors import StorageError
from fieldcheck.files import storage_errors, write_whole
from fieldcheck.lists.interface import Source

MAX_AGE = timedelta(hours=24)
"""A stage that was begun longer ago is thrown away: its pages no longer belong to the same list."""

LONGEST_POSTPONEMENT = timedelta(hours=24)
"""A publisher, or a clock that was wrong, can keep us away no longer than this."""

STATE_NAME = "state.json"
_LOCK_NAME = ".sync.lock"


class _State(BaseModel):
    """What the stage remembers besides its pages."""

    model_config = ConfigDict(frozen=True)

    fingerprint: str
    started_at: AwareDatetime
    not_before: AwareDatetime | None = None
    attempts: int = Field(default=0, ge=0)


class Stage:
    """One list's staging folder. Use `open_stage`, which makes sure that nobody else does."""

    def __init__(self, folder: Path, fingerprint: str, now: datetime) -> None:
        self._folder = folder
        found = _read_state(folder / STATE_NAME)
        same = found if found and found.fingerprint == fingerprint else None
        if same and timedelta(0) <= now - same.started_at <= MAX_AGE:
            self._state = same
            return
        self.clear()
        self._state = _State(fingerprint=fingerprint, started_at=now)
        if same and same.not_before and now < same.not_before <= now + LONGEST_POSTPONEMENT:
            self.postpone(same.not_before, same.attempts)
        else:
            self._save()

    @property
    def started_at(self) -> datetime:
        """When the first page of this stage was asked for."""
        return self._state.started_at

    @property
    def not_before(self) -> datetime | None:
        """When the publisher may be asked again; None for at once."""
        return self._state.not_before

    @property
    def attempts(self) -> int:
        """How often in a row the publisher refused, over all runs."""
        return self._state.attempts

    @property
    def images(self) -> Path:
        """The folder for pictures that wait to be read."""
        return self._folder / "images"

    def page(self, sweep: int, number: int) -> bytes | None:
        """The body of a page that was kept, or None."""
        try:
            return self._page_path(sweep, number).read_bytes()
        except OSError:
            return None

    def keep(self, sweep: int, number: int, body: bytes) -> None:
        """Keep the body of a page as it was received."""
        write_whole(self._page_path(sweep, number), body)

    def postpone(self, until: datetime, attempts: int) -> None:
        """Remember that the publisher refused, and until when to leave it alone."""
        self._state = self._state.model_copy(update={"not_before": until, "attempts": attempts})
        self._save()

    def served(self) -> None:
        """Remember that the publisher answered."""
        if self._state.not_before or self._state.attempts:
            self._state = self._state.model_copy(update={"not_before": None, "attempts": 0})
            self._save()

    def clear(self) -> None:
        """Throw everything away; the state goes first, so that a crash leaves no page that seems to count."""
        with storage_errors(self._folder):
            (self._folder / STATE_NAME).unlink(missing_ok=True)
            if self._folder.exists():
                shutil.rmtree(self._folder)

    def drop_images(self) -> None:
        """Throw the pictures away, to make room."""
        shutil.rmtree(self.images, ignore_errors=True)

    def _save(self) -> None:
        write_whole(self._folder / STATE_NAME, self._state.model_dump_json(indent=1).encode())

    def _page_path(self, sweep: int, number: int) -> Path:
        return self._folder / f"sweep-{sweep}" / f"{number:05}.json"


@contextmanager
def open_stage(home: Path, source: Source, now: datetime) -> Iterator[Stage]:
    """Open the stage of a list, with what an interrupted sync left there.

    Raises:
        StorageError: another process is syncing this list, or the folder cannot be written.
    """
    folder = lists_folder(home) / source.descriptor.id
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK_NAME, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise StorageError(
                f"Another fieldcheck is syncing {source.descriptor.id} at this moment.",
                next_step="Wait until it has finished, then run the command again.",
            ) from error
    try:
        fingerprint = hashlib.sha256(source.page_url(1).encode()).hexdigest()
        yield Stage(folder / "staging", fingerprint, now)
    finally:
        lock.release()


def _read_state(path: Path) -> _State | None:
    try:
        return _State.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
