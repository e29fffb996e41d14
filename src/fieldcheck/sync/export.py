"""Making a stick of the lists that are held, so that a computer without a network gets them.

Lists of a channel are written as the channel itself, so that whoever reads the stick verifies it against the same
root of trust. Other lists are written as they are; nobody signed them.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldcheck.cache import photo_vectors
from fieldcheck.cache.carrying import copy_to_stick, pack_up
from fieldcheck.cache.info import Installed
from fieldcheck.cache.photo_model import kept_model, whole_model
from fieldcheck.cache.pointer import read_pointer, version_path
from fieldcheck.errors import IntegrityError, NotFoundError, UsageError
from fieldcheck.files import holds, write_whole
from fieldcheck.sync.channel import Channel, channel_lock, read_channels
from fieldcheck.sync.channel_index import ListIndex, file_path, given_out_as, index_path, read_index, vectors_path
from fieldcheck.sync.channel_model import DESCRIPTION_PATH, onnx_path


@dataclass(frozen=True, slots=True)
class Exported:
    """One list that was written; ``channel`` names the channel whose signature it carries, or is empty."""

    installed: Installed
    channel: str = ""


def export_lists(home: Path, wanted: Sequence[str], folder: Path) -> list[Exported]:
    """Write lists to a folder, or all that are held where none is named.

    Raises:
        NotFoundError: a list is not held, or none is.
        UsageError: the lists come from more than one channel.
        IntegrityError: a list file is missing or was changed, or the channel has given out a newer version.
        StorageError: the folder cannot be written.
    """
    held = read_pointer(home)
    for list_id in wanted:
        if list_id not in held:
            raise NotFoundError(
                f"No list named {list_id!r} can be exported.", next_step="See `fieldcheck lists status` for the names."
            )
    chosen = [held[list_id] for list_id in dict.fromkeys(wanted)] or list(held.values())
    if not chosen:
        raise NotFoundError(
            "No list is held that could be exported; the starter list comes with the program.",
            next_step="Bring lists here with `fieldcheck sync` or `fieldcheck lists import`.",
        )
    channels = read_channels(home)
    origins = [(entry, next((one for one in channels if one.brings(entry.info.id)), None)) for entry in chosen]
    signing = {channel.name: channel for _, channel in origins if channel}
    if len(signing) > 1:
        raise UsageError(
            f"These lists come from several channels: {', '.join(sorted(signing))}.",
            next_step="Export the lists of each channel to a folder of its own.",
        )
    for channel in signing.values():
        with channel_lock(channel):
            _write_channel(home, channel, [entry for entry, origin in origins if origin], folder)
    if unsigned := [entry for entry, channel in origins if channel is None]:
        pack_up(home, unsigned, folder)
    return [Exported(entry, channel.name if channel else "") for entry, channel in origins]


def _write_channel(home: Path, channel: Channel, lists: Sequence[Installed], folder: Path) -> None:
    """Write what was verified last: the list files first and the timestamp last, as a publisher does."""
    signed = _signed(_read(channel.metadata / "targets.json"))["targets"]
    _write_model(home, signed, folder)
    for installed in lists:
        list_id = installed.info.id
        index, listed = index_path(list_id), file_path(list_id, installed.version)
        content, sha256 = _read(channel.index_path(list_id)), _sha256(signed, listed, list_id)
        if hashlib.sha256(content).hexdigest() != _sha256(signed, index, list_id):
            raise _superseded(list_id)
        copy_to_stick(version_path(home, installed), _placed(folder, listed, sha256), sha256)
        _write_vectors(version_path(home, installed), read_index(content, list_id), folder)
        write_whole(_placed(folder, index, _sha256(signed, index, list_id)), content)
    for name, content in _metadata(channel):
        write_whole(folder / "metadata" / name, content)


def _write_vectors(list_file: Path, index: ListIndex, folder: Path) -> None:
    """Write the vectors that the channel gave out; those that were made here are others, and nobody signed them."""
    for entry in index.vectors:
        made = photo_vectors.vectors_path(list_file, entry.model)
        if holds(made, entry.length, entry.sha256):
            given = vectors_path(index.id, index.version, entry.model)
            copy_to_stick(made, _placed(folder, given, entry.sha256), entry.sha256)


def _write_model(home: Path, signed: dict[str, Any], folder: Path) -> None:
    """Write the photo model that the channel gives out, where it is the one that is kept here."""
    kept = kept_model(home)
    if kept is None or signed.get(DESCRIPTION_PATH, {}).get("hashes", {}).get("sha256") != kept.sha256:
        return
    if model := whole_model(kept):
        copy_to_stick(kept.path, _placed(folder, DESCRIPTION_PATH, kept.sha256), kept.sha256)
        copy_to_stick(model.file, _placed(folder, onnx_path(model.sha256), model.sha256), model.sha256)


def _metadata(channel: Channel) -> Iterator[tuple[str, bytes]]:
    """Every file of metadata under the name that a channel gives it out by, the timestamp last."""
    for path in sorted((channel.metadata / "root_history").glob("*.root.json")):
        yield path.name, _read(path)
    yield f"{_signed(channel.root)['version']}.root.json", channel.root
    for role in ("targets", "snapshot"):
        content = _read(channel.metadata / f"{role}.json")
        yield f"{_signed(content)['version']}.{role}.json", content
    yield "timestamp.json", _read(channel.metadata / "timestamp.json")


def _placed(folder: Path, path: str, sha256: str) -> Path:
    return folder.joinpath("targets", *given_out_as(path, sha256))


def _sha256(signed: dict[str, Any], path: str, list_id: str) -> str:
    try:
        return str(signed[path]["hashes"]["sha256"])
    except (KeyError, TypeError) as error:
        raise _superseded(list_id) from error


def _signed(content: bytes) -> dict[str, Any]:
    """What a file of metadata says; it was verified when it was kept."""
    said: dict[str, Any] = json.loads(content)["signed"]
    return said


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IntegrityError(
            f"{path} cannot be read: {error.strerror or error}.",
            next_step="Run `fieldcheck sync`, then export the lists again.",
        ) from error


def _superseded(list_id: str) -> IntegrityError:
    return IntegrityError(
        f"The version of {list_id} in use is not the one that its channel gives out now, so it cannot be exported"
        " with the channel's signature.",
        next_step="Run `fieldcheck sync`, then export the lists again.",
    )
