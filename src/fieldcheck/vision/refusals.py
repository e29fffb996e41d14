"""Why a photo could not be checked, in words, and what the officer can do about it."""

import enum


@enum.unique
class Refusal(enum.StrEnum):
    """One reason not to compare a photo; `sentence` is what the officer reads."""

    MISSING = "missing"
    FOLDER = "folder"
    NOT_A_FILE = "not_a_file"
    NOT_ALLOWED = "not_allowed"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    NOT_A_PHOTO = "not_a_photo"
    HEIF_NOT_INSTALLED = "heif_not_installed"
    DAMAGED = "damaged"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    READER_STOPPED = "reader_stopped"
    READER_NOT_STARTED = "reader_not_started"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    GLARE = "glare"
    BLANK = "blank"
    BLURRED = "blurred"

    @property
    def sentence(self) -> str:
        """The reason and what to do about it, as one sentence."""
        return _SENTENCES[self]


class RefusalError(Exception):
    """A photo was refused while it was being read."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


_SENTENCES = {
    Refusal.MISSING: "there is no such file: check its name and folder, and add the photo again",
    Refusal.FOLDER: "this is a folder and not a photo: name the photos in it one by one",
    Refusal.NOT_A_FILE: "this is a device or a pipe and not a file: copy the photo to the disk and add that",
    Refusal.NOT_ALLOWED: "this user may not read the file: copy the photo to your own folder and add that",
    Refusal.UNREADABLE: "the disk or the stick gave no data: copy the photo again and add that",
    Refusal.EMPTY: "the file is empty: copy the photo from the phone or camera again",
    Refusal.TOO_MANY_BYTES: "the file is larger than 60 MB: save the photo as JPEG and add that",
    Refusal.TOO_MANY_PIXELS: "the photo has over 120 million pixels: save it at half its size and add that",
    Refusal.NOT_A_PHOTO: (
        "the file is not a photo in a format that is read (JPEG, PNG, WebP, TIFF, GIF, BMP or HEIF): "
        "save the photo as JPEG and add that"
    ),
    Refusal.HEIF_NOT_INSTALLED: (
        "the photo is in a phone's HEIC or AVIF format, which is not read on this computer: "
        "save the photo as JPEG and add that, or install fieldcheck[heif]"
    ),
    Refusal.DAMAGED: (
        "the file is damaged or incomplete: copy the photo from the phone or camera again, "
        "or photograph the object again"
    ),
    Refusal.TOO_SLOW: ("the photo could not be opened: it took too long; save it as JPEG at half its size"),
    Refusal.TOO_MUCH_MEMORY: (
        "the photo could not be opened: it needs too much memory; save it as JPEG at half its size"
    ),
    Refusal.READER_STOPPED: (
        "the photo could not be opened: reading it failed, as it does on damaged files; "
        "copy it from the phone or camera again, or photograph the object again"
    ),
    Refusal.READER_NOT_STARTED: (
        "the photo could not be opened: photo reading does not start on this computer; "
        "run `fieldcheck doctor` to see why"
    ),
    Refusal.TOO_SMALL: "the photo is under 64 pixels on one side: add the original and not a preview",
    Refusal.TOO_DARK: "the photo is too dark: use a lamp or the flash and photograph the object again",
    Refusal.GLARE: (
        "the photo is almost all white: turn the object or the lamp so that nothing glares, and photograph it again"
    ),
    Refusal.BLANK: "the photo shows nothing to compare: fill the frame with the object and try again",
    Refusal.BLURRED: "the photo is badly blurred: hold the camera still, let it focus and try again",
}
