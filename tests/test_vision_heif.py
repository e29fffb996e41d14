"""Photos as phones write them, HEIC, are read in the limited child as the same picture, upright, first frame only."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image
from PIL.Image import Transpose

from fieldcheck.vision.limits import MAX_THUMBNAIL_BYTES
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from fieldcheck.vision.refusals import Refusal
from photos import encoded, engraving, hamming, read_one, write

pillow_heif = pytest.importorskip("pillow_heif")

PICTURE = engraving(7)
TURNS = {
    1: None,
    3: Transpose.ROTATE_180,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
}


def heic(*pictures: Image.Image, orientation: int = 1) -> bytes:
    """A HEIC file as a phone writes it: turned by its container, and by its EXIF as well."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = pillow_heif.HeifFile()
    for picture in pictures:
        file.add_from_pillow(picture)
    buffer = io.BytesIO()
    file.save(buffer, quality=80, exif=exif.tobytes(), enc_params={"preset": "ultrafast"})
    return buffer.getvalue()


def phash(folder: Path, name: str, content: bytes) -> str:
    """The first hash of what the reader sees."""
    photo = read_one(write(folder / name, content)).photo
    assert photo.why_not == ""
    assert photo.fingerprint is not None
    return photo.fingerprint.phash[0]


@pytest.mark.parametrize("orientation", TURNS)
def test_a_turned_photo_is_seen_upright(tmp_path: Path, orientation: int) -> None:
    turn = TURNS[orientation]
    upright = PICTURE if turn is None else PICTURE.transpose(turn)
    seen = phash(tmp_path, "phone.heic", heic(PICTURE, orientation=orientation))
    assert hamming(seen, phash(tmp_path, "upright.png", encoded(upright, "PNG"))) <= 4


def test_a_photo_that_only_its_container_turns_is_seen_upright(tmp_path: Path) -> None:
    both = heic(PICTURE, orientation=6)
    said = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    assert both.count(b"irot") == 1
    assert both.count(said) == 1
    only_container = both.replace(said, struct.pack(">HHIHH", 0x0112, 3, 1, 1, 0))
    seen = phash(tmp_path, "phone.heic", only_container)
    upright = encoded(PICTURE.transpose(Transpose.ROTATE_270), "PNG")
    assert hamming(seen, phash(tmp_path, "upright.png", upright)) <= 4


def test_twelve_megapixels_are_read_as_any_other_photo(tmp_path: Path) -> None:
    large = PICTURE.resize((4000, 3000))
    path = write(tmp_path / "phone.heic", heic(large))
    (reading,) = read_photos([path], role=Role.REFERENCE, timeout_s=60)
    plain = read_one(write(tmp_path / "plain.jpg", encoded(large)), Role.REFERENCE)
    assert reading.photo.fingerprint is not None
    assert plain.photo.fingerprint is not None
    assert hamming(reading.photo.fingerprint.phash[0], plain.photo.fingerprint.phash[0]) <= 4
    assert 0 < len(reading.thumbnail) <= MAX_THUMBNAIL_BYTES
    assert len(reading.points) > 400 * 16


def test_of_a_burst_only_the_first_frame_is_read(tmp_path: Path) -> None:
    burst = heic(PICTURE, *(engraving(n, (160, 120)) for n in range(8)))
    seen = phash(tmp_path, "burst.heic", burst)
    assert hamming(seen, phash(tmp_path, "first.png", encoded(PICTURE, "PNG"))) <= 4


@pytest.mark.parametrize("side", [60_000, 11_500, 2**31 - 1])
def test_a_file_that_declares_too_many_pixels_is_refused(tmp_path: Path, side: int) -> None:
    content = bytearray(heic(PICTURE))
    place = content.index(b"ispe") + 8
    content[place : place + 8] = struct.pack(">II", side, side)
    refused = {reason.sentence for reason in (Refusal.TOO_MANY_PIXELS, Refusal.DAMAGED, Refusal.NOT_A_PHOTO)}
    assert read_one(write(tmp_path / "bomb.heic", bytes(content))).photo.why_not in refused


def test_broken_files_are_refused_or_read_and_stop_no_other(tmp_path: Path) -> None:
    whole = heic(PICTURE)
    broken = [whole[: len(whole) * part // 8] for part in range(1, 8)]
    for number in range(12):
        damaged = bytearray(whole)
        for place in range(20 + 37 * number, min(len(whole), 900), 211):
            damaged[place] ^= 1 << number % 8
        broken.append(bytes(damaged))
    paths = [write(tmp_path / f"{number}.heic", content) for number, content in enumerate([*broken, whole])]
    readings = [reading.photo for reading in read_photos(paths, role=Role.QUERY)]
    assert readings[-1].usable
    assert all(photo.usable or photo.why_not for photo in readings)
    assert sum(photo.usable for photo in readings[:7]) == 0
