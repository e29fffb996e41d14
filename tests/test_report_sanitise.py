import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.report.sanitise import csv_cell, isolate, plain, rich_text

LRI, PDI = "\u2066", "\u2069"
NUMBER_SIGNS = set(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)  # format characters that are seen
HOSTILE = st.text(
    st.sampled_from("a ب\x1b[]0;m\x07\x9b\x9d\\\x00\n\t\u202e\u2066\u200d\u200c\u2028\ud800\U000e0041=…")
    | st.characters()
)

anything = pytest.mark.parametrize("limit", [None, 1, 7, 600])


@anything
@given(text=HOSTILE)
def test_plain_text_is_visible_short_and_stays_as_it_is(text: str, limit: int | None) -> None:
    once = plain(text, limit)
    assert plain(once, limit) == once
    assert limit is None or len(once) <= limit
    assert once == once.strip()
    once.encode()
    for character in once:
        unseen = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert not unseen or character in NUMBER_SIGNS | {"\u200c", "\u200d"}


def test_every_control_and_format_character_goes() -> None:
    left = {
        character
        for character in map(chr, range(0x110000))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character in plain(f"a{character}b")
    }
    assert left == NUMBER_SIGNS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1bPpayload\x1b\\after", "after"),
        ("\x1b]52;c;never ends", "52;c;never ends"),
        ("\x1b(Bafter", "after"),
        ("two\r\nlines\tand\u2028more", "two lines and more"),
        ("a\x00b\x7fc", "abc"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("in\u200bvi\u2060si\ufeffble\U000e0041\ufe0f", "invisible"),
        ("\u202egpj.exe\u2066", "gpj.exe"),
        ("Müller — 木彫り · ½", "Müller — 木彫り · ½"),
    ],
)
def test_what_is_left_of_a_text(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("word", ["می\u200cخواهم", "क्\u200dष", "ක්\u200dර"])
def test_joiners_stay_where_spelling_needs_them(word: str) -> None:
    assert plain(word) == word


@pytest.mark.parametrize("text", ["a\u200db", "\u200cب", "ب\u200d", "ب\u200d\u200dب"])
def test_joiners_go_elsewhere(text: str) -> None:
    assert not {"\u200c", "\u200d"} & set(plain(text))


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    shown = plain(f"HOLD. {'x' * 1_000_000} Its identity is not confirmed.", 200)
    assert len(shown) == 200
    assert shown.startswith("HOLD. xxx")
    assert shown.endswith("Its identity is not confirmed.")
    assert "…" in shown


@pytest.mark.parametrize("flood", ["\x9d", "\x1b]", "\x1b[0", " ", "\u200c", "ب\u200c", "a-"])
def test_a_megabyte_of_anything_is_quick(flood: str) -> None:
    plain(flood * 500_000, None)
    isolate(flood * 2_000 + "ب")


@pytest.mark.parametrize(
    ("text", "around", "shown"),
    [
        ("إناء 1897-42", "", f"إناء {LRI}1897-42{PDI}"),
        ("1897-42", "إناء", f"{LRI}1897-42{PDI}"),
        ("כד met/1897.42, כד", "", f"כד {LRI}met/1897.42{PDI}, כד"),
        ("إناء 72.5 x 64.7 cm", "", f"إناء {LRI}72.5 x 64.7 cm{PDI}"),
        ("jar 1897-42", "vase", "jar 1897-42"),
        ("إناء jar", "", "إناء jar"),
    ],
)
def test_identifiers_are_isolated_beside_right_to_left_letters(text: str, around: str, shown: str) -> None:
    assert isolate(text, around) == shown


def test_rich_text_never_reads_markup() -> None:
    text = rich_text("[bold red]title[/] \x1b[31m:smile:", "bold")
    assert text.plain == "[bold red]title[/] :smile:"
    assert not text.spans


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n@", "  =", "\u200b=", "＝"])
def test_formulas_become_text(start: str) -> None:
    cell = csv_cell(f'{start}HYPERLINK("https://evil.example")')
    assert cell.startswith("'")
    assert csv_cell(cell) == cell


def test_a_harmless_cell_stays_as_it_is() -> None:
    assert csv_cell("72.5 x 64.7 cm = two sizes") == "72.5 x 64.7 cm = two sizes"
