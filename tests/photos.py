"""Drawings that stand for photographs of objects: distinct, reproducible, and drawn in milliseconds."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, read_photos

SIZE = (480, 360)


def painting(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture of soft fields of colour with shapes on them, another one for each seed."""
    random = np.random.default_rng(seed)
    fields = Image.fromarray(random.integers(40, 216, (5, 5, 3), dtype=np.uint8))
    picture = fields.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        (x, y), (width, height) = random.integers(0, size, 2), random.integers(20, 140, 2)
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((int(x), int(y), int(x + width), int(y + height)), fill=colour)
    return picture


def engraving(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A painting with several hundred strokes on it, so that it has details everywhere."""
    random = np.random.default_rng(1_000 + seed)
    picture = painting(seed, size)
    draw = ImageDraw.Draw(picture)
    for _ in range(260):
        (x, y), (dx, dy) = random.integers(0, size, 2), random.integers(-22, 23, 2)
        shade = tuple(int(value) for value in random.integers(0, 256, 3))
        draw.line((int(x), int(y), int(x + dx), int(y + dy)), fill=shade, width=int(random.integers(1, 4)))
    return picture


def on_a_table(
    picture: Image.Image, seed: int = 900, angle: float = 20, share: float = 0.6, at: tuple[int, int] = (60, 50)
) -> Image.Image:
    """The picture, smaller and turned, lying on something else that is full of details."""
    table = engraving(seed, (800, 600))
    small = picture.resize((round(table.width * share), round(table.height * share))).convert("RGBA")
    turned = small.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    table.paste(turned, at, turned)
    return table


def noisy(picture: Image.Image, strength: float = 12) -> Image.Image:
    """The picture with the noise of a small sensor."""
    noise = np.random.default_rng(0).normal(0, strength, (picture.height, picture.width, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def faint(picture: Image.Image, share: float, paper: int = 250) -> Image.Image:
    """The picture on paper of that brightness, with so much of its contrast."""
    return Image.fromarray((paper - (250 - np.asarray(picture).astype(float)) * share).astype(np.uint8))


def in_glare(picture: Image.Image, at: tuple[int, int], reach: float, amount: float) -> Image.Image:
    """The picture with light that falls on a place and fades over ``reach`` pixels around it."""
    y, x = np.mgrid[: picture.height, : picture.width]
    light = amount * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * reach**2))
    return Image.fromarray(np.clip(np.asarray(picture) + light[..., None], 0, 255).astype(np.uint8))


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    """The picture out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(radius))


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as the bytes of a file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def write(path: Path, content: bytes) -> Path:
    """A file with this content."""
    path.write_bytes(content)
    return path


def read_one(path: Path, role: Role = Role.QUERY) -> PhotoReading:
    """What the reader makes of one file."""
    (reading,) = read_photos([path], role=role)
    return reading


def hamming(one: str, other: str) -> int:
    """The number of bits in which two hashes of hexadecimal digits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
