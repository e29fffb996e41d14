"""The whole process on one photograph against many: ``photo_scale.py LIST.db PHOTO COUNT [--small]``.

Each reference of the large list is put together from points of four references of LIST.db, so that words and codes are
those of real photographs. Prints the sizes, the time of one check and its memory. With ``--small`` only the references
of LIST.db keep their thumbnails: a million fit on a smaller disk, and of the others none is looked at so closely.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from fieldcheck.cache.build import build_list
from fieldcheck.cache.info import ListInfo, ReferencePhoto
from fieldcheck.cache.opening import open_list
from fieldcheck.cache.versions import change_lock, install
from fieldcheck.models import Record
from fieldcheck.vision.reference import Reference

PARTS = 4
PHOTOS_A_RECORD = 10


def recombined(kept: list[ReferencePhoto], count: int, *, small: bool) -> Iterator[ReferencePhoto]:
    """The references as they are, then as many more as are asked for."""
    random = np.random.default_rng(1)
    references = [Reference.unpack(photo.points) for photo in kept]
    references = [reference for reference in references if len(reference.points) == 400]
    for number in range(count):
        if number < len(kept):
            photo = kept[number]
        else:
            chosen = [references[place] for place in random.integers(0, len(references), PARTS)]
            points = np.concatenate([reference.points[part::PARTS] for part, reference in enumerate(chosen)])
            hashes = [f"{int(value):016x}" for value in random.integers(0, 2**63, 2)]
            packed = Reference(chosen[0].size, points).pack()
            thumbnail = b"" if small else kept[number % len(kept)].thumbnail
            photo = ReferencePhoto("", f"{number}.jpg", f"{number:064x}", *hashes, thumbnail, packed)
        yield ReferencePhoto(
            record_of(number, len(kept)),
            photo.file,
            photo.sha256,
            photo.phash,
            photo.dhash,
            photo.thumbnail,
            photo.points,
        )


def record_of(number: int, kept: int) -> str:
    """The record of a photograph: one of its own for the real ones, one for each ten of the others."""
    return str(number if number < kept else kept + (number - kept) // PHOTOS_A_RECORD)


def build(path: Path, home: Path, count: int, *, small: bool) -> None:
    """Put the large list in use."""
    with open_list(path) as opened:
        kept = list(opened.reference_photos())
    info = ListInfo("large", "A large list")
    last = int(record_of(count - 1, len(kept)))
    records = (Record(id=str(number), title=f"Object {number}") for number in range(last + 1))
    with change_lock(home):
        install(home, info, lambda to: build_list(to, info, records, recombined(kept, count, small=small)))


def print_sizes(database: Path) -> None:
    """The bytes that a list keeps of each photograph."""
    stage_one = "SELECT (SELECT sum(length(postings)) FROM words) + (SELECT sum(length(hashes)) FROM segments)"
    with closing(sqlite3.connect(database)) as connection:
        photos = connection.execute("SELECT count(*) FROM photos").fetchone()[0]
        found = connection.execute(stage_one).fetchone()[0] / photos
        compared, largest = connection.execute("SELECT avg(length(points)), max(length(points)) FROM photos").fetchone()
        shown, most = connection.execute(
            "SELECT avg(length(thumbnail)), max(length(thumbnail)) FROM photos WHERE length(thumbnail) > 0"
        ).fetchone()
    print(
        f"{photos} photographs, {database.stat().st_size / photos:,.0f} bytes each: {found:,.0f} to find it, "
        f"{compared:,.0f} (at most {largest:,}) to compare it, {shown:,.0f} (at most {most:,}) to show it",
        flush=True,
    )


def main() -> None:
    """Build in a process of its own, whose memory would else count for what follows; check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("photo")
    parser.add_argument("count", type=int)
    parser.add_argument("--small", action="store_true", help="leave out the thumbnails")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        started = time.monotonic()
        builder = get_context("spawn").Process(
            target=build, args=(asked.list, Path(home), asked.count), kwargs={"small": asked.small}
        )
        builder.start()
        builder.join()
        (database,) = Path(home, "lists", "large").glob("*.db")
        size, took = database.stat().st_size, time.monotonic() - started
        print(f"{asked.count} photographs: {size / 1e6:,.0f} MB, built in {took:.0f} s", flush=True)
        print_sizes(database)
        for _ in range(3):
            check(asked.photo, home)


def check(photo: str, home: str) -> None:
    """One check as a process of its own, and what it took; memory is that of the largest process, the builder aside."""
    measured = [
        sys.executable,
        "-c",
        _MEASURE,
        sys.executable,
        "-m",
        "fieldcheck",
        "check",
        "--photo",
        photo,
        "--plain",
    ]
    environment = {**os.environ, "FIELDCHECK_HOME": home, "OPENBLAS_NUM_THREADS": "1"}
    print(subprocess.run(measured, env=environment, check=True, capture_output=True, text=True).stdout, flush=True)


_MEASURE = """
import resource, subprocess, sys, time
started = time.monotonic()
said = subprocess.run(sys.argv[1:], capture_output=True, text=True).stdout
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.monotonic() - started:.2f} s wall, {used.ru_utime + used.ru_stime:.2f} s CPU,", end=" ")
print(f"{used.ru_maxrss / 1024:.0f} MB; {said[:60]!r}")
"""


if __name__ == "__main__":
    main()
