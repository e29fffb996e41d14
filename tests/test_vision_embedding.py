import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fieldcheck.vision.limits import MAX_FRAMES, THUMBNAIL_SIDE
from fieldcheck.vision.model import Model, load_model
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, read_photos, read_thumbnails
from fieldcheck.vision.refusals import Refusal
from hostile import corpus
from photos import encoded, engraving, painting, write
from tiny_models import tiny_model

EVERY = 97

FAKE_CHILD = """
import base64, json, os, sys
out = sys.stdout.buffer
out.write(b"ready\\n"); out.flush()
while line := sys.stdin.buffer.readline():
    request = json.loads(line)
    content = sys.stdin.buffer.read(request["size"])
    if "model" in request:
        out.write(b"runs\\n"); out.flush()
        continue
    if content == b"die": os._exit(7)
    vectors = b"x" * int(content)
    hashes = ["0" * 16] * 8
    reply = {"phash": hashes, "dhash": hashes, "thumbnail": "eHh4", "sight": "eHh4"}
    out.write(json.dumps({**reply, "vectors": base64.b64encode(vectors).decode()}).encode() + b"\\n"); out.flush()
"""


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return load_model(tiny_model(tmp_path))


def vectors_of(content: bytes, dimension: int = 192) -> np.ndarray:
    return np.frombuffer(content, np.int8).reshape(-1, dimension).astype(np.float32)


def read(tmp_path: Path, model: Model | None, *pictures: Image.Image, role: Role = Role.QUERY) -> list[PhotoReading]:
    paths = [write(tmp_path / f"{number}.png", encoded(each, "PNG")) for number, each in enumerate(pictures)]
    return list(read_photos(paths, role=role, model=model))


