"""Lists that were made to do harm, by the command line: refused with the right code, and the old list is kept."""

import gzip
import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest

from cli_helpers import Commands
from fieldcheck.cache.carrying import MANIFEST_NAME
from fieldcheck.cache.pointer import lists_folder, read_pointer
from fieldcheck.errors import ExitCode
from test_cli_hostile import EVIL, assert_harmless

HERON = "oil painting, Heron at Dusk, 41 x 33 cm"
ROW = "M-{0},Heron at Dusk,painting,41 x 33 cm,oil on canvas,stolen\n"
HEADER = "id,title,object_type,measurements,materials,status\n"
ANSWERS = {
    ExitCode.NOTHING_FOUND,
    ExitCode.POSSIBLE,
    ExitCode.STRONG,
    ExitCode.CONTROL,
    ExitCode.NOT_FULLY_CHECKED,
    ExitCode.INTEGRITY,
}


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def stick(command: Commands, tmp_path: Path) -> Path:
    """A folder with a list of three records, made on another computer; version two of it is held here."""
    other, folder = tmp_path / "other", tmp_path / "stick"
    file = tmp_path / "list.csv"
    file.write_text(HEADER + "".join(ROW.format(number) for number in range(3)))
    command("lists", "import", file, "--list", "museum", "--home", other)
    assert command("lists", "export", "--out", folder, "--home", other).code == ExitCode.NOTHING_FOUND
    file.write_text(HEADER + "".join(ROW.format(number) for number in range(2)))
    assert command("lists", "import", file, "--list", "museum").code == ExitCode.NOTHING_FOUND
    return folder


def list_on(stick: Path) -> Path:
    (found,) = (stick / "lists").iterdir()
    return found


def sign(stick: Path, **said: object) -> None:
    """Have the manifest say what the attacker wants it to, beginning with the right hash."""
    digest = hashlib.sha256(list_on(stick).read_bytes()).hexdigest()
    manifest = json.loads((stick / MANIFEST_NAME).read_text())
    manifest["lists"][0] |= {"sha256": digest, **said}
    (stick / MANIFEST_NAME).write_text(json.dumps(manifest))


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def rewrite_schema(old: str, new: str) -> tuple[str, ...]:
    return ("PRAGMA writable_schema=ON", f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}')")  # noqa: S608  # its own


def assert_refused(command: Commands, home: Path, stick: Path, *says: str) -> None:
    before = read_pointer(home)
    ended = command("lists", "import", stick)
    assert ended.code == ExitCode.INTEGRITY
    said = ended.out + ended.err
    assert_harmless(said)
    for text in says:
        assert text in said
    assert "unchanged" in said
    assert read_pointer(home) == before
    assert not list((lists_folder(home) / "museum").glob("incoming/*"))
    found = command("check", HERON, "--list", "museum", "--json")
    assert found.code in ANSWERS - {ExitCode.INTEGRITY}
    assert found.json["candidates"][0]["title"] == "Heron at Dusk"
    assert found.json["verdict"]["lines"]["data"]["lists"][0]["version"] == before["museum"].version


