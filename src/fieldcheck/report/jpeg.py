"""The size of a JPEG, read from its header and never decoded: who looks at a report decodes it."""

import struct

MOST_BYTES = 200_000
"""Bytes of a picture in a report; thumbnails have a tenth of it."""

_START = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a frame (ITU-T T.81, table B.1): its header holds height and width."""


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, or None for what is no JPEG or is too large to be one of ours."""
    if not content.startswith(_START) or len(content) > MOST_BYTES:
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == _START[0]:
        marker, length = struct.unpack_from(">BH", content, at + 1)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return (width, height) if width and height else None
        at += 2 + length
    return None
