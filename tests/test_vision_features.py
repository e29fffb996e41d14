import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageOps

from fieldcheck.vision.features import QUERY_POINTS, REFERENCE_POINTS, SIDE, Features, extract, shrink
from fieldcheck.vision.index import FILED_POINTS, Sought, file_photos, score_photos, to_file
from fieldcheck.vision.limits import MAX_SIGHT_BYTES
from fieldcheck.vision.reference import MAX_BYTES, Reference
from fieldcheck.vision.sight import Sight
from fieldcheck.vision.vocabulary import codes, load_vocabulary, signs
from photos import engraving

GREY = np.asarray(engraving(1).convert("L"))
FEATURES = extract(GREY, QUERY_POINTS)


def same(one: Features, other: Features) -> bool:
    return one.size == other.size and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("xy", "angle", "scale", "descriptors")
    )


def test_points_are_many_spread_and_no_more_than_asked() -> None:
    few = extract(GREY, 200)
    assert len(few.xy) == 200
    cells = {(int(x), int(y)) for x, y in few.xy * 4 / GREY.shape[::-1]}
    assert len(cells) == 16


def test_a_plain_picture_has_no_points_and_harms_nothing() -> None:
    features = extract(np.full((100, 80), 128, np.uint8), QUERY_POINTS)
    assert len(features.xy) == 0
    assert same(Features.unpack(features.pack()), features)
    assert len(Reference.make(features, load_vocabulary()).points) == 0


def test_features_mirrored_are_those_of_the_mirrored_photo() -> None:
    mirrored = FEATURES.mirrored()
    seen = extract(np.asarray(ImageOps.mirror(engraving(1)).convert("L")), QUERY_POINTS)
    matched = 0
    for place, descriptor, angle in zip(mirrored.xy, mirrored.descriptors, mirrored.angle, strict=True):
        turn = np.abs((seen.angle - angle + 180) % 360 - 180)
        near = np.flatnonzero((np.abs(seen.xy - place).max(axis=1) < 0.6) & (turn < 3))
        distances = np.abs(seen.descriptors[near].astype(int) - descriptor).sum(axis=1)
        matched += bool((distances < 600).any())
    assert matched > 0.8 * len(mirrored.xy)


def test_mirroring_twice_changes_nothing() -> None:
    again = FEATURES.mirrored().mirrored()
    assert np.allclose(again.xy, FEATURES.xy, atol=1e-3)
    assert np.array_equal(again.descriptors, FEATURES.descriptors)


def test_what_is_packed_comes_back_and_fits() -> None:
    sight = Sight(FEATURES, GREY)
    again = Sight.unpack(sight.pack())
    assert same(again.features, FEATURES)
    assert np.array_equal(again.grey, GREY)
    assert (
        len(Sight.see(np.random.default_rng(1).integers(0, 256, (SIDE, SIDE)).astype(np.uint8)).pack())
        <= MAX_SIGHT_BYTES
    )


@given(st.binary(max_size=600))
@settings(max_examples=200)
def test_bytes_that_are_no_points_are_refused_or_harmless(packed: bytes) -> None:
    try:
        features = Features.unpack(packed)
    except ValueError:
        return
    assert len(features.xy) <= QUERY_POINTS
    assert np.isfinite(features.xy).all()


def test_a_reference_keeps_where_its_points_are() -> None:
    features = extract(GREY, REFERENCE_POINTS)
    packed = Reference.make(features, load_vocabulary()).pack()
    assert len(packed) <= MAX_BYTES <= 13_000
    again = Reference.unpack(packed)
    assert np.abs(again.xy - features.xy).max() < 0.1
    assert again.size == features.size


def test_a_reference_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        Reference.unpack(bytes(MAX_BYTES + 32))


def test_codes_keep_the_sides() -> None:
    projections = np.random.default_rng(2).normal(size=(50, 128)).astype(np.float32)
    assert np.array_equal(signs(codes(projections)) > 0, projections > 0)


def test_large_pictures_are_shrunk_and_small_ones_left() -> None:
    assert shrink(np.zeros((3000, 4000), np.uint8)).shape == (480, 640)
    assert shrink(GREY) is GREY


def test_the_index_finds_each_photo_by_its_own_points_and_stays_small() -> None:
    vocabulary = load_vocabulary()
    pictures = [np.asarray(engraving(seed).convert("L")) for seed in range(6)]
    kept = [Reference.make(extract(grey, REFERENCE_POINTS), vocabulary) for grey in pictures]
    index = dict(file_photos([to_file(reference) for reference in kept]))
    assert sum(map(len, index.values())) == 12 * 6 * FILED_POINTS
    for number, grey in enumerate(pictures):
        features = extract(grey, QUERY_POINTS)
        sought = Sought.make(features, vocabulary.project(features.descriptors), vocabulary, 4)
        scores = score_photos(sought, ((word, index[word]) for word in sought.distinct() if word in index), len(kept))
        assert scores.argmax() == number
        assert np.sort(scores)[-2] < scores[number] / 5


def test_an_index_of_nothing_scores_nothing() -> None:
    vocabulary = load_vocabulary()
    sought = Sought.make(FEATURES, vocabulary.project(FEATURES.descriptors), vocabulary, 2)
    assert not score_photos(sought, [], 3).any()
    assert list(file_photos([])) == []
