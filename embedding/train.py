"""Train the embedding: ``python train.py PHOTOS --out model.onnx``; what was chosen is in the recipe.

Each step shows objects twice, once as a list shows them and once as a counter would, and asks which belong together
(InfoNCE, van den Oord et al. 2018, with the other counter views as further negatives). Half of a step's objects are
from one source, so that near-twins are told apart. What the network knew before is kept as far as it can be
(`teacher.py`).
"""

import argparse
import hashlib
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from counter import Chances, catalogue_view, counter_view
from export import USED_SIDE, export
from network import Network, as_tensor
from teacher import features, unlearned
from torch import nn
from torch.nn import functional

from photos import Pixels, Thing, read_things

RECIPE = Path(__file__).with_name("recipe.toml")
_TELL_EVERY = 25
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Batch:
    """Objects seen twice: ``catalogue[i]`` and ``counter[i]`` are views (side, side, 3) of the same one.

    ``listed[i]`` is the number of the photo of which the catalogue view was made, among those of all objects.
    """

    catalogue: list[Pixels]
    counter: list[Pixels]
    listed: list[int]


class Views:
    """Draws the batches; a step's batch depends on the recipe and the step's number alone."""

    def __init__(self, things: list[Thing], recipe: dict[str, Any]) -> None:
        self._things = things
        self._others = [photo.pixels for thing in things for photo in thing.photos]
        self._first = np.cumsum([0, *(len(thing.photos) for thing in things)]).tolist()
        self._recipe = recipe
        self._chances = Chances(**recipe["counter"])
        training = recipe["training"]
        self._several = [place for place, thing in enumerate(things) if len(thing.photos) > 1]
        by_source: dict[str, list[int]] = {}
        for place, thing in enumerate(things):
            by_source.setdefault(thing.source, []).append(place)
        self._groups = [group for group in by_source.values() if len(group) >= training["least_group"]]
        self._groups += [self._several] * training["several_views_weight"] if self._several else []

    def draw(self, step: int) -> Batch:
        """The batch of one step."""
        random = np.random.default_rng([self._recipe["seed"], step])
        side = self._recipe["network"]["side"]
        batch = Batch([], [], [])
        for place in self._places(random):
            thing = self._things[place]
            listed, seen = self._two_photos(thing, random)
            batch.catalogue.append(catalogue_view(thing.photos[listed], random, side))
            batch.listed.append(self._first[place] + listed)
            view = counter_view(thing.photos[seen], self._others, random, side, self._chances, flat=thing.flat)
            batch.counter.append(view)
        return batch

    def _places(self, random: np.random.Generator) -> list[int]:
        wanted = min(self._recipe["training"]["objects_a_step"], len(self._things))
        sizes = np.array([len(group) for group in self._groups], float)
        group = self._groups[random.choice(len(self._groups), p=sizes / sizes.sum())]
        alike = random.choice(group, min(wanted // 2, len(group)), replace=False).tolist()
        others = [place for place in random.permutation(len(self._things)).tolist() if place not in set(alike)]
        return [*alike, *others[: wanted - len(alike)]]

    def _two_photos(self, thing: Thing, random: np.random.Generator) -> tuple[int, int]:
        count = len(thing.photos)
        if count > 1 and random.random() >= self._recipe["training"]["views_left_out"]:
            first, second = random.choice(count, 2, replace=False)
            return int(first), int(second)
        one = int(random.integers(count))
        return one, one


def train(things: list[Thing], recipe: dict[str, Any]) -> Network:
    """Train on objects as the recipe says; one line on the progress every 25 steps."""
    torch.manual_seed(recipe["seed"])
    training, shape, kept = recipe["training"], recipe["network"], recipe["kept"]
    network = Network(shape["dimension"], shape["generalised_mean"])
    known = features(network.eval(), things, USED_SIDE)
    network.train()
    network.freeze(shape["frozen_blocks"])
    groups = network.groups(training["learning_rate"], training["head_learning_rate"])
    optimiser = torch.optim.AdamW(groups, weight_decay=training["weight_decay"])
    rates = [group["lr"] for group in optimiser.param_groups]
    told: list[tuple[float, float]] = []
    for step, batch in enumerate(batches(things, recipe)):
        share = min(1.0, (step + 1) / training["warm_up_steps"]) * (
            0.5 + 0.5 * np.cos(np.pi * step / training["steps"])
        )
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * share
        vectors = network(as_tensor([*batch.catalogue, *batch.counter]))
        loss, right = _loss(vectors, training["temperature"])
        seen = vectors[: len(batch.listed)]
        loss = loss + kept["weight"] * unlearned(seen, known[batch.listed], kept["temperature"])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), training["longest_gradient"])
        optimiser.step()
        told.append((loss.item(), right))
        if (step + 1) % _TELL_EVERY == 0:
            lost, found = np.mean(told, axis=0)
            print(f"step {step + 1}: loss {lost:.3f}, right first in its batch {found:.3f}", flush=True)
            told.clear()
    return network.eval()


def _loss(vectors: torch.Tensor, temperature: float) -> tuple[torch.Tensor, float]:
    """The loss of a batch, catalogue views first, and the share of counter views whose own object is the nearest."""
    catalogue, counter = vectors.chunk(2)
    across = counter @ catalogue.T / temperature
    within = (counter @ counter.T / temperature).fill_diagonal_(_NEVER)
    own = torch.arange(len(across))
    loss = functional.cross_entropy(torch.cat([across, within], 1), own) + functional.cross_entropy(across.T, own)
    return loss, (across.argmax(1) == own).float().mean().item()


_VIEWS: Views | None = None


def _start_worker(things: list[Thing], recipe: dict[str, Any]) -> None:
    global _VIEWS  # noqa: PLW0603  # what a worker process is given once, instead of with every step
    cv2.setNumThreads(1)
    _VIEWS = Views(things, recipe)


def _draw(step: int) -> Batch:
    if _VIEWS is None:
        raise RuntimeError("the worker was not started")
    return _VIEWS.draw(step)


def batches(things: list[Thing], recipe: dict[str, Any]) -> Iterator[Batch]:
    """Every step's batch in order, drawn a little ahead in another process."""
    with ProcessPoolExecutor(1, get_context("spawn"), _start_worker, (things, recipe)) as pool:
        waiting = []
        for step in range(recipe["training"]["steps"]):
            waiting.append(pool.submit(_draw, step))
            if len(waiting) > 2:  # enough that nobody waits, few enough to hold
                yield waiting.pop(0).result()
        for ready in waiting:
            yield ready.result()


def main() -> None:
    """Read the command line, train, and write the model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photos", type=Path, help="a folder for each source, with a folder for each object")
    parser.add_argument("--out", type=Path, default=Path("model.onnx"))
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--steps", type=int, help="fewer steps than the recipe says, for a first try")
    parser.add_argument("--small", action="store_true", help="with what the recipe says under [small]")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.use_deterministic_algorithms(mode=True)
    recipe = tomllib.loads(given.recipe.read_text(encoding="utf-8"))
    if given.small:
        for part, instead in recipe["small"].items():
            recipe[part] |= instead
    recipe["training"]["steps"] = given.steps or recipe["training"]["steps"]
    photos = recipe["photos"]
    things = read_things(given.photos, photos["longest_side"], (photos["least_mask"], photos["most_mask"]))
    print(f"{len(things)} objects, {sum(len(thing.photos) for thing in things)} photos")
    network = train(things, recipe)
    torch.save(network.state_dict(), given.out.with_suffix(".pt"))
    export(network, given.out)
    digest = hashlib.sha256(given.out.read_bytes()).hexdigest()
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
