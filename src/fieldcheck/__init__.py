"""Offline checks of cultural objects against lists of stolen and at-risk heritage.

>>> import fieldcheck
>>> with fieldcheck.open_cache() as cache:
...     result = fieldcheck.check(fieldcheck.Item(text="painting, The Concert, Vermeer"), cache)
>>> result.verdict.band
<Band.HOLD_LISTED: 'hold_listed'>
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fieldcheck.errors import FieldcheckError
from fieldcheck.models import Band, Candidate, Evidence, Item, Paper, Photo, Record, Result, Verdict
from fieldcheck.version import __version__

if TYPE_CHECKING:
    from fieldcheck.cache.holdings import Holdings

__all__ = [
    "Band",
    "Candidate",
    "Evidence",
    "FieldcheckError",
    "Item",
    "Paper",
    "Photo",
    "Record",
    "Result",
    "Verdict",
    "__version__",
    "check",
    "open_cache",
]


def open_cache(home: Path | None = None) -> "Holdings":
    """Open every list below ``home`` and the starter list; without ``home``, the starter list alone.

    Returns:
        The open lists, to be used as a context manager.

    Raises:
        IntegrityError: the pointer to the lists in use is damaged.
    """
    from fieldcheck.cache.holdings import open_holdings

    return open_holdings(home)


def check(item: Item, cache: "Holdings", *, on: date | None = None, top: int = 10) -> Result:
    """Check one item against the open lists; photos of the item must have been read before.

    Args:
        item: what the officer holds.
        cache: the open lists.
        on: the day on which rules in force are judged; today when not given.
        top: length of the shortlist.
    """
    from fieldcheck.checking import Checker, CheckSettings

    day = on or date.today()  # noqa: DTZ011  # an officer's day is the local one
    return Checker(cache, CheckSettings(on=day.isoformat(), top=top)).check(item)
