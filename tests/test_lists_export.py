"""A stick that is made of a synced laptop: a channel's lists keep their signature, the others are told to have none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from channel_helpers import Publisher
from cli_helpers import Commands
from fieldcheck.cache.pointer import read_pointer
from fieldcheck.errors import ExitCode

OTHER = "id,title,status\nN-1,Bowl,stolen\n"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    ministry = Publisher(tmp_path / "ministry", now=datetime.now(UTC))
    ministry.give("Saint George", "Saint Michael")
    return ministry


@pytest.fixture
def laptop(command: Commands, publisher: Publisher, tmp_path: Path) -> Path:
    """A computer that has the channel's list and one of its own."""
    home = tmp_path / "laptop"
    assert (
        command("lists", "add-channel", publisher.web.folder, "--root", publisher.root_file, "--home", home).code == 0
    )
    assert command("lists", "import", publisher.web.folder, "--home", home).code == 0
    file = tmp_path / "own.csv"
    file.write_text(OTHER)
    command("lists", "import", file, "--list", "own", "--home", home)
    return home


def trust(command: Commands, publisher: Publisher, home: Path, folder: Path) -> None:
    assert command("lists", "add-channel", folder, "--root", publisher.root_file, "--home", home).code == 0


def test_a_stick_of_a_laptop_is_as_good_as_the_publishers(
    command: Commands, publisher: Publisher, laptop: Path, tmp_path: Path
) -> None:
    stick, other = tmp_path / "stick", tmp_path / "other"
    ended = command("lists", "export", "--out", stick, "--home", laptop)
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "museum: 2 records, signed by the channel" in ended.out
    assert "own: 1 records, not signed by anybody" in ended.out
    trust(command, publisher, other, stick)
    taken = command("lists", "import", stick, "--home", other)
    assert taken.code == ExitCode.NOTHING_FOUND
    assert "own: Nobody signed it" in taken.err
    assert "museum: Nobody signed it" not in taken.err
    assert {name: entry.version for name, entry in read_pointer(other).items()} == {
        name: entry.version for name, entry in read_pointer(laptop).items()
    }
    assert command("lists", "import", stick, "--home", other).code == ExitCode.NOTHING_TO_UPDATE


def test_a_stick_whose_list_was_changed_is_refused(
    command: Commands, publisher: Publisher, laptop: Path, tmp_path: Path
) -> None:
    stick, other = tmp_path / "stick", tmp_path / "other"
    command("lists", "export", "museum", "--out", stick, "--home", laptop)
    (file,) = stick.rglob("*.db")
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    trust(command, publisher, other, stick)
    assert command("lists", "import", stick, "--home", other).code == ExitCode.INTEGRITY
    assert read_pointer(other) == {}


def test_without_its_root_a_stick_of_a_channel_is_not_believed(command: Commands, laptop: Path, tmp_path: Path) -> None:
    command("lists", "export", "museum", "--out", tmp_path / "stick", "--home", laptop)
    ended = command("lists", "import", tmp_path / "stick", "--home", tmp_path / "other")
    assert ended.code == ExitCode.INTEGRITY
    assert "not trusted here" in ended.err


def test_a_copy_without_signature_cannot_replace_a_channels_list(
    command: Commands, laptop: Path, tmp_path: Path
) -> None:
    file = tmp_path / "museum.csv"
    file.write_text("id,title,status\n" + "".join(f"M-{number},Icon,stolen\n" for number in range(3)))
    command("lists", "import", file, "--list", "museum", "--home", tmp_path / "attacker")
    command("lists", "export", "--out", tmp_path / "stick", "--home", tmp_path / "attacker")
    before = read_pointer(laptop)
    ended = command("lists", "import", tmp_path / "stick", "--home", laptop)
    assert ended.code == ExitCode.INTEGRITY
    assert "not signed" in ended.out
    assert read_pointer(laptop) == before


def test_a_list_that_was_rolled_back_is_not_exported_as_the_channels(
    command: Commands, publisher: Publisher, laptop: Path, tmp_path: Path
) -> None:
    publisher.give("Saint George", "Saint Michael", "Saint Paul")
    assert command("lists", "import", publisher.web.folder, "--home", laptop).code == ExitCode.NOTHING_FOUND
    command("lists", "rollback", "museum", "--home", laptop)
    ended = command("lists", "export", "museum", "--out", tmp_path / "stick", "--home", laptop)
    assert ended.code == ExitCode.INTEGRITY
    assert "cannot be exported" in ended.err
    assert not (tmp_path / "stick" / "metadata" / "timestamp.json").exists()


def test_a_file_of_ones_own_cannot_replace_a_channels_list_unseen(
    command: Commands, laptop: Path, tmp_path: Path
) -> None:
    file = tmp_path / "museum.csv"
    file.write_text("id,title,status\nM-1,Nothing,recovered\nM-2,Nothing,recovered\n")
    before = read_pointer(laptop)
    ended = command("lists", "import", file, "--list", "museum", "--home", laptop)
    assert ended.code == ExitCode.INTEGRITY
    assert read_pointer(laptop) == before
