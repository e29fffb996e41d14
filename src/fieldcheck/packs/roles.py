"""The four roles of a channel, and for how long each signs.

Source: TUF specification 1.0.34, section 2.1. The root names the keys of all roles; targets says which files are given
out; snapshot and timestamp say which metadata is the newest, so that no old one can be passed off as new.
"""

import enum
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from fieldcheck.errors import UsageError

MOST_DAYS = 3_650


@enum.unique
class Role(enum.StrEnum):
    """What a key may sign."""

    ROOT = "root"
    TARGETS = "targets"
    SNAPSHOT = "snapshot"
    TIMESTAMP = "timestamp"


DAYS: Mapping[Role, int] = {Role.ROOT: 730, Role.TARGETS: 180, Role.SNAPSHOT: 31, Role.TIMESTAMP: 31}
"""For how many days a signature holds. The last two are how long a stick can be used, and how long somebody could
hold newer lists back unnoticed."""


def expiry(role: Role, days: Mapping[Role, int], now: datetime) -> datetime:
    """When what is signed now runs out, in whole seconds."""
    return now.replace(microsecond=0) + timedelta(days=days[role])


def read_days(said: Iterable[str]) -> dict[Role, int]:
    """For how many days each role signs, from texts such as ``timestamp=14``; what is not said is as in `DAYS`.

    Raises:
        UsageError: a text names no role or no number of days.
    """
    return {**DAYS, **_numbers(said, MOST_DAYS, "days, such as timestamp=14")}


def read_thresholds(said: Iterable[str]) -> dict[Role, int]:
    """How many keys of a role must sign, from texts such as ``root=3``.

    Raises:
        UsageError: a text names no role or no number.
    """
    return _numbers(said, 20, "keys, such as root=3")


def _numbers(said: Iterable[str], most: int, meaning: str) -> dict[Role, int]:
    found: dict[Role, int] = {}
    for text in said:
        name, _, number = text.partition("=")
        if name not in set(Role) or not number.isdecimal() or not 0 < int(number[:9]) <= most:
            raise UsageError(
                f"{text[:40]!r} is no number of {meaning}.",
                next_step=f"Name one of {', '.join(Role)} and a number from 1 to {most:,}.",
            )
        found[Role(name)] = int(number)
    return found
