"""Perceptual hashes of a photo, which find other copies of the same photograph.

A hash survives recompression, resizing, grey conversion and mild changes of light. It does not survive
cropping or another point of view.
"""

from typing import TYPE_CHECKING

from fieldcheck.models.item import Fingerprint

if TYPE_CHECKING:
    from PIL import Image

ORIENTATIONS = (
    "as it is",
    "turned left",
    "turned upside down",
    "turned right",
    "mirrored",
    "mirrored and turned left",
    "mirrored and turned upside down",
    "mirrored and turned right",
)
"""What was done to a query before its hash was taken, by position in its `Fingerprint`."""

_SIDE = 64
"""Side in pixels of the grey square that all hashes are taken from: twice the finest grid that is hashed."""


def fingerprint_query(photo: "Image.Image") -> Fingerprint:
    """The hashes of a photo that is looked for, one per entry of `ORIENTATIONS`."""
    return _fingerprint(_orientations(_grey_square(photo)))


def fingerprint_reference(photo: "Image.Image") -> Fingerprint:
    """The hashes of a record's photo, as it is."""
    return _fingerprint((_grey_square(photo),))


def _grey_square(photo: "Image.Image") -> "Image.Image":
    """The photo in grey, squeezed to a square so that turning it moves pixels and computes none."""
    from PIL import Image

    return photo.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)


def _orientations(square: "Image.Image") -> tuple["Image.Image", ...]:
    from PIL.Image import Transpose

    mirrored = square.transpose(Transpose.FLIP_LEFT_RIGHT)
    turns = (Transpose.ROTATE_90, Transpose.ROTATE_180, Transpose.ROTATE_270)
    return tuple(
        side if turn is None else side.transpose(turn) for side in (square, mirrored) for turn in (None, *turns)
    )


def _fingerprint(squares: "tuple[Image.Image, ...]") -> Fingerprint:
    """The 64-bit ``phash`` and ``dhash`` of imagehash, 16 hexadecimal digits each."""
    import imagehash

    return Fingerprint(
        phash=tuple(str(imagehash.phash(square)) for square in squares),
        dhash=tuple(str(imagehash.dhash(square)) for square in squares),
    )
