"""What a pack has of its photos by the publisher's model: made once, taken over, named in the index, cleared."""

import json
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from fieldcheck.cache.photo_vectors import vector_header
from fieldcheck.errors import IntegrityError, NotFoundError
from fieldcheck.files import sha256_of
from fieldcheck.lists import embedding
from fieldcheck.packs.photo_model import give_model, given_model, withdraw_model
from fieldcheck.packs.targets import pack_index, target_path
from fieldcheck.packs.vectors import Maker, renew_vectors
from fieldcheck.sync.channel_index import ListIndex, index_path, read_index
from fieldcheck.vision.model import load_model
from fieldcheck.vision.vectors import VectorFile
from photo_channels import COUNT, PhotoPublisher
from photos import write
from tiny_models import describe, tiny_model


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> PhotoPublisher:
    return PhotoPublisher.create(tmp_path_factory.mktemp("museum") / "made")


@pytest.fixture
def museum(made_once: PhotoPublisher, tmp_path: Path) -> PhotoPublisher:
    return made_once.copied(tmp_path / "museum")


@pytest.fixture
def read_by_models(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every thumbnail that is given to a model."""
    read: list[bytes] = []
    really = embedding.read_thumbnails

    def watched(thumbnails: Iterable[bytes], **said: Any) -> Generator[bytes, None, None]:
        def seen() -> Iterable[bytes]:
            for thumbnail in thumbnails:
                read.append(thumbnail)
                yield thumbnail

        yield from really(seen(), **said)

    monkeypatch.setattr("fieldcheck.lists.embedding.read_thumbnails", watched)
    return read


def given_vectors(museum: PhotoPublisher) -> list[str]:
    """The names of the files of vectors in the publisher's folder."""
    return sorted(path.name for path in (museum.channel.work.targets / "vectors" / "museum").glob("*"))


def test_a_pack_has_the_vectors_of_its_photos(museum: PhotoPublisher) -> None:
    (entry,) = museum.index.vectors
    path = target_path(museum.channel.work, museum.path())
    assert (entry.model, entry.length, entry.sha256) == (museum.model.key, path.stat().st_size, sha256_of(path))
    list_file = target_path(museum.channel.work, museum.index.file)
    opened = VectorFile.open(path, vector_header(list_file, COUNT, museum.model.key, museum.model.dimension))
    assert all(opened.vectors.any(axis=1))
    assert museum.index == pack_index(museum.channel.work, "museum")
    assert len(list((museum.channel.web.targets / "vectors").rglob("*.vectors"))) == 1


def test_a_build_again_reads_nothing_again(museum: PhotoPublisher, read_by_models: list[bytes]) -> None:
    before = museum.index
    assert museum.build() == before
    assert read_by_models == []


def test_the_next_version_reads_new_photos_alone(museum: PhotoPublisher, read_by_models: list[bytes]) -> None:
    before = museum.vectors()
    museum.build(COUNT + 2)
    assert len(read_by_models) == 2
    assert given_vectors(museum) == [museum.path().rpartition("/")[2]]
    size = museum.model.dimension * COUNT
    assert museum.vectors()[512 : 512 + size] == before[512 : 512 + size]


def test_an_interrupted_build_goes_on(
    museum: PhotoPublisher, read_by_models: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldcheck.vision.vectors._FLUSHED", 1)

    def cut(stage: str, done: int, _: int) -> None:
        if (stage, done) == ("vectors", 2):
            raise KeyboardInterrupt

    other = load_model(tiny_model(museum.folder, mean=[0, 0, 0]))
    with pytest.raises(KeyboardInterrupt):
        museum.build(model=other, advance=cut)
    assert pack_index(museum.channel.work, "museum") == museum.index
    del read_by_models[:]
    museum.build(model=other)
    assert 0 < len(read_by_models) < COUNT
    assert [entry.model for entry in museum.index.vectors] == [other.key]


def test_vectors_that_were_damaged_are_made_again(museum: PhotoPublisher) -> None:
    good = museum.vectors()
    write(target_path(museum.channel.work, museum.path()), good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(IntegrityError, match="were changed"):
        museum.channel.draft()
    museum.build()
    assert museum.vectors() == good
    museum.channel.draft()


def test_another_model_needs_no_other_version(museum: PhotoPublisher) -> None:
    before = museum.index
    other = load_model(tiny_model(museum.folder, "other", mean=[0, 0, 0]))
    renew_vectors(museum.channel.work, Maker(other, lambda *_: None))
    after = pack_index(museum.channel.work, "museum")
    assert (after.version, after.sha256, after.packaged) == (before.version, before.sha256, before.packaged)
    assert given_vectors(museum) == [f"{before.version}-{other.key}.vectors"]
    museum.publish()
    museum.build(model=other)
    assert museum.index == after


def test_a_build_without_a_model_gives_out_no_vectors(museum: PhotoPublisher) -> None:
    museum.channel.build("Saint George", list_id="words")
    assert pack_index(museum.channel.work, "words").vectors == ()


def test_an_index_may_say_less_and_more(museum: PhotoPublisher) -> None:
    said = json.loads(target_path(museum.channel.work, index_path("museum")).read_bytes())
    del said["vectors"]
    assert read_index(json.dumps(said).encode(), "museum").vectors == ()
    assert read_index(json.dumps({**said, "sounds": [1]}).encode(), "museum") == ListIndex(**said)
    for wrong in ({"model": "../up-0123456789ab"}, {"length": 0}, {"sha256": "12"}):
        entry = museum.index.vectors[0].model_dump() | wrong
        with pytest.raises(IntegrityError):
            read_index(json.dumps({**said, "vectors": [entry]}).encode(), "museum")


def test_a_model_is_given_out_by_its_content(museum: PhotoPublisher) -> None:
    work = museum.channel.work
    assert given_model(work) is None
    with pytest.raises(NotFoundError):
        withdraw_model(work)
    given = give_model(work, tiny_model(museum.folder, "agency", source='a "trial" \x7f, né', spread=[1.5, 2, 1e-5]))
    assert given == given_model(work)
    assert (given.file.name, given.source, given.spread) == (
        f"{given.sha256}.onnx",
        'a "trial" \x7f, né',
        (1.5, 2, 1e-5),
    )
    assert given.key == load_model(museum.folder / "agency.toml").key
    give_model(work, tiny_model(museum.folder, "agency", side=128, cell=16))
    assert len(list(given.file.parent.iterdir())) == 2
    withdraw_model(work)
    assert given_model(work) is None


def test_a_model_that_cannot_be_run_is_not_given_out(museum: PhotoPublisher) -> None:
    write(museum.folder / "garbage.onnx", b"garbage")
    for path in (describe(museum.folder, "garbage", b"garbage"), tiny_model(museum.folder, "wrong", dimension=64)):
        with pytest.raises(Exception, match="cannot be run") as refused:
            give_model(museum.channel.work, path)
        assert refused.value.next_step  # type: ignore[attr-defined]  # it is one of ours
    assert given_model(museum.channel.work) is None
