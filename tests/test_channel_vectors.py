"""What a model made of a list's photos comes with the list from a channel, stick or folder, and is looked at first."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from channel_helpers import Checkpoint, served
from fieldcheck.cache.carrying import MANIFEST_NAME, CarriedVectors, read_manifest
from fieldcheck.cache.holdings import open_holdings
from fieldcheck.cache.pointer import read_pointer, version_path
from fieldcheck.cache.versions import change_lock
from fieldcheck.errors import IntegrityError
from fieldcheck.files import sha256_of
from fieldcheck.lists.embedding import index_photos
from fieldcheck.sync.carried import import_carried
from fieldcheck.sync.channel_index import VectorsIndex, index_path
from fieldcheck.sync.channel_web import Web
from fieldcheck.sync.export import export_lists
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.run import Wishes
from fieldcheck.vision.model import load_model
from fieldcheck.vision.vectors import VectorHeader
from photo_channels import COUNT, PhotoPublisher
from photos import write
from sync_helpers import START, FakeClock, RecordedProgress, tools_for
from tiny_models import tiny_model


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> PhotoPublisher:
    return PhotoPublisher.create(tmp_path_factory.mktemp("museum") / "made")


@pytest.fixture
def museum(made_once: PhotoPublisher, tmp_path: Path) -> PhotoPublisher:
    return made_once.copied(tmp_path / "museum")


@pytest.fixture
def checkpoint(home: Path, museum: PhotoPublisher) -> Checkpoint:
    return Checkpoint(home, museum.channel)


@pytest.fixture
def wishes(museum: PhotoPublisher) -> Wishes:
    """A checkpoint whose configuration names the publisher's model."""
    return Wishes(photo_model=museum.folder / "tiny.toml")


def unread(museum: PhotoPublisher, home: Path) -> list[str]:
    """The lists of which the model has read nothing, so that it is done here."""
    with open_holdings(home) as holdings:
        return [installed.info.id for installed in holdings.lacking_vectors(museum.model.key, museum.model.dimension)]


def taken(checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes) -> Outcome:
    (outcome,) = checkpoint.take(museum.channel.web.folder, wishes)
    return outcome


def test_what_the_publishers_model_made_comes_with_the_list(
    checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes
) -> None:
    assert taken(checkpoint, museum, wishes).kind is OutcomeKind.UPDATED
    assert museum.taken(checkpoint.home) == museum.vectors()
    assert unread(museum, checkpoint.home) == []
    begun = len(checkpoint.progress.started)
    assert taken(checkpoint, museum, wishes).kind is OutcomeKind.UNCHANGED
    assert len(checkpoint.progress.started) == begun
    assert checkpoint.progress.notes == []
    assert not list(checkpoint.channel.folder.rglob("*.vectors"))


