"""Find labelled photographs in a list of records, through the program itself, with peers beside it.

``photo.py FOLDER``: FOLDER has ``refs.csv`` (records and their photographs), ``truth.csv`` (each query's
right records and class) and the photographs. Prints a table: per class, the share whose right record came first, was
in the first ten, was strong; and one of peers (`photo_peers.py`, `photo_networks.py`) with the recall at which nothing
passes for a photograph of no record: their thresholds are chosen on these very photographs, ours was chosen on others.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from photo_networks import run_networks
from photo_peers import Peer, run_peers
from photo_scale import print_sizes
from PIL import Image, ImageOps

TURNED = ("identical", "recompressed", "cropped", "phone")
EVERY_TURNED = 4
SOLID = "other_view"
ABSENT = "absent"
FIRST_TEN = 10
KNOWN_LABEL_ERRORS = {("q0447.jpg", "est-045")}
"""Strong matches that the labels call wrong and that are right when looked at."""


@dataclass(frozen=True, slots=True)
class Query:
    """One photograph, its class, and the ids of its right records; none where it is in no record."""

    file: Path
    kind: str
    right: frozenset[str]


@dataclass(slots=True)
class Tally:
    """What came of one class."""

    queries: int = 0
    first: int = 0
    ten: int = 0
    strong_right: int = 0
    strong_wrong: int = 0
    possible: int = 0
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only-us", action="store_true", help="leave the peers out")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    with tempfile.TemporaryDirectory() as work:
        queries = read_queries(folder) + turned_copies(read_queries(folder), Path(work))
        ours(folder, queries, Path(work))
        if not asked.only_us:
            records, files = references(folder)
            photographs = [query.file for query in queries]
            print_table([*run_peers(files, photographs), *run_networks(files, photographs)], queries, records)


def read_queries(folder: Path) -> list[Query]:
    """The labelled queries."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Query(folder / row["query"], kind_of(row), frozenset(filter(None, row["ref_id"].split("|")))) for row in rows
    ]


def kind_of(row: Mapping[str, str]) -> str:
    """The class; of solid objects with where the photograph is from, since one studio shares its backdrop."""
    return f"{SOLID} {row['origin']}" if row["class"] == SOLID else row["class"]


def turned_copies(queries: Iterable[Query], work: Path) -> list[Query]:
    """Every fourth query of the classes that show the record's photograph, turned and mirrored."""
    chosen = [query for query in queries if query.kind in TURNED][::EVERY_TURNED]
    copies: list[Query] = []
    for number, query in enumerate(chosen):
        with Image.open(query.file) as opened:
            picture = opened.convert("RGB")
        for name, turned in (
            ("mirrored", ImageOps.mirror(picture)),
            ("turned", picture.transpose((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180)[number % 2])),
        ):
            file = work / f"{name}-{query.file.stem}.jpg"
            turned.save(file, quality=90)
            copies.append(Query(file, f"{name} copy", query.right))
    return copies


def ours(folder: Path, queries: Sequence[Query], work: Path) -> None:
    """Import, check and print what came of each class."""
    home = {**os.environ, "FIELDCHECK_HOME": str(work / "home")}
    fieldcheck = [sys.executable, "-m", "fieldcheck"]
    started = time.monotonic()
    importing = [*fieldcheck, "lists", "import", str(folder / "refs.csv"), "--list", "bench", "--images", str(folder)]
    subprocess.run(importing, env=home, check=True, capture_output=True)
    took = time.monotonic() - started
    database = next((work / "home" / "lists" / "bench").glob("*.db"))
    print(f"import: {took:.0f} s")
    print_sizes(database)
    manifest, out = work / "items.csv", work / "out.jsonl"
    with manifest.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("ref", "photos"))
        rows.writerows((number, query.file) for number, query in enumerate(queries))
    started, before = time.monotonic(), _children_cpu()
    subprocess.run(
        [*fieldcheck, "batch", str(manifest), "--jsonl", str(out)], env=home, check=False, capture_output=True
    )
    wall, cpu = time.monotonic() - started, _children_cpu() - before
    print(f"batch: {wall / len(queries):.2f} s wall, {cpu / len(queries):.2f} s CPU a photograph")
    tallies: dict[str, Tally] = defaultdict(Tally)
    for line in out.read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        query = queries[int(result["ref"])]
        count(tallies[query.kind], query, result.get("candidates", []))
    print(
        f"{'class':26} {'n':>4} {'first':>6} {'in ten':>6} {'strong, right':>13} {'strong, wrong':>13} {'possible':>8}"
    )
    for kind, tally in sorted(tallies.items()):
        shares = (tally.first, tally.ten, tally.strong_right)
        print(
            f"{kind:26} {tally.queries:4}", *(f"{share / tally.queries:6.3f}" for share in shares[:2]),
            f"{tally.strong_right / tally.queries:13.3f} {tally.strong_wrong:13} {tally.possible:8}",
        )  # fmt: skip
    for kind, tally in sorted(tallies.items()):
        for told in tally.wrong:
            print(f"  {kind}: {told}")
    one_photo(queries, work, home)


