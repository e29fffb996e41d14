"""What the reader and its limited child say to each other.

The child says with one line that it is ready. A request is one line of JSON,
``{"role": "query", "size": 12345}``, and then that many bytes, the photo itself: the child opens no file, and
the bytes that were hashed are the bytes that are decoded. A reply is one line of JSON,
``{"phash": […], "dhash": […], "thumbnail": base64, "sight": base64, "vectors": base64}``, to a glance
``{"phash": […], "dhash": […], "taken": "2026-11-24T09:30:00", "colours": base64}``, or ``{"refusal": "too_dark"}``. The
child has decoded a file that strangers made, so its replies are trusted no more than the file.

A model is handed over once, before any photo: ``{"model": {"side": 224, …}, "size": 12345}`` and its ONNX file. The
child says with one line whether it can run it.
"""

import base64
import enum
import json
import re
from collections.abc import Container
from dataclasses import asdict, dataclass
from typing import BinaryIO

from fieldcheck.models.item import Fingerprint
from fieldcheck.vision.limits import COLOUR_BYTES, MAX_DIMENSION, MAX_FRAMES, MAX_SIGHT_BYTES, MAX_THUMBNAIL_BYTES
from fieldcheck.vision.refusals import Refusal

_READY = b"ready\n"
_RUNS = b"runs\n"
_MAX_LINE = 4096 + 2 * (MAX_THUMBNAIL_BYTES + MAX_SIGHT_BYTES + MAX_FRAMES * MAX_DIMENSION)
_PACKED = ("thumbnail", "sight", "colours", "vectors")
_HASH = re.compile(r"[0-9a-f]{16}")
_TAKEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|")


@enum.unique
class Role(enum.StrEnum):
    """What a photo is for: looked for, kept with a record to be found, or told apart from those beside it.

    A thumbnail is what a list keeps of a photo; nothing is made of it but its vector.
    """

    QUERY = "query"
    REFERENCE = "reference"
    GLANCE = "glance"
    THUMBNAIL = "thumbnail"


_HASHES = {Role.QUERY: 8, Role.REFERENCE: 1, Role.GLANCE: 8, Role.THUMBNAIL: 0}
"""How many hashes of each kind a photo has."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a photo is made ready for a model, and how many numbers come of it; see `fieldcheck.vision.model.Model`."""

    side: int
    mean: tuple[float, float, float]
    spread: tuple[float, float, float]
    dimension: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one photo: its hashes, a JPEG thumbnail, and its points.

    ``sight`` is packed by `fieldcheck.vision.sight` for a query and by `fieldcheck.vision.reference` for a reference.
    A glance has neither thumbnail nor points, but ``taken``, when the camera says that it was taken (ISO 8601 without
    a zone, or empty), and ``colours``, the mean red, green and blue of 6 × 6 fields, row by row. ``vectors`` are what
    the model, if there is one, makes of each frame of a query, or of a thumbnail: its numbers, as signed bytes.
    """

    fingerprint: Fingerprint
    thumbnail: bytes = b""
    sight: bytes = b""
    taken: str = ""
    colours: bytes = b""
    vectors: bytes = b""


class GarbledReplyError(Exception):
    """The child said something that is not a reply."""


def write_ready(stream: BinaryIO) -> None:
    """Say that requests can come."""
    stream.write(_READY)
    stream.flush()


def read_ready(stream: BinaryIO) -> bool:
    """Whether the child says that requests can come; blocks until it says something or ends."""
    return stream.readline(len(_READY)) == _READY


def write_model(stream: BinaryIO, preparation: Preparation, content: bytes) -> None:
    """Hand a model over."""
    stream.write(json.dumps({"model": asdict(preparation), "size": len(content)}).encode() + b"\n")
    stream.write(content)
    stream.flush()


def write_whether_it_runs(stream: BinaryIO, *, runs: bool) -> None:
    """Say whether the model that was handed over can be run."""
    stream.write(_RUNS if runs else b"no\n")
    stream.flush()


def read_whether_it_runs(stream: BinaryIO) -> bool:
    """Whether the child can run the model; blocks until it says something or ends."""
    return stream.readline(len(_RUNS)) == _RUNS


def write_request(stream: BinaryIO, role: Role, content: bytes) -> None:
    """Hand one photo over."""
    stream.write(json.dumps({"role": role, "size": len(content)}).encode() + b"\n")
    stream.write(content)
    stream.flush()


def read_request(stream: BinaryIO) -> tuple[Role | Preparation, bytes] | None:
    """The next photo with what it is for, or a model, or None when there are no more."""
    line = stream.readline()
    if not line:
        return None
    request = json.loads(line)
    what = Preparation(**request["model"]) if "model" in request else Role(request["role"])
    return what, stream.read(request["size"])


def write_reply(stream: BinaryIO, reply: Reading | Refusal) -> None:
    """Say what was read, or why nothing was."""
    stream.write(json.dumps(_reply_fields(reply)).encode() + b"\n")
    stream.flush()


def _reply_fields(reply: Reading | Refusal) -> dict[str, object]:
    if isinstance(reply, Refusal):
        return {"refusal": reply}
    said = {name: _base64(getattr(reply, name)) for name in _PACKED}
    return {"phash": reply.fingerprint.phash, "dhash": reply.fingerprint.dhash, "taken": reply.taken, **said}


def read_reply(stream: BinaryIO, role: Role, dimension: int = 0) -> Reading | Refusal:
    """The reply to the last request; blocks until it is there or the child ends.

    Args:
        stream: what the child says.
        role: what the photo is for.
        dimension: numbers that the model gives, or 0 where there is none.

    Raises:
        GarbledReplyError: what came is no reply to a request of this role.
    """
    line = stream.readline(_MAX_LINE)
    try:
        fields = json.loads(line)
        if "refusal" in fields:
            return Refusal(fields["refusal"])
        fingerprint = Fingerprint(_hashes(fields["phash"], role), _hashes(fields["dhash"], role))
        packed = {name: _bytes(fields.get(name, "")) for name in _PACKED}
        taken = _TAKEN.fullmatch(fields.get("taken", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise GarbledReplyError("the child's reply is not one") from error
    wanted = _lengths(role, dimension)
    if taken is None or any(len(content) not in wanted[name] for name, content in packed.items()):
        raise GarbledReplyError("the child's reply is too short or too long")
    return Reading(fingerprint, taken=taken[0], **packed)


def _lengths(role: Role, dimension: int) -> dict[str, Container[int]]:
    """How many bytes of each kind a reply has."""
    nothing = range(1)
    frames = 1 if role is Role.THUMBNAIL else MAX_FRAMES
    has_vectors = dimension and role in {Role.QUERY, Role.THUMBNAIL}
    is_whole = role in {Role.QUERY, Role.REFERENCE}
    return {
        "thumbnail": range(1, MAX_THUMBNAIL_BYTES + 1) if is_whole else nothing,
        "sight": range(1, MAX_SIGHT_BYTES + 1) if is_whole else nothing,
        "colours": (COLOUR_BYTES,) if role is Role.GLANCE else nothing,
        "vectors": range(dimension, frames * dimension + 1, dimension) if has_vectors else nothing,
    }


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _hashes(values: list[object], role: Role) -> tuple[str, ...]:
    hashes = tuple(value for value in values if isinstance(value, str) and _HASH.fullmatch(value))
    if not len(hashes) == len(values) == _HASHES[role]:
        raise ValueError("wrong hashes")
    return hashes
