"""Opening a photo that may be hostile: only the formats allowed, only so many pixels, always to plain RGB.

Runs in the limited child. The colour profile is ignored: it moves every pixel of a photo alike and no hash.
"""

import io
import re
import struct
import warnings

import numpy as np
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)
from PIL.Image import Transpose

from fieldcheck.vision.limits import FORMATS, MAX_PIXELS, MIN_SIDE, WORKING_SIDE
from fieldcheck.vision.refusals import Refusal, RefusalError

_DECODERS = (
    BmpImagePlugin, GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin,
    WebPImagePlugin,
)  # fmt: skip
"""Imported so that Pillow never loads all of its forty formats in search of one."""

_ORIENTATION_TAG = 0x0112
_EXIF_TAG = 0x8769
_TIME_TAGS = (0x9003, 0x9004)
"""EXIF DateTimeOriginal and DateTimeDigitized: what the camera's clock said."""

_EXIF_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""How to undo each EXIF orientation (CIPA DC-008, tag 274)."""

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_BACKGROUND = (128, 128, 128)
_ERRORS_OF_DAMAGED_FILES = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, EOFError,
    RuntimeError, struct.error, Warning,
)  # fmt: skip
"""What Pillow's decoders have been seen to raise on files that are cut or changed."""


def prepare() -> None:
    """Load every decoder and set Pillow's own limits; once, before the process is confined."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        import pillow_heif
    except ImportError:
        return
    pillow_heif.register_heif_opener(thumbnails=False)


def open_photo(content: bytes, least_side: int = MIN_SIDE) -> Image.Image:
    """Decode a photo to an upright RGB copy of at most `WORKING_SIDE` pixels a side.

    Args:
        content: the whole file.
        least_side: pixels that its shortest side must have.

    Raises:
        RefusalError: it is no photo, is damaged, or is too small or too large.
    """
    try:
        with _identified(content) as photo:
            if min(photo.size) < least_side:
                raise RefusalError(Refusal.TOO_SMALL)
            return _upright(_reduced_rgb(photo), _orientation(photo))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusalError(Refusal.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise RefusalError(_why_unidentified(content)) from error
    except _ERRORS_OF_DAMAGED_FILES as error:
        raise RefusalError(Refusal.DAMAGED) from error


def time_taken(content: bytes) -> str:
    """When the camera says that a photo was taken, ISO 8601 without a zone; empty where it does not say.

    Args:
        content: the whole file, of which only the head is read.
    """
    try:
        with _identified(content) as photo:
            said = photo.getexif().get_ifd(_EXIF_TAG)
        times = (_EXIF_TIME.match(str(said.get(tag, ""))) for tag in _TIME_TAGS)
        return next((f"{time[1]}-{time[2]}-{time[3]}T{time[4]}" for time in times if time), "")
    except _ERRORS_OF_DAMAGED_FILES:
        return ""


def _identified(content: bytes) -> Image.Image:
    formats = [name for name in FORMATS if name in Image.OPEN]
    return Image.open(io.BytesIO(content), formats=formats)


def _why_unidentified(content: bytes) -> Refusal:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS and "HEIF" not in Image.OPEN:
        return Refusal.HEIF_NOT_INSTALLED
    return Refusal.NOT_A_PHOTO


def _reduced_rgb(photo: Image.Image) -> Image.Image:
    """The first frame, reduced before it is converted where it can be, so that there are few large copies."""
    photo.draft(None, (WORKING_SIDE, WORKING_SIDE))
    photo.load()
    if photo.mode in {"P", "PA"} or "transparency" in photo.info:
        photo = photo.convert("RGBA")
    elif photo.mode == "1":
        photo = photo.convert("L")
    photo.thumbnail((WORKING_SIDE, WORKING_SIDE))
    return _rgb(photo)


def _rgb(photo: Image.Image) -> Image.Image:
    if photo.mode in {"RGBA", "LA"}:
        background = Image.new("RGBA", photo.size, (*_BACKGROUND, 255))
        return Image.alpha_composite(background, photo.convert("RGBA")).convert("RGB")
    if photo.mode == "LAB":
        return photo.getchannel("L").convert("RGB")
    if photo.mode.startswith(("I", "F")):
        return _eight_bits(photo).convert("RGB")
    return photo.convert("RGB")


def _eight_bits(photo: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, stretched from darkest to lightest: such files rarely use their whole range."""
    values = np.nan_to_num(np.asarray(photo, dtype=np.float64), posinf=0, neginf=0)
    low, high = values.min(), values.max()
    return Image.fromarray(((values - low) * (255 / ((high - low) or 1))).astype(np.uint8))


def _orientation(photo: Image.Image) -> int:
    """The EXIF orientation, 1 where there is none; a photo is not refused for damaged EXIF."""
    try:
        return int(photo.getexif().get(_ORIENTATION_TAG, 1))
    except _ERRORS_OF_DAMAGED_FILES:
        return 1


def _upright(photo: Image.Image, orientation: int) -> Image.Image:
    method = _UPRIGHT.get(orientation)
    return photo if method is None else photo.transpose(method)
