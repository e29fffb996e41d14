"""What the network knew before it was trained, and how much of that it unlearned.

The features that it begins from tell studio photos apart well. So that training for the counter does not cost that, the
nearness of a step's catalogue photos to one another is held to what those features say (relational distillation, Park
et al. 2019).
"""

import torch
from counter import GREY, square
from network import Network, as_tensor
from torch.nn import functional

from photos import Thing

_AT_ONCE = 16
_NEVER = -1e4


@torch.no_grad()
def features(network: Network, things: list[Thing], side: int) -> torch.Tensor:
    """Features of every photo in order, (photos, 1280), about their mean and of length 1.

    Args:
        network: before its training.
        things: whose photos they are, one after another.
        side: pixels of the square that a photo is put into.
    """
    photos = [photo.pixels for thing in things for photo in thing.photos]
    parts = [photos[start : start + _AT_ONCE] for start in range(0, len(photos), _AT_ONCE)]
    found = torch.cat([network.pooled(as_tensor([square(pixels, side, GREY) for pixels in part])) for part in parts])
    found = functional.normalize(found, dim=1)
    return functional.normalize(found - found.mean(0), dim=1)


def unlearned(vectors: torch.Tensor, known: torch.Tensor, temperature: float) -> torch.Tensor:
    """How far nearness among the vectors is from nearness among the features, as a Kullback-Leibler divergence.

    Args:
        vectors: what the network makes of photos, (n, dimension).
        known: features of the same photos, (n, 1280).
        temperature: what nearness is divided by on both sides.
    """
    itself = torch.eye(len(vectors), dtype=torch.bool)
    there = (known @ known.T / temperature).masked_fill(itself, _NEVER).softmax(1)
    here = (vectors @ vectors.T / temperature).masked_fill(itself, _NEVER).log_softmax(1)
    divergence: torch.Tensor = functional.kl_div(here, there, reduction="batchmean")
    return divergence
