import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fieldcheck.vision.limits import MAX_THUMBNAIL_BYTES, THUMBNAIL_SIDE
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, read_photos
from fieldcheck.vision.refusals import Refusal
from photos import encoded, hamming, noisy, painting, read_one, write

PICTURE = painting(7)
GREY = PICTURE.convert("L")
SIXTEEN_BITS = Image.fromarray(np.asarray(GREY, dtype=np.uint16) * 16)
FLOATS = Image.fromarray(np.asarray(GREY, dtype=np.float32) / 255)
ALPHA = Image.new("L", PICTURE.size, 255)


def with_alpha(picture: Image.Image) -> Image.Image:
    picture = picture.copy()
    picture.putalpha(ALPHA)
    return picture


READABLE = {
    "jpeg": encoded(PICTURE),
    "jpeg, progressive": encoded(PICTURE, progressive=True),
    "jpeg, grey": encoded(GREY),
    "jpeg, CMYK": encoded(PICTURE.convert("CMYK")),
    "jpeg, two pictures": encoded(PICTURE, "MPO", save_all=True, append_images=[painting(1)]),
    "jpeg, archive behind it": encoded(PICTURE) + b"PK\x03\x04" + bytes(500),
    "jpeg, long remarks": encoded(PICTURE, comment=bytes(range(256)) * 200, icc_profile=bytes(range(256)) * 300),
    "png": encoded(PICTURE, "PNG"),
    "png, grey": encoded(GREY, "PNG"),
    "png, grey of 16 bits": encoded(SIXTEEN_BITS, "PNG"),
    "png, palette": encoded(PICTURE.quantize(256), "PNG"),
    "png, alpha": encoded(with_alpha(PICTURE), "PNG"),
    "png, grey and alpha": encoded(with_alpha(GREY), "PNG"),
    "png, one colour transparent": encoded(PICTURE, "PNG", transparency=(1, 2, 3)),
    "webp": encoded(PICTURE, "WEBP"),
    "webp, animated": encoded(PICTURE, "WEBP", save_all=True, append_images=[painting(1)]),
    "tiff": encoded(PICTURE, "TIFF"),
    "tiff, LZW": encoded(PICTURE, "TIFF", compression="tiff_lzw"),
    "tiff, JPEG": encoded(PICTURE, "TIFF", compression="jpeg"),
    "tiff, CMYK": encoded(PICTURE.convert("CMYK"), "TIFF"),
    "tiff, LAB": encoded(Image.merge("LAB", (GREY, ALPHA, ALPHA)), "TIFF"),
    "tiff, grey of 16 bits": encoded(SIXTEEN_BITS, "TIFF"),
    "tiff, integers": encoded(SIXTEEN_BITS.convert("I"), "TIFF"),
    "tiff, floats": encoded(FLOATS, "TIFF"),
    "tiff, pages": encoded(PICTURE, "TIFF", save_all=True, append_images=[painting(1)]),
    "gif": encoded(PICTURE, "GIF"),
    "gif, animated": encoded(PICTURE, "GIF", save_all=True, append_images=[painting(1)], duration=40),
    "bmp": encoded(PICTURE, "BMP"),
    "bmp, palette": encoded(PICTURE.quantize(256), "BMP"),
}


