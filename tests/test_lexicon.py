import csv
import os
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from fieldcheck.bundle import make_bundle
from fieldcheck.datafiles import bundled_folder, data_folder
from fieldcheck.text.concepts import LANGUAGES, Lexicon, compile_lexicon
from fieldcheck.text.normalise import words
from fieldcheck.text.periods import period_years

KINDS = {"type", "material", "technique", "subject", "colour", "culture", "part", "condition"}
FILES = sorted((data_folder() / "lexicon").glob("*.csv"))
HEADER = "concept,kind,broader," + ",".join(LANGUAGES) + "\n"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_concept_has_words_in_every_language(path: Path) -> None:
    for row in _rows(path):
        assert row["kind"] in KINDS
        for language in LANGUAGES:
            forms = row[language].split("|")
            assert all(form and form == form.strip() for form in forms), (row["concept"], language)
            assert all(unicodedata.is_normalized("NFC", form) for form in forms), (row["concept"], language)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_word_is_written_twice_in_a_cell_or_folds_to_nothing(path: Path) -> None:
    for row in _rows(path):
        for language in LANGUAGES:
            forms = row[language].split("|")
            assert len(forms) == len(set(forms)), (row["concept"], language)
            assert all(words(form) for form in forms), (row["concept"], language)


def test_there_are_at_least_three_hundred_concepts() -> None:
    assert sum(len(_rows(path)) for path in FILES) >= 300


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("oil painting", "oil_painting"),
        ("картины", "painting"),
        ("скульптури", "sculpture"),
        ("مخطوطة", "manuscript"),
        ("المخطوطة", "manuscript"),
        ("bronz", "bronze"),
        ("瓷器", "porcelain"),
        ("terre cuite", "terracotta"),
        ("gemälde", "painting"),
        ("acuarela", "watercolour"),
        ("marmo", "marble"),
        ("estátua", "statue"),
        ("سکه", "coin"),
        ("heykel", "sculpture"),
    ],
)
def test_a_word_of_any_language_leads_to_its_concept(text: str, concept: str) -> None:
    lexicon = Lexicon()
    found = {entry.id for match in lexicon.find(words(text)) for entry in match.concepts}
    lexicon.close()
    assert concept in found


@pytest.mark.parametrize(
    ("text", "language", "concept"),
    [
        ("греческого", "ru", "greek"),
        ("римською", "uk", "roman"),
        ("ägyptischem", "de", "egyptian"),
        ("égyptiennes", "fr", "egyptian"),
        ("etruschi", "it", "etruscan"),
        ("يمنية", "ar", "south_arabian"),
        ("fonts baptismaux", "fr", "baptismal_font"),
        ("пряслице", "ru", "spindle_whorl"),
        ("قلم رصاص", "ar", "graphite"),
        ("druck", "de", "print"),
        ("brocade", "en", "brocade"),
    ],
)
def test_inflected_and_specialist_words_lead_to_their_concept(text: str, language: str, concept: str) -> None:
    lexicon = Lexicon()
    found = {entry.id for match in lexicon.find(words(text), language) for entry in match.concepts}
    lexicon.close()
    assert concept in found


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("view of New York", "modern"),
        ("Notre Dame de la Garde", "wool"),
        ("double portrait", "relined"),
        ("Lake Lucerne", "oil_lamp"),
        ("the opera Faust", "hand"),
        ("Portrait of Maria", "madonna"),
        ("Mount Fuji", "mount"),
        ("Edo, Japan", "benin"),
        ("looking back", "back"),
        ("part of a series", "fragment"),
        ("tree trunk", "body"),
    ],
)
def test_a_common_word_of_an_english_text_is_not_taken_for_a_concept(text: str, concept: str) -> None:
    lexicon = Lexicon()
    found = {entry.id for match in lexicon.find(words(text), "en") for entry in match.concepts}
    lexicon.close()
    assert concept not in found


def test_a_phrase_for_a_painting_says_its_materials_as_well() -> None:
    lexicon = Lexicon()
    found = {entry.id for match in lexicon.find(words("oil on canvas")) for entry in match.concepts}
    lexicon.close()
    assert {"oil_paint", "canvas"} <= found


def test_a_short_word_is_read_in_the_language_of_the_text() -> None:
    lexicon = Lexicon()
    english = {entry.id for match in lexicon.find(words("oil lamp with a coin")) for entry in match.concepts}
    lexicon.close()
    assert "coin" in english
    assert "corner" not in english


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,type,," + ",".join("abcdefghijkl") + "\na,type,," + ",".join("abcdefghijkl") + "\n", "twice"),
        ("a,type,nowhere," + ",".join("abcdefghijkl") + "\n", "not in the lexicon"),
    ],
)
def test_a_lexicon_with_a_mistake_is_not_compiled(tmp_path: Path, rows: str, message: str) -> None:
    folder = tmp_path / "lexicon"
    folder.mkdir()
    (folder / "a.csv").write_text(HEADER + rows, encoding="utf-8")
    (tmp_path / "related.csv").write_text("concept,implies\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        compile_lexicon(folder, tmp_path / "related.csv", tmp_path / "lexicon.db")


def test_the_bundled_files_are_made_from_the_data_of_this_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails after a change of ``data``: run ``python -m fieldcheck.bundle``."""
    monkeypatch.setattr("fieldcheck.bundle.bundled_folder", lambda: tmp_path)
    for made in make_bundle():
        assert _content(made) == _content(bundled_folder() / made.name)


def test_each_alias_names_one_maker() -> None:
    rows = _rows(data_folder() / "maker_aliases.csv")
    owners: dict[tuple[str, ...], str] = {}
    for row in rows:
        for name in {words(name) for name in (row["maker"], *row["aliases"].split("|"))}:
            assert name, row["maker"]
            assert owners.setdefault(name, row["maker"]) == row["maker"]
    assert len(rows) >= 150


def test_the_check_against_a_vocabulary_lists_what_disagrees(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon"
    lexicon.mkdir()
    (lexicon / "a.csv").write_text(
        HEADER + "crown,type,,crown,couronne,corona,corona" + ",x" * 8 + "\n", encoding="utf-8"
    )
    vocabulary = tmp_path / "wns"
    for code, form in {"eng": "crown", "fra": "couronne", "spa": "corona", "ita": "diadema"}.items():
        (vocabulary / code).mkdir(parents=True)
        line = f"00000001-n\t{code}:lemma\t{form}\n00000002-n\t{code}:lemma\tother\n"
        (vocabulary / code / f"wn-data-{code}.tab").write_text(line, encoding="utf-8")
    script = Path(__file__).parents[1] / "benchmarks" / "check_lexicon.py"
    command = [sys.executable, str(script), "--omw", str(vocabulary), "--lexicon", str(lexicon), "--list"]
    answer = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=True, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert "it  crown: corona  <>  diadema" in answer.stdout
    assert "de " not in answer.stdout.partition("disagreements")[2]


def _content(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        lines = [line for line in connection.iterdump() if "_data" not in line and "_idx" not in line]
    connection.close()
    return lines


def test_named_periods_have_years_in_order() -> None:
    periods = period_years()
    assert periods["ming dynasty"] == (1368, 1644)
    assert periods["明代"] == (1368, 1644)
    assert len(_rows(data_folder() / "periods.csv")) >= 130
    assert all(first <= last for first, last in periods.values())
