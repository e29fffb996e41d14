"""Named periods and dynasties with their years, from ``data/periods.csv``."""

import csv
from functools import cache

from fieldcheck.datafiles import data_folder
from fieldcheck.text.concepts import LANGUAGES


@cache
def period_years() -> dict[str, tuple[int, int]]:
    """Names of periods, casefolded, with their first and last year; BC is negative."""
    with (data_folder() / "periods.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {
        name.casefold(): (int(row["start"]), int(row["end"]))
        for row in rows
        for language in LANGUAGES
        for name in (row[language] or "").split("|")
        if name
    }
