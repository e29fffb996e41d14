"""The labelled descriptions and records that the text benchmarks measure with, and where they are."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldcheck.models import Record

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "bench" / "text"
LIST_ID = "bench"


@dataclass(frozen=True, slots=True)
class Asked:
    """One description; ``truth`` is the id of the record it was made from, empty for an object that is in no record."""

    ref: str
    text: str
    set: str
    lang: str
    truth: str

    @property
    def group(self) -> str:
        """The group that a target is set for."""
        if self.lang == "en":
            return "English"
        return "other languages, no maker" if self.set.startswith("xlnm") else "other languages, maker"


def records_file(folder: Path) -> Path:
    """The records of a bench folder, in the canonical import columns."""
    return folder / "records.csv.gz"


def queries_file(folder: Path) -> Path:
    """The descriptions of a bench folder."""
    return folder / "queries.jsonl"


def read_asked(folder: Path) -> list[Asked]:
    """Every description of a bench folder, in its order."""
    with queries_file(folder).open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Asked(row["ref"], row["text"], row["set"], row["lang"], row["truth"] or "") for row in rows]


def read_records(folder: Path) -> tuple["Record", ...]:
    """Every record of a bench folder, read as an import reads them."""
    from fieldcheck.lists.files import read_list_file

    return tuple(read_list_file(records_file(folder), list_id=LIST_ID).records)


def skip_without(folder: Path) -> None:
    """End the program, as passed, where the bench folder is not there."""
    if not (records_file(folder).is_file() and queries_file(folder).is_file()):
        print(f"Skipped: no labelled records and descriptions in {folder}; name their folder as the argument.")
        sys.exit(0)
