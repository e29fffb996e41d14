"""Several photos of an item, and several of a record, say more than one; the same thing said twice does not."""

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from fieldcheck.cache.photo_store import StoredPhoto
from fieldcheck.datafiles import load_toml
from fieldcheck.matching.photo_together import Together, see, together
from fieldcheck.matching.photo_view import View
from fieldcheck.models import Photo, Strength
from fieldcheck.vision.verify import Alignment

if TYPE_CHECKING:
    from fieldcheck.cache.opening import OpenList

LIMITS: dict[str, Any] = load_toml("weights.toml")["photo"]
MUSEUM = cast("OpenList", SimpleNamespace(id="museum"))
FRONT, BACK, SIDE = (Photo(f"{name}.jpg", name) for name in ("front", "back", "side"))
SIZE = (640, 480)


def view(points: int, *, reference: int = 0, row: int = 1, here: int = 0, there: int = 0, **changed: Any) -> View:
    """So many points that lie alike; ``here`` and ``there`` move them down in the item's photo and the record's."""
    number = np.arange(points)
    spread = np.stack((20 + 60 * (number % 8), 20 + 40 * (number // 8)), axis=1)
    both = np.hstack((spread + np.array((0, here)), spread + np.array((0, there)))).astype(np.float32)
    alignment = Alignment(points, both, np.eye(3), 0.2) if points else None
    stored = StoredPhoto(reference, row, f"{reference}.jpg", f"{reference}", b"", b"")
    strength = Strength.STRONG if points >= 12 else Strength.POSSIBLE if points >= 8 else Strength.WEAK
    values: dict[str, Any] = {
        "opened": MUSEUM, "stored": stored, "strength": strength, "likeness": 1.0, "alignment": alignment,
        "agreement": 0.6 if points else 0.0, "size": (SIZE, SIZE),
    }  # fmt: skip
    return View(**{**values, **changed})


def judged(*photos: tuple[Photo, tuple[View, ...]]) -> Together:
    """What several photos say of the one record."""
    seen = [entry for photo, views in photos for entry in see(photo, views, LIMITS)]
    return together(seen, LIMITS, len(photos))


def test_two_photos_of_the_item_that_show_different_places_are_strong_where_each_is_possible() -> None:
    first, second = (FRONT, (view(9),)), (BACK, (view(8, here=200, there=200),))
    alone, both = judged(first), judged(first, second)
    assert (alone.strength, both.strength) == (Strength.POSSIBLE, Strength.STRONG)
    assert (both.points, both.is_raised) == (17, True)
    assert both.weight > alone.weight
    assert [pair.photo for pair in both.pairs] == [FRONT, BACK]


def test_two_photos_of_the_record_that_are_seen_in_one_photo_are_strong_where_each_is_possible() -> None:
    front, back = view(8, reference=1), view(9, reference=2, here=200)
    both = judged((FRONT, (front, back)))
    assert (both.strength, both.points) == (Strength.STRONG, 17)


@pytest.mark.parametrize(
    "photos",
    [
        ((FRONT, (view(9),)), (BACK, (view(9, here=200),))),
        ((FRONT, (view(9), view(9, reference=2))),),
        ((FRONT, (view(9, reference=1, there=200), view(9, reference=2))),),
    ],
    ids=["one place of the record twice", "one photo in the record twice", "one place of the item twice"],
)
def test_the_same_points_twice_are_no_more_than_once(photos: tuple[tuple[Photo, tuple[View, ...]], ...]) -> None:
    both = judged(*photos)
    assert (both.strength, both.points, both.is_raised) == (Strength.POSSIBLE, 9, False)


def test_weak_ones_together_are_possible_and_never_strong() -> None:
    photos = [
        (photo, (view(6, reference=n, here=150 * n, there=150 * n),)) for n, photo in enumerate((FRONT, BACK, SIDE))
    ]
    assert judged(photos[0]).strength is Strength.WEAK
    assert judged(*photos).strength is Strength.POSSIBLE
    assert judged(*photos).weight == LIMITS["possible"]


def test_surfaces_that_hardly_agree_in_any_photo_are_not_raised() -> None:
    hardly = replace(view(9), agreement=0.31), replace(view(9, here=200, there=200), agreement=0.31)
    both = judged((FRONT, hardly[:1]), (BACK, hardly[1:]))
    assert (both.strength, both.is_raised) == (Strength.POSSIBLE, False)


def test_a_record_that_is_outdone_in_its_place_is_not_raised_by_another_photo() -> None:
    better, mine = view(60, row=2), view(13, row=1)
    first = next(entry for entry in see(FRONT, (better, mine), LIMITS) if entry.key == ("museum", 1))
    (second,) = see(BACK, (view(9, here=200, there=200),), LIMITS)
    assert first.is_outdone
    assert together([first, second], LIMITS, 2).strength is Strength.POSSIBLE


def test_points_of_a_mirrored_photo_are_counted_where_they_are_in_the_photo() -> None:
    straight = view(9, reference=1)
    points = straight.alignment.points.copy() if straight.alignment else np.empty((0, 4))
    points[:, 0] = SIZE[0] - 1 - points[:, 0]
    mirrored = replace(view(9, reference=2), alignment=Alignment(9, points, np.eye(3), 0.2), is_mirrored=True)
    assert judged((FRONT, (straight, mirrored))).points == 9


def test_the_very_same_file_in_two_photos_of_the_item_is_two_pairs() -> None:
    same = view(0, strength=Strength.STRONG, is_copy=True)
    both = judged((FRONT, (same,)), (BACK, (view(0, reference=2, strength=Strength.STRONG, is_copy=True),)))
    assert len(both.pairs) == 2
    assert (both.strength, both.points) == (Strength.STRONG, 0)


def test_the_likeliest_record_is_told_first() -> None:
    told = [entry.key for entry in see(FRONT, (view(6, row=7), view(9, row=4)), LIMITS)]
    assert told == [("museum", 4), ("museum", 7)]


def test_records_that_are_only_ordered_count_by_all_photos() -> None:
    (once,) = see(FRONT, (view(0),), LIMITS)
    seen_in_both, seen_in_one = together([once, once], LIMITS, 2), together([once], LIMITS, 2)
    assert seen_in_both.weight == once.weight
    assert seen_in_one.weight == once.weight / 2
