"""How well and how fast descriptions find their records, beside the plain ways to search the same records.

Run ``python benchmarks/text.py [FOLDER] [--json FILE]``; FOLDER holds ``records.csv.gz`` and ``queries.jsonl``. The
quality of fieldcheck is that of its command line: the records are imported, the descriptions are a manifest for
``batch``, and its JSON is what is judged. Times are CPU times, so that a busy machine does not change them much.
"""

import argparse
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bench_set import DEFAULT_FOLDER, LIST_ID, Asked, queries_file, read_asked, read_records, records_file, skip_without
from command import Spent, run
from contenders import NEEDS, PEERS, Fieldcheck, Matching, Measured, Ranked, measure
from quality import LEVELS, Honesty, Quality, by_group, by_set, honesty, honesty_by_score

TARGETS = {"English": (0.93, 0.98), "other languages, maker": (0.88, 0.0), "other languages, no maker": (0.85, 0.0)}
RIGHT_AT = {"1 %": 0.45, "10 %": 0.75}
FASTER = 10.0
"""A warm check must cost this many times less than rapidfuzz over everything."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What ``batch`` said: the ranked records, and the word for the first one, empty where there is none."""

    ranked: list[Ranked]
    words: list[str]


def main() -> int:
    """Print the tables; the exit code says whether every target is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--no-peers", action="store_true", help="measure fieldcheck alone")
    given = parser.parse_args()
    skip_without(given.folder)
    asked = read_asked(given.folder)
    with tempfile.TemporaryDirectory() as scratch:
        report = _Report(asked, given.folder, Path(scratch), peers=not given.no_peers)
    report.show()
    if given.json:
        given.json.write_text(json.dumps(report.figures(), indent=1, ensure_ascii=False), encoding="utf-8")
    return int(bool(report.missed()))


class _Report:
    """Everything measured in one run."""

    def __init__(self, asked: list[Asked], folder: Path, scratch: Path, *, peers: bool) -> None:
        home = scratch / "home"
        self.asked = asked
        self.imported, self.batch, self.answers = _command_line(asked, folder, home, scratch / "out.jsonl")
        texts = [one.text for one in asked]
        kinds = [kind for kind in PEERS if peers and _installed(kind.name)]
        self.ours = measure(Fieldcheck, home, texts, tuple)
        self.alone = measure(Matching, home, texts, tuple)
        self.peers = [
            measure(kind, _made(scratch / kind.__name__), texts, partial(read_records, folder)) for kind in kinds
        ]

    def honesty(self) -> dict[str, Honesty]:
        """What the words for strength are worth."""
        words = {"1 %": {"strong"}, "10 %": {"strong", "possible"}}
        return {
            level: honesty(self.asked, self.answers.ranked, [word in words[level] for word in self.answers.words])
            for level in LEVELS
        }

    def missed(self) -> list[str]:
        """The targets that were not met, in words."""
        missed = []
        found = by_group(self.asked, self.answers.ranked)
        for group, (first, ten) in TARGETS.items():
            if group in found and found[group].first < first:
                missed.append(f"{group}: right first {found[group].first:.3f}, not {first}")
            if group in found and found[group].ten < ten:
                missed.append(f"{group}: in the first ten {found[group].ten:.3f}, not {ten}")
        for level, got in self.honesty().items():
            if got.absent > LEVELS[level]:
                missed.append(f"of the absent {got.absent:.1%} raise an alarm at the {level} level")
            if got.right < RIGHT_AT[level]:
                missed.append(
                    f"of the present {got.right:.1%} are right at the {level} level, not {RIGHT_AT[level]:.0%}"
                )
        fuzzy = [peer.cpu_ms / self.ours.cpu_ms for peer in self.peers if peer.name.startswith("rapidfuzz")]
        missed += [f"rapidfuzz costs {ratio:.1f} x a warm check, not {FASTER:g} x" for ratio in fuzzy if ratio < FASTER]
        missed += self._behind_peers()
        return missed

    def _behind_peers(self) -> list[str]:
        """Every figure of quality in which a peer is ahead."""
        ours = by_group(self.asked, self.answers.ranked)
        return [
            f"{group}: {peer.name} is ahead"
            for peer in self.peers
            for group, theirs in by_group(self.asked, peer.answers).items()
            if theirs.first > ours[group].first or theirs.ten > ours[group].ten
        ]

    def show(self) -> None:
        """Print every table."""
        found = by_set(self.asked, self.answers.ranked)
        _table("Command line, by set", [_quality_row(name, found[name]) for name in sorted(found)])
        groups = by_group(self.asked, self.answers.ranked)
        _table("Command line, by group", [_quality_row(name, entry) for name, entry in groups.items()])
        _table("Words for strength", list(self._honesty_rows()))
        _table("Beside the peers", list(self._peer_rows()))
        print(f"lists import: {self.imported.cpu_s:.1f} s CPU, {self.imported.memory_mb:.0f} MB")
        each = 1_000 * self.batch.cpu_s / len(self.asked)
        print(f"batch: {each:.1f} ms CPU a description, output included; {self.batch.memory_mb:.0f} MB")
        for target in self.missed():
            print(f"MISSED {target}")

    def figures(self) -> dict[str, object]:
        """Every figure, for a machine."""
        return {
            "by_set": {name: asdict(entry) for name, entry in by_set(self.asked, self.answers.ranked).items()},
            "by_group": {name: asdict(entry) for name, entry in by_group(self.asked, self.answers.ranked).items()},
            "honesty": {level: asdict(entry) for level, entry in self.honesty().items()},
            "import": asdict(self.imported),
            "batch": asdict(self.batch),
            "contenders": {entry.name: _spent(entry) for entry in (self.ours, self.alone, *self.peers)},
            "missed": self.missed(),
        }

    def _honesty_rows(self) -> Sequence[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = [("", "absent", "right", "wrong record")]
        words = dict(zip(LEVELS, ("strong", "strong or possible"), strict=True))
        for level, got in self.honesty().items():
            rows.append((f"fieldcheck, {words[level]}", f"{got.absent:.1%}", f"{got.right:.1%}", f"{got.wrong:.1%}"))
        for peer in self.peers:
            for level, allowed in LEVELS.items():
                got = honesty_by_score(self.asked, peer.answers, allowed)
                row = (
                    f"{peer.name}, best score at {level}",
                    f"{got.absent:.1%}",
                    f"{got.right:.1%}",
                    f"{got.wrong:.1%}",
                )
                rows.append(row)
        return rows

    def _peer_rows(self) -> Sequence[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = [
            ("", "first", "ten", "English", "other, maker", "other, none", "CPU ms", "x ours", "MB memory", "MB disk")
        ]
        for entry in (self.ours, self.alone, *self.peers):
            ranked = self.answers.ranked if entry is self.ours else entry.answers
            groups = by_group(self.asked, ranked)
            firsts = [f"{groups[group].first:.3f}" if group in groups else "-" for group in TARGETS]
            spent = (f"{entry.cpu_ms:.2f}", f"{entry.cpu_ms / self.ours.cpu_ms:.1f}", f"{entry.memory_mb:.0f}")
            total = groups["all"]
            rows.append((entry.name, f"{total.first:.3f}", f"{total.ten:.3f}", *firsts, *spent, f"{entry.disk_mb:.1f}"))
        return rows


def _command_line(asked: list[Asked], folder: Path, home: Path, out: Path) -> tuple[Spent, Spent, Answers]:
    environment = {**os.environ, "FIELDCHECK_HOME": str(home), "FIELDCHECK_CONFIG": str(home / "config.toml")}
    imported = run(("lists", "import", str(records_file(folder)), "--list", LIST_ID), environment)
    manifest = ("batch", str(queries_file(folder)), "--jsonl", str(out), "--list", LIST_ID, "--plain")
    batch = run(manifest, environment)
    with out.open(encoding="utf-8") as lines:
        results = {row["ref"]: row for row in map(json.loads, lines)}
    shortlists = [results[one.ref].get("candidates", []) for one in asked]
    if errors := [row["error"]["message"] for row in results.values() if "error" in row]:
        print(f"{len(errors)} descriptions ended in an error, such as: {errors[0]}", file=sys.stderr)
    ranked = [[(entry["record"], entry["score"]) for entry in shortlist] for shortlist in shortlists]
    return imported, batch, Answers(ranked, [shortlist[0]["strength"] if shortlist else "" for shortlist in shortlists])


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _installed(peer: str) -> bool:
    package = NEEDS.get(peer)
    if package and importlib.util.find_spec(package) is None:
        print(f"{peer} is left out: the package {package} is not installed.", file=sys.stderr)
        return False
    return True


def _spent(entry: Measured) -> dict[str, float]:
    return {"cpu_ms": entry.cpu_ms, "load_s": entry.load_s, "memory_mb": entry.memory_mb, "disk_mb": entry.disk_mb}


def _quality_row(name: str, found: Quality) -> tuple[str, ...]:
    return name, f"{found.count}", f"{found.first:.3f}", f"{found.ten:.3f}"


def _table(title: str, rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(title)
    for name, *cells in rows:
        print("  ", name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)))
    print()


if __name__ == "__main__":
    sys.exit(main())
