"""Models that turn a photo into numbers: the one that comes with the program, or an agency's own.

A TOML file describes a model, and names the ONNX file beside it. A description from outside is checked by pydantic,
which a check with the shipped model need not load. Nobody parses the ONNX but the limited child.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldcheck.datafiles import data_folder, load_toml
from fieldcheck.errors import InputError, IntegrityError
from fieldcheck.models import Scale

MAX_MODEL_BYTES = 64_000_000
"""Bytes of an ONNX file."""

PREPARATION = 1
"""Counted up with every change of how a photo is prepared for a model (`fieldcheck.vision.embedding`)."""

SHIPPED = "vision/embedding.toml"
"""The description that comes with the program, in the data folder."""

_MAX_DESCRIPTION_BYTES = 100_000
_LONGEST_TOLD = 80
_DIGITS = 12
_NEXT_STEP = (
    "Correct the description of the model, or leave out the setting models.photo to use the one that is shipped."
)


@dataclass(frozen=True, slots=True)
class Model:
    """A model that turns a photo into numbers, as its description says.

    Args:
        name: what it is called, in small letters.
        sha256: of the ONNX file.
        side: pixels of the square that it looks at.
        mean: what is taken from each colour (0 to 255, red first) before it is divided by ``spread``.
        spread: see ``mean``.
        dimension: numbers that it gives for a photo, a multiple of 64.
        usual: see `fieldcheck.models.Scale`.
        apart: see ``usual``.
        points: see ``usual``.
        licence: of the model.
        source: where it is from.
        file: where the ONNX file is.
    """

    name: str
    sha256: str
    side: int
    mean: tuple[float, float, float]
    spread: tuple[float, float, float]
    dimension: int
    usual: float
    apart: float
    points: float
    licence: str
    source: str
    file: Path

    @property
    def key(self) -> str:
        """Equal for models that give the same numbers; fit for the name of a file."""
        decides = (PREPARATION, self.sha256, self.side, self.mean, self.spread, self.dimension)
        return f"{self.name}-{hashlib.sha256(repr(decides).encode()).hexdigest()[:_DIGITS]}"

    @property
    def scale(self) -> Scale:
        """How the nearness that it finds is read."""
        return Scale(self.usual, self.apart, self.points)

    def content(self) -> bytes:
        """The ONNX file.

        Raises:
            InputError: it cannot be read, or is too large.
            IntegrityError: it is another file than the description names.
        """
        content = _bytes(self.file, MAX_MODEL_BYTES)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise IntegrityError(
                f"{self.file} is not the file that the description of the model {self.name} names.",
                next_step="Install fieldcheck again; take an agency's model from its publisher again.",
            )
        return content


def load_model(path: Path | None) -> Model:
    """The model that a TOML file describes; with None, the one that comes with the program.

    Raises:
        InputError: the description cannot be read, or describes no model.
    """
    if path is None:
        return _made(load_toml(SHIPPED), (data_folder() / SHIPPED).parent)
    try:
        described = tomllib.loads(_bytes(path, _MAX_DESCRIPTION_BYTES).decode())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not TOML: {error}.", next_step=_NEXT_STEP) from error
    return _made(_checked(path, described), path.parent)


def _made(described: Mapping[str, Any], folder: Path) -> Model:
    numbers = {"mean": _three(described["mean"]), "spread": _three(described["spread"])}
    return Model(**{**described, **numbers, "file": folder / described["file"]})


def _three(values: Iterable[float]) -> tuple[float, float, float]:
    red, green, blue = map(float, values)
    return red, green, blue


def _checked(path: Path, described: Mapping[str, Any]) -> Mapping[str, Any]:
    """The description, once it is one.

    Raises:
        InputError: it is none.
    """
    from pydantic import ValidationError

    from fieldcheck.vision.model_description import ModelDescription

    try:
        return ModelDescription.model_validate(described).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))[:_LONGEST_TOLD] or "it"
        reason = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{path} describes no model: {place}: {reason}.", next_step=_NEXT_STEP) from error


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.", next_step=_NEXT_STEP) from error
    if len(content) > most:
        raise InputError(f"{path} is larger than {most:,} bytes.", next_step=_NEXT_STEP)
    return content
