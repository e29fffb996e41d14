import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.text.identifiers import number_key, numbers_in, record_numbers
from fieldcheck.text.names import name_parts, sound_key
from fieldcheck.text.normalise import fold, words
from fieldcheck.text.typos import allowed_slips, slips_of, spelling_distance


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_hold_no_space_and_fold_to_themselves(text: str) -> None:
    for word in words(text):
        assert word
        assert not any(character.isspace() for character in word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "CAFE\u0301"),
        ("Ｏｉｌ", "oil"),
        ("Straße", "STRASSE"),
        ("أثر", "اثر"),
        ("مدرسة", "مدرسه"),
        ("كتاب", "کتاب"),
        ("١٢٣", "123"),
        ("ёлка", "елка"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
    ],
)
def test_the_same_word_written_differently_becomes_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'huile d'olive", ("huile", "olive")),
        ("اللوحة", ("لوحه",)),
        ("ХІХ century", ("хіх", "century")),
        ("oil, on-canvas", ("oil", "on", "canvas")),
        ("青铜12器", ("青铜", "12", "器")),
    ],
)
def test_words_are_split_as_their_language_writes_them(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_cyrillic_letters_inside_a_latin_word_are_read_as_latin() -> None:
    assert words("\u0420ortrait") == words("portrait")
    assert words("vas\u0435") == ("vase",)


@pytest.mark.parametrize(
    ("number", "key"),
    [("1897-42", "189742"), ("N 04160", "n04160"), ("2016.4.168", "20164168"), ("Ж-1234", "ж1234")],
)
def test_a_number_is_keyed_by_its_letters_and_digits(number: str, key: str) -> None:
    assert number_key(number) == key


def test_numbers_too_short_to_mean_anything_are_left_out() -> None:
    assert record_numbers(("12", "A1", "N04160", "n.04160")) == ("n04160",)


@pytest.mark.parametrize(
    "text", ["72.5 x 64.7 cm", "1914-1918", "about 1850", "12 cm", "19th century", "40x30cm", "the 1930s"]
)
def test_sizes_and_years_are_no_inventory_numbers(text: str) -> None:
    assert numbers_in(text) == ()


@pytest.mark.parametrize(("text", "key"), [("label N04160 on the back", "n04160"), ("marked 2016.4.168.", "20164168")])
def test_an_inventory_number_is_found_in_running_text(text: str, key: str) -> None:
    assert numbers_in(text) == (key,)


def test_a_name_keeps_the_parts_that_identify() -> None:
    assert name_parts("Attributed to Hans van der Berg, aka H. Berg (1800-1870)") == ("hans", "berg")


@pytest.mark.parametrize(
    ("name", "cyrillic"),
    [("Turner", "Тернер"), ("Whistler", "Уистлер"), ("Rembrandt", "Рембрандт"), ("Hogarth", "Хогарт")],
)
def test_a_name_in_cyrillic_sounds_like_itself_in_latin(name: str, cyrillic: str) -> None:
    (latin,), (other,) = name_parts(name), name_parts(cyrillic)
    assert spelling_distance(sound_key(latin), sound_key(other), 1) <= 1


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("canvas", "canvas", 0),
        ("canvsa", "canvas", 1),
        ("canva", "canvas", 1),
        ("chari", "chair", 1),
        ("abc", "xyz", 3),
    ],
)
def test_spelling_distance_counts_slips(a: str, b: str, distance: int) -> None:
    assert spelling_distance(a, b, 3) == distance


@given(st.text(alphabet="abcd", max_size=8), st.text(alphabet="abcd", max_size=8))
def test_spelling_distance_is_the_same_both_ways_and_capped(a: str, b: str) -> None:
    assert spelling_distance(a, b, 8) == spelling_distance(b, a, 8)
    assert spelling_distance(a, b, 2) == min(spelling_distance(a, b, 8), 3)


def test_short_words_are_taken_as_they_are() -> None:
    assert [allowed_slips(word) for word in ("hat", "vase", "portraits")] == [0, 1, 2]


@given(st.text(alphabet="abcd", min_size=2, max_size=8))
def test_what_a_word_was_before_a_slip_is_one_slip_away(word: str) -> None:
    assert all(spelling_distance(word, before, 2) <= 1 for before in slips_of(word))


def test_a_name_that_begins_with_h_sounds_like_itself_in_cyrillic() -> None:
    (latin,), (other,) = name_parts("Hunt"), name_parts("Хант")
    assert sound_key(latin) == sound_key(other)
