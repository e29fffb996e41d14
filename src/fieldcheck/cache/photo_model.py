"""The photo model that came through a channel, which is used where the configuration names none.

``models/photo/model.toml`` describes it, ``<sha256>.onnx`` beside it is the model, and ``origin.json`` says which
channel it came from. The description is replaced in one step and last, so that a model is there whole or not at all.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fieldcheck.errors import FieldcheckError
from fieldcheck.files import flush_to_disk, storage_errors, write_whole
from fieldcheck.vision.model import Model, load_model

_DESCRIPTION = "model.toml"
_ORIGIN = "origin.json"


@dataclass(frozen=True, slots=True)
class KeptModel:
    """Where the description of the model is, its SHA-256, and the channel that it came from; empty if nobody knows."""

    path: Path
    sha256: str
    channel: str


def kept_model(home: Path | None) -> KeptModel | None:
    """The model that came through a channel, or None."""
    if home is None:
        return None
    path = _folder(home) / _DESCRIPTION
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
    return KeptModel(path, sha256, _origin(path.with_name(_ORIGIN), sha256))


def whole_model(kept: KeptModel) -> Model | None:
    """The model that is kept, or None where its files are not what they were."""
    try:
        model = load_model(kept.path)
        model.content()
    except FieldcheckError:
        return None
    return model


def chosen_model(home: Path | None, configured: Path | None) -> Path | None:
    """The description of the model that is used here; None for the one that comes with the program.

    Args:
        home: the data folder.
        configured: the one that the configuration names, which is stronger than any that came through a channel.
    """
    if configured is not None:
        return configured
    kept = kept_model(home)
    return kept.path if kept else None


def usable_model(home: Path | None, configured: Path | None) -> Model | None:
    """The model that is used here (see `chosen_model`), or None where its description cannot be read."""
    try:
        return load_model(chosen_model(home, configured))
    except FieldcheckError:
        return None


def keep_model(home: Path, model: Model, description: bytes, channel: str) -> None:
    """Keep a model from now on, in place of the one before; the caller holds `change_lock`.

    The ONNX file of the one before stays until the next, for a check that is running.

    Args:
        home: the data folder.
        model: whose ONNX file, named by its SHA-256, is moved from where it is.
        description: the TOML, which names that file.
        channel: where it came from.

    Raises:
        StorageError: it cannot be written; the one before is still kept.
    """
    folder = _folder(home)
    needed = {model.file.name, _file_name(folder / _DESCRIPTION)}
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        flush_to_disk(model.file)
        model.file.replace(folder / model.file.name)
    origin = {"channel": channel, "sha256": hashlib.sha256(description).hexdigest()}
    write_whole(folder / _ORIGIN, json.dumps(origin).encode())
    write_whole(folder / _DESCRIPTION, description)
    for path in folder.glob("*.onnx"):
        if path.name not in needed:
            with suppress(OSError):
                path.unlink()


def _folder(home: Path) -> Path:
    return home / "models" / "photo"


def _file_name(description: Path) -> str:
    """The name of the ONNX file that a description names, or empty."""
    try:
        return load_model(description).file.name
    except FieldcheckError:
        return ""


def _origin(path: Path, sha256: str) -> str:
    """The channel that a description of that SHA-256 came from, as far as that was written down."""
    try:
        said = json.loads(path.read_bytes())
        return str(said["channel"]) if said["sha256"] == sha256 else ""
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""
