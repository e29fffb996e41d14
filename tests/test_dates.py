import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.text import date_terms
from fieldcheck.text.date_terms import Parser
from fieldcheck.text.dates import Years, read_years
from fieldcheck.text.tokens import Tokens, load_words

PERIODS = {
    "ming": (1300, 1700),
    "ming dynasty": (1368, 1644),
    "明代": (1368, 1644),
    "neo-assyrian": (-911, -612),
}

PIECES = (
    *sorted(word for words in load_words("dates.toml", "words").values() for word in words),
    *sorted(word for words in load_words("dates.toml", "ordinals").values() for word in words),
    *("horse", "bronze", "of", "XIX", "ХVІІІ", "xixe", "ix", "十九", "一九七〇", "1850", "19", "th", "A.D.", "v. Chr."),
)  # fmt: skip

EXACT = [
    ("1795", 1795, 1795),
    ("published 1866", 1866, 1866),
    ("Copyright: 1969", 1969, 1969),
    ("1465-87", 1465, 1487),
    ("1923–4", 1923, 1924),
    ("1914-1918", 1914, 1918),
    ("1928-1975", 1928, 1975),
    ("1899/1900", 1899, 1900),
    ("1860 or 63", 1860, 1863),
    ("1840 to 1850", 1840, 1850),
    ("between 1880 and 1890", 1880, 1890),
    ("1904, printed 1960", 1904, 1960),
    ("138-161 A.D.", 138, 161),
    ("600 AD", 600, 600),
    ("AD 600", 600, 600),
    ("117-38 AD", 117, 138),
    ("27 BC - AD 14", -27, 14),
    ("4000 BC - AD 400", -4000, 400),
    ("500-300 BC", -500, -300),
    ("3000 BC - 2000 BC", -3000, -2000),
    ("999BCE - 500 BCE", -999, -500),
    ("١٨٥٠", 1850, 1850),
    ("1970年", 1970, 1970),
    ("公元600年", 600, 600),
    ("973 г.", 973, 973),
    ("584‒602", 584, 602),
    ("12.05.1953", 1953, 1953),
    ("1953-08-19", 1953, 1953),
    ("January 1, 1816", 1816, 1816),
    ("1930s", 1930, 1939),
    ("1970's", 1970, 1979),
    ("1930-е", 1930, 1939),
    ("1930-40s", 1930, 1949),
    ("130-140s", 130, 149),
    ("1700s", 1700, 1799),
    ("XX century, 50s.", 1950, 1959),
    ("20世纪70年代", 1970, 1979),
    ("19th century", 1801, 1900),
    ("nineteenth century", 1801, 1900),
    ("18C.", 1701, 1800),
    ("stolen from a church, painted 1850", 1850, 1850),
    ("18th-19th century", 1701, 1900),
    ("V-VI century AD", 401, 600),
    ("XIX - XX", 1801, 2000),
    ("2nd half of the 16th century", 1551, 1600),
    ("first quarter 16th century", 1501, 1525),
    ("19th Century/4TH QUARTER", 1876, 1900),
    ("1er quart 16e siècle", 1501, 1525),
    ("1ère moitié 16e siècle", 1501, 1550),
    ("XIXe siècle", 1801, 1900),
    ("XVIIIe s.", 1701, 1800),
    ("XVII в.", 1601, 1700),
    ("XIX ст.", 1801, 1900),
    ("вторая половина XIX века", 1851, 1900),
    ("ХІХ century", 1801, 1900),
    ("VI centurу BC", -600, -501),
    ("IІ millennium BC", -2000, -1001),
    ("150-33 millennium BC", -150_000, -32_001),
    ("IV century BC", -400, -301),
    ("VI century BC - IV century", -600, 400),
    ("18th century B.C.", -1800, -1701),
    ("6th-5th century BC", -600, -401),
    ("first half of the 5th century BC", -500, -451),
    ("5. Jh. v. Chr.", -500, -401),
    ("V в. до н.э.", -500, -401),
    ("siglo XVIII", 1701, 1800),
    ("s. XVIII", 1701, 1800),
    ("XVIII secolo", 1701, 1800),
    ("prima metà del XVII secolo", 1601, 1650),
    ("século XIX", 1801, 1900),
    ("18. yüzyıl", 1701, 1800),
    ("M.Ö. 5. yüzyıl", -500, -401),
    ("القرن التاسع عشر", 1801, 1900),
    ("القرن الحادي والعشرين", 2001, 2100),
    ("النصف الأول من القرن التاسع عشر", 1801, 1850),
    ("القرن 19", 1801, 1900),
    ("القرن الخامس قبل الميلاد", -500, -401),
    ("٥٠٠ ق.م", -500, -500),
    ("قرن ۱۹", 1801, 1900),
    ("19世纪", 1801, 1900),
    ("十九世纪", 1801, 1900),
    ("公元前5世纪", -500, -401),
    ("AH 1250", 1834, 1835),
    ("AH 1250-1260", 1834, 1845),
    ("1250 هـ", 1834, 1835),
    ("القرن الثالث الهجري", 816, 913),
    ("Ming dynasty", 1368, 1644),
    ("明代", 1368, 1644),
    ("Neo-Assyrian relief", -911, -612),
    ("1654; Ming dynasty", 1654, 1654),
    ("Edo period (1615-1868), 19th century", 1801, 1868),
]

