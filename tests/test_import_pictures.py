"""The pictures of an imported list are found below one folder and nowhere else."""

import os
from pathlib import Path

import pytest

from fieldcheck.lists.pictures import image_paths
from fieldcheck.models import Record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "pictures"
    (inside / "a").mkdir(parents=True)
    (inside / "a" / "front.jpg").write_bytes(b"x")
    (inside / "back view.jpg").write_bytes(b"x")
    (tmp_path / "secret.jpg").write_bytes(b"x")
    return inside


def find(folder: Path, *names: str) -> tuple[list[str], list[str]]:
    problems: list[str] = []
    found = image_paths(Record("R1", images=names), folder, problems.append)
    return [path.relative_to(folder.resolve()).as_posix() for path in found], problems


@pytest.mark.parametrize("name", ["a/front.jpg", "a\\front.jpg", "./a/front.jpg"])
def test_a_picture_below_the_folder_is_found(folder: Path, name: str) -> None:
    assert find(folder, name, "back view.jpg") == (["a/front.jpg", "back view.jpg"], [])


@pytest.mark.parametrize(
    "name", ["../secret.jpg", "a/../../secret.jpg", "..\\secret.jpg", "/etc/hostname", "C:\\x.jpg", "C:x.jpg",
             "\\\\server\\share\\x.jpg", "//server/share/x.jpg"],
)  # fmt: skip
def test_a_name_that_leaves_the_folder_is_never_followed(folder: Path, name: str) -> None:
    found, problems = find(folder, name)
    assert found == []
    assert len(problems) == 1
    assert problems[0].startswith("record R1: the picture")
    assert problems[0].endswith("is not below the folder of pictures")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_that_leaves_the_folder_is_never_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "out").symlink_to(tmp_path)
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    (folder / "alias.jpg").symlink_to(folder / "a" / "front.jpg")
    found, problems = find(folder, "link.jpg", "out/secret.jpg", "loop.jpg", "alias.jpg")
    assert found == ["a/front.jpg"]
    assert ["leaves the folder" in problem for problem in problems] == [True, True, False]


def test_what_is_not_there_is_reported_and_what_is_on_the_web_passed_over(folder: Path) -> None:
    found, problems = find(folder, "https://l.example/1.jpg", "none.jpg", "a", "x" * 5_000, "a/front.jpg")
    assert found == ["a/front.jpg"]
    assert problems == [
        "record R1: the picture “none.jpg” is not there",
        "record R1: the picture “a” is not there",
        f"record R1: the picture “{'x' * 60}…” has a name that cannot be a file",
    ]
    assert image_paths(Record("R1", images=("none.jpg",)), folder) == []
