"""How a check holds up as a list grows: 10,000 records, 100,000 and a million, mixed from real ones.

Run ``python benchmarks/scale.py [FOLDER] [--sizes 10000 100000 1000000] [--keep DIR] [--peer]``. With ``--keep`` the
lists stay in DIR and are used again by the next run, which is right as long as the program reads and files records as
before. Times are CPU times.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from bench_set import DEFAULT_FOLDER, LIST_ID, Asked, read_asked, read_records, skip_without
from command import Spent, run
from contenders import Fieldcheck, FullText, Measured, measure, peak_memory_mb
from quality import by_group

if TYPE_CHECKING:
    from fieldcheck.models import Record

SIZES = (10_000, 100_000, 1_000_000)
COLD_TEXTS = (
    "bronze statuette of a horse, 12 cm",
    "oil painting on canvas, landscape with a river, 19th century, 60 x 80 cm",
    "гравюра, бумага, 1780, 30 x 40 см",
    "Turner watercolour on paper 22 x 30 cm",
    "silver spoon",
)
COLD_RUNS = 3
LARGE = 1_000_000
LARGE_FIRST, LARGE_TEN = 0.75, 0.93
COLD_MS, COLD_MB = 200.0, 200.0


@dataclass(frozen=True, slots=True)
class Building:
    """What it cost to build a list; CPU seconds, megabytes of memory and of the file."""

    cpu_s: float
    memory_mb: float
    file_mb: float


@dataclass(frozen=True, slots=True)
class Row:
    """Everything measured at one size; ``built`` is None where the list was there from before."""

    size: int
    built: Building | None
    file_mb: float
    warm: Measured
    cold: Spent
    peer: Measured | None


def main() -> int:
    """Print one line for each size; the exit code says whether the targets for a million records are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--keep", type=Path, help="keep the lists here and use those that are here")
    parser.add_argument("--peer", action="store_true", help="measure FTS5 bm25 alone as well")
    given = parser.parse_args()
    skip_without(given.folder)
    asked = [one for one in read_asked(given.folder) if one.truth]
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in given.sizes:
            row = _measure(given.folder, asked, size, given.keep or Path(scratch), peer=given.peer)
            _show(row, asked)
            missed += _missed(row, asked)
    for target in missed:
        print(f"MISSED {target}")
    return int(bool(missed))


def _measure(folder: Path, asked: list[Asked], size: int, keep: Path, *, peer: bool) -> Row:
    home = keep / f"{size}"
    built = None
    if not (home / "lists" / "current.json").is_file():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
            built = one.submit(_build, folder, home, size).result()
    texts = [entry.text for entry in asked]
    warm = measure(Fieldcheck, home, texts, tuple)
    plain = None
    if peer:
        with tempfile.TemporaryDirectory(dir=keep) as scratch:
            plain = measure(FullText, Path(scratch), texts, partial(_records, folder, size))
    return Row(size, built, _file_mb(home), warm, _cold(home), plain)


def _build(folder: Path, home: Path, size: int) -> Building:
    from mixing import mixed

    from fieldcheck.cache.build import build_list
    from fieldcheck.cache.info import ListInfo
    from fieldcheck.cache.versions import install

    records = read_records(folder)
    info = ListInfo(id=LIST_ID, name=f"{size:,} records")
    started = time.process_time()
    install(home, info, lambda path: build_list(path, info, mixed(records, size)))
    return Building(time.process_time() - started, peak_memory_mb(), _file_mb(home))


def _records(folder: Path, size: int) -> "list[Record]":
    from mixing import mixed

    return list(mixed(read_records(folder), size))


def _cold(home: Path) -> Spent:
    """The median CPU time of checks that each start the program, and the most memory of any."""
    environment = {**os.environ, "FIELDCHECK_HOME": str(home), "FIELDCHECK_CONFIG": str(home / "config.toml")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    command = ("check", "--list", LIST_ID, "--plain")
    run((*command, COLD_TEXTS[0]), environment)
    spent = [run((*command, text), environment) for text in COLD_TEXTS for _ in range(COLD_RUNS)]
    return Spent(
        statistics.median(one.cpu_s for one in spent),
        max(one.memory_mb for one in spent),
        max(one.code for one in spent),
    )


def _file_mb(home: Path) -> float:
    return sum(path.stat().st_size for path in (home / "lists").rglob("*.db")) / 1e6


def _show(row: Row, asked: list[Asked]) -> None:
    built = row.built
    building = f"built in {built.cpu_s:.0f} s CPU with {built.memory_mb:.0f} MB" if built else "built before"
    print(f"{row.size:,} records, {building}, file {row.file_mb:.0f} MB")
    for measured in (row.warm, row.peer):
        if measured:
            print(f"  {measured.name}: {measured.cpu_ms:.1f} ms CPU a description, {measured.memory_mb:.0f} MB")
            for name, found in by_group(asked, measured.answers).items():
                print(f"    {name:<26} {found.count:>5}  first {found.first:.3f}  ten {found.ten:.3f}")
    print(f"  cold check: {1_000 * row.cold.cpu_s:.0f} ms CPU, {row.cold.memory_mb:.0f} MB", flush=True)


def _missed(row: Row, asked: list[Asked]) -> list[str]:
    if row.size < LARGE:
        return []
    found = by_group(asked, row.warm.answers)["all"]
    cold = 1_000 * row.cold.cpu_s
    checks = (
        (found.first >= LARGE_FIRST, f"right first {found.first:.3f}, not {LARGE_FIRST}"),
        (found.ten >= LARGE_TEN, f"in the first ten {found.ten:.3f}, not {LARGE_TEN}"),
        (cold <= COLD_MS, f"a cold check takes {cold:.0f} ms CPU, not {COLD_MS:.0f}"),
        (row.cold.memory_mb <= COLD_MB, f"a cold check takes {row.cold.memory_mb:.0f} MB, not {COLD_MB:.0f}"),
    )
    return [f"{row.size:,} records: {text}" for kept, text in checks if not kept]


if __name__ == "__main__":
    sys.exit(main())
