"""Try the whole recipe on a small scale: ``python embedding/reproduce.py``, with no photo from anywhere.

Draws solid objects, trains on them twice with the command that trained the shipped model (`train.py`, only shorter),
and checks what came of it. Prints a line for each check; ends with 1 where one fails.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from counter import GREY, square
from evaluate import WHOLE, Model, Vectors
from export import USED_SIDE, export
from network import Network, as_tensor
from solids import draw_folder
from train import RECIPE

from photos import Pixels

OBJECTS = 16
"""Of each kind."""

LEARNED_VIEWS, HELD_OUT_VIEWS = range(4), range(4, 6)
MOST_BYTES = 6_000_000
MOST_MS = 60.0
LEAST_AGREEMENT = 0.99
"""Cosine between the vectors of the network and of the file, whose weights are rounded to bytes."""

_TRAIN = Path(__file__).with_name("train.py")


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold, what was found, and whether it holds."""

    must: str
    found: str
    holds: bool


def main() -> int:
    """Draw, train twice, check; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, help="work in this new folder and leave it there")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as temporary:
        checks = reproduce(given.keep or Path(temporary), given.threads)
    for check in checks:
        print(f"{'ok    ' if check.holds else 'FAILED'} {check.must}: {check.found}")
    failed = sum(not check.holds for check in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


def reproduce(work: Path, threads: int) -> list[Check]:
    """Everything, in a folder."""
    seed = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["seed"]
    learned, held_out = work / "learned", work / "held out"
    draw_folder(learned, OBJECTS, LEARNED_VIEWS, seed)
    draw_folder(held_out, OBJECTS, HELD_OUT_VIEWS, seed)
    untrained, first, again = work / "untrained.onnx", work / "first.onnx", work / "again.onnx"
    export(_network(seed), untrained)
    losses = _train(learned, first, threads)
    _train(learned, again, threads)
    photos = _read_all(held_out)
    return [
        _loss_fell(losses),
        _same_file(first, again),
        _small_enough(first),
        _agrees_with_network(first, [pixels for _, pixels in photos[:: OBJECTS // 4]]),
        _fast_enough(first, photos[0][1]),
        _finds_better(untrained, first, _read_all(learned), photos),
    ]


def _train(photos: Path, out: Path, threads: int) -> list[float]:
    """Run the training command on its small scale; the loss each time that it told."""
    command = [sys.executable, str(_TRAIN), str(photos), "--small", "--out", str(out), "--threads", str(threads)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # a script of ours
    print(done.stdout, end="", flush=True)
    return [float(loss) for loss in re.findall(r"^step \d+: loss ([\d.]+)", done.stdout, re.MULTILINE)]


def _loss_fell(losses: list[float]) -> Check:
    return Check("the loss goes down", " -> ".join(map(str, losses)), len(losses) > 1 and losses[-1] < losses[0])


def _same_file(first: Path, again: Path) -> Check:
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, again)]
    return Check("two runs give one file", " and ".join(digest[:12] for digest in digests), digests[0] == digests[1])


def _small_enough(path: Path) -> Check:
    size = path.stat().st_size
    return Check(f"at most {MOST_BYTES:,} bytes", f"{size:,}", size <= MOST_BYTES)


def _agrees_with_network(path: Path, photos: list[Pixels]) -> Check:
    """OpenCV on the exported file, and torch on the weights before they were rounded."""
    network = _network(0)
    network.load_state_dict(torch.load(path.with_suffix(".pt"), weights_only=True))
    with torch.no_grad():
        wanted = network(as_tensor([square(pixels, USED_SIDE, GREY) for pixels in photos])).numpy()
    least = float((_vectors(path, photos) * wanted).sum(axis=1).min())
    return Check(f"file and network agree to a cosine of {LEAST_AGREEMENT}", f"{least:.4f}", least >= LEAST_AGREEMENT)


def _fast_enough(path: Path, photo: Pixels) -> Check:
    """The quickest of ten, since others may be at work."""
    model, times = Model(path), []
    for _ in range(10):
        started = time.process_time()
        model.vectors(photo, WHOLE)
        times.append(1000 * (time.process_time() - started))
    return Check(f"at most {MOST_MS:.0f} ms of one core a photo", f"{min(times):.1f}", min(times) <= MOST_MS)


def _finds_better(
    untrained: Path, trained: Path, listed: list[tuple[str, Pixels]], sought: list[tuple[str, Pixels]]
) -> Check:
    before, after = (_first(path, listed, sought) for path in (untrained, trained))
    return Check("held-out views are found better than before", f"{before:.3f} -> {after:.3f}", after > before)


def _first(path: Path, listed: list[tuple[str, Pixels]], sought: list[tuple[str, Pixels]]) -> float:
    """The share of photos whose nearest listed photo is of the same object."""
    found = _vectors(path, [pixels for _, pixels in sought]) @ _vectors(path, [pixels for _, pixels in listed]).T
    return float(np.mean([listed[at][0] == own for at, (own, _) in zip(found.argmax(1), sought, strict=True)]))


def _vectors(path: Path, photos: list[Pixels]) -> Vectors:
    model = Model(path)
    return np.concatenate([model.vectors(pixels, WHOLE) for pixels in photos])


def _read_all(folder: Path) -> list[tuple[str, Pixels]]:
    """Every photo below a folder, with its object."""
    paths = sorted(folder.rglob("*.png"))
    return [(str(path.parent.relative_to(folder)), np.asarray(cv2.imread(str(path)), np.uint8)) for path in paths]


def _network(seed: int) -> Network:
    """The network of the recipe, as training begins it."""
    torch.manual_seed(seed)
    shape = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["network"]
    return Network(shape["dimension"], shape["generalised_mean"]).eval()


if __name__ == "__main__":
    raise SystemExit(main())
