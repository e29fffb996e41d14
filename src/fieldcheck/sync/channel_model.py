"""The photo model that a channel gives out: fetched, read as hostile and tried before it is kept.

A channel has it as two signed files, ``models/photo/model.toml`` and ``models/photo/<sha256>.onnx``. The description
must name its ONNX file by its SHA-256 and nothing else, so that no path in it ever leads anywhere.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from fieldcheck.cache.photo_model import KeptModel, keep_model, kept_model, whole_model
from fieldcheck.cache.versions import change_lock
from fieldcheck.errors import FieldcheckError, InputError, IntegrityError
from fieldcheck.files import holds, storage_errors, write_whole
from fieldcheck.sync.channel import Channel, read_channels
from fieldcheck.sync.progress import Progress
from fieldcheck.sync.stick import MissingError, Place
from fieldcheck.sync.trust import Trusted
from fieldcheck.vision.model import MAX_MODEL_BYTES, Model, load_model
from fieldcheck.vision.process import try_model

DESCRIPTION_PATH = "models/photo/model.toml"
MOST_BYTES = 20_000
"""Bytes of a description."""


def onnx_path(sha256: str) -> str:
    """The path of a model's ONNX file in a channel."""
    return f"models/photo/{onnx_name(sha256)}"


def onnx_name(sha256: str) -> str:
    """What the description of a model that comes through a channel calls its ONNX file."""
    return f"{sha256}.onnx"


def bring_model(home: Path, channel: Channel, trusted: Trusted, place: Place, progress: Progress) -> None:
    """Keep the model that a channel gives out, if it is the channel whose model counts; a note says what was done.

    Of several channels that give one out, the one counts whose name comes first. Whatever goes wrong stops no sync, and
    the model before stays.
    """
    kept = kept_model(home)
    if not trusted.signed(DESCRIPTION_PATH):
        if kept and kept.channel == channel.name:
            progress.note(f"{channel.name} gives out no photo model any more; the one kept from it stays in use.")
        return
    first = _first_that_gives_one(read_channels(home)) or channel.name
    if first != channel.name:
        progress.note(
            f"{channel.name} gives out a photo model too. Only that of {first} counts here: its name comes first."
        )
        return
    try:
        if not _is_kept(kept, channel, trusted):
            model = _bring(home, channel, trusted, place, progress)
            progress.note(
                f"The photo model {model.name} of {channel.name} is used now, unless models.photo names another."
            )
    except MissingError:
        progress.note(f"The photo model of {channel.name} is not in {place.address}; the one before stays in use.")
    except FieldcheckError as error:
        progress.note(f"The photo model of {channel.name} was not taken; the one before stays in use. {error}")
        progress.note(error.next_step)
    finally:
        progress.done()


def _first_that_gives_one(channels: Sequence[Channel]) -> str:
    """The name of the first channel that gave out a model when it was verified last, or empty."""
    return next((channel.name for channel in channels if _gives_one(channel)), "")


def _gives_one(channel: Channel) -> bool:
    try:
        content = (channel.metadata / "targets.json").read_bytes()
        return DESCRIPTION_PATH in json.loads(content)["signed"]["targets"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _is_kept(kept: KeptModel | None, channel: Channel, trusted: Trusted) -> bool:
    """Whether the model that is kept is whole, and the one that the channel gives out now."""
    if kept is None:
        return False
    given = trusted.target(DESCRIPTION_PATH).sha256
    return (kept.channel, kept.sha256) == (channel.name, given) and whole_model(kept) is not None


def _bring(home: Path, channel: Channel, trusted: Trusted, place: Place, progress: Progress) -> Model:
    target = trusted.target(DESCRIPTION_PATH)
    content = place.read(target.name, min(target.length, MOST_BYTES))
    trusted.refuse_other(target, content)
    folder = channel.folder / "model"
    write_whole(folder / "model.toml", content)
    try:
        model = read_description(folder / "model.toml")
        _fetch(model, channel, trusted, place, progress)
        try_model(model)
    except InputError as error:
        raise IntegrityError(str(error), next_step=_TELL) from error
    with change_lock(home):
        keep_model(home, model, content, channel.name)
    shutil.rmtree(folder, ignore_errors=True)
    return model


def _fetch(model: Model, channel: Channel, trusted: Trusted, place: Place, progress: Progress) -> None:
    """Have the ONNX file beside its description; what an earlier try left there serves this one."""
    onnx = trusted.target(onnx_path(model.sha256))
    if onnx.sha256 != model.sha256 or onnx.length > MAX_MODEL_BYTES:
        raise IntegrityError("Its ONNX file is not the one that it names, or is too large.", next_step=_TELL)
    with storage_errors(model.file.parent):
        for path in model.file.parent.glob("*.onnx*"):
            if not path.name.startswith(model.sha256):
                path.unlink()
        if not holds(model.file, onnx.length, onnx.sha256):
            progress.receive(f"{channel.name}: photo model", onnx.length)
            place.copy(onnx.name, model.file, onnx.length, onnx.sha256)


def read_description(path: Path) -> Model:
    """The model that a channel's description describes; its ONNX file is to be beside the description.

    Raises:
        FieldcheckError: it describes none, or would have its ONNX file read from elsewhere.
    """
    model = load_model(path)
    if model.file != path.with_name(onnx_name(model.sha256)):
        raise IntegrityError(
            f"The description of the model {model.name} names another file than {onnx_name(model.sha256)}.",
            next_step=_TELL,
        )
    return model


_TELL = "Tell the publisher; nothing else of the channel is affected."
