import time
from itertools import islice
from pathlib import Path

from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from fieldcheck.vision.refusals import Refusal
from hostile import corpus, png
from photos import write

EVERY = 29
NEVER = {Refusal.READER_STOPPED.sentence, Refusal.TOO_SLOW.sentence, Refusal.READER_NOT_STARTED.sentence}


def test_broken_and_hostile_files_are_read_or_refused(tmp_path: Path) -> None:
    chosen = list(islice(corpus(), 0, None, EVERY))
    paths = [write(tmp_path / f"{number}-{name}", content) for number, (name, content) in enumerate(chosen)]
    before = time.monotonic()
    readings = list(read_photos(paths, role=Role.QUERY))
    assert time.monotonic() - before < len(paths)
    assert {reading.photo.why_not for reading in readings}.isdisjoint(NEVER)
    assert any(reading.photo.usable for reading in readings)
    assert all(reading.photo.usable or not reading.photo.sight for reading in readings)


def test_a_file_that_unpacks_to_very_much_is_refused_at_once(tmp_path: Path) -> None:
    bombs = [
        write(tmp_path / f"{width}.png", png(width, height, bytes(100_000)))
        for width, height in ((50_000, 50_000), (11_000, 11_000), (2**31 - 1, 1), (0, 0))
    ]
    before = time.monotonic()
    assert not any(reading.photo.usable for reading in read_photos(bombs, role=Role.QUERY))
    assert time.monotonic() - before < 10
