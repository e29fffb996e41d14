"""The whole process on one photograph against many: ``photo_scale.py LIST.db PHOTO COUNT``.

Each reference of the large list is put together from points of four references of LIST.db, so that words and codes are
those of real photographs. Prints the size, the time of one check and its memory.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
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


def recombined(kept: list[ReferencePhoto], count: int) -> Iterator[ReferencePhoto]:
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
            photo = ReferencePhoto(
                "", f"{number}.jpg", f"{number:064x}", *hashes, kept[number % len(kept)].thumbnail, packed
            )
        yield ReferencePhoto(
            str(number), photo.file, photo.sha256, photo.phash, photo.dhash, photo.thumbnail, photo.points
        )


def build(path: Path, home: Path, count: int) -> None:
    """Put the large list in use."""
    with open_list(path) as opened:
        kept = list(opened.reference_photos())
    info = ListInfo("large", "A large list")
    records = (Record(id=str(number), title=f"Object {number}") for number in range(count))
    with change_lock(home):
        install(home, info, lambda to: build_list(to, info, records, recombined(kept, count)))


def main() -> None:
    """Build in a process of its own, whose memory would else count for what follows; check and print."""
    path, photo, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as home:
        started = time.monotonic()
        builder = get_context("spawn").Process(target=build, args=(path, Path(home), count))
        builder.start()
        builder.join()
        (database,) = Path(home, "lists", "large").glob("*.db")
        size, took = database.stat().st_size, time.monotonic() - started
        print(f"{count} photographs: {size / 1e6:,.0f} MB, built in {took:.0f} s", flush=True)
        for _ in range(3):
            check(photo, home)


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
