from pathlib import Path

import pytest

from cli_helpers import Commands
from fieldcheck.errors import ExitCode, FieldcheckError, InputError, IntegrityError
from fieldcheck.vision import model as models
from fieldcheck.vision.model import load_model
from fieldcheck.vision.process import try_model
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from photos import encoded, painting, write
from tiny_models import describe, fields_of_colour, tiny_model


def test_the_model_that_is_shipped_is_whole_and_runs() -> None:
    model = load_model(None)
    assert len(model.content()) <= 6_000_000
    assert model.dimension <= 256
    try_model(model)


def test_a_description_says_what_the_model_is(tmp_path: Path) -> None:
    model = load_model(tiny_model(tmp_path, "agency", mean=[1, 2, 3], usual=0.75))
    assert (model.name, model.side, model.dimension, model.usual) == ("agency", 64, 192, 0.75)
    assert model.mean == (1.0, 2.0, 3.0)
    assert model.content() == fields_of_colour(64, 8)


def test_the_key_follows_from_what_decides_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    key = load_model(tiny_model(tmp_path)).key
    assert key.startswith("tiny-")
    assert load_model(tiny_model(tmp_path / "elsewhere", usual=0.1, licence="other", source="other")).key == key
    others = ({"mean": [0, 0, 0]}, {"spread": [1, 1, 1]}, {"side": 128, "cell": 16}, {"name": "other"})
    keys = {load_model(tiny_model(tmp_path, **said)).key for said in others}
    assert len(keys | {key}) == 1 + len(others)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "../up"}, {"name": "Agency"}, {"name": ""}, {"name": "a.b"}, {"file": "../tiny.onnx"}, {"file": "/x"},
        {"sha256": "12"}, {"side": 8}, {"side": 5_000}, {"mean": [0, 0]}, {"spread": [1, 0, 1]}, {"dimension": 100},
        {"dimension": 4_096}, {"usual": "often"}, {"apart": 9}, {"licence": ""}, {"more": 1},
        {"source": "x" * 3_000},
    ],
)  # fmt: skip
def test_a_description_of_no_model_is_refused_in_words(tmp_path: Path, said: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(said))) as refused:
        load_model(tiny_model(tmp_path, **said))
    assert refused.value.next_step


@pytest.mark.parametrize("text", ["", "name = ", "mean = nan", "\0", 'name = "tiny"', "name = 'x'\n" * 2])
def test_any_other_file_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.toml"
    path.write_text(text)
    with pytest.raises(InputError):
        load_model(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError):
        load_model(path)
    path.unlink()
    with pytest.raises(InputError):
        load_model(path)


def test_another_file_than_the_description_names_is_refused(tmp_path: Path) -> None:
    model = load_model(tiny_model(tmp_path))
    write(tmp_path / "tiny.onnx", fields_of_colour(64, 4))
    with pytest.raises(IntegrityError, match="not the file"):
        model.content()
    (tmp_path / "tiny.onnx").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        model.content()


def test_a_model_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "MAX_MODEL_BYTES", 100)
    with pytest.raises(InputError, match="larger"):
        load_model(tiny_model(tmp_path)).content()


UNUSABLE = {
    "noise": (bytes(range(256)) * 40, 192),
    "cut": (fields_of_colour(64, 8)[:-20], 192),
    "other-numbers": (fields_of_colour(64, 8), 256),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_model_that_cannot_be_run_is_told_before_any_photo_is_read(tmp_path: Path, name: str) -> None:
    content, dimension = UNUSABLE[name]
    write(tmp_path / f"{name}.onnx", content)
    model = load_model(describe(tmp_path, name, content, dimension=dimension))
    photo = write(tmp_path / "photo.jpg", encoded(painting(1)))
    with pytest.raises(FieldcheckError, match="cannot be run") as refused:
        next(read_photos([photo], role=Role.QUERY, model=model))
    assert refused.value.next_step


def test_a_check_says_that_the_configured_model_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = Commands(capsys)
    photo = write(tmp_path / "photo.jpg", b"no photo")
    (tmp_path / "config.toml").write_text(f'[models]\nphoto = "{(tmp_path / "gone.toml").as_posix()}"\n')
    ended = command("check", "--photo", photo)
    assert ended.code == ExitCode.USAGE
    assert "gone.toml cannot be read" in ended.err
    assert command("check", "a wicker chair").code != ExitCode.USAGE
    assert command("doctor").code == ExitCode.INTEGRITY
    monkeypatch.setenv("FIELDCHECK_MODEL", str(tiny_model(tmp_path)))
    assert command("check", "--photo", photo).code != ExitCode.USAGE
    assert "tiny-" in command("config", "show").err