def count(tally: Tally, query: Query, candidates: Sequence[Mapping[str, object]]) -> None:
    """Add one result to its class."""
    found = [str(candidate["record"]) for candidate in candidates]
    strong = {str(candidate["record"]) for candidate in candidates if candidate["strength"] == "strong"}
    possible = {str(candidate["record"]) for candidate in candidates if candidate["strength"] == "possible"}
    tally.queries += 1
    tally.first += bool(found and found[0] in query.right)
    tally.ten += bool(query.right & set(found[:FIRST_TEN]))
    tally.strong_right += bool(strong & query.right)
    tally.strong_wrong += bool(strong - query.right)
    tally.possible += bool(possible - query.right) and not strong
    if wrong := (strong | possible) - query.right:
        known = {name for name in wrong if (query.file.name, name) in KNOWN_LABEL_ERRORS}
        names = ", ".join(
            f"{name} {'strong' if name in strong else 'possible'}{' (known label error)' if name in known else ''}"
            for name in sorted(wrong)
        )
        tally.wrong.append(f"{query.file.name}: {names}")


def one_photo(queries: Sequence[Query], work: Path, home: Mapping[str, str]) -> None:
    """The whole process on one photograph of twelve megapixels, on one core."""
    photo = work / "large.jpg"
    with Image.open(next(query.file for query in queries if query.kind == "phone")) as picture:
        picture.convert("RGB").resize((4000, 3000)).save(photo, quality=90)
    command = [sys.executable, "-m", "fieldcheck", "check", "--photo", str(photo), "--plain"]
    times, one_core = [], {**home, "OPENBLAS_NUM_THREADS": "1"}
    for _ in range(3):
        started, before = time.monotonic(), _children_cpu()
        subprocess.run(command, env=one_core, check=False, capture_output=True)
        times.append((time.monotonic() - started, _children_cpu() - before))
    wall, cpu = min(times)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"one photograph of 12 megapixels: {wall:.2f} s wall, {cpu:.2f} s CPU; largest process so far {memory:.0f} MB"
    )


def references(folder: Path) -> tuple[list[str], list[Path]]:
    """The record and the file of each reference photograph."""
    with (folder / "refs.csv").open(encoding="utf-8", newline="") as file:
        named = [(row["id"], folder / image) for row in csv.DictReader(file) for image in row["images"].split(" | ")]
    return [record for record, _ in named], [file for _, file in named]


def print_table(peers: Iterable[Peer], queries: Sequence[Query], records: Sequence[str]) -> None:
    """A line for each peer, with three shares for each class."""
    kinds = sorted({query.kind for query in queries} - {ABSENT})
    counts = [sum(query.kind == kind for query in queries) for kind in kinds]
    named = [f"{kind} ({count})" for kind, count in zip(kinds, counts, strict=True)]
    print("peers: right record first / in ten / where no photograph of no record passes")
    print(f"| {'way':46} | CPU ms | bytes |", *(f"{name} |" for name in named))
    print("|---|--:|--:|", *("---|" for _ in kinds))
    for peer in peers:
        shares = shares_of(peer, queries, records)
        cells = (" / ".join(f"{share:.2f}" for share in shares[kind]) for kind in kinds)
        print(f"| {peer.name:46} | {peer.seconds * 1000:6,.0f} | {peer.bytes_a_photo:5,} |", *(f"{c} |" for c in cells))


def shares_of(peer: Peer, queries: Sequence[Query], records: Sequence[str]) -> dict[str, np.ndarray]:
    """Of each class the share first, in ten, and above the highest score of a photograph of no record."""
    least = max(found.max() for query, found in zip(queries, peer.scores, strict=True) if query.kind == ABSENT)
    by_kind: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for query, found in zip(queries, peer.scores, strict=True):
        order = np.argsort(-found, kind="stable")
        ranked = list(dict.fromkeys(records[place] for place in order))[:FIRST_TEN]
        right = found[[record in query.right for record in records]].max(initial=-np.inf)
        by_kind[query.kind].append((ranked[0] in query.right, bool(query.right & set(ranked)), right > least))
    return {kind: np.mean(rows, axis=0) for kind, rows in by_kind.items()}


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