def png_that_declares(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


REFUSED = {
    "text.jpg": (b"This is not a photo.\n" * 40, Refusal.NOT_A_PHOTO),
    "pdf.png": (encoded(PICTURE, "PDF"), Refusal.NOT_A_PHOTO),
    "eps.png": (encoded(PICTURE, "EPS"), Refusal.NOT_A_PHOTO),
    "svg.png": (b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9"/></svg>', Refusal.NOT_A_PHOTO),
    "jpeg2000.jpg": (encoded(PICTURE, "JPEG2000"), Refusal.NOT_A_PHOTO),
    "ppm.bmp": (encoded(PICTURE, "PPM"), Refusal.NOT_A_PHOTO),
    "pdf-first.jpg": (b"%PDF-1.7\n" + encoded(PICTURE), Refusal.NOT_A_PHOTO),
    "cut.jpg": (READABLE["jpeg"][:-2000], Refusal.DAMAGED),
    "cut.png": (READABLE["png"][:-2000], Refusal.DAMAGED),
    "bomb.png": (png_that_declares(50_000, 50_000), Refusal.TOO_MANY_PIXELS),
    "half-bomb.png": (png_that_declares(13_000, 10_000), Refusal.TOO_MANY_PIXELS),
    "long.png": (png_that_declares(1, 2_000_000_000), Refusal.TOO_MANY_PIXELS),
    "preview.jpg": (encoded(painting(1, (160, 63))), Refusal.TOO_SMALL),
    "black.png": (encoded(Image.new("RGB", (99, 99)), "PNG"), Refusal.TOO_DARK),
}


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PhotoReading]:
    folder = tmp_path_factory.mktemp("formats")
    files = {name: write(folder / str(number), content) for number, (name, content) in enumerate(READABLE.items())}
    return dict(zip(files, read_photos(files.values(), role=Role.REFERENCE), strict=True))


@pytest.mark.parametrize("name", READABLE)
def test_every_format_and_mode_reads_as_the_same_picture(readings: dict[str, PhotoReading], name: str) -> None:
    expected, reading = readings["png"].photo.fingerprint, readings[name]
    assert reading.photo.why_not == ""
    assert reading.photo.usable
    assert reading.photo.sha256 == hashlib.sha256(READABLE[name]).hexdigest()
    assert hamming(expected.phash[0], reading.photo.fingerprint.phash[0]) <= 6
    assert hamming(expected.dhash[0], reading.photo.fingerprint.dhash[0]) <= 6


@pytest.mark.parametrize("name", READABLE)
def test_every_thumbnail_is_a_small_jpeg(readings: dict[str, PhotoReading], name: str) -> None:
    thumbnail = readings[name].thumbnail
    assert len(thumbnail) <= MAX_THUMBNAIL_BYTES
    with Image.open(io.BytesIO(thumbnail), formats=["JPEG"]) as small:
        assert max(small.size) == THUMBNAIL_SIDE


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_usable_photo_is_refused_for_its_reason(tmp_path: Path, name: str) -> None:
    content, reason = REFUSED[name]
    reading = read_one(write(tmp_path / name, content))
    assert reading.photo.why_not == reason.sentence
    assert reading.photo.sha256 == hashlib.sha256(content).hexdigest()
    assert not reading.photo.usable
    assert reading.thumbnail == b""


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    undone = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    turned = PICTURE if orientation == 1 else PICTURE.transpose(Image.Transpose(undone[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright, marked = read_photos(
        [
            write(tmp_path / "upright.jpg", encoded(PICTURE, quality=95)),
            write(tmp_path / "marked.jpg", encoded(turned, quality=95, exif=exif)),
        ],
        role=Role.REFERENCE,
    )
    assert hamming(upright.photo.fingerprint.phash[0], marked.photo.fingerprint.phash[0]) <= 2
    assert hamming(upright.photo.fingerprint.dhash[0], marked.photo.fingerprint.dhash[0]) <= 2
    with Image.open(io.BytesIO(marked.thumbnail)) as thumbnail:
        assert thumbnail.width > thumbnail.height


@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"Exif\0\0"])
def test_damaged_exif_does_not_cost_the_photo(tmp_path: Path, exif: bytes) -> None:
    assert read_one(write(tmp_path / "photo.jpg", encoded(PICTURE, exif=exif))).photo.usable


def test_what_is_transparent_counts_as_grey(tmp_path: Path) -> None:
    hidden = PICTURE.copy()
    hidden.putalpha(0)
    reading = read_one(write(tmp_path / "hidden.png", encoded(hidden, "PNG")))
    assert reading.photo.why_not == Refusal.BLANK.sentence


def test_noise_alone_still_makes_a_small_thumbnail(tmp_path: Path) -> None:
    noise = noisy(Image.new("RGB", (256, 256), (128, 128, 128)), 120)
    reading = read_one(write(tmp_path / "noise.png", encoded(noise, "PNG")))
    assert 0 < len(reading.thumbnail) <= MAX_THUMBNAIL_BYTES


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_damaged_files_are_read_or_refused_and_never_stop_the_reader(tmp_path: Path, kind: str) -> None:
    options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    whole = encoded(painting(2, (160, 120)), kind, **options)
    random = np.random.default_rng(5)
    paths = [write(tmp_path / f"cut-{n}", whole[: len(whole) * n // 20]) for n in range(20)]
    for n in range(40):
        damaged = bytearray(whole)
        positions = random.integers(0, len(whole) if n % 2 else min(200, len(whole)), 1 + n % 4)
        for position in positions:
            damaged[position] ^= 1 << int(random.integers(8))
        paths.append(write(tmp_path / f"flipped-{n}", bytes(damaged)))
    allowed = {"", *(reason.sentence for reason in Refusal)} - {Refusal.READER_NOT_STARTED.sentence}
    readings = list(read_photos([*paths, write(tmp_path / "whole", whole)], role=Role.QUERY))
    assert len(readings) == len(paths) + 1
    for reading in readings:
        assert reading.photo.usable == (reading.photo.why_not == "")
        assert reading.photo.why_not in allowed
    assert readings[-1].photo.usable
    assert readings[0].photo.why_not == Refusal.EMPTY.sentence


def test_a_telephone_photo_in_heif_is_read_or_says_what_to_do(tmp_path: Path) -> None:
    try:
        import pillow_heif
    except ImportError:
        content = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(600)
        expected = Refusal.HEIF_NOT_INSTALLED.sentence
    else:
        content = io.BytesIO()
        pillow_heif.from_pillow(PICTURE).save(content)
        content, expected = content.getvalue(), ""
    assert read_one(write(tmp_path / "IMG_0001.HEIC", content)).photo.why_not == expected
