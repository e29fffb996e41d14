"""The photo model that a channel gives out: put among the targets after a trial, and taken out again."""

import json
import shutil
from pathlib import Path

from fieldcheck.errors import NotFoundError, UsageError
from fieldcheck.files import flush_to_disk, storage_errors, write_whole
from fieldcheck.packs.targets import target_path
from fieldcheck.packs.workshop import Workshop
from fieldcheck.sync.channel_model import DESCRIPTION_PATH, MOST_BYTES, onnx_name, onnx_path, read_description
from fieldcheck.vision.model import Model, load_model
from fieldcheck.vision.process import try_model

_SAID = ("name", "sha256", "side", "mean", "spread", "dimension", "usual", "apart", "points", "licence", "source")


def give_model(work: Workshop, path: Path) -> Model:
    """Have the channel give out the model that a TOML file describes, in place of the one before.

    Returns:
        The model as it is given out.

    Raises:
        FieldcheckError: the description or its ONNX file cannot be read, or the model cannot be run.
        StorageError: the folder cannot be written.
    """
    model = load_model(path)
    content = _described(model)
    if len(content) > MOST_BYTES:
        raise UsageError(
            f"The description of the model {model.name} is longer than a channel may give out.",
            next_step="Shorten its source and licence.",
        )
    try_model(model)
    onnx = target_path(work, onnx_path(model.sha256))
    with storage_errors(work.folder):
        onnx.parent.mkdir(parents=True, exist_ok=True)
        partial = onnx.with_suffix(".partial")
        partial.write_bytes(model.content())
        flush_to_disk(partial)
        partial.replace(onnx)
        write_whole(target_path(work, DESCRIPTION_PATH), content)
        for other in onnx.parent.glob("*.onnx"):
            if other != onnx:
                other.unlink()
    return read_description(target_path(work, DESCRIPTION_PATH))


def withdraw_model(work: Workshop) -> None:
    """Have the channel give out no model any more.

    Raises:
        NotFoundError: it gives none out.
    """
    folder = target_path(work, DESCRIPTION_PATH).parent
    if not folder.is_dir():
        raise NotFoundError(f"{work.folder} gives out no photo model.", next_step="See `fieldcheck pack status`.")
    with storage_errors(folder):
        shutil.rmtree(folder)


def given_model(work: Workshop) -> Model | None:
    """The model that the channel gives out, or None.

    Raises:
        FieldcheckError: its description cannot be read.
    """
    path = target_path(work, DESCRIPTION_PATH)
    return read_description(path) if path.is_file() else None


def _described(model: Model) -> bytes:
    """The description of a model as a channel gives it out: its ONNX file is named by its SHA-256."""
    said = {name: getattr(model, name) for name in _SAID} | {"file": onnx_name(model.sha256)}
    return "".join(f"{name} = {_toml(value)}\n" for name, value in said.items()).encode()


def _toml(value: object) -> str:
    """A text, number or row of numbers in TOML, which writes these as JSON does but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
