"""Building packs: the same bytes wherever photos are read, nothing read twice, and deltas for those who are behind."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from channel_helpers import UNWATCHED, Publisher
from fieldcheck.cache.delta import apply_delta
from fieldcheck.cache.opening import open_list
from fieldcheck.errors import SourceError, StorageError, UsageError
from fieldcheck.files import sha256_of
from fieldcheck.lists.files import read_list_file
from fieldcheck.packs.building import VERSIONS_BEFORE, Plan, Watcher, build_pack
from fieldcheck.packs.cluster import PHOTOS_A_BATCH, Cluster, read_batch
from fieldcheck.packs.targets import pack_index, target_path
from fieldcheck.packs.workshop import Workshop
from fieldcheck.sync.channel_index import ListIndex
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, photo_content, read_photos
from photos import encoded, engraving, write

COUNT = 6
MANY = [f"Icon {number}" for number in range(400)]


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of records with a photo each; the last is damaged."""
    folder = tmp_path_factory.mktemp("museum")
    for number in range(COUNT - 1):
        write(folder / f"{number}.png", encoded(engraving(number, (240, 180)), "PNG"))
    write(folder / f"{COUNT - 1}.png", b"damaged")
    rows = [{"id": str(n), "title": f"Étude no. {n}", "images": [f"{n}.png"]} for n in range(COUNT)]
    write(folder / "list.jsonl", "\n".join(map(json.dumps, rows)).encode())
    return folder


@pytest.fixture(scope="module")
def single(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The SHA-256 of the list file that one worker makes."""
    return built(museum, tmp_path_factory.mktemp("single"), Plan(museum, workers=1)).sha256


def built(museum: Path, folder: Path, plan: Plan, problems: list[str] | None = None) -> ListIndex:
    imported = read_list_file(museum / "list.jsonl", list_id="museum", published="2026-01-01")
    report = UNWATCHED.report if problems is None else problems.append
    return build_pack(Workshop(folder), imported, plan, Watcher(UNWATCHED.advance, report))


def test_two_workers_make_the_bytes_that_one_makes(museum: Path, single: str, tmp_path: Path) -> None:
    problems: list[str] = []
    index = built(museum, tmp_path, Plan(museum, workers=2), problems)
    assert (index.sha256, index.records, index.photos) == (single, COUNT, COUNT - 1)
    assert sha256_of(target_path(Workshop(tmp_path), index.file)) == single
    assert index == pack_index(Workshop(tmp_path), "museum")
    assert [f"record {COUNT - 1}" in problem for problem in problems] == [True]


def test_a_build_that_was_interrupted_goes_on(museum: Path, single: str, tmp_path: Path) -> None:
    read: list[Path] = []

    def reading(paths: Iterable[Path]) -> Iterator[PhotoReading]:
        for reading in read_photos(paths, role=Role.REFERENCE):
            read.append(Path(reading.photo.file))
            yield reading

    def cut(paths: Iterable[Path]) -> Iterator[PhotoReading]:
        for number, one in enumerate(reading(paths)):
            if number == 3:
                raise KeyboardInterrupt
            yield one

    with pytest.raises(KeyboardInterrupt):
        built(museum, tmp_path, Plan(museum, read=cut))
    assert not (tmp_path / "targets").exists()
    before = len(read)
    assert built(museum, tmp_path, Plan(museum, read=reading)).sha256 == single
    assert len(read) - before == COUNT - 3
    before = len(read)
    assert built(museum, tmp_path, Plan(museum, read=reading)).sha256 == single
    assert len(read) - before == 1  # the damaged one is looked at again


def test_a_batch_on_a_worker_is_read_as_here(museum: Path) -> None:
    paths = [museum / f"{number}.png" for number in range(COUNT)] + [museum / "none.png"]
    batch = [(str(path), photo_content(path)) for path in paths]
    assert read_batch(batch) == list(read_photos(paths, role=Role.REFERENCE))


@pytest.mark.filterwarnings("ignore")  # what distributed warns of is not ours
def test_a_cluster_makes_the_bytes_that_one_machine_makes(
    museum: Path, single: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("fieldcheck.packs.cluster.PHOTOS_A_BATCH", 2)
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            dashboard_address=":0",
            local_directory=tmp_path / "dask",
        ) as local,
        Cluster(local.scheduler_address) as cluster,
    ):
        assert built(museum, tmp_path, Plan(museum, read=cluster.read)).sha256 == single
        monkeypatch.setattr("fieldcheck.packs.cluster.reader_edition", lambda: uuid4().hex)
        with pytest.raises(UsageError, match="other versions"):
            Cluster(local.scheduler_address)


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_is_a_matter_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("fieldcheck.packs.cluster._CONNECT_S", 0.2)
    with pytest.raises(SourceError, match="No Dask scheduler answers"):
        Cluster("tcp://127.0.0.1:9")
    assert PHOTOS_A_BATCH > 1


def test_content_that_is_there_already_is_no_new_version(publisher: Publisher) -> None:
    first = publisher.build("Saint George")
    assert publisher.build("Saint George") == first
    assert publisher.build("Saint George", "Saint Roch").version != first.version


def test_clients_that_are_a_few_versions_behind_get_deltas(publisher: Publisher, tmp_path: Path) -> None:
    files, versions = {}, []
    for number in range(VERSIONS_BEFORE + 2):
        index = publisher.build(*MANY, *(f"Chalice {count}" for count in range(number)))
        versions.append(index.version)
        files[index.version] = target_path(publisher.work, index.file).read_bytes()
    assert [delta.from_version for delta in index.deltas] == versions[-2:-5:-1]
    for delta in index.deltas:
        (tmp_path / "old.db").write_bytes(files[delta.from_version])
        apply_delta(tmp_path / "old.db", target_path(publisher.work, delta.target), tmp_path / "new.db")
        assert sha256_of(tmp_path / "new.db") == index.sha256
    kept = {path.stem for path in (publisher.work.targets / "lists" / "museum").glob("*.db")}
    assert kept == set(versions[1:])
    assert len(list((publisher.work.targets / "deltas" / "museum").iterdir())) == VERSIONS_BEFORE


def test_a_pack_is_a_list_file_that_opens_as_it_is(publisher: Publisher) -> None:
    index = publisher.build("Saint George", "Saint Roch")
    with open_list(target_path(publisher.work, index.file), "museum") as opened:
        assert [record.title for record in opened.records()] == ["Saint George", "Saint Roch"]
        assert opened.meta["packaged"] == ""
    assert index.packaged


def test_two_builds_of_a_list_do_not_meet(museum: Path, tmp_path: Path) -> None:
    def meanwhile(paths: Iterable[Path]) -> Iterator[PhotoReading]:
        with pytest.raises(StorageError, match="Another build of museum"):
            built(museum, tmp_path, Plan(museum))
        return read_photos(paths, role=Role.REFERENCE)

    assert built(museum, tmp_path, Plan(museum, read=meanwhile)).photos == COUNT - 1


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path / "ministry")
