"""Networks that turn a photograph into numbers, each alone, for `photo.py` to run beside ours: nearness and no more.

The shipped model, and published ones of a free licence that are no dependency: `embedding/published.py` writes them
where the packages of ``embedding/requirements.txt`` are installed, in ``.venv-embedding`` or beside fieldcheck.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from photo_peers import Peer
from PIL import Image

from fieldcheck.vision.embedding import Network, frames, whole
from fieldcheck.vision.model import Model, load_model
from fieldcheck.vision.protocol import Preparation

PUBLISHED = {"EfficientNet-Lite0": "lite0", "EfficientNet-Lite2": "lite2"}
LOOKS = {"whole photo": 1, "three frames": 3, "three frames and the object alone": 4}
"""How much of a photograph is looked at: frames in the order of `fieldcheck.vision.embedding.frames`."""

_REPOSITORY = Path(__file__).resolve().parents[1]


def run_networks(references: Sequence[Path], queries: Sequence[Path]) -> Iterator[Peer]:
    """Every network and every way to look at a photograph, in turn."""
    yield from measured("the shipped model", load_model(None), references, queries)
    with tempfile.TemporaryDirectory() as work:
        for title, name in PUBLISHED.items():
            if model := published(name, Path(work)):
                yield from measured(title, model, references, queries)
            else:
                print(f"{title}: not measured, since what embedding/published.py needs is not installed")


def published(name: str, work: Path) -> Model | None:
    """A published network as a model, or None where it cannot be written."""
    own = [_REPOSITORY / ".venv-embedding" / place / "python" for place in ("bin", "Scripts")]
    python = next((str(path) for path in own if path.exists() or path.with_suffix(".exe").exists()), sys.executable)
    described = work / f"{name}.toml"
    command = [python, str(_REPOSITORY / "embedding" / "published.py"), name, str(described)]
    done = subprocess.run(command, check=False, capture_output=True)
    return None if done.returncode else load_model(described)


def measured(title: str, model: Model, references: Sequence[Path], queries: Sequence[Path]) -> Iterator[Peer]:
    """One network with each way to look; a photograph's best frame counts."""
    network = Network(Preparation(model.side, model.mean, model.spread, model.dimension), model.content())
    listed = np.stack([_unit(network.vector(next(iter(whole(_opened(file)))))) for file in references])
    nearness, spent = [], []
    for file in queries:
        started, vectors, times = time.process_time(), [], []
        for frame in frames(_opened(file)):
            vectors.append(_unit(network.vector(frame)))
            times.append(time.process_time() - started)
        nearness.append(np.stack(vectors) @ listed.T)
        spent.append(times)
    for look, most in LOOKS.items():
        seconds = sum(times[min(most, len(times)) - 1] for times in spent) / len(queries)
        yield Peer(f"{title}, {look}", [near[:most].max(axis=0) for near in nearness], seconds, model.dimension)


def _opened(file: Path) -> Image.Image:
    with Image.open(file) as picture:
        return picture.convert("RGB")


def _unit(vector: np.ndarray) -> np.ndarray:
    numbers = vector.astype(np.float32)
    return numbers / max(float(np.linalg.norm(numbers)), 1e-6)
