import json
import sqlite3
from pathlib import Path

import pytest

from conftest import Install
from fieldcheck.cache.build import Built, build_list
from fieldcheck.cache.holdings import list_path, open_holdings
from fieldcheck.cache.info import ListInfo, ReferencePhoto
from fieldcheck.cache.opening import open_list
from fieldcheck.cache.pointer import POINTER_NAME, lists_folder, read_pointer
from fieldcheck.cache.versions import change_lock, install, remove
from fieldcheck.errors import InputError, IntegrityError, NotFoundError, StorageError
from fieldcheck.models import Record, Status

FULL = Record(
    id="A-1",
    title="Portrait of a Lady",
    maker="Ivan Petrov",
    object_type="painting",
    materials=("oil", "canvas"),
    techniques=("painted",),
    measurements=("40 x 30 cm",),
    inscriptions=("signed lower left",),
    features=("tear at the upper right",),
    subject="woman",
    period="1880",
    culture="Russian",
    origin="RU",
    inventory_numbers=("Ж-1234", "1897-42"),
    description="A lady in a blue dress | seated",
    status=Status.DISPUTED,
    stolen_on="1999",
    stolen_from="A museum",
    reported_by="The police",
    contact="none",
    url="https://example.org/1",
    images=("a.jpg",),
    modified="2026-01-01",
    language="en",
    unverified=("period",),
)
INFO = ListInfo("museum", "Museum losses", publisher="A museum", published="2026-01-01")


def _build(path: Path, *records: Record) -> Built:
    return build_list(path, INFO, records)


def test_every_field_of_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    _build(tmp_path / "a.db", FULL, Record(id="bare"))
    with open_list(tmp_path / "a.db") as opened:
        assert opened.record("A-1") == FULL
        assert list(opened.records()) == [FULL, Record(id="bare")]
        assert opened.record("none") is None
        assert opened.size == 2


def test_the_version_follows_from_the_content_alone(tmp_path: Path) -> None:
    first = _build(tmp_path / "a.db", FULL)
    second = _build(tmp_path / "b.db", FULL)
    other = _build(tmp_path / "c.db", Record(id="A-1"))
    assert first == second
    assert first.version != other.version


def test_two_records_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="A-1"):
        _build(tmp_path / "a.db", FULL, Record(id="A-1"))


def test_photos_come_back_with_their_record(tmp_path: Path) -> None:
    photo = ReferencePhoto("A-1", "a.jpg", "00" * 32, "f" * 16, "0" * 16, b"jpeg")
    built = build_list(tmp_path / "a.db", INFO, [Record(id="other"), FULL], [photo])
    with open_list(tmp_path / "a.db") as opened:
        (stored,) = opened.photos.photos(opened.photos.with_sha256("00" * 32))
        assert (stored.number, stored.row, stored.file, stored.thumbnail) == (0, 2, "a.jpg", b"jpeg")
        assert opened.photos.segments == {0: 1}
        assert opened.photos.hashes(0) == b"\xff" * 8 + bytes(8)
        assert list(opened.reference_photos()) == [photo]
        assert opened.thumbnails("A-1") == {"a.jpg": b"jpeg"}
    assert built.photos == 1


def test_a_list_file_is_opened_read_only(tmp_path: Path) -> None:
    _build(tmp_path / "a.db", FULL)
    before = (tmp_path / "a.db").read_bytes()
    with open_list(tmp_path / "a.db") as opened, pytest.raises(IntegrityError, match="readonly"):
        opened._query("DELETE FROM records")  # noqa: SLF001  # the promise is about the connection
    assert (tmp_path / "a.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db"]


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM meta; END",
        "CREATE VIEW v AS SELECT * FROM records",
        "CREATE TABLE extra(a)",
        "DROP TABLE photos",
        "UPDATE meta SET value = '999' WHERE key = 'schema_version'",
        "DELETE FROM meta WHERE key = 'schema_version'",
    ],
)
def test_a_file_with_anything_foreign_is_not_opened(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.db"
    _build(path, FULL)
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(IntegrityError):
        open_list(path)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, b"<html>login</html>"])
def test_a_file_that_is_no_database_is_not_opened(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(IntegrityError):
        open_list(path)


def test_a_missing_file_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError):
        open_list(tmp_path / "none.db")


def test_a_truncated_list_is_named_and_the_others_still_answer(home: Path, install_list: Install) -> None:
    installed = install_list("museum", *(Record(id=str(number), title=f"vase {number}") for number in range(500)))
    path = list_path(home, installed)
    path.write_bytes(path.read_bytes()[:5000])
    with open_holdings(home) as holdings:
        problems = {held.installed.info.id: held.problem for held in holdings.held}
    assert problems["museum"]
    assert problems["starter"] == ""


def test_the_pointer_names_what_is_in_use(home: Path, install_list: Install) -> None:
    installed = install_list("museum", FULL)
    assert read_pointer(home) == {"museum": installed}
    assert list_path(home, installed).is_file()


def test_equal_content_changes_nothing(home: Path, install_list: Install) -> None:
    install_list("museum", FULL)
    with change_lock(home):
        assert install(home, ListInfo("museum", "The list museum", "A ministry"), _same) is None


def _same(path: Path) -> Built:
    return build_list(path, ListInfo("museum", "The list museum", publisher="A ministry"), [FULL])


def test_one_earlier_version_is_kept_and_no_more(home: Path, install_list: Install) -> None:
    for number in range(4):
        last = install_list("museum", Record(id=str(number)))
    files = {path.stem for path in (lists_folder(home) / "museum").glob("*.db")}
    assert files == {last.version, last.previous}


def test_a_build_that_fails_leaves_the_version_in_use(home: Path, install_list: Install) -> None:
    installed = install_list("museum", FULL)

    def fail(path: Path) -> Built:
        path.write_bytes(b"half of a file")
        raise KeyboardInterrupt

    with change_lock(home), pytest.raises(KeyboardInterrupt):
        install(home, INFO, fail)
    assert read_pointer(home) == {"museum": installed}
    assert [path.name for path in (lists_folder(home) / "museum").iterdir()] == [f"{installed.version}.db"]


def test_a_second_change_at_the_same_time_is_refused(home: Path) -> None:
    with change_lock(home), pytest.raises(StorageError, match="Another"), change_lock(home):
        pass


def test_a_removed_list_is_gone(home: Path, install_list: Install) -> None:
    install_list("museum", FULL)
    with change_lock(home):
        remove(home, "museum")
    assert read_pointer(home) == {}
    assert not list((lists_folder(home) / "museum").glob("*.db"))
    with change_lock(home), pytest.raises(NotFoundError):
        remove(home, "museum")


@pytest.mark.parametrize("content", ["{", "[]", '{"lists": [{"version": "1"}]}', '{"lists": 3}'])
def test_a_damaged_pointer_is_an_integrity_error(home: Path, content: str) -> None:
    lists_folder(home).mkdir(parents=True)
    (lists_folder(home) / POINTER_NAME).write_text(content)
    with pytest.raises(IntegrityError):
        read_pointer(home)


def test_the_pointer_is_plain_json(home: Path, install_list: Install) -> None:
    install_list("museum", FULL)
    content = json.loads((lists_folder(home) / POINTER_NAME).read_text(encoding="utf-8"))
    assert [entry["info"]["id"] for entry in content["lists"]] == ["museum"]


def test_a_list_that_is_not_held_cannot_be_asked_for(home: Path) -> None:
    with pytest.raises(NotFoundError):
        open_holdings(home, ("nowhere",))
