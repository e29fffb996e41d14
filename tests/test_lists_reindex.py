import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cli_helpers import Commands, assert_valid, in_a_process
from conftest import Install
from fieldcheck.cache.holdings import open_holdings
from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.cache.photo_staging import NamedPhoto
from fieldcheck.cache.photo_vectors import vectors_path
from fieldcheck.cache.pointer import lists_folder, read_pointer, version_path
from fieldcheck.cache.versions import change_lock
from fieldcheck.errors import ExitCode
from fieldcheck.lists import embedding
from fieldcheck.lists.describing import described
from fieldcheck.lists.embedding import Indexed, index_photos
from fieldcheck.models import Record
from fieldcheck.vision.model import Model, load_model
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos, read_thumbnails
from photos import encoded, engraving, write
from tiny_models import tiny_model

SEEDS = range(1, 7)


@dataclass(frozen=True)
class Museum:
    """A home with the list ``museum``, a record with a photo for each seed, and the model ``tiny`` in use."""

    command: Commands
    home: Path
    folder: Path
    model: Model
    install: Install
    kept: dict[int, ReferencePhoto]

    def bring(self, *seeds: int, title: str = "Vase") -> None:
        """Put a version of the list in use, and have the model read its photos."""
        records = [Record(id=str(seed), title=f"{title} no. {seed}") for seed in seeds]
        self.install("museum", *records, photos=tuple(self.kept[seed] for seed in seeds))
        assert self.command("lists", "reindex").code == ExitCode.NOTHING_FOUND

    def photo(self, seed: int) -> Path:
        """The file of a record's photo."""
        return write(self.folder / f"{seed}.png", encoded(engraving(seed), "PNG"))

    def file(self, model: Model | None = None) -> Path:
        """Where the vectors of the version in use are."""
        return vectors_path(version_path(self.home, read_pointer(self.home)["museum"]), (model or self.model).key)

    @property
    def unread_by(self) -> str:
        """The model that has not read the list's photos, as ``lists status`` names it."""
        status = self.command("lists", "status", "--json").json
        assert_valid(status, "list-status")
        return next(str(entry["photos_unread_by"]) for entry in status["lists"] if entry["id"] == "museum")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[int, ReferencePhoto]:
    """What a list keeps of each photo, by the seed that it was drawn from."""
    folder = tmp_path_factory.mktemp("photos")
    paths = [write(folder / f"{seed}.png", encoded(engraving(seed), "PNG")) for seed in SEEDS]
    readings = zip(SEEDS, read_photos(paths, role=Role.REFERENCE), strict=True)
    return {seed: described(NamedPhoto(str(seed), Path(), f"{seed}.png"), reading) for seed, reading in readings}


