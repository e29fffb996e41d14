import io

import imagehash
import pytest
from PIL import Image
from PIL.Image import Transpose

from fieldcheck.models.item import Fingerprint
from fieldcheck.vision.fingerprint import ORIENTATIONS, fingerprint_query, fingerprint_reference
from photos import encoded, hamming, noisy, painting

SEEDS = range(8)
DONE = {
    "as it is": (),
    "turned left": (Transpose.ROTATE_90,),
    "turned upside down": (Transpose.ROTATE_180,),
    "turned right": (Transpose.ROTATE_270,),
    "mirrored": (Transpose.FLIP_LEFT_RIGHT,),
    "mirrored and turned left": (Transpose.FLIP_LEFT_RIGHT, Transpose.ROTATE_90),
    "mirrored and turned upside down": (Transpose.FLIP_LEFT_RIGHT, Transpose.ROTATE_180),
    "mirrored and turned right": (Transpose.FLIP_LEFT_RIGHT, Transpose.ROTATE_270),
}


def nearest(query: Fingerprint, reference: Fingerprint) -> tuple[int, int]:
    return (
        min(hamming(one, reference.phash[0]) for one in query.phash),
        min(hamming(one, reference.dhash[0]) for one in query.dhash),
    )


@pytest.mark.parametrize("position", range(8))
@pytest.mark.parametrize("seed", SEEDS)
def test_each_orientation_of_a_query_meets_the_copy_that_was_so_turned(seed: int, position: int) -> None:
    copy = painting(seed)
    for method in DONE[ORIENTATIONS[position]]:
        copy = copy.transpose(method)
    query, reference = fingerprint_query(painting(seed)), fingerprint_reference(copy)
    assert hamming(query.phash[position], reference.phash[0]) <= 2
    assert hamming(query.dhash[position], reference.dhash[0]) <= 2


def test_a_query_has_eight_orientations_and_a_reference_one() -> None:
    assert set(DONE) == set(ORIENTATIONS)
    query, reference = fingerprint_query(painting(1)), fingerprint_reference(painting(1))
    assert [len(query.phash), len(query.dhash)] == [8, 8]
    assert [len(reference.phash), len(reference.dhash)] == [1, 1]
    assert query.phash[0] == reference.phash[0]
    assert query.dhash[0] == reference.dhash[0]
    assert len(set(query.phash)) == 8


@pytest.mark.parametrize("seed", SEEDS)
def test_hashes_are_those_of_imagehash(seed: int) -> None:
    picture, reference = painting(seed), fingerprint_reference(painting(seed))
    assert hamming(reference.phash[0], str(imagehash.phash(picture))) <= 4
    assert hamming(reference.dhash[0], str(imagehash.dhash(picture))) <= 4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_copy_saved_smaller_noisier_and_worse_stays_near(seed: int) -> None:
    small = noisy(painting(seed)).resize((240, 180))
    copy = Image.open(io.BytesIO(encoded(small, quality=30)))
    phash, dhash = nearest(fingerprint_query(painting(seed)), fingerprint_reference(copy))
    assert phash <= 6
    assert dhash <= 6


def test_other_pictures_are_far() -> None:
    queries = [fingerprint_query(painting(seed)) for seed in SEEDS]
    references = [fingerprint_reference(painting(seed)) for seed in SEEDS]
    for i, query in enumerate(queries):
        for j, reference in enumerate(references):
            if i != j:
                assert min(nearest(query, reference)) >= 8
