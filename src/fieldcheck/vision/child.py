"""The limited process that decodes photos; ``python -m fieldcheck.vision.child``.

Decoders are written in C and read files that strangers made. A decoder that crashes, hangs or is taken over
does so here, in a process that may open, write and allocate little.
"""

import io
import sys
from typing import BinaryIO

import cv2
import numpy as np
from PIL import Image

from fieldcheck.vision import fingerprint, opening, protocol, usability
from fieldcheck.vision.features import REFERENCE_POINTS, extract, shrink
from fieldcheck.vision.limits import (
    COLOUR_FIELDS,
    MAX_CHILD_MEMORY,
    MAX_OPEN_FILES,
    MAX_THUMBNAIL_BYTES,
    THUMBNAIL_SIDE,
)
from fieldcheck.vision.protocol import Reading, Role
from fieldcheck.vision.reference import Reference
from fieldcheck.vision.refusals import Refusal, RefusalError
from fieldcheck.vision.sight import Sight
from fieldcheck.vision.vocabulary import load_vocabulary

_QUALITIES = (75, 60, 45, 30, 15)
"""JPEG qualities that are tried in turn; at 256 pixels pure noise fits at the last."""


def main() -> None:
    """Answer requests until there are no more."""
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    cv2.setNumThreads(1)
    opening.prepare()
    fingerprint.fingerprint_reference(Image.new("L", (1, 1)))
    confine()
    protocol.write_ready(replies)
    serve(requests, replies)


def confine() -> None:
    """Take from this process what decoding does not need; nothing is taken on Windows."""
    try:
        import resource
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: MAX_CHILD_MEMORY,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):
            continue


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests in turn."""
    while request := protocol.read_request(requests):
        protocol.write_reply(replies, read(*request))


def read(role: Role, content: bytes) -> Reading | Refusal:
    """Decode, judge and hash one photo, and find its points.

    Args:
        role: what the photo is for.
        content: the whole file.
    """
    try:
        photo = opening.open_photo(content)
        if role is Role.GLANCE:
            return glance(photo, content)
        if refusal := usability.judge(photo):
            return refusal
        hashes = fingerprint.fingerprint_query if role is Role.QUERY else fingerprint.fingerprint_reference
        return Reading(hashes(photo), thumbnail(photo), sight(photo, role))
    except RefusalError as error:
        return error.refusal
    except (MemoryError, cv2.error):
        return Refusal.TOO_MUCH_MEMORY


def glance(photo: Image.Image, content: bytes) -> Reading:
    """What tells a photo from those beside it, at a tenth of the time that finding its points takes."""
    fields = photo.resize((COLOUR_FIELDS, COLOUR_FIELDS), Image.Resampling.BOX)
    return Reading(fingerprint.fingerprint_query(photo), taken=opening.time_taken(content), colours=fields.tobytes())


def sight(photo: Image.Image, role: Role) -> bytes:
    """The points of a photo, packed as its role asks."""
    grey = shrink(np.asarray(photo.convert("L")))
    if role is Role.QUERY:
        return Sight.see(grey).pack()
    return Reference.make(extract(grey, REFERENCE_POINTS), load_vocabulary()).pack()


def thumbnail(photo: Image.Image) -> bytes:
    """A JPEG of at most `THUMBNAIL_SIDE` pixels a side and `MAX_THUMBNAIL_BYTES` bytes, without what the file says."""
    small = photo.copy()
    small.info.clear()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        small.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= MAX_THUMBNAIL_BYTES:
            break
    return buffer.getvalue()


if __name__ == "__main__":
    main()
