from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldcheck.errors import IntegrityError
from fieldcheck.vision.vectors import HEADER_BYTES, VectorFile, VectorHeader, VectorWriter

DIMENSION = 64


def some(photos: int, seed: int = 1, groups: int = 40, dimension: int = DIMENSION) -> np.ndarray:
    """Vectors in groups that lie near one another, as those of photos do."""
    random = np.random.default_rng(seed)
    middles = random.normal(0, 60, (groups, dimension))
    return np.clip(
        middles[random.integers(0, groups, photos)] + random.normal(0, 30, (photos, dimension)), -127, 127
    ).astype(np.int8)


def filed(folder: Path, vectors: np.ndarray) -> VectorFile:
    header = VectorHeader("tiny-1", vectors.shape[1], len(vectors), "v1")
    with VectorWriter(folder / "v1.tiny-1.vectors", header) as writer:
        for vector in vectors:
            writer.add(vector.tobytes() if vector.any() else b"")
        writer.finish()
    return VectorFile.open(folder / "v1.tiny-1.vectors", header)


def exactly(vectors: np.ndarray, sought: np.ndarray) -> np.ndarray:
    """The nearness of each vector to the nearest of those sought."""
    rows, frames = vectors.astype(float), sought.astype(float)
    lengths = np.linalg.norm(rows, axis=1)[:, None] * np.linalg.norm(frames, axis=1)
    return np.max(np.divide(rows @ frames.T, lengths, out=np.full(lengths.shape, -np.inf), where=lengths > 0), axis=1)


def test_what_was_written_is_found_again(tmp_path: Path) -> None:
    vectors = some(5_000)
    file = filed(tmp_path, vectors)
    for number in (0, 1_234, 2_999):
        (found, nearness), *_ = file.nearest(vectors[number : number + 1], 5)
        assert found == number
        assert nearness == pytest.approx(1, abs=1e-6)


def test_nearness_is_exact_and_falls(tmp_path: Path) -> None:
    vectors, sought = some(5_000), some(3, seed=2)
    found = filed(tmp_path, vectors).nearest(sought, 50)
    wanted = exactly(vectors, sought)
    assert len(found) == 50
    assert [nearness for _, nearness in found] == sorted((nearness for _, nearness in found), reverse=True)
    assert all(nearness == pytest.approx(wanted[number], abs=1e-5) for number, nearness in found)


def test_the_signs_lose_few_of_the_nearest(tmp_path: Path) -> None:
    vectors, sought = some(20_000, groups=400, dimension=256), some(60, groups=400, dimension=256)
    file = filed(tmp_path, vectors)
    kept = [
        len({number for number, _ in file.nearest(one[None], 10)} & set(np.argsort(-exactly(vectors, one[None]))[:10]))
        for one in sought
    ]
    assert sum(kept) >= 0.97 * 10 * len(sought)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 4), st.integers(0, 2**32 - 1), st.sampled_from([64, 192, 2_048]))
def test_in_a_short_list_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, photos: int, frames: int, seed: int, dimension: int
) -> None:
    random = np.random.default_rng(seed)
    vectors = random.integers(-127, 128, (photos, dimension)).astype(np.int8)
    vectors[random.random(photos) < 0.2] = 0
    sought = random.integers(-127, 128, (frames, dimension)).astype(np.int8)
    found = dict(filed(tmp_path_factory.mktemp("vectors"), vectors).nearest(sought, photos))
    wanted = exactly(vectors, sought)
    assert set(found) == {number for number in range(photos) if vectors[number].any()}
    assert all(nearness == pytest.approx(wanted[number], abs=1e-5) for number, nearness in found.items())


def test_the_nearest_frame_counts_and_one_of_zeros_counts_for_nothing(tmp_path: Path) -> None:
    vectors = some(5_000)
    file = filed(tmp_path, vectors)
    zeros = np.zeros((1, DIMENSION), np.int8)
    assert file.nearest(np.concatenate((-vectors[7:8], vectors[7:8], zeros)), 1)[0] == (7, pytest.approx(1, abs=1e-6))
    assert file.nearest(zeros, 10) == []


def test_a_photo_without_a_vector_is_near_to_none(tmp_path: Path) -> None:
    vectors = some(5_000)
    vectors[5] = 0
    file = filed(tmp_path, vectors)
    assert (file.has(4), file.has(5), file.has(5_000), file.has(-1)) == (True, False, False, False)
    assert 5 not in dict(file.nearest(vectors[6:7], 5_000))


def test_a_file_that_is_not_what_it_should_be_is_refused(tmp_path: Path) -> None:
    vectors = some(300)
    path, header = tmp_path / "v1.tiny-1.vectors", filed(tmp_path, vectors).header
    others = (
        VectorHeader("tiny-2", DIMENSION, 300, "v1"),
        VectorHeader("tiny-1", 2 * DIMENSION, 300, "v1"),
        VectorHeader("tiny-1", DIMENSION, 299, "v1"),
        VectorHeader("tiny-1", DIMENSION, 300, "v2"),
    )
    whole = path.read_bytes()
    for content, wanted in [
        *((whole, other) for other in others),
        (whole[:-1], header), (whole + b"\0", header), (b"", header), (whole[:HEADER_BYTES], header),
        (b"{" * HEADER_BYTES + whole[HEADER_BYTES:], header),
    ]:  # fmt: skip
        path.write_bytes(content)
        with pytest.raises(IntegrityError):
            VectorFile.open(path, wanted)
    path.unlink()
    with pytest.raises(IntegrityError):
        VectorFile.open(path, header)


@pytest.mark.parametrize("stopped_after", [0, 1, 127, 128, 129, 250, 300])
def test_an_interrupted_run_goes_on_and_comes_to_the_same(tmp_path: Path, stopped_after: int) -> None:
    vectors = some(300)
    (tmp_path / "whole").mkdir()
    whole = tmp_path / "whole" / "v1.tiny-1.vectors"
    filed(tmp_path / "whole", vectors)
    path, header = tmp_path / "v1.tiny-1.vectors", VectorHeader("tiny-1", DIMENSION, 300, "v1")
    with VectorWriter(path, header) as writer:
        for vector in vectors[:stopped_after]:
            writer.add(vector.tobytes())
    assert not path.exists()
    with VectorWriter(path, header) as writer:
        assert stopped_after - 128 <= writer.done <= stopped_after
        for vector in vectors[writer.done :]:
            writer.add(vector.tobytes())
        writer.finish()
    assert path.read_bytes() == whole.read_bytes()
    assert [entry.name for entry in tmp_path.glob("*.partial")] == []


def test_what_another_model_began_is_thrown_away(tmp_path: Path) -> None:
    vectors = some(300)
    path = tmp_path / "v1.vectors"
    with VectorWriter(path, VectorHeader("other", DIMENSION, 300, "v1")) as writer:
        for vector in vectors:
            writer.add(vector.tobytes())
    with VectorWriter(path, VectorHeader("tiny-1", DIMENSION, 300, "v1")) as writer:
        assert writer.done == 0


def test_a_file_is_finished_only_when_every_photo_has_its_place(tmp_path: Path) -> None:
    with VectorWriter(tmp_path / "v1.vectors", VectorHeader("tiny-1", DIMENSION, 2, "v1")) as writer:
        writer.add(bytes(DIMENSION))
        with pytest.raises(ValueError, match="no place"):
            writer.add(bytes(DIMENSION + 1))
        with pytest.raises(ValueError, match="missing"):
            writer.finish()
        writer.add(b"")
        with pytest.raises(ValueError, match="no place"):
            writer.add(bytes(DIMENSION))
