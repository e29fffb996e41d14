"""Files that are broken, hostile or odd and claim to be photos, made by rule: the same ones each time."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from photos import encoded, engraving

KINDS: dict[str, dict[str, object]] = {
    "JPEG": {},
    "PNG": {},
    "WEBP": {},
    "TIFF": {"compression": "tiff_lzw"},
    "GIF": {},
    "BMP": {},
}
CUTS, FLIPS, SPLICES = 40, 200, 60


def corpus() -> Iterator[tuple[str, bytes]]:
    """Names with misleading endings, and contents; over 2,000 with `bombs`."""
    whole = {kind: encoded(engraving(2, (200, 150)), kind, **options) for kind, options in KINDS.items()}
    names = list(whole)
    for number, (kind, content) in enumerate(whole.items()):
        other = whole[names[(number + 1) % len(names)]]
        yield from ((f"{kind}-cut-{n}.jpg", content[: len(content) * n // CUTS]) for n in range(1, CUTS))
        yield from flipped(kind, content)
        yield from spliced(kind, content, other)
        yield f"{kind}-wrong-ending.heic", content
        yield f"{kind}-twice.png", content + content
        yield f"{kind}-archive-behind.jpg", content + b"PK\x03\x04" + bytes(2_000)
        yield f"{kind}-script-before.jpg", b"#!/bin/sh\nexit\n" + content
        yield f"{kind}-pdf-before.jpg", b"%PDF-1.7\n" + content
    yield from odd()


def flipped(kind: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Bits flipped, half of the time in the header."""
    random = np.random.default_rng(len(content))
    for n in range(FLIPS):
        damaged = bytearray(content)
        reach = len(content) if n % 2 else min(300, len(content))
        for place in random.integers(0, reach, 1 + n % 6):
            damaged[place] ^= 1 << int(random.integers(8))
        yield f"{kind}-flipped-{n}.jpg", bytes(damaged)


def spliced(kind: str, content: bytes, other: bytes) -> Iterator[tuple[str, bytes]]:
    """The beginning of one file and the end of another, or a hole, or noise, in the middle."""
    random = np.random.default_rng(len(content) + 1)
    for n in range(SPLICES):
        start, end = sorted(int(place) for place in random.integers(1, len(content), 2))
        middle = (other[start:end], bytes(end - start), random.bytes(end - start), b"")[n % 4]
        yield f"{kind}-spliced-{n}.png", content[:start] + middle + content[end:]


def png(width: int, height: int, rows: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG whose header says what it likes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that declare, or unpack to, very much."""
    for width, height in ((50_000, 50_000), (11_000, 11_000), (1, 2**31 - 1), (2**31 - 1, 1), (0, 0), (65_535, 2_000)):
        yield f"bomb-{width}x{height}.png", png(width, height, bytes(3_000_000))
    yield "bomb-grey-whole.png", png(10_900, 10_900, bytes(10_901 * 10_900), colour=0)
    yield "bomb-bits.png", png(10_900, 10_900, bytes(1_364 * 10_900), depth=1, colour=0)
    yield "bomb-text.png", _with_text(encoded(engraving(1), "PNG"), 60_000_000)
    frames = [Image.new("P", (400, 400), n) for n in range(200)]
    yield "bomb-frames.gif", encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    pages = [Image.new("1", (4_000, 4_000)) for _ in range(30)]
    yield "bomb-pages.tif", encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    for side in (9_000, 10_900):
        yield f"large-{side}.jpg", encoded(Image.new("RGB", (side, side), (90, 120, 60)), quality=5)
        yield f"large-{side}.webp", encoded(Image.new("L", (min(side, 16_000), side)), "WEBP", quality=1)


def _with_text(content: bytes, size: int) -> bytes:
    body = b"Comment\0\0" + zlib.compress(bytes(size), 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return content[:33] + chunk + content[33:]


def odd() -> Iterator[tuple[str, bytes]]:
    """Whole files of odd shapes, modes and contents, and what is no photo at all."""
    random = np.random.default_rng(3)
    for n, size in enumerate(((64, 64), (64, 30_000), (30_000, 64), (65, 6_000), (1, 1), (2_000, 63), (641, 640))):
        yield f"shape-{n}.png", encoded(Image.effect_noise(size, 80), "PNG")
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        yield f"mode-{mode.replace(';', '')}.png", encoded(Image.new(mode, (300, 200)), "PNG")
    checks = np.indices((600, 600)).sum(axis=0) % 2 * 255
    yield "checks.png", encoded(Image.fromarray(checks.astype(np.uint8)), "PNG")
    dots = np.where(np.indices((640, 640)).max(axis=0) % 7 == 0, 255, 0)
    yield "dots.png", encoded(Image.fromarray(dots.astype(np.uint8)), "PNG")
    noise = Image.fromarray(random.integers(0, 256, (1500, 2000, 3), dtype=np.uint8))
    yield "noise.jpg", encoded(noise)
    floats = np.full((200, 300), np.nan, np.float32)
    floats[::2] = np.inf
    yield "not-numbers.tif", encoded(Image.fromarray(floats), "TIFF")
    for n, start in enumerate(
        (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF89a", b"BM", b"RIFF\0\0\0\0WEBP")
    ):
        yield from ((f"noise-{n}-{m}.jpg", start + random.bytes(40 * (m + 1))) for m in range(40))
    for n, text in enumerate(
        (b"", b"\0", b"<svg/>", b"<?xml version='1.0'?>", b"{}", b"\0" * 100_000, b"P6 9 9 255\n")
    ):
        yield f"text-{n}.jpg", text
    yield "heic.jpg", b"\0\0\0\x18ftypheic" + random.bytes(5_000)
    exif = Image.Exif()
    exif[0x0112] = 99
    yield "orientation.jpg", encoded(engraving(4), exif=exif)
    buffer = io.BytesIO()
    engraving(5).save(buffer, "JPEG", icc_profile=random.bytes(60_000), comment=random.bytes(60_000))
    yield "profile.jpg", buffer.getvalue()