@pytest.fixture
def museum(
    tmp_path: Path,
    install_list: Install,
    kept: dict[int, ReferencePhoto],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Museum:
    path = tiny_model(tmp_path)
    monkeypatch.setenv("FIELDCHECK_MODEL", str(path))
    return Museum(Commands(capsys), tmp_path / "home", tmp_path, load_model(path), install_list, kept)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The thumbnails that the model is given."""
    given: list[bytes] = []

    def noted(thumbnails: Iterable[bytes], **options: object) -> Iterable[bytes]:
        return read_thumbnails((given.append(each) or each for each in thumbnails), **options)  # type: ignore[arg-type, func-returns-value]  # as they came

    monkeypatch.setattr(embedding, "read_thumbnails", noted)
    return given


def test_an_import_has_the_model_read_the_photos(museum: Museum) -> None:
    rows = [{"id": str(seed), "title": f"Vase no. {seed}", "images": [museum.photo(seed).name]} for seed in (1, 2, 3)]
    table = write(museum.folder / "vases.jsonl", "\n".join(map(json.dumps, rows)).encode())
    brought = museum.command("lists", "import", table, "--list", "museum", "--images", museum.folder)
    assert brought.code == ExitCode.NOTHING_FOUND
    assert museum.command("lists", "reindex").code == ExitCode.NOTHING_TO_UPDATE
    with open_holdings(museum.home) as holdings:
        opened = holdings.list("museum")
        vectors = opened.vectors(museum.model.key, museum.model.dimension)
        assert vectors is not None
        made = [vectors.vectors[number].tobytes() for number in range(3)]
        thumbnails = [opened.photos.thumbnail(number) for number in range(3)]
    assert made == list(read_thumbnails(thumbnails, model=museum.model))


def test_status_and_doctor_say_what_was_not_read(museum: Museum) -> None:
    museum.bring(1)
    museum.file().unlink()
    findings = museum.command("doctor", "--json").json["findings"]
    (found,) = [entry for entry in findings if entry["name"] == "list museum"]
    assert found["health"] == "note"
    status, show = museum.command("lists", "status").words, museum.command("lists", "show", "museum").words
    for words in (status, show, found["next_step"]):
        assert "fieldcheck lists reindex museum" in words


def test_what_is_gone_or_damaged_is_made_again_and_breaks_no_check(museum: Museum) -> None:
    museum.bring(1, 2)
    path = museum.file()
    whole = path.read_bytes()
    for content in (b"", whole[:-1], whole.replace(b"tiny", b"tinx"), None):
        path.unlink() if content is None else path.write_bytes(content)
        assert museum.unread_by == "tiny"
    assert museum.command("check", "--photo", museum.photo(1)).code == ExitCode.STRONG
    ended = museum.command("lists", "reindex", "museum")
    assert (ended.code, ended.out) == (ExitCode.NOTHING_FOUND, "museum: photos read by the model tiny: 2.\n")
    assert path.read_bytes() == whole
    assert museum.unread_by == ""


def test_another_model_reads_everything_again_and_takes_the_place_of_the_first(
    museum: Museum, monkeypatch: pytest.MonkeyPatch
) -> None:
    museum.bring(1, 2)
    other = tiny_model(museum.folder, "other", cell=4)
    monkeypatch.setenv("FIELDCHECK_MODEL", str(other))
    assert museum.unread_by == "other"
    assert museum.file().is_file()
    assert museum.command("lists", "reindex").out == "museum: photos read by the model other: 2.\n"
    assert museum.unread_by == ""
    assert museum.file(load_model(other)).is_file()
    assert not museum.file().exists()


def test_a_new_version_takes_over_what_was_read_before(museum: Museum, seen: list[bytes]) -> None:
    museum.bring(1, 2, 3)
    old = museum.file()
    assert len(seen) == 3
    museum.bring(5, 3, 1, title="Jar")
    assert len(seen) == 4
    path = museum.file()
    assert path != old
    whole = path.read_bytes()
    path.unlink()
    old.unlink()
    assert museum.command("lists", "reindex").code == ExitCode.NOTHING_FOUND
    assert len(seen) == 7
    assert path.read_bytes() == whole


def test_a_photo_whose_thumbnail_is_another_now_is_read_again(museum: Museum, seen: list[bytes]) -> None:
    museum.bring(1, 2)
    changed = replace(museum.kept[1], thumbnail=encoded(engraving(1, (200, 150))))
    museum.install("museum", Record(id="1", title="Jar"), photos=(changed,))
    assert museum.command("lists", "reindex").code == ExitCode.NOTHING_FOUND
    assert seen[2:] == [changed.thumbnail]


def test_a_photo_that_had_no_vector_is_tried_again(museum: Museum, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(embedding, "read_thumbnails", lambda thumbnails, **_: (b"" for _ in thumbnails))
        museum.bring(1, 2)
    museum.bring(1, 2, title="Jar")
    with open_holdings(museum.home) as holdings:
        vectors = holdings.list("museum").vectors(museum.model.key, museum.model.dimension)
        assert vectors is not None
        assert vectors.has(0)


def test_an_interrupted_run_goes_on(museum: Museum, seen: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldcheck.vision.vectors._FLUSHED", 2)
    museum.bring(*SEEDS)
    path, installed = museum.file(), read_pointer(museum.home)["museum"]
    whole = path.read_bytes()
    path.unlink()
    left = iter(range(5))

    def stopped() -> None:
        if next(left) == 4:
            raise KeyboardInterrupt

    with change_lock(museum.home), pytest.raises(KeyboardInterrupt):
        index_photos(museum.home, installed, museum.model, stopped)
    assert not path.exists()
    seen.clear()
    done: list[None] = []
    with change_lock(museum.home):
        assert index_photos(museum.home, installed, museum.model, lambda: done.append(None)) == Indexed(0, 2, 0)
    assert (len(seen), len(done)) == (2, 6)
    assert path.read_bytes() == whole


def test_vectors_go_with_the_version_that_they_are_of(museum: Museum) -> None:
    museum.bring(1)
    first = museum.file()
    partial = write(first.with_name(f"{first.name}.partial"), b"begun")
    museum.install("museum", Record(id="1", title="Jar"))
    assert first.exists()
    assert partial.exists()
    museum.install("museum", Record(id="1", title="Urn"))
    assert not first.exists()
    assert not partial.exists()


def test_vectors_are_there_after_a_rollback_and_gone_with_the_list(museum: Museum) -> None:
    museum.bring(1)
    museum.install("museum", Record(id="1", title="Jar"))
    assert museum.command("lists", "rollback", "museum").code == ExitCode.NOTHING_FOUND
    assert museum.unread_by == ""
    assert museum.command("lists", "remove", "museum").code == ExitCode.NOTHING_FOUND
    assert not list(lists_folder(museum.home).glob("*/*.vectors*"))


def test_a_model_that_cannot_be_used_stops_no_import(museum: Museum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDCHECK_MODEL", str(museum.folder / "gone.toml"))
    table = write(museum.folder / "vases.csv", b"id,title\n1,Vase\n")
    ended = museum.command("lists", "import", table, "--list", "museum")
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "gone.toml cannot be read" in ended.err
    assert museum.command("lists", "reindex").code == ExitCode.USAGE
    ended = museum.command("lists", "status")
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "gone.toml cannot be read" in ended.err


def test_a_sync_has_the_model_read_what_it_has_not_read(museum: Museum, monkeypatch: pytest.MonkeyPatch) -> None:
    museum.bring(1)
    museum.file().unlink()
    monkeypatch.setattr("fieldcheck.sync.run.sync_all", lambda *_: [])
    ended = museum.command("sync")
    assert ended.code == ExitCode.NOTHING_TO_UPDATE
    assert "museum: photos read by the model tiny: 1." in ended.err
    assert museum.file().is_file()


def test_a_list_that_is_not_held_cannot_be_read(museum: Museum) -> None:
    assert museum.command("lists", "reindex", "nowhere").code == ExitCode.USAGE


def test_a_result_keeps_no_vectors_but_depends_on_the_model(museum: Museum, monkeypatch: pytest.MonkeyPatch) -> None:
    museum.bring(1, 2)
    photo = museum.photo(3)

    def checked() -> str:
        ended = museum.command("check", "--photo", photo, "--json")
        assert not {"embedding", "vectors"} & set(ended.out.split('"'))
        return str(ended.json["result_id"])

    first = checked()
    assert not any(b'"embedding"' in kept.read_bytes() for kept in (museum.home / "results").iterdir())
    museum.file().unlink()
    without = checked()
    monkeypatch.setenv("FIELDCHECK_MODEL", str(tiny_model(museum.folder, "other", cell=4)))
    assert len({first, without, checked()}) == 3


def test_a_shipment_comes_out_alike_in_several_processes_and_anew_with_another_model(museum: Museum) -> None:
    museum.bring(1)
    (museum.folder / "box").mkdir()
    for seed in (1, 2):
        museum.photo(seed).rename(museum.folder / "box" / f"{seed}.png")

    def checked(lines: Path, *options: str) -> list[str]:
        assert museum.command("batch", museum.folder / "box", "--jsonl", lines, *options).code == ExitCode.STRONG
        return lines.read_text().splitlines()

    one, two = (checked(museum.folder / f"{count}.jsonl", "--workers", count) for count in "12")
    assert one == two
    assert len(one) == 2
    other = tiny_model(museum.folder, "other", cell=4)
    again = checked(museum.folder / "1.jsonl", "--model", str(other))
    assert again[:2] == one
    assert len(again) == 4


def test_a_check_of_words_loads_no_model() -> None:
    script = "import sys; from fieldcheck.cli.main import run; run(['check', 'a chair']); print('LOADED', *sys.modules)"
    loaded = in_a_process(script=script).stdout.split("LOADED")[1].split()
    assert "fieldcheck.checking" in loaded
    unwanted = {"numpy", "fieldcheck.vision.model", "fieldcheck.vision.vectors", "fieldcheck.cache.photo_model"}
    assert not unwanted & set(loaded)
