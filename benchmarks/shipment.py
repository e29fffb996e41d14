"""A shipment of descriptions in two sizes, in one process and in several: time, memory, and whether the bytes agree.

Run ``python benchmarks/shipment.py [FOLDER]`` with the folder of labelled descriptions and records that `bench_set`
describes. The time of a line may not grow with their number: ten times the lines may take ten times the time and no
more. The larger size is measured between two runs of the smaller, whose mean it is compared with: a machine that others
use is slower at one time than at another.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from pathlib import Path
from statistics import fmean

import command
from bench_set import DEFAULT_FOLDER, LIST_ID, read_asked, records_file, skip_without

SIZES = (1_000, 10_000)
WORKERS = (1, 2)
MOST_GROWTH = 10.0
NOISE = 1.1
"""Two runs of the same lines differ by as much on a machine that is busy with something else."""


def write_manifest(folder: Path, path: Path, lines: int) -> None:
    """The same descriptions over and over, as many as the smaller size has: every size has the same mix."""
    texts = [entry.text for entry in read_asked(folder)]
    random.Random(1).shuffle(texts)  # noqa: S311  # an order, no secret
    rows = ({"ref": f"L{number}", "text": texts[number % SIZES[0]]} for number in range(lines))
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def main() -> int:
    """Print the figures; 1 where ten times the lines take more than ten times the time, or the bytes differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT_FOLDER)
    folder = parser.parse_args().folder
    skip_without(folder)
    failures = []
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        environment = {
            **os.environ,
            "FIELDCHECK_HOME": str(place / "home"),
            "FIELDCHECK_CONFIG": str(place / "config.toml"),
        }
        command.run(("lists", "import", str(records_file(folder)), "--list", LIST_ID), environment)
        spent: dict[tuple[int, int], list[command.Spent]] = {}
        for workers in WORKERS:
            for lines in (*SIZES, SIZES[0]):
                manifest = place / f"{lines}.jsonl"
                write_manifest(folder, manifest, lines)
                output = place / f"{lines}-{workers}.out.jsonl"
                run = ("batch", str(manifest), "--jsonl", str(output), "--fresh", "--workers", str(workers))
                spent.setdefault((lines, workers), []).append(command.run(run, environment))
        for (lines, workers), runs in spent.items():
            told = ", ".join(f"{run.cpu_s:.1f} s" for run in runs)
            print(f"{lines:>6} lines, {workers} workers: {told} CPU, {max(run.memory_mb for run in runs):.0f} MB")
        for workers in WORKERS:
            small, large = (fmean(run.cpu_s for run in spent[lines, workers]) for lines in SIZES)
            print(f"{workers} workers: {SIZES[1] / SIZES[0]:.0f} x the lines in {large / small:.1f} x the time")
            if large > MOST_GROWTH * NOISE * small:
                failures.append(f"the time of a line grows with their number, in {workers} workers")
        failures += [
            f"{lines:,} lines come out otherwise in several workers"
            for lines in SIZES
            if len({(place / f"{lines}-{workers}.out.jsonl").read_bytes() for workers in WORKERS}) > 1
        ]
    print(*failures, sep="\n")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
