"""What a publisher types, from the first key to the checkpoint that takes the list."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from cli_helpers import Commands, write
from fieldcheck.errors import ExitCode
from photos import encoded, engraving
from photos import write as write_photo

PASSPHRASE = "seven words that nobody else has written"  # noqa: S105  it is a test's
LIST = "id,title,object_type,status,images\nM-1,Saint George,icon,stolen,m-1.png\nM-2,Chalice,chalice,stolen,\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A publisher's folder, in which everything is typed."""
    folder = tmp_path / "office"
    (folder / "photos").mkdir(parents=True)
    write(folder / "losses.csv", LIST)
    write_photo(folder / "photos" / "m-1.png", encoded(engraving(1, (240, 180)), "PNG"))
    monkeypatch.setenv("FIELDCHECK_PASSPHRASE", PASSPHRASE)
    with chdir(folder):
        yield folder


def test_from_the_first_key_to_the_checkpoint(run: Commands, office: Path) -> None:
    keys = ("--key", "keys/all.key.json")
    assert run("pack", "keys", "all").code == ExitCode.NOTHING_FOUND
    roles = [
        part for role in ("root", "targets", "snapshot", "timestamp") for part in (f"--{role}", "keys/all.pub.json")
    ]
    assert run("pack", "init", *roles).code == ExitCode.USAGE
    drafted = run("pack", "init", *roles, "--threshold", "root=1")
    assert "root 1: 0 signed, 1 more needed." in drafted.out
    built = run("pack", "build", "losses.csv", "--list", "museum", "--images", "photos", "--published", "2026-01-31")
    assert "museum: 2 records and 1 photos" in built.out
    signed = run("pack", "sign", *keys)
    assert "root 1: 1 signed, complete." in signed.out
    assert "targets 1: 1 signed, complete." in signed.out
    assert "museum: version" in signed.err
    published = run("pack", "publish", "web", *keys)
    assert "root 1, targets 1, snapshot 1" in published.out
    run("lists", "add-channel", office / "web", "--root", "web/metadata/1.root.json", "--name", "ministry")
    assert run("sync", "ministry").code == ExitCode.NOTHING_FOUND
    assert "LISTED: Possible candidate" in run("check", "icon, Saint George", "--list", "museum").out
    assert "snapshot 2" in run("pack", "refresh", "web", *keys, "--days", "timestamp=5").out
    assert run("sync", "ministry").code == ExitCode.NOTHING_TO_UPDATE
    assert "root 2: 0 signed, 1 more needed." in run("pack", "rotate").out
    assert run("pack", "publish", "web", *keys).code == ExitCode.USAGE
    assert "root 2" in run("pack", "status").out
    assert "targets 2" in run("pack", "stage").out


def test_a_passphrase_may_be_in_a_file(run: Commands, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIELDCHECK_PASSPHRASE")
    write(office / "passphrase.txt", f"{PASSPHRASE}\n")
    assert run("pack", "keys", "one", "--passphrase-file", "passphrase.txt").code == ExitCode.NOTHING_FOUND
    write(office / "passphrase.txt", f"{PASSPHRASE}?\n")
    wrong = run("pack", "sign", "--key", "keys/one.key.json", "--passphrase-file", "passphrase.txt")
    assert wrong.code == ExitCode.INTEGRITY
    assert "does not open with this passphrase" in wrong.err
    assert run("pack", "keys", "two", "--passphrase-file", "none").code == ExitCode.USAGE


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "web", "--key", "none"),
        ("refresh", "web", "--key", "losses.csv"),
        ("sign", "--key", "photos"),
        ("rotate", "--add", "timestamp=none"),
        ("rotate", "--add", "nobody"),
        ("rotate", "--days", "timestamp=never"),
        ("stage",),
        ("build", "none.csv", "--list", "museum"),
        ("build", "losses.csv", "--list", "../museum"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_next_step(run: Commands, office: Path, arguments: tuple[str, ...]) -> None:
    ended = run("pack", *arguments)
    assert ended.code == ExitCode.USAGE
    assert "Next: " in ended.err
    assert sorted(path.name for path in office.iterdir()) == ["losses.csv", "photos"]
