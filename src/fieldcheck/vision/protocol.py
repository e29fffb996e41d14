"""What the reader and its limited child say to each other.

The child says with one line that it is ready. A request is one line of JSON,
``{"role": "query", "size": 12345}``, and then that many bytes, the photo itself: the child opens no file, and
the bytes that were hashed are the bytes that are decoded. A reply is one line of JSON,
``{"phash": […], "dhash": […], "thumbnail": base64, "sight": base64}``, to a glance
``{"phash": […], "dhash": […], "taken": "2026-11-24T09:30:00", "colours": base64}``, or ``{"refusal": "too_dark"}``. The
child has decoded a file that strangers made, so its replies are trusted no more than the file.
"""

import base64
import enum
import json
import re
from dataclasses import dataclass
from typing import BinaryIO

from fieldcheck.models.item import Fingerprint
from fieldcheck.vision.limits import COLOUR_BYTES, MAX_SIGHT_BYTES, MAX_THUMBNAIL_BYTES
from fieldcheck.vision.refusals import Refusal

_READY = b"ready\n"
_MAX_LINE = 4096 + 2 * (MAX_THUMBNAIL_BYTES + MAX_SIGHT_BYTES)
_HASH = re.compile(r"[0-9a-f]{16}")
_TAKEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|")


@enum.unique
class Role(enum.StrEnum):
    """What a photo is for: looked for, kept with a record to be found, or told apart from those beside it."""

    QUERY = "query"
    REFERENCE = "reference"
    GLANCE = "glance"


_HASHES = {Role.QUERY: 8, Role.REFERENCE: 1, Role.GLANCE: 8}
"""How many hashes of each kind a photo has."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one photo: its hashes, a JPEG thumbnail, and its points.

    ``sight`` is packed by `fieldcheck.vision.sight` for a query and by `fieldcheck.vision.reference` for a reference.
    A glance has neither thumbnail nor points, but ``taken``, when the camera says that it was taken (ISO 8601 without
    a zone, or empty), and ``colours``, the mean red, green and blue of 6 × 6 fields, row by row.
    """

    fingerprint: Fingerprint
    thumbnail: bytes = b""
    sight: bytes = b""
    taken: str = ""
    colours: bytes = b""


class GarbledReplyError(Exception):
    """The child said something that is not a reply."""


def write_ready(stream: BinaryIO) -> None:
    """Say that requests can come."""
    stream.write(_READY)
    stream.flush()


def read_ready(stream: BinaryIO) -> bool:
    """Whether the child says that requests can come; blocks until it says something or ends."""
    return stream.readline(len(_READY)) == _READY


def write_request(stream: BinaryIO, role: Role, content: bytes) -> None:
    """Hand one photo over."""
    stream.write(json.dumps({"role": role, "size": len(content)}).encode() + b"\n")
    stream.write(content)
    stream.flush()


def read_request(stream: BinaryIO) -> tuple[Role, bytes] | None:
    """The next photo, or None when there are no more."""
    line = stream.readline()
    if not line:
        return None
    request = json.loads(line)
    return Role(request["role"]), stream.read(request["size"])


def write_reply(stream: BinaryIO, reply: Reading | Refusal) -> None:
    """Say what was read, or why nothing was."""
    stream.write(json.dumps(_reply_fields(reply)).encode() + b"\n")
    stream.flush()


def _reply_fields(reply: Reading | Refusal) -> dict[str, object]:
    if isinstance(reply, Refusal):
        return {"refusal": reply}
    hashes = {"phash": reply.fingerprint.phash, "dhash": reply.fingerprint.dhash}
    if reply.colours:
        return {**hashes, "taken": reply.taken, "colours": _base64(reply.colours)}
    return {**hashes, "thumbnail": _base64(reply.thumbnail), "sight": _base64(reply.sight)}


def read_reply(stream: BinaryIO, role: Role) -> Reading | Refusal:
    """The reply to the last request; blocks until it is there or the child ends.

    Raises:
        GarbledReplyError: what came is no reply to a request of this role.
    """
    line = stream.readline(_MAX_LINE)
    try:
        fields = json.loads(line)
        if "refusal" in fields:
            return Refusal(fields["refusal"])
        fingerprint = Fingerprint(_hashes(fields["phash"], role), _hashes(fields["dhash"], role))
        if role is Role.GLANCE:
            taken, colours = _TAKEN.fullmatch(fields["taken"]), _bytes(fields["colours"])
        else:
            thumbnail, sight = _bytes(fields["thumbnail"]), _bytes(fields["sight"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise GarbledReplyError("the child's reply is not one") from error
    if role is Role.GLANCE:
        if taken is None or len(colours) != COLOUR_BYTES:
            raise GarbledReplyError("the child's time or colours are none")
        return Reading(fingerprint, taken=taken[0], colours=colours)
    if not 0 < len(thumbnail) <= MAX_THUMBNAIL_BYTES:
        raise GarbledReplyError("the child's thumbnail is empty or too large")
    if not 0 < len(sight) <= MAX_SIGHT_BYTES:
        raise GarbledReplyError("the child's points are none or too many")
    return Reading(fingerprint, thumbnail, sight)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _hashes(values: list[object], role: Role) -> tuple[str, ...]:
    hashes = tuple(value for value in values if isinstance(value, str) and _HASH.fullmatch(value))
    if not len(hashes) == len(values) == _HASHES[role]:
        raise ValueError("wrong hashes")
    return hashes
