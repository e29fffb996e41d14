from collections.abc import Callable
from dataclasses import replace

import pytest

from conftest import Install
from fieldcheck.cache.holdings import Holdings, open_holdings
from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.matching.match import match_item
from fieldcheck.models import Channel, EvidenceKind, Fingerprint, Item, Photo, Record, Status, Strength
from fieldcheck.text.reading import Reader

Hold = Callable[[], Holdings]


def _hash(number: int) -> str:
    """Sixteen hexadecimal digits that lie far from those of any other number."""
    state = number * 0x9E3779B97F4A7C15 + 0x1234567
    for _ in range(3):
        state = (state ^ (state >> 31)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


def _flip(value: str, bits: int) -> str:
    return f"{int(value, 16) ^ ((1 << bits) - 1):016x}"


def _photo(phash: str, dhash: str, sha256: str = "q" * 64) -> Photo:
    turns = tuple(_hash(5_000 + turn) for turn in range(7))
    return Photo("query.jpg", sha256, "", Fingerprint((*turns, phash), (*turns, dhash)))


@pytest.fixture
def library(home: object, install_list: Install) -> Holdings:
    """400 records with a photo each; record 7 is described as well."""
    records = [Record(id=str(n), title=f"Object {n}", object_type="vase", measurements=("20 cm",)) for n in range(400)]
    photos = tuple(
        ReferencePhoto(str(n), f"{n}.jpg", f"{n:064d}", _hash(n), _hash(10_000 + n), b"") for n in range(400)
    )
    install_list("museum", *records, photos=photos)
    return open_holdings(home, ("museum",))  # type: ignore[arg-type]


def test_a_copy_of_a_records_photo_is_strong_by_photo(library: Holdings) -> None:
    item = Item(photos=(_photo(_flip(_hash(7), 3), _flip(_hash(10_007), 2)),))
    best = match_item(item, library, Reader()).candidates[0]
    assert (best.record.id, best.strength, best.by) == ("7", Strength.STRONG, (Channel.PHOTO,))
    assert best.evidence[0].kind is EvidenceKind.PHOTO
    assert (best.evidence[0].query, best.evidence[0].record) == ("query.jpg", "7.jpg")


def test_a_photo_that_is_only_alike_is_no_more_than_possible(library: Holdings) -> None:
    item = Item(photos=(_photo(_flip(_hash(7), 11), _flip(_hash(10_007), 9)),))
    best = match_item(item, library, Reader()).candidates[0]
    assert (best.record.id, best.strength) == ("7", Strength.POSSIBLE)


def test_a_photo_of_something_else_finds_nothing(library: Holdings) -> None:
    assert match_item(Item(photos=(_photo(_hash(900), _hash(901)),)), library, Reader()).candidates == ()


def test_a_size_that_differs_takes_a_photo_match_down(library: Holdings) -> None:
    photo = _photo(_hash(7), _hash(10_007))
    best = match_item(Item(size="90 cm", photos=(photo,)), library, Reader()).candidates[0]
    assert (best.record.id, best.strength) == ("7", Strength.POSSIBLE)
    assert any(evidence.kind is EvidenceKind.SIZE and evidence.weight < 0 for evidence in best.evidence)


def test_the_very_same_file_is_strong_even_in_a_short_list(home: object, install_list: Install) -> None:
    photo = ReferencePhoto("a", "a.jpg", "f" * 64, _hash(1), _hash(2), b"")
    install_list("museum", Record(id="a", title="A"), photos=(photo,))
    with open_holdings(home, ("museum",)) as holdings:  # type: ignore[arg-type]
        same = match_item(Item(photos=(_photo(_hash(1), _hash(2), "f" * 64),)), holdings, Reader()).candidates[0]
        near = match_item(Item(photos=(_photo(_hash(1), _hash(2)),)), holdings, Reader()).candidates[0]
    assert same.strength is Strength.STRONG
    assert near.strength is Strength.POSSIBLE


def test_one_photograph_in_two_records_finds_both(home: object, install_list: Install) -> None:
    records = [Record(id=str(n), title=f"Object {n}") for n in range(400)]
    photos = [ReferencePhoto(str(n), f"{n}.jpg", f"{n:064d}", _hash(n), _hash(10_000 + n), b"") for n in range(400)]
    photos[8] = replace(photos[7], record_id="8")
    install_list("museum", *records, photos=tuple(photos))
    with open_holdings(home, ("museum",)) as holdings:  # type: ignore[arg-type]
        found = match_item(Item(photos=(_photo(_hash(7), _hash(10_007)),)), holdings, Reader()).candidates
    assert {candidate.record.id for candidate in found} == {"7", "8"}


def test_an_unusable_photo_matches_nothing(library: Holdings) -> None:
    assert match_item(Item(photos=(Photo("dark.jpg", why_not="too dark"),)), library, Reader()).candidates == ()


def test_only_what_is_sought_may_raise_a_hold() -> None:
    assert {status for status in Status if status.is_sought} == {Status.STOLEN, Status.MISSING, Status.DISPUTED}