APPROXIMATE = [
    ("Circa 1865", 1860, 1870),
    ("c. 1500", 1495, 1505),
    ("c.1915–20", 1910, 1925),
    ("1776–c.1790", 1776, 1795),
    ("?1833", 1828, 1838),
    ("vers 1850", 1845, 1855),
    ("1550 VERS", 1545, 1555),
    ("um 1700", 1695, 1705),
    ("c. 3000 BC", -3050, -2950),
    ("c. 2 BC", -22, 19),
    ("before 1900", 1800, 1900),
    ("до 1900", 1800, 1900),
    ("after 1850", 1850, 1950),
    ("18th century, after 1713", 1713, 1800),
    ("early 17th Century", 1601, 1634),
    ("late 19th c.", 1867, 1900),
    ("mid-18th", 1734, 1767),
    ("early 1900s", 1900, 1933),
    ("mid-18th to early 19th century", 1734, 1834),
    ("end of the XIX - the beginning of the XX century", 1867, 1934),
    ("Anfang 19. Jahrhundert", 1801, 1834),
    ("milieu 16e siècle", 1534, 1567),
    ("19世纪初", 1801, 1834),
    ("19th Century/MID", 1834, 1867),
]

NOTHING = [
    "",
    "Unknown",
    "n.d.",
    "118 x 150 cm",
    "H. 1250 mm",
    "1200 x 1950",
    "1897-42",
    "2016.4.168",
    "1986.144.2",
    "1986.12.2",
    "N04160",
    "A-1850",
    "1850-A",
    "inv. 1897",
    "No. 1950",
    "$1500",
    "1500 EUR",
    "1910-1900",
    "Louis XIV chair",
    "Portrait of Henry VIII",
    "stolen in 1990",
    "reported stolen from Cairo in 2010",
    "0-26_p038_7c11bdf7",
    "b321d6c7",
    "7d33bc",
    "5dd9ad01",
    "volé 1990",
    "12",
    "607",
    "25th century",
    "1900 century AD",
]


@pytest.mark.parametrize(("text", "first", "last"), EXACT)
def test_reads_the_years_of_a_date(text: str, first: int, last: int) -> None:
    years, _ = read_years(text, PERIODS)
    assert years == Years(first, last)


@pytest.mark.parametrize(("text", "first", "last"), APPROXIMATE)
def test_a_vague_date_is_widened_and_says_so(text: str, first: int, last: int) -> None:
    years, _ = read_years(text)
    assert years == Years(first, last, approximate=True)


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_that_are_no_dates_of_making_are_left_alone(text: str) -> None:
    assert read_years(text, PERIODS) == (None, ())


def test_free_text_gives_its_date_and_where_it_stands() -> None:
    text = "oil on canvas 73 x 92 cm, painted c. 1889 in Arles, inv. 2016.4.168, stolen 14 May 1991"
    years, spans = read_years(text)
    assert years == Years(1884, 1894, approximate=True)
    assert [text[start:end] for start, end in spans] == ["c. 1889"]


def test_the_name_of_a_period_stays_in_the_text() -> None:
    assert read_years("Ming dynasty bowl", PERIODS) == (Years(1368, 1644), ())


def test_dates_far_apart_are_not_drawn_together() -> None:
    assert read_years("4th century BC; mounted 1998")[0] == Years(-400, -301)


@pytest.mark.parametrize(
    ("years", "shown"),
    [
        (Years(1795, 1795), "1795"),
        (Years(1465, 1487), "1465-1487"),
        (Years(-500, -300), "500-300 BC"),
        (Years(-27, 14), "27 BC - AD 14"),
        (Years(138, 161), "AD 138-161"),
    ],
)
def test_years_are_shown_as_a_catalogue_writes_them(years: Years, shown: str) -> None:
    assert str(years) == shown


year = st.integers(-9_000, 2_026).filter(bool)


@given(year, year)
def test_shown_years_are_read_back(one: int, two: int) -> None:
    years = Years(min(one, two), max(one, two))
    assert read_years(str(years))[0] == years


PIECES = """
    1 20 1950 87 s th . , - / c. century BC AD XIX first half of the early before ' ? 世纪 前 十
    القرن عشر هـ г в x $
"""
pieces = st.lists(st.sampled_from(PIECES.split()), max_size=40)


@given(st.text(max_size=200) | pieces.map("".join) | pieces.map(" ".join))
def test_any_text_is_read_without_failing_and_years_are_in_order(text: str) -> None:
    years, spans = read_years(text, PERIODS)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    if years:
        assert years.first <= years.last
        assert 0 not in {years.first, years.last}


@pytest.mark.parametrize(
    "piece", ["of ", "c. ", "1-", "1950 - ", "十", "a", "1950", "first ", "-", "XIX ", "B.C.", "1/1"]
)
def test_long_hostile_text_takes_no_more_than_a_moment(piece: str) -> None:
    began = time.process_time()
    read_years(piece * 100_000, PERIODS)
    assert time.process_time() - began < 2


@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from(["", " ", ".", "-", ". ", "/"]))
def test_no_date_begins_with_a_word_that_is_passed_over(pieces: list[str], between: str) -> None:
    tokens = Tokens(between.join(pieces), date_terms.multi_character_words())
    found = list(Parser(tokens).datings())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(date_terms, "_may_begin", lambda _key: True)
        assert list(Parser(tokens).datings()) == found