def test_a_checkpoint_of_another_model_takes_none(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    other = tiny_model(museum.folder, "other")
    assert taken(checkpoint, museum, Wishes(photo_model=other)).kind is OutcomeKind.UPDATED
    assert taken(checkpoint, museum, Wishes(photo_model=museum.folder / "none.toml")).kind is OutcomeKind.UNCHANGED
    assert museum.taken(checkpoint.home) == b""
    assert checkpoint.progress.notes == []


def test_a_version_that_waits_has_them_too(checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes) -> None:
    taken(checkpoint, museum, wishes)
    museum.build(COUNT + 1)
    museum.publish()
    waits = Wishes(preview=True, photo_model=wishes.photo_model)
    assert taken(checkpoint, museum, waits).kind is OutcomeKind.WAITING
    assert museum.taken(checkpoint.home) == museum.vectors()


def test_a_change_of_model_brings_others_without_a_new_version(
    checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path
) -> None:
    taken(checkpoint, museum, wishes)
    other = load_model(tiny_model(museum.folder, "other", mean=[0, 0, 0]))
    museum.build(model=other)
    museum.publish()
    now = Wishes(photo_model=museum.folder / "other.toml")
    assert taken(checkpoint, museum, now).kind is OutcomeKind.UNCHANGED
    assert museum.taken(checkpoint.home, other) == museum.vectors(other)
    assert museum.taken(checkpoint.home) == b""
    export_lists(checkpoint.home, (), tmp_path / "stick")  # what is signed now is held
    assert len(list((tmp_path / "stick").rglob("*.vectors"))) == 1


def flipped(content: bytes) -> bytes:
    return content[:600] + bytes([content[600] ^ 1]) + content[601:]


@pytest.mark.parametrize(
    "damage", [flipped, lambda content: content[:-1], lambda content: content + b"\0", lambda _: b""]
)
def test_vectors_that_are_not_those_that_were_signed_are_not_used(
    checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes, damage: Callable[[bytes], bytes]
) -> None:
    stick = museum.channel.copy("stick")
    (file,) = stick.rglob("*.vectors")
    file.write_bytes(damage(file.read_bytes()))
    (outcome,) = checkpoint.take(stick, wishes)
    assert outcome.kind is OutcomeKind.UPDATED
    assert museum.taken(checkpoint.home) == b""
    assert "is not the file that the publisher signed" in checkpoint.progress.notes[-1]
    assert unread(museum, checkpoint.home) == ["museum"]
    assert taken(checkpoint, museum, wishes).kind is OutcomeKind.UNCHANGED
    assert museum.taken(checkpoint.home) == museum.vectors()


def of_other_photos(museum: PhotoPublisher) -> bytes:
    header = VectorHeader(museum.model.key, museum.model.dimension, COUNT + 1, museum.index.version)
    return header.pack() + bytes(header.size - 512)


def of_another_version(museum: PhotoPublisher) -> bytes:
    header = VectorHeader(museum.model.key, museum.model.dimension, COUNT, "0" * 16)
    return header.pack() + museum.vectors()[512:]


def of_another_model(museum: PhotoPublisher) -> bytes:
    header = VectorHeader("tinx-0123456789ab", museum.model.dimension, COUNT, museum.index.version)
    return header.pack() + museum.vectors()[512:]


def garbage(museum: PhotoPublisher) -> bytes:
    return b"\xff" * len(museum.vectors())


@pytest.mark.parametrize("made", [of_other_photos, of_another_version, of_another_model, garbage, lambda _: b"\0"])
def test_vectors_that_were_signed_are_looked_at_all_the_same(
    checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes, made: Callable[[PhotoPublisher], bytes]
) -> None:
    museum.publish({museum.path(): made(museum)})
    assert taken(checkpoint, museum, wishes).kind is OutcomeKind.UPDATED
    assert museum.taken(checkpoint.home) == b""
    assert "was not taken" in checkpoint.progress.notes[-1]
    assert unread(museum, checkpoint.home) == ["museum"]


def test_vectors_that_are_named_and_not_signed_are_not_sought(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    other = load_model(tiny_model(museum.folder, "other"))
    entry = VectorsIndex(model=other.key, length=1, sha256="0" * 64)
    index = museum.index.model_copy(update={"vectors": (entry,)})
    museum.publish({index_path("museum"): index.model_dump_json().encode()})
    outcome = taken(checkpoint, museum, Wishes(photo_model=museum.folder / "other.toml"))
    assert outcome.kind is OutcomeKind.UPDATED
    assert "did not sign it" in checkpoint.progress.notes[-1]


def test_a_stick_may_leave_them_out(checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes) -> None:
    stick = museum.channel.copy("stick")
    (file,) = stick.rglob("*.vectors")
    file.unlink()
    (outcome,) = checkpoint.take(stick, wishes)
    assert outcome.kind is OutcomeKind.UPDATED
    assert checkpoint.progress.notes == []


class Halves(SimpleHTTPRequestHandler):
    """A server that sends half of what is left of a file of vectors, and hangs up."""

    asked: list[str]

    def do_GET(self) -> None:
        if not self.path.endswith(".vectors"):
            super().do_GET()
            return
        content = Path(self.translate_path(self.path)).read_bytes()
        begins = self.headers.get("Range", "")
        self.asked.append(begins)
        start = int(begins.removeprefix("bytes=").rstrip("-") or 0)
        left = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(left)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        self.wfile.write(left[: len(content) // 2])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base's
        pass


@dataclass
class Impatient(RecordedProgress):
    """Is interrupted with the first bytes of what a model made."""

    cut: list[str] = field(default_factory=list)

    def advance(self, steps: int) -> None:
        super().advance(steps)
        if "photos" in self.started[-1][0] and not self.cut:
            self.cut.append(self.started[-1][0])
            raise KeyboardInterrupt


def test_a_download_that_was_interrupted_goes_on(museum: PhotoPublisher, wishes: Wishes, home: Path) -> None:
    checkpoint = Checkpoint(home, museum.channel, progress=Impatient())

    def sync(address: str) -> list[Outcome]:
        with Fetcher() as fetcher:
            tools = tools_for(fetcher, FakeClock(checkpoint.at), checkpoint.progress)
            return checkpoint.take_from(Web(address, tools), wishes)

    Halves.asked = []
    with served(museum.channel.web.folder, Halves) as address:
        with pytest.raises(KeyboardInterrupt):
            sync(address)
        (outcome,) = sync(address)
    assert outcome.kind is OutcomeKind.UNCHANGED
    assert museum.taken(home) == museum.vectors()
    assert Halves.asked == ["", f"bytes={len(museum.vectors()) // 2}-"]


def made_here(museum: PhotoPublisher, home: Path) -> None:
    with change_lock(home):
        index_photos(home, read_pointer(home)["museum"], museum.model, lambda: None, workers=1)


def test_a_signed_stick_of_a_laptop_has_what_the_publisher_made(
    checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path
) -> None:
    taken(checkpoint, museum, wishes)
    export_lists(checkpoint.home, (), tmp_path / "stick")
    other = Checkpoint(tmp_path / "other", museum.channel)
    (outcome,) = other.take(tmp_path / "stick", wishes)
    assert outcome.kind is OutcomeKind.UPDATED
    assert museum.taken(other.home) == museum.vectors()


def test_what_was_made_here_is_not_written_as_the_publishers(
    checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path
) -> None:
    changed = flipped(museum.vectors())
    museum.publish({museum.path(): changed, index_path("museum"): named(museum, changed)})
    checkpoint.take(museum.channel.web.folder)
    made_here(museum, checkpoint.home)
    export_lists(checkpoint.home, (), tmp_path / "stick")
    assert not list((tmp_path / "stick").rglob("*.vectors"))
    other = Checkpoint(tmp_path / "other", museum.channel)
    assert [outcome.kind for outcome in other.take(tmp_path / "stick", wishes)] == [OutcomeKind.UPDATED]


def named(museum: PhotoPublisher, vectors: bytes) -> bytes:
    """An index that names other vectors."""
    path = write(museum.folder / "vectors", vectors)
    entry = VectorsIndex(model=museum.model.key, length=len(vectors), sha256=sha256_of(path))
    return museum.index.model_copy(update={"vectors": (entry,)}).model_dump_json().encode()


@pytest.fixture
def folder(checkpoint: Checkpoint, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path) -> Path:
    """A list and its vectors as they are carried without anybody's signature."""
    taken(checkpoint, museum, wishes)
    for path in (checkpoint.home / "trust" / "ministry" / "index").iterdir():
        path.unlink()  # it is as if it had been imported by hand
    export_lists(checkpoint.home, (), tmp_path / "folder")
    return tmp_path / "folder"


def carried(home: Path, folder: Path, wishes: Wishes) -> Outcome:
    (outcome,) = import_carried(home, folder, START, wishes)
    return outcome


def test_a_folder_that_nobody_signed_carries_them_too(
    folder: Path, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path
) -> None:
    outcome = carried(tmp_path / "other", folder, wishes)
    assert outcome.kind is OutcomeKind.UPDATED
    assert "was not taken" not in outcome.message
    assert museum.taken(tmp_path / "other") == museum.vectors()
    assert not list((tmp_path / "other").rglob("incoming/*"))
    (entry,) = read_manifest(folder)
    assert entry.vectors == (CarriedVectors(museum.model.key, museum.index.vectors[0].sha256),)


def test_a_list_that_is_in_use_already_gets_them(
    folder: Path, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path
) -> None:
    carried(tmp_path / "other", folder, Wishes())
    assert museum.taken(tmp_path / "other") == b""
    assert carried(tmp_path / "other", folder, wishes).kind is OutcomeKind.UNCHANGED
    assert museum.taken(tmp_path / "other") == museum.vectors()


@pytest.mark.parametrize("damage", [flipped, lambda content: content[:-1], lambda _: b"", None])
def test_carried_vectors_that_were_damaged_are_told_of(
    folder: Path, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path, damage: Callable[[bytes], bytes] | None
) -> None:
    (file,) = folder.rglob("*.vectors")
    if damage:
        file.write_bytes(damage(file.read_bytes()))
    else:
        file.unlink()
    outcome = carried(tmp_path / "other", folder, wishes)
    assert outcome.kind is OutcomeKind.UPDATED
    assert "was not taken" in outcome.message
    assert museum.taken(tmp_path / "other") == b""
    assert version_path(tmp_path / "other", read_pointer(tmp_path / "other")["museum"]).is_file()


def test_carried_vectors_of_other_photos_are_not_used(
    folder: Path, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path
) -> None:
    (file,) = folder.rglob("*.vectors")
    file.write_bytes(of_other_photos(museum))
    rewrite(folder, vectors=[{"model": museum.model.key, "sha256": sha256_of(file)}])
    assert "does not hold the vectors" in carried(tmp_path / "other", folder, wishes).message
    assert museum.taken(tmp_path / "other") == b""


def rewrite(folder: Path, **said: Any) -> None:
    path = folder / MANIFEST_NAME
    content = json.loads(path.read_text())
    content["lists"][0] |= said
    path.write_text(json.dumps(content))


def test_a_manifest_may_say_less(folder: Path, museum: PhotoPublisher, wishes: Wishes, tmp_path: Path) -> None:
    content = json.loads((folder / MANIFEST_NAME).read_text())
    del content["lists"][0]["vectors"]
    (folder / MANIFEST_NAME).write_text(json.dumps(content))
    assert carried(tmp_path / "other", folder, wishes).kind is OutcomeKind.UPDATED
    assert museum.taken(tmp_path / "other") == b""


@pytest.mark.parametrize(
    "vectors",
    [
        None, 7, "tiny", {"model": "x"}, [[]], [{"model": "tiny-0123456789ab"}],
        [{"model": "../../up-0123456789ab", "sha256": "0" * 64}], [{"model": "tiny-0123456789ab", "sha256": "0"}],
        [{"model": "tiny-0123456789ab", "sha256": "0" * 64}] * 100,
    ],
)  # fmt: skip
def test_a_manifest_that_garbles_them_is_refused(folder: Path, vectors: object) -> None:
    rewrite(folder, vectors=vectors)
    with pytest.raises(IntegrityError, match="cannot be read"):
        read_manifest(folder)


def test_a_manifest_of_other_things_is_refused(folder: Path) -> None:
    (folder / MANIFEST_NAME).write_text('{"format": 1, "lists": ["museum", []]}')
    with pytest.raises(IntegrityError, match="cannot be read"):
        read_manifest(folder)
