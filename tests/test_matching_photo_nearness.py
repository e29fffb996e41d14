"""What a model finds alike makes the shortlist longer, is possible at most, and never holds an object alone."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from fieldcheck.cache.build import build_list
from fieldcheck.cache.holdings import Holdings, open_holdings
from fieldcheck.cache.info import ListInfo, ReferencePhoto
from fieldcheck.cache.photo_vectors import vector_header, vectors_path
from fieldcheck.cache.versions import change_lock, install
from fieldcheck.matching.match import match_item
from fieldcheck.models import Candidate, Channel, Embedding, Fingerprint, Item, Photo, Record, Scale, Strength
from fieldcheck.text.reading import Reader
from fieldcheck.vision.sight import Sight
from fieldcheck.vision.vectors import VectorWriter

MODEL, DIMENSION, COUNT = "model-0123456789ab", 64, 8
SCALE = Scale(usual=0.6, apart=0.2, points=0.4)


def direction(number: int) -> np.ndarray:
    """A vector that is at right angles to those of other numbers."""
    vector = np.zeros(DIMENSION, np.int8)
    vector[number] = 127
    return vector


def between(one: int, other: int, share: float) -> np.ndarray:
    """A vector from ``one`` towards ``other``."""
    angle = share * np.pi / 2
    return np.round(np.cos(angle) * direction(one) + np.sin(angle) * direction(other)).astype(np.int8)


def seen(*frames: np.ndarray, file: str = "counter.jpg", model: str = MODEL) -> Photo:
    """A photo of something without a single point, of which a model makes those vectors."""
    hashes = Fingerprint(("0f0f0f0f0f0f0f0f",) * 8, ("00ff00ff00ff00ff",) * 8)
    sight = Sight.see(np.full((200, 200), 128, np.uint8)).pack()
    vectors = b"".join(frame.tobytes() for frame in frames)
    return Photo(file, file, "", hashes, sight, Embedding(model, vectors, DIMENSION, SCALE))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holdings]:
    """Eight records with a photo each, whose vectors are the eight directions."""
    home = tmp_path_factory.mktemp("home")
    records = [
        Record(id=str(n), title=f"Head {n}", object_type="statue", measurements=(f"{n + 5} cm",)) for n in range(COUNT)
    ]
    photos = [ReferencePhoto(str(n), f"{n}.jpg", f"{n:064}", f"{n:016}", f"{n:016}", b"") for n in range(COUNT)]
    with change_lock(home):
        installed = install(
            home,
            ListInfo("museum", "The museum"),
            lambda path: build_list(path, ListInfo("museum", "The museum"), records, photos),
        )
    assert installed is not None
    file = home / "lists" / installed.file
    with VectorWriter(vectors_path(file, MODEL), vector_header(file, COUNT, MODEL, DIMENSION)) as writer:
        for number in range(COUNT):
            writer.add(direction(number).tobytes())
        writer.finish()
    with open_holdings(home, ("museum",)) as holdings:
        yield holdings


def found(holdings: Holdings, *photos: Photo, **said: str) -> tuple[Candidate, ...]:
    return match_item(Item(photos=photos, **said), holdings, Reader()).candidates


def test_the_nearest_record_is_possible_and_says_that_the_eye_must_decide(library: Holdings) -> None:
    candidates = found(library, seen(between(3, 5, 0.1)))
    assert (candidates[0].record.id, candidates[0].strength, candidates[0].by) == (
        "3",
        Strength.POSSIBLE,
        (Channel.PHOTO,),
    )
    assert "side by side" in candidates[0].evidence[0].detail
    assert [entry.strength for entry in candidates[1:]] == [Strength.WEAK] * (len(candidates) - 1)


def test_a_record_that_is_not_near_enough_is_first_and_weak(library: Holdings) -> None:
    candidates = found(library, seen(between(3, 5, 0.47)))
    assert [entry.record.id for entry in candidates[:2]] == ["3", "5"]
    assert {entry.strength for entry in candidates} == {Strength.WEAK}


def test_the_frame_that_is_nearest_counts(library: Holdings) -> None:
    assert found(library, seen(between(3, 5, 0.5), between(6, 2, 0.05)))[0].record.id == "6"


def test_several_photos_of_the_item_are_weighed_together(library: Holdings) -> None:
    one, other = seen(between(1, 4, 0.45), file="front"), seen(between(7, 4, 0.45), file="back")
    assert found(library, one)[0].record.id == "1"
    assert found(library, one, other)[0].record.id == "4"


@pytest.mark.parametrize("said", [{"object_type": "statue"}, {"text": "statue head"}])
def test_words_that_fit_many_records_make_it_no_stronger(library: Holdings, said: dict[str, str]) -> None:
    best = found(library, seen(direction(3)), **said)[0]
    assert (best.record.id, best.strength) == ("3", Strength.POSSIBLE)


def test_a_size_that_contradicts_leaves_nothing(library: Holdings) -> None:
    candidates = found(library, seen(direction(3)), size="90 cm")
    assert {entry.strength for entry in candidates} == {Strength.WEAK}


def test_another_models_vectors_are_never_compared(library: Holdings) -> None:
    assert found(library, seen(direction(3), model="model-ba9876543210")) == ()


def test_a_photo_without_vectors_is_checked_as_before(library: Holdings) -> None:
    assert found(library, replace(seen(direction(3)), embedding=None)) == ()


def test_zeros_are_near_to_nothing(library: Holdings) -> None:
    assert found(library, seen(np.zeros(DIMENSION, np.int8))) == ()
