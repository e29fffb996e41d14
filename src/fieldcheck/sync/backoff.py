"""How long to wait before asking a publisher again."""

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_S = 2.0
LONGEST_S = 60.0
_MOST_DOUBLINGS = 10
_MOST_DIGITS = 18


def backoff_s(attempt: int, key: str) -> float:
    """Seconds to wait after the ``attempt``-th refusal in a row, counted from 1.

    Doubles each time up to `LONGEST_S`. The upper half is spread by ``key``, so that many machines that were
    refused together do not come back together, and the same machine waits the same time in a test.
    """
    longest = min(FIRST_S * (1 << min(attempt - 1, _MOST_DOUBLINGS)), LONGEST_S)
    spread = hashlib.sha256(f"{key} {attempt}".encode()).digest()[0] / 255
    return longest * (0.5 + spread / 2)


def asked_wait_s(retry_after: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait; None where it is unreadable.

    The header holds seconds or an HTTP date. Source: RFC 9110, section 10.2.3.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(int(text[:_MOST_DIGITS]))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
