"""Asking one publisher at its own pace: pauses, waits that it asks for, and tries again, across restarts."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fieldcheck.errors import SourceError
from fieldcheck.lists.interface import Descriptor
from fieldcheck.sync.backoff import backoff_s
from fieldcheck.sync.failures import BusyError
from fieldcheck.sync.fetch import JSON
from fieldcheck.sync.hosts import declared_hosts
from fieldcheck.sync.stage import LONGEST_POSTPONEMENT, Stage
from fieldcheck.sync.tools import Tools

MAX_TRIES = 5
"""Requests for one page in one run."""

LONGEST_WAIT_S = 3600.0
"""The longest wait that a publisher may ask for while a sync runs; beyond it the sync ends."""

LONGEST_START_WAIT_S = 60.0
"""The longest wait, left over from an earlier run, that a new run sits out."""


class PoliteFetcher:
    """Fetches the pages of one list."""

    def __init__(self, descriptor: Descriptor, stage: Stage, tools: Tools) -> None:
        self._list_id = descriptor.id
        self._hosts = declared_hosts(descriptor.hosts)
        self._pause_s = descriptor.pause_s
        self._stage = stage
        self._fetcher = tools.fetcher
        self._clock = tools.clock
        self._progress = tools.progress
        self._has_asked = False

    def get(self, url: str) -> bytes:
        """Fetch one page, waiting and trying again as needed.

        Raises:
            SourceError: the publisher keeps refusing, asks to stay away, or answers with something else.
        """
        attempt = 1
        while True:
            self._wait_for_turn()
            try:
                body = self._fetcher.get(url, self._hosts, JSON)
            except BusyError as error:
                self._step_back(url, attempt, error)
                attempt += 1
            else:
                self._stage.served()
                return body

    def _wait_for_turn(self) -> None:
        until = self._stage.not_before
        remaining = (until - self._clock.now()).total_seconds() if until else 0.0
        if until and remaining > (LONGEST_WAIT_S if self._has_asked else LONGEST_START_WAIT_S):
            raise SourceError(
                f"{self._list_id}: the publisher asked to wait until {_shown(until)}.",
                next_step=f"Sync again after {_shown(until)}; pages that were fetched are kept.",
            )
        if remaining > 0:
            self._progress.note(f"{self._list_id}: the publisher asks to wait {remaining:.0f} s.")
            self._clock.sleep(remaining)
        elif self._has_asked:
            self._clock.sleep(self._pause_s)
        self._has_asked = True

    def _step_back(self, url: str, attempt: int, error: BusyError) -> None:
        """Decide how long to wait after a refusal, and remember it before waiting."""
        key = f"{url} {self._stage.started_at.isoformat()}"
        if error.reached:
            refusals = self._stage.attempts + 1
            wait_s = max(backoff_s(refusals, key), error.retry_after_s or 0.0)
            wait = timedelta(seconds=min(wait_s, LONGEST_POSTPONEMENT.total_seconds()))
            self._stage.postpone(self._clock.now() + wait, refusals)
        if attempt == MAX_TRIES:
            raise SourceError(
                f"{self._list_id}: given up after {MAX_TRIES} tries. {error}",
                next_step=f"Check the connection to {urlsplit(url).hostname} and sync again; pages are kept.",
            ) from error
        self._progress.note(f"{self._list_id}: {error} Trying again.")
        if not error.reached:
            self._clock.sleep(backoff_s(attempt, key))


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
