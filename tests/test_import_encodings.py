"""Which encodings of a list file are understood, which are only assumed, and which are refused."""

import gzip
from pathlib import Path

import pytest

from fieldcheck.errors import InputError
from fieldcheck.lists.tables import Reading, Row, decoding, open_table

FRENCH = "id;title;description\n7;Vierge à l'Enfant;volée à l'église Saint-Étienne, œuvre « manquante »\n"
RUSSIAN = "id;title;description\n7;Икона Богородицы;Похищена из церкви, на доске, восемнадцатый век\n"
UKRAINIAN = "id;title;description\n7;Перший сніг;Вивезено з музею, її шукає поліція\n"
ARABIC = "id;title;description\n7;تمثال آدمي;تمثال من حجر الكلس بوضعية الجلوس\n"
GREEK = "id;title;description\n7;Εικόνα της Παναγίας;κλεμμένη από την εκκλησία του χωριού\n"
POLISH = "id;title;description\n7;Święta Łucja;płótno, obraz skradziony z kościoła, wąska złota rama\n"


def read(path: Path, encoding: str = "") -> tuple[dict[str, object], tuple[str, ...]]:
    with open_table(path, Reading(encoding=encoding)) as table:
        rows = list(table.rows)
        assert len(rows) == 1
        assert isinstance(rows[0], Row)
        return dict(rows[0].cells), table.notes


def write(folder: Path, text: str, encoding: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, ARABIC])
def test_unicode_is_read_without_a_note(tmp_path: Path, text: str, encoding: str) -> None:
    cells, notes = read(write(tmp_path, text, encoding))
    assert list(cells) == ["id", "title", "description"]
    assert ";".join(map(str, cells.values())) == text.splitlines()[1]
    assert notes == ()


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (FRENCH, "cp1252", "Windows-1252"),
        (RUSSIAN, "cp1251", "Windows-1251"),
        (UKRAINIAN, "cp1251", "Windows-1251"),
    ],
)
def test_a_legacy_encoding_is_assumed_and_said(tmp_path: Path, text: str, encoding: str, name: str) -> None:
    cells, notes = read(write(tmp_path, text, encoding))
    assert ";".join(map(str, cells.values())) == text.splitlines()[1]
    assert len(notes) == 1
    assert "not UTF-8 (line 2)" in notes[0]
    assert name in notes[0]
    assert "--encoding" in notes[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(ARABIC, "cp1256"), (GREEK, "cp1253"), (RUSSIAN, "koi8-r"), (RUSSIAN, "cp866"), (POLISH, "cp1250"),
     (FRENCH, "mac-roman")],
)  # fmt: skip
def test_an_encoding_that_cannot_be_told_is_refused_until_it_is_given(tmp_path: Path, text: str, encoding: str) -> None:
    path = write(tmp_path, text, encoding)
    with pytest.raises(InputError, match="line 2: the text is not UTF-8, and its encoding cannot be told") as refusal:
        read(path)
    assert "--encoding" in refusal.value.next_step
    cells, notes = read(path, encoding)
    assert ";".join(map(str, cells.values())) == text.splitlines()[1]
    assert notes == ()


def test_utf_16_without_its_mark_must_be_given(tmp_path: Path) -> None:
    path = write(tmp_path, FRENCH, "utf-16-le")
    with pytest.raises(InputError, match="binary data, or UTF-16 without its mark"):
        read(path)
    assert read(path, "utf-16-le")[0]["title"] == "Vierge à l'Enfant"


def test_a_given_encoding_that_does_not_fit_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title\n1,plain\n2,volée\n", "cp1252")
    with pytest.raises(InputError, match="line 3: the text is not utf-8"):
        read(path, "utf-8")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "undefined", "rot13"])
def test_what_is_no_encoding_of_text_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match="is no encoding of text"):
        read(write(tmp_path, FRENCH, "utf-8"), encoding)


def test_a_truncated_last_character_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("id,title\n1,caf\u00e9".encode()[:-1])
    with pytest.raises(InputError, match="line 2: the text is not utf-8"):
        read(path, "utf-8")


@pytest.mark.parametrize("name", ["list.csv.gz", "list.tsv.gz", "list.CSV.GZ"])
def test_a_compressed_list_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(FRENCH.encode()))
    assert read(path)[0]["id"] == "7"


PACKED = gzip.compress(FRENCH.encode() * 50)


@pytest.mark.parametrize("content", [PACKED[:-12], PACKED[:20] + bytes(8) + PACKED[28:], b"id,title\n1,x\n"])
def test_a_damaged_archive_is_refused_before_any_row(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is damaged"):
        read(path)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_RATIO_FROM", 1 << 20)
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(b"id,title\n" + b"1,aaaaaaaa\n" * 500_000))
    with pytest.raises(InputError, match=r"holds more than \d+ MB"):
        read(path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04rest", "a zip archive or an Excel workbook"),
        (b"SQLite format 3\x00rest", "a SQLite database"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\n <!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<html lang='en'>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "an XML document"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b'[{"id": "1"}]', "JSON"),
        (b'{"records": []}', "JSON"),
        (bytes(range(8)) * 3 + bytes(40), "binary data"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_seems_to_be(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a table: it seems to be") as refusal:
        read(path)
    assert kind in str(refusal.value)
    assert refusal.value.next_step


@pytest.mark.parametrize(
    ("name", "message"),
    [("list.docx", "does not end as a table does"), ("list", "does not end"),
     ("list.xlsx.gz", "does not end"),
     ("list.xls", "is an old Excel workbook"), ("absent.csv", "There is no file")],
)  # fmt: skip
def test_other_names_are_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path / name)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "list.csv").mkdir()
    with pytest.raises(InputError, match="There is no file"):
        read(tmp_path / "list.csv")