def test_a_list_that_nobody_changed_is_taken_and_told_to_be_unsigned(command: Commands, stick: Path) -> None:
    ended = command("lists", "import", stick)
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "Nobody signed it" in ended.err
    assert command("lists", "import", stick).code == ExitCode.NOTHING_TO_UPDATE


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM meta; END",),
        ("CREATE VIEW v AS SELECT * FROM records",),
        ("CREATE TABLE extra(a)",),
        ("CREATE VIRTUAL TABLE more USING fts5(a)",),
        ("ALTER TABLE records ADD COLUMN more TEXT",),
        ("ALTER TABLE numbers ADD COLUMN g TEXT GENERATED ALWAYS AS (number || 'x') VIRTUAL",),
        ("ALTER TABLE records RENAME TO kept", "CREATE VIEW records AS SELECT * FROM kept"),
        ("DROP INDEX idx_records_id", "CREATE UNIQUE INDEX idx_records_id ON records (id) WHERE id > 'Z'"),
        ("DROP INDEX idx_records_id", "CREATE UNIQUE INDEX idx_records_id ON records (lower(id))"),
        ("DROP TABLE vocabulary", "CREATE VIRTUAL TABLE vocabulary USING fts5(word, content='meta')"),
        ("DROP TABLE photos",),
        rewrite_schema('"reading" TEXT', '"reading" TEXT CHECK (load_extension(1))'),
        rewrite_schema('"title" TEXT', '"title" TEXT DEFAULT (randomblob(1000000000))'),
    ],
)
def test_tables_that_are_not_ours_are_refused(
    command: Commands, home: Path, stick: Path, statements: tuple[str, ...]
) -> None:
    change(list_on(stick), *statements)
    sign(stick)
    assert_refused(command, home, stick, "is not a list file of fieldcheck")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE records SET title = printf('%.*c', 10000000, 'x') WHERE rowid_ = 1", "more than 1,000,000 characters"),
        ("UPDATE records SET id = printf('%.*c', 201, 'x') WHERE rowid_ = 1", "too long"),
        ("UPDATE records SET id = '' WHERE rowid_ = 1", "no id"),
        ("UPDATE records SET title = NULL", "garbled"),
        ("UPDATE records SET title = x'00ff'", "garbled"),
        ("UPDATE records SET status = 'cleared'", "garbled"),
        ("UPDATE records SET materials = '{'", "garbled"),
        ("UPDATE records SET materials = '[1]'", "garbled"),
        ("UPDATE readings SET reading = replace(reading, '33.0', 'null')", "garbled"),
        ("UPDATE readings SET reading = replace(reading, '\"dusk\"', '7')", "garbled"),
        ("UPDATE readings SET reading = '[]'", "garbled"),
        ("DELETE FROM readings WHERE record = 2", "garbled"),
        ("UPDATE records SET materials = '[[[[[[[[\"x\"]]]]]]]]'", "garbled"),
        ("UPDATE meta SET value = '2' WHERE key = 'records'", "says that it has 2 records"),
        ("UPDATE meta SET value = '4' WHERE key = 'records'", "says that it has 4 records"),
        ("UPDATE meta SET value = '-1' WHERE key = 'records'", "how many records"),
        ("UPDATE meta SET value = '99999999999999999999' WHERE key = 'records'", "how many records"),
        ("DELETE FROM meta WHERE key = 'photos'", "how many photos"),
        ("UPDATE meta SET value = 7 WHERE key = 'schema_version'", "another version of fieldcheck"),
        ("UPDATE meta SET value = 'starter' WHERE key = 'id'", "is not the file that was packed up"),
        ("UPDATE meta SET value = '../x' WHERE key = 'id'", "which list"),
        ("UPDATE meta SET value = '../../x' WHERE key = 'version'", "which list"),
        ("UPDATE meta SET value = 'soon' WHERE key = 'published'", "dates"),
        ("UPDATE meta SET value = printf('%.*c', 20000, 'x') WHERE key = 'terms'", "too long"),
        ("INSERT INTO photos VALUES (9, 'a', 'b', 'c', 'd', x'00', x'00')", "photos"),
    ],
)
def test_content_that_no_list_has_is_refused(
    command: Commands, home: Path, stick: Path, statement: str, says: str
) -> None:
    change(list_on(stick), statement)
    sign(stick)
    assert_refused(command, home, stick, says)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"<html>login</html>",
        lambda content: content[:5_000],
        lambda content: content[:100] + b"\xff" * 3_000 + content[3_100:],
        gzip.compress,
    ],
)
def test_a_file_that_is_no_list_is_refused(
    command: Commands, home: Path, stick: Path, damage: Callable[[bytes], bytes]
) -> None:
    list_on(stick).write_bytes(damage(list_on(stick).read_bytes()))
    sign(stick)
    assert_refused(command, home, stick)


def test_a_file_that_was_changed_on_the_way_is_refused(command: Commands, home: Path, stick: Path) -> None:
    change(list_on(stick), "UPDATE records SET title = 'Nothing of interest'")
    assert_refused(command, home, stick, "is not the file that was packed up")


def test_a_file_that_is_missing_is_told(command: Commands, home: Path, stick: Path) -> None:
    list_on(stick).unlink()
    assert_refused(command, home, stick, "is missing")


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"format": 2, "lists": []}',
        '{"format": 1, "lists": 3}',
        '{"format": 1, "lists": [{"id": "../../museum", "version": "0123456789abcdef", "sha256": ""}]}',
        '{"format": 1, "lists": [{"id": "museum", "version": "../../../x", "sha256": ""}]}',
        '{"format": 1, "lists": [{"id": "museum"}]}',
        '{"format": 1, "lists": "' + "x" * 2_000_000 + '"}',
    ],
)
def test_a_manifest_that_is_none_is_refused(command: Commands, home: Path, stick: Path, manifest: str) -> None:
    (stick / MANIFEST_NAME).write_text(manifest)
    assert_refused(command, home, stick, "cannot be read")


def test_a_copy_of_the_starter_list_is_refused(command: Commands, home: Path, stick: Path) -> None:
    found = list_on(stick)
    change(found, "UPDATE meta SET value = 'starter' WHERE key = 'id'")
    found.rename(found.with_name(found.name.replace("museum", "starter")))
    sign(stick, id="starter")
    ended = command("lists", "import", stick)
    assert ended.code == ExitCode.INTEGRITY
    assert "not signed" in ended.out
    assert "starter" not in read_pointer(home)


COLUMNS = {
    "records": ("title", "status", "materials", "measurements", "object_type", "unverified", "images"),
    "readings": ("reading",),
    "numbers": ("number", "record"),
    "terms": ("term", "records", "rows"),
    "vocabulary_data": ("block",),
    "meta": ("value",),
}
VALUES = ("NULL", "7", "-9e999", "x''", "x'00ffff7f00'", "x'01ff'", "'x'", "'[1, {}]'", "'[[[[]]]]'")


