import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from conftest import Install
from fieldcheck.cache.build import build_list
from fieldcheck.cache.holdings import Holdings, open_holdings
from fieldcheck.cache.info import NO_POINTS, ListInfo, ReferencePhoto
from fieldcheck.cache.opening import open_list
from fieldcheck.cache.versions import change_lock, install
from fieldcheck.datafiles import load_toml
from fieldcheck.errors import IntegrityError
from fieldcheck.matching import photo_views
from fieldcheck.matching.match import match_item
from fieldcheck.matching.photo_views import look
from fieldcheck.models import Candidate, Channel, EvidenceKind, Item, Photo, Record, Status, Strength
from fieldcheck.text.reading import Reader
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from photos import encoded, engraving, faint, in_glare, noisy, on_a_table, write

COUNT = 12
COPY = engraving(7).resize((300, 225))
QUERIES = {
    "copy": COPY,
    "mirrored": ImageOps.mirror(COPY),
    "turned": engraving(7).transpose(Image.Transpose.ROTATE_90),
    "detail": engraving(7).crop((120, 40, 420, 300)),
    "on a table": noisy(on_a_table(engraving(7)), 6),
    "mirrored on a table": on_a_table(ImageOps.mirror(engraving(7))),
    "two on a wall": Image.new("RGB", (1000, 420), (190, 180, 170)),
    "pale in glare": on_a_table(faint(engraving(7), 0.05, paper=212), angle=8, share=0.75),
    "something else": engraving(500),
    "its background only": on_a_table(engraving(501), seed=7, share=0.9, at=(0, 0)),
}
QUERIES["pale in glare"] = noisy(in_glare(QUERIES["pale in glare"], at=(330, 300), reach=150, amount=30), 1)
QUERIES["two on a wall"].paste(engraving(3), (10, 20))
QUERIES["two on a wall"].paste(engraving(8), (510, 30))


def references(folder: Path, pictures: dict[str, Image.Image]) -> list[ReferencePhoto]:
    paths = [write(folder / f"{name}.png", encoded(picture, "PNG")) for name, picture in pictures.items()]
    readings = read_photos(paths, role=Role.REFERENCE, workers=2)
    return [
        ReferencePhoto(
            name,
            f"{name}.png",
            reading.photo.sha256,
            reading.photo.fingerprint.phash[0],
            reading.photo.fingerprint.dhash[0],
            reading.thumbnail,
            reading.points,
        )
        for name, reading in zip(pictures, readings, strict=True)
    ]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> list[ReferencePhoto]:
    """The photos of twelve records."""
    return references(tmp_path_factory.mktemp("kept"), {str(n): engraving(n) for n in range(COUNT)})


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Photo]:
    """The photos that are looked for, read."""
    folder = tmp_path_factory.mktemp("seen")
    paths = [write(folder / f"{name}.jpg", encoded(picture, quality=85)) for name, picture in QUERIES.items()]
    return {name: reading.photo for name, reading in zip(QUERIES, read_photos(paths, role=Role.QUERY), strict=True)}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, kept: list[ReferencePhoto]) -> Iterator[Holdings]:
    home = tmp_path_factory.mktemp("home")
    info = ListInfo("museum", "The museum")
    with change_lock(home):
        install(home, info, lambda path: build_list(path, info, records(), kept))
    with open_holdings(home, ("museum",)) as holdings:
        yield holdings


def records() -> list[Record]:
    return [Record(id=str(n), title=f"Object {n}", object_type="vase", measurements=("20 cm",)) for n in range(COUNT)]


def found(holdings: Holdings, *photos: Photo, **said: str) -> tuple[Candidate, ...]:
    return match_item(Item(photos=photos, **said), holdings, Reader()).candidates


def telling(candidates: tuple[Candidate, ...]) -> dict[str, Strength]:
    return {entry.record.id: entry.strength for entry in candidates if entry.strength is not Strength.WEAK}


