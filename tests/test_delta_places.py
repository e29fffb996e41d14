from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.cache.build import build_list
from fieldcheck.cache.info import NO_POINTS, ListInfo, ReferencePhoto
from fieldcheck.cache.photo_staging import NamedPhoto
from fieldcheck.lists.files import ImportedList
from fieldcheck.models import Record
from fieldcheck.packs.building import Plan, Watcher, build_pack
from fieldcheck.packs.ordering import Places, keep_places, photos_in_places, records_in_places
from fieldcheck.packs.targets import target_path
from fieldcheck.packs.workshop import Workshop
from fieldcheck.sync.channel_index import ListIndex

_KEYS = st.lists(st.integers(0, 30), unique=True)


@given(before=_KEYS, after=_KEYS)
def test_what_stayed_keeps_its_place_unless_a_gap_has_to_be_filled(before: list[int], after: list[int]) -> None:
    order = keep_places(before, after)
    assert sorted(order) == sorted(after)
    moved = sum(1 for place, key in enumerate(before) if key in after and order.index(key) != place)
    gone, came = len(set(before) - set(after)), len(set(after) - set(before))
    assert moved <= max(0, gone - came)


@given(before=_KEYS, after=_KEYS)
def test_an_order_that_is_kept_stays_the_same(before: list[int], after: list[int]) -> None:
    order = keep_places(before, after)
    assert keep_places(order, sorted(after)) == order


def test_new_ones_take_the_places_of_those_that_are_gone() -> None:
    assert keep_places("abcd", "xdcyz") == ["x", "y", "c", "d", "z"]
    assert keep_places("abcdef", "fedc") == ["f", "e", "c", "d"]
    assert keep_places("", "ba") == ["b", "a"]


def test_records_wait_in_a_file_that_goes(tmp_path: Path) -> None:
    records = [Record(id=key, title=key.upper(), images=(f"{key}.jpg",)) for key in "cab"]
    with records_in_places(records, "ab", tmp_path / "waiting") as ordered:
        assert [record.id for record in ordered] == ["a", "b", "c"]
        assert set(ordered) == set(records)
    assert not list(tmp_path.iterdir())


def test_photos_keep_their_places_and_one_named_twice_has_two(tmp_path: Path) -> None:
    named = [NamedPhoto("a", tmp_path / name, name) for name in ("1", "2", "1", "3")]
    ordered = photos_in_places(named, [("a", "2"), ("b", "2"), ("a", "1")])
    assert [photo.file for photo in ordered] == ["2", "1", "1", "3"]


def test_places_are_those_of_a_version(tmp_path: Path) -> None:
    path = tmp_path / "list.db"
    assert Places.read(path) == Places()
    records = [Record(id=key, title=key) for key in "ba"]
    photos = [ReferencePhoto(key, f"{key}.jpg", "0" * 64, "0" * 16, "0" * 16, b"", NO_POINTS) for key in "aba"]
    build_list(path, ListInfo("museum", "A museum"), records, photos)
    assert Places.read(path) == Places(("b", "a"), (("a", "a.jpg"), ("b", "b.jpg"), ("a", "a.jpg")))
    path.write_bytes(b"something else")
    assert Places.read(path) == Places()


def build(work: Workshop, keys: Iterable[str]) -> ListIndex:
    records: Any = [Record(id=key, title=f"Bowl {key}") for key in keys]
    imported = ImportedList(ListInfo("museum", "A museum"), records, len(records), (), ())
    return build_pack(work, imported, Plan(), Watcher(lambda *_: None, print))


def test_a_pack_keeps_the_places_of_the_version_before(tmp_path: Path) -> None:
    work = Workshop(tmp_path)
    first = build(work, "abcdef")
    assert build(work, "fedcba") == first
    second = build(work, "xfedba")
    assert Places.read(target_path(work, second.file)).records == tuple("abxdef")
    (delta,) = second.deltas
    assert (delta.from_version, delta.target) == (
        first.version,
        f"deltas/museum/{first.version}-{second.version}.delta",
    )
    assert delta.length < second.length / 20


def test_a_pack_depends_on_the_list_and_the_version_before_alone(tmp_path: Path) -> None:
    one, other = Workshop(tmp_path / "one"), Workshop(tmp_path / "other")
    assert build(one, "abc") == build(other, "abc")
    assert build(one, "bcd") == build(other, "bcd")