@pytest.mark.parametrize(("table", "column"), [(table, name) for table in COLUMNS for name in COLUMNS[table]])
def test_nothing_in_a_list_in_use_crashes_a_check(command: Commands, home: Path, table: str, column: str) -> None:
    file = home.with_suffix(".csv")
    file.write_text(HEADER + ROW.format(1))
    command("lists", "import", file, "--list", "museum")
    (path,) = (lists_folder(home) / "museum").glob("*.db")
    whole = path.read_bytes()
    for value in VALUES:
        path.write_bytes(whole)
        try:
            change(path, "PRAGMA writable_schema=ON", f"UPDATE {table} SET {column} = {value}")  # noqa: S608
        except sqlite3.Error:
            continue
        ended = command("check", HERON, "--list", "museum")
        assert ended.code in ANSWERS, (value, ended.err)


def test_a_value_without_measure_is_not_even_read(command: Commands, home: Path) -> None:
    file = home.with_suffix(".csv")
    file.write_text(HEADER + ROW.format(1))
    command("lists", "import", file, "--list", "museum")
    (path,) = (lists_folder(home) / "museum").glob("*.db")
    change(path, "UPDATE records SET description = zeroblob(40000000)")
    ended = command("check", HERON, "--list", "museum")
    assert ended.code == ExitCode.INTEGRITY
    assert "too big" in ended.err


def test_a_title_of_ten_megabytes_is_left_out(command: Commands, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HEADER + ROW.format(1) + ROW.format(2).replace("Heron", "x" * 10_000_000))
    ended = command("lists", "import", file, "--list", "museum")
    assert ended.code == ExitCode.NOTHING_FOUND
    assert "line 3: the row holds more than" in ended.err
    assert read_pointer(home)["museum"].records == 1


def test_hostile_words_do_no_harm_wherever_a_list_is_shown(command: Commands, tmp_path: Path) -> None:
    evil = EVIL.replace("\udcff", "\x00")
    rows = [
        {"id": f"=cmd|'/c calc'!A{number}\x1b[2J", "title": f"{evil} {number}", "object_type": "painting"}
        for number in range(2)
    ]
    for number in (1, 2):
        file = tmp_path / f"{number}.jsonl"
        file.write_text("\n".join(json.dumps(row) for row in rows[:number]))
        assert command("lists", "import", file, "--list", "museum").code == ExitCode.NOTHING_FOUND
    for form in ("--plain", "--rich", "--json"):
        for words in (("diff", "museum", "--all"), ("show", "museum"), ("status",)):
            ended = command("lists", *words, form)
            assert ended.code == ExitCode.NOTHING_FOUND
            assert_harmless(ended.out + ended.err)
    (tmp_path / "items.csv").write_text('ref,text\n=1+1,"=HYPERLINK(""https://evil.example"") Dusk painting"\n')
    command("batch", tmp_path / "items.csv", "--csv", tmp_path / "out.csv")
    for line in (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[1:]:
        assert not line.startswith(("=", '"=', "+", "-", "@"))


def workbook(path: Path, **parts: Callable[[str], str | bytes]) -> Path:
    """A workbook of which parts are rewritten; a part that is not there is added."""
    book = openpyxl.Workbook()
    book.active.append(["id", "title"])
    book.active.append(["M-1", "Heron"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in found.items():
            short = name.rpartition("/")[2].partition(".")[0]
            archive.writestr(name, parts.pop(short)(text) if short in parts else text)
        for name, make in parts.items():
            archive.writestr(name, make(""))
    return path


LAUGHS = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 9))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!DOCTYPE worksheet [<!ENTITY a0 "lol">{LAUGHS}]>',
        '<!DOCTYPE worksheet [<!ENTITY a8 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE worksheet SYSTEM "http://127.0.0.1:1/evil.dtd">',
        f"<!--{'x' * 70_000}--><!DOCTYPE worksheet [<!ENTITY a8 'x'>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_refused(
    command: Commands, home: Path, tmp_path: Path, declared: str, encoding: str
) -> None:
    def declare(text: str) -> bytes:
        whole = text[text.index("<worksheet") :].replace("Heron", "&a8;")
        return f'<?xml version="1.0" encoding="{encoding}"?>{declared}{whole}'.encode(encoding)

    path = workbook(tmp_path / "list.xlsx", sheet1=declare)
    ended = command("lists", "import", path, "--list", "museum")
    assert ended.code == ExitCode.USAGE
    assert "declares XML entities" in ended.err
    assert read_pointer(home) == {}


def test_a_workbook_with_paths_that_lead_elsewhere_writes_nothing_there(
    command: Commands, home: Path, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "list.xlsx", **{"../../evil.xml": lambda _: "<a/>", "/evil.xml": lambda _: "<a/>"})
    assert command("lists", "import", path, "--list", "museum").code == ExitCode.NOTHING_FOUND
    assert read_pointer(home)["museum"].records == 1
    assert not list(tmp_path.rglob("evil.xml"))
    assert not (tmp_path.parent / "evil.xml").exists()


def test_a_file_that_unpacks_without_end_is_refused(command: Commands, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(HEADER.encode() + b"x" * 60_000_000, 1))
    ended = command("lists", "import", path, "--list", "museum")
    assert ended.code == ExitCode.USAGE
    assert read_pointer(home) == {}