@pytest.mark.parametrize("name", ["copy", "mirrored", "turned", "detail", "on a table", "mirrored on a table"])
def test_a_photo_of_the_records_picture_is_strong_by_photo(
    library: Holdings, seen: dict[str, Photo], name: str
) -> None:
    candidates = found(library, seen[name])
    assert telling(candidates) == {"7": Strength.STRONG}
    assert (candidates[0].record.id, candidates[0].by) == ("7", (Channel.PHOTO,))
    evidence = candidates[0].evidence[0]
    assert evidence.kind is EvidenceKind.PHOTO
    assert (evidence.query, evidence.record) == (seen[name].file, "7.png")
    assert ("mirrored" in evidence.detail) is name.startswith("mirrored")


@pytest.mark.parametrize(("name", "mirrored"), [("copy", False), ("mirrored", True)])
def test_matched_places_lie_where_the_pictures_agree(
    library: Holdings, seen: dict[str, Photo], name: str, *, mirrored: bool
) -> None:
    points = found(library, seen[name])[0].evidence[0].points
    assert 12 <= len(points) <= 40
    for x, y, x2, y2 in points:
        assert abs((1 - x if mirrored else x) - x2) < 0.03
        assert abs(y - y2) < 0.03


def test_a_second_look_finds_what_light_washes_out(
    library: Holdings, seen: dict[str, Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert telling(found(library, seen["pale in glare"])) == {"7": Strength.STRONG}
    monkeypatch.setattr(photo_views, "_second_look", lambda *_: ())
    assert telling(found(library, seen["pale in glare"])) == {}


def test_a_second_look_is_not_taken_where_the_first_finds_the_record(
    library: Holdings, seen: dict[str, Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_views, "_second_look", lambda *_: pytest.fail("it looked again"))
    assert telling(found(library, seen["on a table"])) == {"7": Strength.STRONG}


def test_among_very_many_photos_less_effort_finds_the_record_as_well(
    library: Holdings, seen: dict[str, Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_views, "_MANY", 0)
    assert telling(found(library, seen["on a table"])) == {"7": Strength.STRONG}


def test_each_of_several_works_in_one_photo_is_found(library: Holdings, seen: dict[str, Photo]) -> None:
    candidates = found(library, seen["two on a wall"])
    assert telling(candidates) == {"3": Strength.STRONG, "8": Strength.STRONG}
    assert [candidate.alike for candidate in candidates[:2]] == [1, 1]


@pytest.mark.parametrize("name", ["something else"])
def test_a_photo_of_something_else_names_nothing(library: Holdings, seen: dict[str, Photo], name: str) -> None:
    assert telling(found(library, seen[name])) == {}


def test_a_background_in_common_is_not_strong(home: Path, install_list: Install, tmp_path: Path) -> None:
    pictures = {"a": on_a_table(engraving(601), angle=0, share=0.8), "b": engraving(602)}
    install_list("museum", Record(id="a"), Record(id="b"), photos=tuple(references(tmp_path, pictures)))
    photo = write(tmp_path / "query.jpg", encoded(on_a_table(engraving(603), angle=0, share=0.8)))
    with open_holdings(home, ("museum",)) as holdings:
        (reading,) = read_photos([photo], role=Role.QUERY)
        assert Strength.STRONG not in telling(found(holdings, reading.photo)).values()


def test_a_size_that_differs_takes_a_photo_match_down(library: Holdings, seen: dict[str, Photo]) -> None:
    best = found(library, seen["copy"], size="90 cm")[0]
    assert (best.record.id, best.strength) == ("7", Strength.POSSIBLE)
    assert any(evidence.kind is EvidenceKind.SIZE and evidence.weight < 0 for evidence in best.evidence)


def test_several_photos_of_one_item_find_what_each_shows(library: Holdings, seen: dict[str, Photo]) -> None:
    candidates = found(library, seen["something else"], seen["detail"], seen["two on a wall"])
    assert set(telling(candidates)) == {"3", "7", "8"}


def test_several_photos_of_one_record_are_one_candidate(
    home: Path, install_list: Install, kept: list[ReferencePhoto], seen: dict[str, Photo]
) -> None:
    photos = (kept[7], replace(kept[7], file="again.png"), replace(kept[8], record_id="7"))
    install_list("museum", Record(id="7"), photos=photos)
    with open_holdings(home, ("museum",)) as holdings:
        assert [candidate.record.id for candidate in found(holdings, seen["copy"])] == ["7"]


def test_one_photograph_in_two_records_finds_both_and_says_so(
    home: Path, install_list: Install, kept: list[ReferencePhoto], seen: dict[str, Photo]
) -> None:
    photos = (*kept[:8], replace(kept[7], record_id="8"))
    install_list("museum", *records(), photos=photos)
    with open_holdings(home, ("museum",)) as holdings:
        candidates = found(holdings, seen["copy"])
    assert telling(candidates) == {"7": Strength.STRONG, "8": Strength.STRONG}
    assert candidates[0].alike == 2


def test_what_only_its_hashes_find_is_no_more_than_possible(
    home: Path, install_list: Install, kept: list[ReferencePhoto], seen: dict[str, Photo]
) -> None:
    install_list("museum", *records(), photos=tuple(replace(photo, points=NO_POINTS) for photo in kept))
    with open_holdings(home, ("museum",)) as holdings:
        assert telling(found(holdings, seen["copy"])) == {"7": Strength.POSSIBLE}
        assert telling(found(holdings, seen["mirrored"])) == {"7": Strength.POSSIBLE}
        assert telling(found(holdings, seen["on a table"])) == {}


def test_the_very_same_file_is_strong_whatever_it_shows(
    home: Path, install_list: Install, kept: list[ReferencePhoto], seen: dict[str, Photo]
) -> None:
    install_list("museum", Record(id="0"), photos=(replace(kept[0], points=NO_POINTS),))
    with open_holdings(home, ("museum",)) as holdings:
        same = replace(seen["something else"], sha256=kept[0].sha256)
        assert telling(found(holdings, same)) == {"0": Strength.STRONG}


@pytest.mark.parametrize("sight", [b"", b"x", bytes(6), b"\xff" * 6, b"\x80\x02\xe0\x01\xff\xff" + bytes(1000)])
def test_points_that_are_none_leave_the_hashes(library: Holdings, seen: dict[str, Photo], sight: bytes) -> None:
    assert telling(found(library, replace(seen["copy"], sight=sight))) in ({}, {"7": Strength.POSSIBLE})


def test_an_unusable_photo_matches_nothing(library: Holdings) -> None:
    assert found(library, Photo("dark.jpg", why_not="too dark")) == ()


def test_only_what_is_sought_may_raise_a_hold() -> None:
    assert {status for status in Status if status.is_sought} == {Status.STOLEN, Status.MISSING, Status.DISPUTED}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE words SET postings = randomblob(length(postings))",
        "UPDATE words SET postings = substr(postings, 1, length(postings) - 5)",
        "UPDATE words SET postings = zeroblob(0)",
        "UPDATE photos SET points = randomblob(12804)",
        "UPDATE photos SET points = zeroblob(3), thumbnail = randomblob(900)",
        "UPDATE segments SET photos = photos - 3",
        "UPDATE segments SET hashes = zeroblob(1)",
    ],
)
def test_a_list_whose_photos_are_damaged_never_crashes_a_check(
    tmp_path: Path, kept: list[ReferencePhoto], seen: dict[str, Photo], damage: str
) -> None:
    path = tmp_path / "a.db"
    build_list(path, ListInfo("museum", "The museum"), records(), kept)
    with sqlite3.connect(path) as connection:
        connection.execute(damage)
    connection.close()
    with open_list(path, "museum") as opened, suppress(IntegrityError):
        look(seen["on a table"], (opened,), load_toml("weights.toml")["photo"])
