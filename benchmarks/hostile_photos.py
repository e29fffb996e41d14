"""Read over 2,000 broken, hostile and odd files and print what became of them, the slowest and the most memory."""

import resource
import sys
import tempfile
import time
from collections import Counter
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from fieldcheck.vision.refusals import Refusal
from hostile import bombs, corpus


def write_all(folder: Path) -> None:
    """Write every file."""
    for number, (name, content) in enumerate(chain(corpus(), bombs())):
        Path(folder, f"{number:04}-{name}").write_bytes(content)


def read_all(folder: Path) -> None:
    """Read them all as queries, one child after another as they fail, and print."""
    outcomes: Counter[str] = Counter()
    times: list[tuple[float, str, str]] = []
    paths = sorted(folder.iterdir())
    before = time.monotonic()
    for path, reading in zip(paths, read_photos(iter(paths), role=Role.QUERY), strict=True):
        now = time.monotonic()
        outcomes[reading.photo.why_not or "read"] += 1
        times.append((now - before, path.name, reading.photo.why_not))
        before = now
    for outcome, count in outcomes.most_common():
        print(f"{count:5}  {outcome}")
    print(f"{len(times)} files; the slowest:")
    for seconds, name, why_not in sorted(times, reverse=True)[:5]:
        print(f"{seconds:6.2f} s  {name}: {why_not or 'read'}")
    for _, name, why_not in times:
        if why_not == Refusal.READER_STOPPED.sentence:
            print(f"ended its reader: {name}")
    print(f"most memory of a reader: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    """Write and read in a process each, so that what each takes is known."""
    with tempfile.TemporaryDirectory() as folder:
        for task in (write_all, read_all):
            process = get_context("spawn").Process(target=task, args=(Path(folder),))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
