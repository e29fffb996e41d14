import pytest

from fieldcheck.text.concepts import Lexicon
from fieldcheck.text.inflection import german_parts, stems
from fieldcheck.text.normalise import words


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Silberbecher", "de", {"silver", "cup"}),
        ("Holzkreuz", "de", {"wood", "cross"}),
        ("Bronzekopf", "de", {"bronze", "head"}),
        ("بالخشب", "ar", {"wood"}),
        ("وتمثال", "ar", {"statue"}),
        ("سيوفها", "ar", {"sword"}),
        ("вазою", "ru", {"vase"}),
        ("tablolarından", "tr", {"painting"}),
        ("daggers", "en", {"dagger"}),
    ],
)
def test_a_word_that_is_inflected_or_compound_leads_to_its_concepts(
    text: str, language: str, expected: set[str]
) -> None:
    lexicon = Lexicon()
    found = {concept.id for match in lexicon.find(words(text), language) for concept in match.concepts}
    lexicon.close()
    assert expected <= found


def test_no_stem_is_shorter_than_three_letters() -> None:
    assert all(
        len(stem) >= 3
        for word in ("икона", "vases", "ات", "لل", "bas")
        for language in ("ru", "en", "ar", "fr")
        for stem in stems(word, language)
    )


def test_a_word_without_known_parts_is_not_divided() -> None:
    assert german_parts("landschaftsbild", lambda _: False) is None
    assert german_parts("becher", lambda _: True) is None
