"""Keeping a download below a rate, so that a checkpoint's other work keeps its share of a thin line."""

import re

from fieldcheck.errors import UsageError
from fieldcheck.sync.clock import Clock

_LONGEST_SLEEP_S = 0.2
_SAVED_S = 1.0
"""How many seconds' worth of bytes may be saved up while nothing came."""

_RATE = re.compile(r"([0-9]{1,12})([kKmM]?)")
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


class RateLimit:
    """A token bucket: a byte that is taken costs a token, and tokens come at a fixed rate.

    Args:
        bytes_per_s: the rate.
        clock: measures time and sleeps, never long at once, so that an interruption is heard.
    """

    def __init__(self, bytes_per_s: int, clock: Clock) -> None:
        self.bytes_per_s = bytes_per_s
        self._clock = clock
        self._tokens = 0.0
        self._looked_at = clock.monotonic()

    def take(self, count: int) -> None:
        """Wait until that many bytes may have come."""
        now = self._clock.monotonic()
        earned = (now - self._looked_at) * self.bytes_per_s
        self._tokens = min(self._tokens + earned, _SAVED_S * self.bytes_per_s) - count
        self._looked_at = now
        wait_s = -self._tokens / self.bytes_per_s
        while wait_s > 0:
            self._clock.sleep(min(wait_s, _LONGEST_SLEEP_S))
            wait_s -= _LONGEST_SLEEP_S


def read_rate(text: str) -> int:
    """Read a rate as it is typed: bytes a second, or thousands (``200k``) or millions (``2M``) of them.

    Raises:
        UsageError: it is none, or 0.
    """
    match = _RATE.fullmatch(text.strip())
    rate = int(match[1]) * _UNITS[match[2].casefold()] if match else 0
    if not rate:
        raise UsageError(
            f"{text[:40]!r} is no rate.", next_step="Give bytes a second, such as 200k or 2M, with --limit-rate."
        )
    return rate
