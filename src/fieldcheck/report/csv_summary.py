"""A shipment's verdicts as a table for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from fieldcheck.files import write_whole
from fieldcheck.report.sanitise import csv_cell
from fieldcheck.report.views import WORST_FIRST, BatchEntry

COLUMNS = ("ref", "band", "headline", "not_checked", "photos", "alike")
_SEPARATOR = " | "


def write_summary(path: Path, entries: Sequence[BatchEntry]) -> None:
    """Write one row for each item, worst first; cells that a spreadsheet would take for formulas are neutralised.

    The file begins with a byte order mark, without which Excel does not read it as UTF-8.

    Raises:
        StorageError: the file cannot be written.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for entry in sorted(entries, key=lambda entry: WORST_FIRST.index(entry.band)):
        band = entry.band.value if entry.band else "not_checked"
        said = (entry.headline, entry.gaps, _SEPARATOR.join(entry.photos), str(entry.alike or ""))
        rows.writerow([csv_cell(entry.ref), band, *map(csv_cell, said)])
    write_whole(path, text.getvalue().encode("utf-8-sig", "replace"))
