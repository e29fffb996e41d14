"""The latest time that was ever seen here: a clock that is set back makes no list fresh and no law young again.

It is kept in ``clock.json`` in the home folder. Whoever may write there can delete it; it guards against a dead
clock battery and a wrong date, not against the owner of the computer.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fieldcheck.errors import StorageError
from fieldcheck.files import write_whole

FILE_NAME = "clock.json"
TOLERANCE = timedelta(days=1)
"""A clock may be behind by this much without a word: clocks drift, and are corrected."""

_STEP = timedelta(hours=1)
_MOST_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day: what the clock says, and what is believed, which is never earlier than anything seen before."""

    clock: datetime
    believed: datetime

    @property
    def is_clock_behind(self) -> bool:
        """Whether the clock is too far behind to be right."""
        return self.believed - self.clock > TOLERANCE


def in_utc(time: datetime) -> str:
    """A time as the pointer and the casebook keep it: ISO 8601 in UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(home: Path | None, clock: datetime) -> Moment:
    """What to believe of a clock, in UTC."""
    seen = latest_seen(home)
    return Moment(clock, max(clock, seen) if seen else clock)


def latest_seen(home: Path | None) -> datetime | None:
    """The latest time that was seen, or None where none is remembered."""
    if home is None:
        return None
    try:
        with (home / FILE_NAME).open("rb") as file:
            seen = datetime.fromisoformat(json.loads(file.read(_MOST_BYTES))["latest"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return seen if seen.tzinfo else seen.replace(tzinfo=UTC)


def remember(home: Path | None, seen: datetime) -> None:
    """Remember a time that is later than those before by an hour or more; a home that cannot be written is left."""
    latest = latest_seen(home)
    if home is not None and (latest is None or seen - latest >= _STEP):
        reset(home, seen)


def reset(home: Path, now: datetime) -> None:
    """Believe the clock again, whatever was seen before."""
    content = {"latest": now.astimezone(UTC).isoformat(timespec="seconds")}
    try:
        write_whole(home / FILE_NAME, json.dumps(content).encode())
    except StorageError:
        return
