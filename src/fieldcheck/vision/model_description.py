"""What the description of a model must say, as a TOML file from outside has it."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from fieldcheck.vision.limits import MAX_DIMENSION

_BITS_A_WORD = 64
_MOST_TEXT = 2_000


def _multiple(dimension: int) -> int:
    if dimension % _BITS_A_WORD:
        raise ValueError(f"it must be a multiple of {_BITS_A_WORD}")
    return dimension


Colour = Annotated[float, Field(ge=-1_000, le=1_000)]
Spread = Annotated[float, Field(gt=0, le=1_000)]
Text = Annotated[str, Field(min_length=1, max_length=_MOST_TEXT)]


class ModelDescription(BaseModel):
    """The fields of `fieldcheck.vision.model.Model`; ``file`` is the ONNX file's name, beside the description."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    file: Annotated[str, Field(pattern=r"^[^/\\:]{1,200}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    side: Annotated[int, Field(ge=32, le=1_024)]
    mean: tuple[Colour, Colour, Colour]
    spread: tuple[Spread, Spread, Spread]
    dimension: Annotated[int, Field(ge=64, le=MAX_DIMENSION), AfterValidator(_multiple)]
    usual: Annotated[float, Field(ge=-1, le=1)]
    apart: Annotated[float, Field(gt=0, le=2)]
    points: Annotated[float, Field(ge=0, le=2)]
    licence: Text
    source: Text
