"""A photo model that comes through a channel: tried before it is kept, kept whole or not at all, refused if hostile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channel_helpers import Checkpoint, Publisher
from cli_helpers import Commands
from fieldcheck.cache.photo_model import KeptModel, chosen_model, keep_model, kept_model, usable_model
from fieldcheck.cache.versions import change_lock
from fieldcheck.errors import ExitCode, StorageError
from fieldcheck.packs.targets import target_path
from fieldcheck.sync.channel_model import DESCRIPTION_PATH, MOST_BYTES, onnx_path
from fieldcheck.sync.export import export_lists
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.run import NO_WISHES, Wishes
from fieldcheck.sync.stick import Folder
from fieldcheck.vision.model import Model, load_model
from photo_channels import PhotoPublisher
from photos import write
from tiny_models import describe, fields_of_colour, tiny_model


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> PhotoPublisher:
    return PhotoPublisher.create(tmp_path_factory.mktemp("museum") / "made")


@pytest.fixture
def museum(made_once: PhotoPublisher, tmp_path: Path) -> PhotoPublisher:
    return made_once.copied(tmp_path / "museum")


@pytest.fixture
def checkpoint(home: Path, museum: PhotoPublisher) -> Checkpoint:
    return Checkpoint(home, museum.channel)


Files = dict[str, bytes]


def as_given_out(folder: Path, content: bytes, **said: object) -> Files:
    """A model as a channel has it; nobody has tried it."""
    path = describe(folder, "given", content, **{"name": "tiny", **said})
    sha256 = load_model(path).sha256
    text = path.read_text().replace("given.onnx", f"{sha256}.onnx")
    return {DESCRIPTION_PATH: text.encode(), onnx_path(sha256): content}


def give(museum: PhotoPublisher, side: int = 64, **said: object) -> None:
    """Have the channel give out a model, which is the one that made its vectors unless something else is said."""
    museum.publish(as_given_out(museum.folder, fields_of_colour(side, side // 8), side=side, **said))


def take(checkpoint: Checkpoint, wishes: Wishes = NO_WISHES) -> Outcome:
    del checkpoint.progress.notes[:]
    (outcome,) = checkpoint.take(checkpoint.publisher.web.folder, wishes)
    return outcome


def kept(checkpoint: Checkpoint) -> KeptModel:
    found = kept_model(checkpoint.home)
    assert found
    return found


def model_of(checkpoint: Checkpoint, configured: Path | None = None) -> Model:
    found = usable_model(checkpoint.home, configured)
    assert found
    return found


def test_a_channels_model_is_used_where_none_is_configured(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    give(museum)
    other = tiny_model(museum.folder, "other")
    assert model_of(checkpoint).name == "fieldcheck"
    assert take(checkpoint).kind is OutcomeKind.UPDATED
    assert model_of(checkpoint).key == museum.model.key
    assert model_of(checkpoint).content() == museum.model.content()
    assert kept(checkpoint).channel == "ministry"
    assert "The photo model tiny of ministry is used now" in checkpoint.progress.notes[0]
    assert museum.taken(checkpoint.home) == museum.vectors()
    assert model_of(checkpoint, other).name == "other"
    assert chosen_model(None, None) is None
    assert not (checkpoint.channel.folder / "model").exists()


def test_what_is_configured_wins(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    give(museum, name="agency")
    take(checkpoint, Wishes(photo_model=museum.folder / "tiny.toml"))
    assert museum.taken(checkpoint.home) == museum.vectors()
    assert model_of(checkpoint).name == "agency"


def test_a_model_that_is_kept_is_not_taken_again(
    checkpoint: Checkpoint, museum: PhotoPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(museum)
    take(checkpoint)
    monkeypatch.setattr("fieldcheck.sync.channel_model.try_model", None)
    assert take(checkpoint).kind is OutcomeKind.UNCHANGED
    assert checkpoint.progress.notes == []


def test_a_model_that_was_damaged_here_is_mended(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    give(museum)
    take(checkpoint)
    model_of(checkpoint).file.write_bytes(b"")
    take(checkpoint)
    assert model_of(checkpoint).content() == museum.model.content()


def test_the_next_model_takes_the_place_of_the_one_before(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    held_before(checkpoint, museum)
    for side in (128, 256):
        give(museum, side=side)
        take(checkpoint)
        assert model_of(checkpoint).side == side
    files = [path.name for path in kept(checkpoint).path.parent.glob("*.onnx")]
    assert len(files) == 2  # a check that is running may need the one before


def test_a_channel_that_gives_out_none_any_more_leaves_it_in_use(
    checkpoint: Checkpoint, museum: PhotoPublisher
) -> None:
    take(checkpoint)
    before = held_before(checkpoint, museum)
    assert take(checkpoint).kind is OutcomeKind.UNCHANGED
    assert checkpoint.progress.notes == [
        "ministry gives out no photo model any more; the one kept from it stays in use."
    ]
    assert model_of(checkpoint).key == before.key


def test_of_several_channels_the_first_by_name_counts(
    checkpoint: Checkpoint, museum: PhotoPublisher, made_once: PhotoPublisher, tmp_path: Path
) -> None:
    other = made_once.copied(tmp_path / "other")
    give(museum, name="of-ministry")
    give(other, name="of-agency")
    earlier = Checkpoint(checkpoint.home, other.channel, "agency")
    later_place, earlier_place = (Folder(one.channel.web.folder) for one in (museum, other))
    assert [outcome.kind for outcome in checkpoint.take_from(later_place)] == [OutcomeKind.UPDATED]
    assert model_of(checkpoint).name == "of-ministry"
    earlier.take_from(earlier_place)
    assert (model_of(checkpoint).name, kept(checkpoint).channel) == ("of-agency", "agency")
    checkpoint.take_from(later_place)
    assert checkpoint.progress.notes[-1] == (
        "ministry gives out a photo model too. Only that of agency counts here: its name comes first."
    )
    assert model_of(checkpoint).name == "of-agency"


def test_a_model_is_kept_whole_or_not_at_all(
    checkpoint: Checkpoint, museum: PhotoPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(checkpoint)
    first = held_before(checkpoint, museum)
    give(museum, side=128)

    def full(path: Path, content: bytes) -> None:
        raise StorageError(f"The disk is full: {path} ({len(content)}).", next_step="Free some space.")

    with monkeypatch.context() as patched:
        patched.setattr("fieldcheck.cache.photo_model.write_whole", full)
        assert take(checkpoint).kind is OutcomeKind.UNCHANGED
    assert "was not taken; the one before stays in use. The disk is full" in checkpoint.progress.notes[0]
    assert model_of(checkpoint).key == first.key
    assert model_of(checkpoint).content() == first.content()
    take(checkpoint)
    assert model_of(checkpoint).side == 128


def test_an_origin_that_was_lost_is_found_again(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    give(museum)
    take(checkpoint)
    for lost in ("[]", "{}", "no", '{"channel": "x", "sha256": "0"}'):
        kept(checkpoint).path.with_name("origin.json").write_text(lost)
        assert kept(checkpoint).channel == ""
    take(checkpoint)
    assert kept(checkpoint).channel == "ministry"


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: content + b"\0", lambda _: b""])
@pytest.mark.parametrize("name", ["*.onnx", "*model.toml"])
def test_a_model_that_is_not_the_one_that_was_signed_is_refused(
    checkpoint: Checkpoint, museum: PhotoPublisher, damage: Callable[[bytes], bytes], name: str
) -> None:
    take(checkpoint)
    give(museum)
    stick = museum.channel.copy("stick")
    (file,) = (stick / "targets" / "models").rglob(name)
    file.write_bytes(damage(file.read_bytes()))
    (outcome,) = checkpoint.take(stick)
    assert outcome.kind is OutcomeKind.UNCHANGED
    assert "was not taken; the one before stays in use" in checkpoint.progress.notes[0]
    assert kept_model(checkpoint.home) is None


def test_a_stick_may_leave_the_model_out(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    give(museum)
    stick = museum.channel.copy("stick")
    for file in (stick / "targets" / "models").rglob("*.onnx"):
        file.unlink()
    (outcome,) = checkpoint.take(stick)
    assert outcome.kind is OutcomeKind.UPDATED
    assert f"is not in {stick}" in checkpoint.progress.notes[0]


def held_before(checkpoint: Checkpoint, museum: PhotoPublisher) -> Model:
    """A model that came through the channel before."""
    tiny = museum.model
    onnx = write(museum.folder / f"{tiny.sha256}.onnx", tiny.content())
    description = (museum.folder / "tiny.toml").read_bytes().replace(b"tiny.onnx", onnx.name.encode())
    with change_lock(checkpoint.home):
        keep_model(checkpoint.home, replace(tiny, file=onnx), description, "ministry")
    return model_of(checkpoint)


def files(description: Path, content: bytes) -> Files:
    """A model as a channel has it, its description just as it is written."""
    sha256 = load_model(description).sha256
    return {DESCRIPTION_PATH: description.read_bytes(), onnx_path(sha256): content}


def other_name(folder: Path) -> Files:
    return files(tiny_model(folder, "evil"), fields_of_colour(64, 8))


def path_outside(folder: Path) -> Files:
    content = fields_of_colour(64, 8)
    text = other_name(folder)[DESCRIPTION_PATH].replace(b"evil.onnx", b"../../../lists/current.json")
    return {DESCRIPTION_PATH: text, onnx_path(load_model(folder / "evil.toml").sha256): content}


def absolute_path(folder: Path) -> Files:
    found = other_name(folder)
    return {**found, DESCRIPTION_PATH: found[DESCRIPTION_PATH].replace(b"evil.onnx", b"/etc/passwd")}


def cannot_be_run(folder: Path) -> Files:
    return as_given_out(folder, b"\x08\x08garbage" * 50, name="evil")


def wrong_dimension(folder: Path) -> Files:
    return as_given_out(folder, fields_of_colour(64, 8), name="evil", dimension=64)


def onnx_of_another(folder: Path) -> Files:
    found = as_given_out(folder, fields_of_colour(64, 8), name="evil")
    return {**found, next(path for path in found if path.endswith(".onnx")): b"another"}


def onnx_missing(folder: Path) -> Files:
    return {DESCRIPTION_PATH: as_given_out(folder, b"never signed", name="evil")[DESCRIPTION_PATH]}


def too_large(_: Path) -> Files:
    return {DESCRIPTION_PATH: b"#" * (MOST_BYTES + 1)}


def nested(_: Path) -> Files:
    return {DESCRIPTION_PATH: b"a = " + b"[" * 15_000}


def long_number(_: Path) -> Files:
    return {DESCRIPTION_PATH: b"side = " + b"9" * 15_000}


def no_toml(_: Path) -> Files:
    return {DESCRIPTION_PATH: b"\xff\xfe\0"}


def bad_name(folder: Path) -> Files:
    found = as_given_out(folder, fields_of_colour(64, 8), name="evil")
    return {**found, DESCRIPTION_PATH: found[DESCRIPTION_PATH].replace(b'"evil"', b'"../evil\\u001b[31m"')}


def out_of_range(folder: Path) -> Files:
    found = as_given_out(folder, fields_of_colour(64, 8), name="evil")
    return {**found, DESCRIPTION_PATH: found[DESCRIPTION_PATH].replace(b"side = 64", b"side = 1000000")}


@pytest.mark.parametrize(
    "made",
    [
        other_name, path_outside, absolute_path, cannot_be_run, wrong_dimension, onnx_of_another, onnx_missing,
        too_large, nested, long_number, no_toml, bad_name, out_of_range,
    ],
)  # fmt: skip
def test_a_hostile_model_is_refused_though_it_is_signed(
    checkpoint: Checkpoint, museum: PhotoPublisher, made: Callable[[Path], Files], tmp_path: Path
) -> None:
    take(checkpoint)
    before = held_before(checkpoint, museum)
    museum.publish(made(tmp_path))
    held = sorted((checkpoint.home / "models").rglob("*"))
    assert take(checkpoint).kind is OutcomeKind.UNCHANGED
    told, next_step = checkpoint.progress.notes
    assert "The photo model of ministry was not taken; the one before stays in use." in told
    assert len(told) < 500
    assert next_step
    assert model_of(checkpoint).key == before.key
    assert sorted((checkpoint.home / "models").rglob("*")) == held


def test_a_model_that_could_not_be_run_is_not_fetched_again(checkpoint: Checkpoint, museum: PhotoPublisher) -> None:
    museum.publish(cannot_be_run(museum.folder))
    take(checkpoint)
    begun = len(checkpoint.progress.started)
    take(checkpoint)
    assert "cannot be run" in checkpoint.progress.notes[0]
    assert len(checkpoint.progress.started) == begun


def test_a_stick_of_a_laptop_carries_the_model(checkpoint: Checkpoint, museum: PhotoPublisher, tmp_path: Path) -> None:
    give(museum)
    take(checkpoint)
    export_lists(checkpoint.home, (), tmp_path / "stick")
    other = Checkpoint(tmp_path / "other", museum.channel)
    other.take(tmp_path / "stick")
    assert model_of(other).key == museum.model.key
    assert museum.taken(other.home) == museum.vectors()
    model_of(checkpoint).file.write_bytes(b"")
    export_lists(checkpoint.home, (), tmp_path / "stick 2")
    assert not (tmp_path / "stick 2" / "targets" / "models").exists()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def test_the_command_line_goes_the_whole_way(run: Commands, museum: PhotoPublisher) -> None:
    ministry = museum.channel
    ministry.now = datetime.now(UTC)
    agency = tiny_model(museum.folder, "agency", mean=[7, 7, 7])
    said = run("pack", "model", agency, "--work", ministry.work.folder)
    assert said.code == ExitCode.NOTHING_FOUND
    key = load_model(agency).key
    assert f"{key} is given out from now on" in said.out
    status = run("pack", "status", "--work", ministry.work.folder).out
    assert f"photo model {key}" in status
    assert f"-{key}.vectors" in status
    sign_and_publish(ministry)
    run("lists", "add-channel", ministry.web.folder, "--root", ministry.root_file, "--name", "ministry")
    synced = run("lists", "import", ministry.web.folder)
    assert synced.code == ExitCode.NOTHING_FOUND
    assert "The photo model agency of ministry is used now" in synced.err
    assert "photos read by the model" not in synced.err
    assert f"{key}, came through the channel ministry" in run("doctor").out
    assert "photos are read with the one that it gave out" in run("lists", "channels").out
    withdrawn = run("pack", "model", "--withdraw", "--work", ministry.work.folder)
    assert "go on using the one that they have" in withdrawn.out
    sign_and_publish(ministry)
    assert "gives out no photo model any more" in run("lists", "import", ministry.web.folder).err
    assert "So does its photo model" in run("lists", "remove-channel", "ministry").out


def sign_and_publish(ministry: Publisher) -> None:
    ministry.sign(*ministry.keys["targets"])  # type: ignore[index]  # a role is its name
    ministry.publish()


def test_a_build_uses_the_model_that_is_named_or_given_out(run: Commands, museum: PhotoPublisher) -> None:
    work, photos = museum.channel.work.folder, museum.folder / "photos"
    build = ("pack", "build", museum.folder / "museum.jsonl", "--list", "museum", "--images", photos, "--out", work)
    names = []
    give(museum, name="given")
    for more in ((), ("--model", tiny_model(museum.folder, "other"))):
        assert run(*build, *more).code == ExitCode.NOTHING_FOUND
        names += [path.name.split("-")[1] for path in (work / "targets" / "vectors" / "museum").iterdir()]
    assert names == ["given", "other"]


def test_a_build_with_a_model_that_cannot_be_run_ends_before_any_photo_is_read(
    run: Commands, museum: PhotoPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldcheck.packs.building.describe_photos", None)
    broken = describe(museum.folder, "broken", b"none")
    write(museum.folder / "broken.onnx", b"none")
    build = ("pack", "build", museum.folder / "museum.jsonl", "--list", "museum", "--images", museum.folder / "photos")
    ended = run(*build, "--out", museum.channel.work.folder, "--model", broken)
    assert ended.code == ExitCode.USAGE
    assert "cannot be run" in ended.err


@pytest.mark.parametrize("arguments", [(), ("x.toml", "--withdraw"), ("x.toml",), ("--withdraw",)])
def test_what_cannot_be_given_out_is_said(run: Commands, museum: PhotoPublisher, arguments: tuple[str, ...]) -> None:
    ended = run("pack", "model", *arguments, "--work", museum.channel.work.folder)
    assert ended.code == ExitCode.USAGE
    assert "Next: " in ended.err
    assert not target_path(museum.channel.work, DESCRIPTION_PATH).exists()


def test_a_channel_may_give_out_a_model_alone(run: Commands, tmp_path: Path) -> None:
    agency = Publisher(tmp_path / "agency", now=datetime.now(UTC))
    run("pack", "model", tiny_model(tmp_path, "alone"), "--work", agency.work.folder)
    sign_and_publish(agency)
    run("lists", "add-channel", agency.web.folder, "--root", agency.root_file, "--name", "agency")
    ended = run("lists", "import", agency.web.folder)
    assert ended.code == ExitCode.NOTHING_TO_UPDATE
    assert "The photo model alone of agency is used now" in ended.err
