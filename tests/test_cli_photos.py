"""Photos on the command line: imported with a list, found again, and weighed against what is said in words."""

import json
from pathlib import Path

import pytest
from PIL import Image

from cli_helpers import Commands, Ended
from fieldcheck.errors import ExitCode
from fieldcheck.matching.photos import glaring
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from photos import encoded, engraving, in_glare, on_a_table, write

SHOWN = engraving(7)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def museum(command: Commands, tmp_path: Path) -> Path:
    """A folder with a list of four vases, imported with their photos; vase 2 has two."""
    pictures = {"1": engraving(3), "2": SHOWN, "2-back": engraving(8), "3": engraving(4), "4": engraving(5)}
    for name, picture in pictures.items():
        write(tmp_path / f"{name}.png", encoded(picture, "PNG"))
    rows = [
        {
            "id": number,
            "title": f"Vase no. {number}",
            "object_type": "vase",
            "materials": ["terracotta"],
            "measurements": ["20 cm"],
            "images": [f"{number}.png"] + ["2-back.png"] * (number == "2"),
        }
        for number in "1234"
    ]
    write(tmp_path / "vases.jsonl", "\n".join(map(json.dumps, rows)).encode())
    ended = command("lists", "import", tmp_path / "vases.jsonl", "--list", "museum", "--images", tmp_path)
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "4 records and 5 photos are in use" in ended.out
    return tmp_path


def taken(folder: Path, name: str, picture: Image.Image) -> Path:
    """The picture as somebody photographed it on a table."""
    return write(folder / name, encoded(on_a_table(picture), quality=85))


def best(ended: Ended) -> dict[str, object]:
    """The first candidate."""
    candidate: dict[str, object] = ended.json["candidates"][0]
    return candidate


def test_a_photo_alone_finds_the_record_and_shows_both_photos(command: Commands, museum: Path) -> None:
    photo = taken(museum, "seized.jpg", SHOWN)
    ended = command("check", "--photo", photo, "--json")
    assert ended.code == ExitCode.STRONG
    (evidence,) = best(ended)["evidence"]  # type: ignore[misc]
    assert (best(ended)["record"], best(ended)["by"]) == ("2", ["photo"])
    assert (evidence["kind"], evidence["query"], evidence["record"]) == ("photo", str(photo), "2.png")
    assert len(evidence["points"]) >= 12


@pytest.mark.parametrize(("said", "kind"), [(("--size", "90 cm"), "size"), (("--material", "bronze"), "material")])
def test_a_photo_that_words_contradict_is_possible_and_the_contradiction_is_shown(
    command: Commands, museum: Path, said: tuple[str, ...], kind: str
) -> None:
    photo = taken(museum, "seized.jpg", SHOWN)
    ended = command("check", "--photo", photo, *said, "--json")
    assert ended.code == ExitCode.POSSIBLE
    assert (best(ended)["record"], best(ended)["strength"]) == ("2", "possible")
    effects = {entry["kind"]: entry["effect"] for entry in best(ended)["evidence"]}  # type: ignore[attr-defined]
    assert effects["photo"] == "for"
    assert effects[kind] == "against"
    shown = command("check", "--photo", photo, *said, "--plain").words
    assert "details lie as they do in the record's photo" in shown
    assert said[1] in shown
    assert {"size": "20 cm", "material": "terracotta"}[kind] in shown


def test_words_that_agree_stand_beside_the_photo(command: Commands, museum: Path) -> None:
    photo = taken(museum, "seized.jpg", SHOWN)
    ended = command("check", "terracotta vase, 20 cm", "--photo", photo, "--json")
    assert ended.code == ExitCode.STRONG
    assert (best(ended)["record"], best(ended)["by"]) == ("2", ["photo", "text"])


def test_two_photos_say_more_than_one_and_each_is_shown(command: Commands, museum: Path) -> None:
    front, back = taken(museum, "front.jpg", SHOWN), taken(museum, "back.jpg", engraving(8))
    one = command("check", "--photo", front, "--json")
    both = command("check", "--photo", front, "--photo", back, "--json")
    pairs = [(entry["query"], entry["record"]) for entry in best(both)["evidence"]]  # type: ignore[attr-defined]
    assert sorted(pairs) == [(str(back), "2-back.png"), (str(front), "2.png")]
    assert best(both)["score"] > best(one)["score"]  # type: ignore[operator]


def test_glare_that_hides_the_object_is_told_with_what_to_do(command: Commands, museum: Path) -> None:
    ground = Image.new("RGB", (640, 480), (150, 120, 90))
    ground.paste((250, 250, 250), (120, 90, 520, 390))
    photo = write(museum / "lamp.jpg", encoded(in_glare(ground, at=(300, 120), reach=120, amount=130)))
    ended = command("check", "--photo", photo, "--json")
    assert ended.code == ExitCode.NOT_FULLY_CHECKED
    (told,) = ended.json["verdict"]["lines"]["listed"]["not_checked"]
    assert str(photo) in told
    assert "washed out by glare" in told
    assert "photograph it again" in told


def test_glare_beside_an_object_that_is_found_is_not_told(command: Commands, museum: Path) -> None:
    wall = Image.new("RGB", (1000, 480), (150, 120, 90))
    wall.paste(SHOWN, (20, 60))
    photo = write(museum / "lamp.jpg", encoded(in_glare(wall, at=(800, 240), reach=160, amount=250)))
    ended = command("check", "--photo", photo, "--json")
    assert ended.code == ExitCode.STRONG
    assert not ended.json["verdict"]["lines"]["listed"]["not_checked"]
    assert [photo.file for photo in glaring([reading.photo for reading in read_photos([photo], role=Role.QUERY)])]
