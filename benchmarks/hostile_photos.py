"""Read over 2,000 broken, hostile and odd files and print what became of them, the slowest and the most memory."""

import resource
import sys
import tempfile
import time
from collections import Counter
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from hostile import bombs, corpus


def main() -> None:
    """Read them all as queries, one child after another as they fail."""
    outcomes: Counter[str] = Counter()
    times: list[tuple[float, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (name, content) in enumerate(chain(corpus(), bombs())):
            paths.append(Path(folder, f"{number}-{name}"))
            paths[-1].write_bytes(content)
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
    print(f"most memory of a child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
