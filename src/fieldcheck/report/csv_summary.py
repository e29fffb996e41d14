"""A shipment's verdicts as a table for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from fieldcheck.files import write_whole
from fieldcheck.report.sanitise import csv_cell
from fieldcheck.report.views import BatchEntry

COLUMNS = ("ref", "band", "headline")


def write_summary(path: Path, entries: Sequence[BatchEntry]) -> None:
    """Write one row for each item; cells that a spreadsheet would take for formulas are neutralised.

    The file begins with a byte order mark, without which Excel does not read it as UTF-8.

    Raises:
        StorageError: the file cannot be written.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for entry in entries:
        band = entry.band.value if entry.band else "not_checked"
        rows.writerow([csv_cell(entry.ref), band, csv_cell(entry.headline)])
    write_whole(path, text.getvalue().encode("utf-8-sig", "replace"))
