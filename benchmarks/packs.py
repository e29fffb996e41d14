"""Building a pack with one and with two workers, and on a Dask cluster: time, and whether the bytes are the same.

``packs.py [FOLDER] [--count N] [--cluster]``: FOLDER holds photos, of which N different ones are made by
cropping a few pixels. Wall times mean something on an idle computer only; beside them stand the CPU seconds of the
building process itself, which no worker can take over, and of its workers, and the ratio that follows from these.
"""

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "bench" / "photos" / "refs"
LIST_ID = "bench"
TARGET = 1.7


@dataclass(frozen=True, slots=True)
class Run:
    """One build: wall seconds, CPU seconds of the building process and of those it started, and the file's SHA-256."""

    wall_s: float
    own_s: float
    workers_s: float
    sha256: str


def make_photos(source: Path, folder: Path, count: int) -> None:
    """``count`` different photos, each a real one less a few pixels, and the list that names them."""
    folder.mkdir()
    real = sorted(path for path in source.iterdir() if path.suffix == ".jpg")
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "object_type", "status", "images"])
        for number in range(count):
            turn, place = divmod(number, len(real))
            name = f"{number}.jpg"
            with Image.open(real[place]) as picture:
                box = (turn % 9, turn // 9 % 9, picture.width, picture.height)
                picture.convert("RGB").crop(box).save(folder / name, quality=90)
            rows.writerow([f"B-{number}", f"Object {number}", "painting", "stolen", name])


def build(photos: Path, work: Path, workers: int, scheduler: str = "") -> Run:
    """One build in a process of its own."""
    context = get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_build, (photos, work, workers, scheduler))


def _build(photos: Path, work: Path, workers: int, scheduler: str) -> Run:
    from fieldcheck.lists.files import read_list_file
    from fieldcheck.packs.building import Plan, Watcher, build_pack
    from fieldcheck.packs.cluster import Cluster
    from fieldcheck.packs.workshop import Workshop

    imported = read_list_file(photos / "list.csv", list_id=LIST_ID, published="2026-01-01")
    watcher = Watcher(lambda *_: None, lambda text: print(text, file=sys.stderr))
    start, before = time.perf_counter(), os.times()
    with Cluster(scheduler) if scheduler else nullcontext() as cluster:
        read = cluster.read if cluster else None
        index = build_pack(Workshop(work), imported, Plan(photos, workers, read), watcher)
    after = os.times()
    own_s = after.user + after.system - before.user - before.system
    children_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(time.perf_counter() - start, own_s, children_s, index.sha256)


@contextmanager
def cluster_of(workers: int, folder: Path) -> Iterator[str]:
    """A cluster on this computer, one thread a worker; gives the scheduler's address."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]  # it has no types
        n_workers=workers, threads_per_worker=1, dashboard_address=":0", local_directory=folder
    ) as cluster:
        yield cluster.scheduler_address


def told(name: str, run: Run, count: int) -> str:
    """One line of the table."""
    return (
        f"{name:24} {run.wall_s:8.1f} s wall  {run.own_s:7.1f} s CPU itself  {run.workers_s:8.1f} s CPU workers"
        f"  {run.workers_s / count * 1000:6.1f} ms a photo  {run.sha256[:12]}"
    )


def main() -> None:
    """Build, compare, and end with 1 where a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--cluster", action="store_true")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        print(f"Skipped: no photos in {arguments.folder}.")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_photos(arguments.folder, folder / "photos", arguments.count)
        runs = {}
        for workers in (1, 2):
            runs[f"{workers} workers"] = build(folder / "photos", folder / f"work-{workers}", workers)
            print(told(f"{workers} workers", runs[f"{workers} workers"], arguments.count), flush=True)
        if arguments.cluster:
            with cluster_of(2, folder / "dask") as address:
                runs["Dask, 2 workers"] = build(folder / "photos", folder / "work-dask", 0, address)
            print(told("Dask, 2 workers", runs["Dask, 2 workers"], arguments.count), flush=True)
    one, two = runs["1 workers"], runs["2 workers"]
    ratio = one.wall_s / two.wall_s
    follows = (one.own_s + one.workers_s) / (two.own_s + two.workers_s / 2)
    same = len({run.sha256 for run in runs.values()}) == 1
    print(f"Two workers beside one: {ratio:.2f} times by the clock, {follows:.2f} by CPU seconds; target {TARGET}.")
    print(f"The same bytes: {'yes' if same else 'NO'}.")
    sys.exit(0 if same and ratio >= TARGET else 1)


if __name__ == "__main__":
    main()
