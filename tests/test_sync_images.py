import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from fbi_server import FbiServer, fbi_server
from fieldcheck.cache.pointer import lists_folder, read_pointer
from fieldcheck.errors import StorageError
from fieldcheck.sync import images
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.in_use import read_in_use
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.run import Wishes, sync_list
from sync_helpers import START, FakeClock, local_source, tools_for


def drawing() -> bytes:
    image = Image.new("RGB", (320, 240), "white")
    draw = ImageDraw.Draw(image)
    for step in range(12):
        draw.ellipse((step * 20, step * 11, step * 20 + 70, step * 11 + 90), fill=(step * 20, 90, 255 - step * 20))
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(6)


def sync(home: Path, server: FbiServer, clock: FakeClock | None = None, *, with_images: bool = True) -> Outcome:
    clock = clock or FakeClock()
    with Fetcher(clock=clock) as fetcher:
        return sync_list(home, local_source(server), tools_for(fetcher, clock), Wishes(with_images=with_images))


def test_a_host_that_forbids_its_pictures_fails_no_sync_and_is_left_alone(tmp_path: Path, server: FbiServer) -> None:
    outcome = sync(tmp_path, server)
    assert (outcome.kind, outcome.records, outcome.image_problems) == (OutcomeKind.UPDATED, 6, 6)
    assert "6 photos could not be had" in outcome.message
    assert len(server.pictures_asked) == 3


def test_only_refusals_in_a_row_count_against_a_host(tmp_path: Path, server: FbiServer) -> None:
    forbidden = server.picture
    server.picture = (200, "image/png", drawing())
    server.first_pictures = [forbidden, forbidden, server.picture, forbidden, forbidden]
    assert sync(tmp_path, server).image_problems == 4
    assert len(server.pictures_asked) == 6


@pytest.mark.parametrize(
    "answer",
    [
        (404, "text/html", b""),
        (200, "text/html", b"<html>wall</html>"),
        (200, "image/svg+xml", b"<svg/>"),
        (200, "image/jpeg", b"not a picture at all"),
    ],
)
def test_a_picture_that_cannot_be_had_is_not_asked_for_again_within_a_month(
    tmp_path: Path, server: FbiServer, answer: tuple[int, str, bytes]
) -> None:
    server.picture = answer
    assert sync(tmp_path, server).image_problems == 6
    assert len(server.pictures_asked) == 6

    assert sync(tmp_path, server, FakeClock(START + timedelta(days=29))).image_problems == 6
    assert len(server.pictures_asked) == 6

    sync(tmp_path, server, FakeClock(START + timedelta(days=31)))
    assert len(server.pictures_asked) == 12


def test_a_server_that_is_down_is_asked_again_next_time(tmp_path: Path, server: FbiServer) -> None:
    server.picture = (503, "text/html", b"")
    sync(tmp_path, server)
    sync(tmp_path, server)
    assert len(server.pictures_asked) == 12


def test_a_server_that_is_asked_too_much_is_left_at_once(tmp_path: Path, server: FbiServer) -> None:
    server.picture = (429, "text/html", b"")
    assert sync(tmp_path, server).kind is OutcomeKind.UPDATED
    assert len(server.pictures_asked) == 1


def test_pictures_of_hosts_that_were_not_declared_are_not_fetched(tmp_path: Path, server: FbiServer) -> None:
    server.items[0]["images"] = [{"original": "https://elsewhere.example/1.jpg"}]
    assert sync(tmp_path, server).kind is OutcomeKind.UPDATED


def test_photos_are_kept_with_their_records_over_syncs(tmp_path: Path, server: FbiServer) -> None:
    server.picture = (200, "image/png", drawing())
    first = sync(tmp_path, server)
    assert (first.kind, first.image_problems) == (OutcomeKind.UPDATED, 0)
    photos = read_in_use(tmp_path, "fbi").photos
    assert {photo.record_id for photo in photos} == {item["uid"] for item in server.items}
    assert all(len(photo.phash) == len(photo.dhash) == 16 and photo.thumbnail for photo in photos)
    assert len(server.pictures_asked) == 6

    version = read_pointer(tmp_path)["fbi"].version
    assert sync(tmp_path, server).kind is OutcomeKind.UNCHANGED
    assert sync(tmp_path, server, with_images=False).kind is OutcomeKind.UNCHANGED
    assert read_pointer(tmp_path)["fbi"].version == version
    assert len(server.pictures_asked) == 6


def test_a_photo_goes_when_its_record_shows_another_and_stays_when_the_record_vanishes(
    tmp_path: Path, server: FbiServer
) -> None:
    server.fill(12)
    server.picture = (200, "image/png", drawing())
    sync(tmp_path, server)
    vanished = server.items.pop()["uid"]
    other = f"{server.origin}/image-repository/other.png"
    server.items[0]["images"] = [{"original": other}]
    sync(tmp_path, server)
    photos = read_in_use(tmp_path, "fbi").photos
    assert [photo.file for photo in photos if photo.record_id == server.items[0]["uid"]] == [other]
    assert vanished in {photo.record_id for photo in photos}
    assert len(photos) == 12


def test_an_interrupted_gathering_goes_on(tmp_path: Path, server: FbiServer) -> None:
    server.picture = (200, "image/png", drawing())

    def stop_after_three(_: float) -> None:
        if len(server.pictures_asked) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(tmp_path, server, FakeClock(on_sleep=stop_after_three))
    sync(tmp_path, server)
    assert len(server.pictures_asked) == 6
    assert server.pages_asked == [1, 2]


def test_a_full_disk_costs_the_photos_and_not_the_list(
    tmp_path: Path, server: FbiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise StorageError("The disk is full.", next_step="Free some space.")

    monkeypatch.setattr(images, "write_whole", full)
    server.picture = (200, "image/png", drawing())
    outcome = sync(tmp_path, server)
    assert (outcome.kind, outcome.records, outcome.image_problems) == (OutcomeKind.UPDATED, 6, 6)


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b'{"a": 5}', b"\xff"])
def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path, server: FbiServer, damage: bytes) -> None:
    memory = lists_folder(tmp_path) / "fbi" / images.MEMORY_NAME
    memory.parent.mkdir(parents=True)
    memory.write_bytes(damage)
    server.picture = (404, "text/html", b"")
    sync(tmp_path, server)
    assert len(json.loads(memory.read_bytes())) == 6
