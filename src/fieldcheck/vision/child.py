"""The limited process that decodes photos; ``python -m fieldcheck.vision.child``.

Decoders are written in C and read files that strangers made. A decoder that crashes, hangs or is taken over
does so here, in a process that may open, write and allocate little.
"""

import io
import sys
from collections.abc import Iterable
from typing import BinaryIO

import cv2
import numpy as np
from PIL import Image

from fieldcheck.models.item import Fingerprint
from fieldcheck.vision import fingerprint, opening, protocol, usability
from fieldcheck.vision.embedding import Network, UnusableModelError, frames, whole
from fieldcheck.vision.features import REFERENCE_POINTS, Bytes, extract, shrink
from fieldcheck.vision.limits import (
    COLOUR_FIELDS,
    MAX_CHILD_MEMORY,
    MAX_OPEN_FILES,
    MAX_THUMBNAIL_BYTES,
    THUMBNAIL_SIDE,
)
from fieldcheck.vision.protocol import Preparation, Reading, Role
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
    """Answer requests in turn, the photos with the model that was handed over last, if any."""
    network: Network | None = None
    while request := protocol.read_request(requests):
        what, content = request
        if isinstance(what, Preparation):
            network = made_ready(what, content)
            protocol.write_whether_it_runs(replies, runs=network is not None)
        else:
            protocol.write_reply(replies, read(what, content, network))


def made_ready(preparation: Preparation, content: bytes) -> Network | None:
    """A model that can be run, or None."""
    try:
        return Network(preparation, content)
    except UnusableModelError:
        return None


def read(role: Role, content: bytes, network: Network | None = None) -> Reading | Refusal:
    """Decode, judge and hash one photo, find its points, and have the model look at it.

    Args:
        role: what the photo is for.
        content: the whole file.
        network: the model, or None to go without.
    """
    try:
        if role is Role.THUMBNAIL:
            kept = opening.open_photo(content, least_side=1)
            return Reading(Fingerprint((), ()), vectors=vectors(whole(kept), network))
        photo = opening.open_photo(content)
        if role is Role.GLANCE:
            return glance(photo, content)
        return usability.judge(photo) or _whole_reading(photo, role, network)
    except RefusalError as error:
        return error.refusal
    except (MemoryError, cv2.error):
        return Refusal.TOO_MUCH_MEMORY


def _whole_reading(photo: Image.Image, role: Role, network: Network | None) -> Reading:
    if role is Role.REFERENCE:
        return Reading(fingerprint.fingerprint_reference(photo), thumbnail(photo), reference_points(photo))
    seen = Sight.see(grey(photo)).pack()
    return Reading(
        fingerprint.fingerprint_query(photo), thumbnail(photo), seen, vectors=vectors(frames(photo), network)
    )


def glance(photo: Image.Image, content: bytes) -> Reading:
    """What tells a photo from those beside it, at a tenth of the time that finding its points takes."""
    fields = photo.resize((COLOUR_FIELDS, COLOUR_FIELDS), Image.Resampling.BOX)
    return Reading(fingerprint.fingerprint_query(photo), taken=opening.time_taken(content), colours=fields.tobytes())


def grey(photo: Image.Image) -> Bytes:
    """The small grey picture in which points are found."""
    return shrink(np.asarray(photo.convert("L")))


def reference_points(photo: Image.Image) -> bytes:
    """The points of a photo that a list keeps, packed."""
    return Reference.make(extract(grey(photo), REFERENCE_POINTS), load_vocabulary()).pack()


def vectors(parts: Iterable[Bytes], network: Network | None) -> bytes:
    """What the model makes of each part of a photo, one after another."""
    return b"".join(network.vector(part).tobytes() for part in parts) if network else b""


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
