"""An import of photos that is interrupted goes on where it stopped, and gives the very file it would have given."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.photo_staging import NamedPhoto, PhotoStaging, staging_path
from fieldcheck.lists import describing
from fieldcheck.lists.describing import describe_photos
from fieldcheck.vision import edition
from fieldcheck.vision.reader import PhotoReading, read_photos
from photos import encoded, engraving, write

COUNT = 36


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of records with two photos each, some of them the same file, one damaged and one missing."""
    folder = tmp_path_factory.mktemp("museum")
    for number in range(COUNT - 2):
        write(folder / f"{number}.png", encoded(engraving(number % (COUNT - 4), (240, 180)), "PNG"))
    write(folder / f"{COUNT - 2}.png", b"damaged")
    rows = [
        {
            "id": str(n),
            "title": f"Étude no. {n}",
            "materials": ["oak", "gold leaf"],
            "images": [f"{n}.png", f"{n + 1}.png"],
        }
        for n in range(0, COUNT, 2)
    ]
    write(folder / "list.jsonl", "\n".join(json.dumps(row) for row in rows).encode())
    return folder


def importing(museum: Path, home: Path, **environment: str) -> subprocess.Popen[str]:
    arguments = ("lists", "import", str(museum / "list.jsonl"), "--list", "museum", "--images", str(museum))
    return subprocess.Popen(
        [sys.executable, "-m", "fieldcheck", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "FIELDCHECK_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def list_file(home: Path) -> bytes:
    (path,) = (home / "lists" / "museum").glob("*.db")
    return path.read_bytes()


def kept(home: Path) -> int:
    """How many readings are committed."""
    try:
        with closing(sqlite3.connect(f"{staging_path(home, 'museum').as_uri()}?mode=ro", uri=True)) as staging:
            return int(staging.execute("SELECT count(*) FROM readings").fetchone()[0])
    except sqlite3.Error:
        return 0


@pytest.fixture(scope="module")
def whole(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The list file of an import that nothing interrupted."""
    home = tmp_path_factory.mktemp("whole")
    process = importing(museum, home, PYTHONHASHSEED="1")
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "damaged" in told or "not a photo" in told
    assert not staging_path(home, "museum").parent.exists()
    return list_file(home)


def test_an_import_that_is_killed_goes_on_where_it_stopped(museum: Path, whole: bytes, tmp_path: Path) -> None:
    process, end = importing(museum, tmp_path), time.monotonic() + 60
    while kept(tmp_path) == 0 and time.monotonic() < end:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    had = kept(tmp_path)
    assert 0 < had < COUNT - 2
    assert list((tmp_path / "lists" / "museum").glob("*.db")) == []
    again = importing(museum, tmp_path, PYTHONHASHSEED="2")
    _, told = again.communicate(timeout=120)
    assert again.returncode == 0, told
    assert f"not read again: {had}." in told
    assert list_file(tmp_path) == whole
    assert not staging_path(tmp_path, "museum").parent.exists()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The photos that were given to a reader."""
    paths: list[Path] = []

    def reading(wanted: Iterator[Path], **options: object) -> Iterator[PhotoReading]:
        return read_photos((paths.append(path) or path for path in wanted), **options)  # type: ignore[arg-type, func-returns-value]

    monkeypatch.setattr(describing, "read_photos", reading)
    return paths


def named(folder: Path, count: int = 6) -> list[NamedPhoto]:
    paths = [write(folder / f"{n}.png", encoded(engraving(n, (160, 120)), "PNG")) for n in range(count)]
    return [NamedPhoto(str(n), path, path.name) for n, path in enumerate(paths)]


def described(staging: Path, photos: list[NamedPhoto], *, workers: int = 1, stop: int = 0) -> list[ReferencePhoto]:
    left = iter(range(1, stop)) if stop else None

    def advance() -> None:
        if left is not None and next(left, None) is None:
            raise KeyboardInterrupt

    with PhotoStaging(staging, edition.reader_edition()) as readings:
        readings.name(photos)
        describe_photos(readings, advance, lambda _: None, workers)
        return list(readings.photos())


def test_only_what_is_missing_or_was_changed_is_read(tmp_path: Path, asked: list[Path]) -> None:
    photos, staging = named(tmp_path), tmp_path / "staging" / "photos.db"
    with pytest.raises(KeyboardInterrupt):
        described(staging, photos, stop=3)
    asked.clear()
    first = described(staging, photos)
    assert asked == [photo.path for photo in photos[3:]]
    write(photos[1].path, photos[0].path.read_bytes())
    write(photos[4].path, encoded(engraving(77, (160, 120)), "PNG"))
    asked.clear()
    second = described(staging, photos)
    assert asked == [photos[4].path]
    assert [photo.sha256 for photo in second[:2]] == [first[0].sha256] * 2
    assert [photo.record_id for photo in second] == [photo.record_id for photo in photos]


@pytest.mark.parametrize("what", ["another reader", "damage", "no database"])
def test_readings_of_another_reader_or_damaged_ones_are_never_used(
    tmp_path: Path, asked: list[Path], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    photos, staging = named(tmp_path, 2), tmp_path / "staging" / "photos.db"
    first = described(staging, photos)
    if what == "another reader":
        monkeypatch.setattr(edition, "READING", edition.READING + 1)
    elif what == "damage":
        content = bytearray(staging.read_bytes())
        content[4096 : 4096 * 3] = bytes(4096 * 2)
        write(staging, bytes(content))
    else:
        write(staging, b"no database at all" * 300)
    asked.clear()
    assert described(staging, photos) == first
    assert len(asked) == 2


def test_what_is_kept_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    photos = named(tmp_path, 7)
    shutil.copy(photos[2].path, photos[5].path)
    one, many = (described(tmp_path / f"{n}.db", photos, workers=n) for n in (1, 3))
    assert one == many
    assert [photo.file for photo in many] == [photo.file for photo in photos]


def test_the_edition_names_the_libraries_that_read() -> None:
    told = edition.reader_edition()
    assert "opencv" in told
    assert "pillow" in told
    assert told == edition.reader_edition()