def nearness(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_a_photo_that_is_looked_for_has_a_vector_for_each_frame(tmp_path: Path, model: Model) -> None:
    (reading,) = read(tmp_path, model, painting(1))
    embedding = reading.photo.embedding
    assert embedding is not None
    assert (embedding.model, embedding.dimension, embedding.scale) == (model.key, 192, model.scale)
    vectors = vectors_of(embedding.vectors)
    assert 1 <= len(vectors) <= MAX_FRAMES
    assert (np.abs(vectors).max(axis=1) == 127).all()


def test_without_a_model_and_with_a_record_there_are_none(tmp_path: Path, model: Model) -> None:
    assert read(tmp_path, None, painting(1))[0].photo.embedding is None
    (reading,) = read(tmp_path, model, painting(1), role=Role.REFERENCE)
    assert reading.photo.embedding is None
    assert reading == read(tmp_path, None, painting(1), role=Role.REFERENCE)[0]


def test_red_comes_first_and_margins_are_grey(model: Model) -> None:
    red = encoded(Image.new("RGB", (256, 128), (255, 0, 0)), quality=95)
    (vector,) = read_thumbnails([red], model=model)
    fields = vectors_of(vector).reshape(3, 8, 8)
    assert np.abs(fields[:, :2]).max() == np.abs(fields[:, 6:]).max() == 0
    assert np.abs(fields[0, 2:6] - 127).max() <= 2
    assert np.abs(fields[1:, 2:6] + 126).max() <= 2


def test_mean_and_spread_are_those_of_the_description(tmp_path: Path) -> None:
    model = load_model(tiny_model(tmp_path, mean=[127, 0, 127], spread=[128, 510, 128]))
    grey = encoded(Image.new("RGB", (128, 128), (191, 191, 127)), quality=95)
    (vector,) = read_thumbnails([grey], model=model)
    fields = vectors_of(vector).reshape(3, 8, 8)
    assert np.abs(fields[0] - 127).max() <= 1
    assert np.abs(fields[1] - 127 * (191 / 510) / 0.5).max() <= 3
    assert np.abs(fields[2]).max() <= 2


def test_a_thumbnail_lies_near_the_photo_that_it_was_made_of(tmp_path: Path, model: Model) -> None:
    readings = read(tmp_path, model, *(painting(seed) for seed in range(4)))
    kept = [vectors_of(vector)[0] for vector in read_thumbnails([each.thumbnail for each in readings], model=model)]
    for number, reading in enumerate(readings):
        assert reading.photo.embedding is not None
        whole = vectors_of(reading.photo.embedding.vectors)[0]
        assert nearness(whole, kept[number]) > 0.99
        assert max(range(4), key=lambda other: nearness(whole, kept[other])) == number


def test_a_frame_finds_what_fills_the_middle_of_a_photo(tmp_path: Path, model: Model) -> None:
    counter = Image.new("RGB", (960, 720), (20, 90, 60))
    counter.paste(painting(5), (240, 180))
    alone, on_counter = read(tmp_path, model, painting(5), counter)
    (kept,) = (vectors_of(vector)[0] for vector in read_thumbnails([alone.thumbnail], model=model))
    assert on_counter.photo.embedding is not None
    whole, *middles = (nearness(frame, kept) for frame in vectors_of(on_counter.photo.embedding.vectors))
    assert max(middles) > 0.98 > whole


def test_thumbnails_are_read_in_order_by_several_and_a_broken_one_stops_none(model: Model) -> None:
    whole = [encoded(painting(seed, (THUMBNAIL_SIDE, 192))) for seed in range(6)]
    given = [*whole[:3], b"", b"\xff\xd8\xff", whole[3][:200], *whole[3:], b"\0" * 1_000]
    together = list(read_thumbnails(given, model=model, workers=2))
    assert [bool(vector) for vector in together] == [True] * 3 + [False] * 3 + [True] * 3 + [False]
    assert together == list(read_thumbnails(given, model=model))


def test_a_thumbnail_may_be_narrower_than_a_photo(model: Model) -> None:
    (vector,) = read_thumbnails([encoded(engraving(1, (256, 12)))], model=model)
    assert len(vector) == 192


def test_a_picture_that_gives_no_numbers_has_a_vector_of_zeros(model: Model) -> None:
    (vector,) = read_thumbnails([encoded(Image.new("RGB", (64, 64), (127, 127, 127)), quality=100)], model=model)
    assert not any(vector)


def test_broken_and_hostile_files_are_refused_as_without_a_model(tmp_path: Path, model: Model) -> None:
    chosen = islice(corpus(), 0, None, EVERY)
    paths = [write(tmp_path / f"{number}-{name}", content) for number, (name, content) in enumerate(chosen)]
    with_model = list(read_photos(paths, role=Role.QUERY, model=model))
    without = read_photos(paths, role=Role.QUERY)
    assert [each.photo.why_not for each in with_model] == [each.photo.why_not for each in without]
    assert all(bool(each.photo.embedding) == each.photo.usable for each in with_model)
    assert any(each.photo.usable for each in with_model)


def faked(tmp_path: Path, model: Model | None, *contents: str) -> Iterator[PhotoReading]:
    paths = [write(tmp_path / f"{number}.jpg", content.encode()) for number, content in enumerate(contents)]
    return read_photos(paths, role=Role.QUERY, model=model, command=(sys.executable, "-c", FAKE_CHILD))


def test_vectors_of_another_length_are_no_reply(tmp_path: Path, model: Model) -> None:
    lengths = (0, 191, 192, 193, 192 * MAX_FRAMES, 192 * (MAX_FRAMES + 1))
    why_not = [each.photo.why_not for each in faked(tmp_path, model, *map(str, lengths))]
    stopped = Refusal.READER_STOPPED.sentence
    assert why_not == [stopped, stopped, "", stopped, "", stopped]
    assert [each.photo.why_not for each in faked(tmp_path, None, "0", "192")] == ["", stopped]


def test_a_child_that_takes_the_place_of_another_has_the_model_too(tmp_path: Path, model: Model) -> None:
    first, died, last = faked(tmp_path, model, "192", "die", "192")
    assert died.photo.why_not == Refusal.READER_STOPPED.sentence
    assert first.photo.embedding == last.photo.embedding is not None
