import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.text.measures import MAX_SIZES, read_measures

SIZES = [
    ("H. 12 in.", (30.48,)),
    ("27 5/16", (69.37,)),
    ("13 3/4 x 17 1/2in. ; 35 x 44 1/2cm.", (35, 44.5)),
    ("30 x 40 cm", (30, 40)),
    ("15cmx20cm", (15, 20)),
    ("1.2 m", (120,)),
    ("18,5 x 14 cm", (18.5, 14)),
    ("1,250 mm", (125,)),
    ("1 250 mm", (125,)),
    ("1.250,5 mm", (125.05,)),
    ("1,250 m", (125,)),
    ("H. 0,82 m ; L. 1,20 m", (82, 120)),
    ("H. 0,82 ; L. 1,20 m", (82, 120)),
    ("20'5\" x 8'9\"", (622.3, 266.7)),
    ("20’5” x 8′9″", (622.3, 266.7)),
    ("6 ft 7 in x 9 ft 10 in", (200.66, 299.72)),
    ("6 feet, 2 inches", (187.96,)),
    ("4' 5\"", (134.62,)),
    ("5' x 8'", (152.4, 243.84)),
    ("11 x 8 ft", (335.28, 243.84)),
    ("support: 89 x 95 mm", (8.9, 9.5)),
    ("width 190mm, height 325mm", (19, 32.5)),
    ("Diameter: 8.2 cm.; Height: 37 cm.", (8.2, 37)),
    ("7.00 cm, y: 68 cm", (7, 68)),
    ("9.5 x 7 .5 in", (24.13, 19.05)),
    ("7 inches by 10 inches", (17.78, 25.4)),
    ("24.1 x 30.9 cm; 23.4 x 30 cm", (24.1, 30.9, 23.4, 30)),
    ("Width: 30 in\r\n\r\nHeight: 24in.", (76.2, 60.96)),
    ("H: 13.313 in.; W: 18.5 in.", (33.815, 46.99)),
    ('18"H x 12"W', (45.72, 30.48)),
    ("14 1/8 x 6 1/2 (diam) in.", (35.88, 16.51)),
    ("10-1/2 x 12-3/4 in.", (26.67, 32.39)),
    ("height: 5.08; width: 2.51 cm; length: 2.46", (5.08, 2.51, 2.46)),
    ("height 30 width 40 cm", (30, 40)),
    ("Höhe x Breite: 130 x 110 cm", (130, 110)),
    ("40 Zentimeter, 3 centímetros, 2 centimètres", (40, 3, 2)),
    ("12 pouces, 10 pulgadas, 8 Zoll", (30.48, 25.4, 20.32)),
    ("130 × 110 см", (130, 110)),
    ("13х18 см", (13, 18)),
    ("высота 45 см", (45,)),
    ("5 дюймов", (12.7,)),
    ("2 по 3 м", (200, 300)),
    ("18,5 x 14 厘米", (18.5, 14)),
    ("高12.5厘米", (12.5,)),
    ("9英寸", (22.86,)),
    ("١٢٫٥ سم", (12.5,)),
    ("118 x 150 سم", (118, 150)),
    ("٧ بوصة", (17.78,)),
    ("۱۲٫۵ سانتی‌متر", (12.5,)),
    ("12 cm yükseklik", (12,)),
    ("3 inç", (7.62,)),
    ("5 1/2 x 7 ½ in", (13.97, 19.05)),
    ("⅝ in", (1.5875,)),
    ('16" x 16"; 40.64 cm x 40.64 cm', (40.64, 40.64)),
    ("H: 10 in. (25.4 cm); W: 5 in. (12.7 cm)", (25.4, 12.7)),
    ("1 m 20", (120,)),
    ("1m20", (120,)),
    ("approximately 7.5 inches", (19.05,)),
    ('Base 1.5 "; Top 3.5"', (3.81, 8.89)),
    ("Mount Fuji 30 x 40 cm", (30, 40)),
    ("Turner 1842 30 x 40 cm 19th century", (30, 40)),
    ('"Untitled 5" oil, 20 x 30 cm', (20, 30)),
]

NOTHING = [
    "",
    "0",
    "0 x 0 cm",
    "Unknown",
    "Not including frame",
    "Dimensions non prises",
    "N04160",
    "2016.4.168",
    "A-12/3",
    "1897-42",
    "1795",
    "1950's vase",
    "scale 1:50",
    "at 10:30",
    "$30",
    "900 EUR",
    "published 1866 in Paris",
    "1850 in pencil",
    "3 in the series",
    "numbered 22/60 in pencil",
    "19th century",
    "600 م",
    "973 г.",
    "12 panels",
]

IN_A_FIELD = [
    ("20,5", "cm", (20.5,)),
    ("h=102 ; la=82 ; pr=50", "cm", (102, 82, 50)),
    ("H. 0,82 ; L. 1,20", "m", (82, 120)),
    ("18.5 x 22", "cm", (18.5, 22)),
    ("18.5 x 22", "in", (46.99, 55.88)),
    ("3 x 4", "no such unit", ()),
    ("1978", "cm", ()),
    ("6 1/16 x 5", "cm", (15.4, 12.7)),
]

DOUBTFUL = [
    ("2.88\" x 2.88'", "2.88\" x 2.88': the two units disagree"),
    ('20\'" x 24"', '20\'" x 24": the mark is neither feet nor inches'),
    ("18.5 x 22", "18.5 x 22: no unit is given"),
    ("12 3/4 x 11/78 in.", "12 3/4 x 11/78 in.: the number can be read in two ways"),
    ("1,250 cm", "1,250 cm: the number can be read in two ways"),
    ("3-4 inches", "3-4 inches: a range, not one size"),
    ("15 in (30 cm)", "15 in: the two units disagree"),
    ("17 14/ x 21 1/8 in.", "21 1/8 in.: a part is missing"),
    ("454 x 14550 m", "454 x 14550 m: larger than 100 m"),
    ("300 x 145000 mm", "300 x 145000 mm: larger than 100 m"),
]

FRAMES = [
    ("19 x 24 in, frame: 26 x 31 in", (48.26, 60.96), (66.04, 78.74)),
    ("29.5 x 21.5 in, frame", (), (74.93, 54.61)),
    ("13 x 18 in.\n20 x 26 in. (framed)", (33.02, 45.72), (50.8, 66.04)),
    ("support: 36 x 46 cm\nframe (Half Royal): 310 x 437 x 25 mm", (36, 46), (31, 43.7, 2.5)),
    ("50 x 70 cm sans cadre", (50, 70), ()),
    ("unframed 50 x 70 cm", (50, 70), ()),
    ("50 x 70 cm mit Rahmen", (), (50, 70)),
    ("в раме: 50 x 70 см", (), (50, 70)),
]

WEIGHTS = [
    ("83.6 grams", 83.6),
    ("Weight: 250 lbs", 113_398.09),
    ("object: 10 x 20 mm, 9 kg", 9_000),
    ("вес 97 г", 97),
    ("weight 2 pounds", 907.18),
    ("1,250 g", 1_250),
    ("value 300 pounds", None),
    ("1973 г.", None),
    ("1,250 kg", None),
]


@pytest.mark.parametrize(("text", "expected"), SIZES)
def test_reads_a_size_in_any_notation_as_centimetres(text: str, expected: tuple[float, ...]) -> None:
    measures = read_measures(text)
    assert measures.sizes == pytest.approx(expected, abs=0.01)
    assert measures.doubtful == ()


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_that_are_no_measurements_are_left_alone(text: str) -> None:
    assert read_measures(text) == read_measures("")


@pytest.mark.parametrize(("text", "unit", "expected"), IN_A_FIELD)
def test_a_field_lends_its_unit_to_bare_numbers(text: str, unit: str, expected: tuple[float, ...]) -> None:
    assert read_measures(text, default_unit=unit).sizes == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("text", ["20,5", "h=102 ; la=82 ; pr=50", "12 13"])
def test_bare_numbers_of_free_text_are_no_sizes(text: str) -> None:
    assert read_measures(text).sizes == ()


@pytest.mark.parametrize(("text", "phrase"), DOUBTFUL)
def test_what_can_be_read_in_two_ways_is_said_and_not_guessed(text: str, phrase: str) -> None:
    measures = read_measures(text)
    assert phrase in measures.doubtful
    assert measures.sizes == ()


@pytest.mark.parametrize(("text", "sizes", "frame"), FRAMES)
def test_the_size_of_a_frame_is_kept_apart(text: str, sizes: tuple[float, ...], frame: tuple[float, ...]) -> None:
    measures = read_measures(text)
    assert measures.sizes == pytest.approx(sizes)
    assert measures.frame == pytest.approx(frame)


@pytest.mark.parametrize(("text", "grams"), WEIGHTS)
def test_reads_a_weight_as_grams(text: str, grams: float | None) -> None:
    assert read_measures(text).weight_g == (None if grams is None else pytest.approx(grams, abs=0.01))


def test_spans_cover_what_was_read_so_that_the_rest_is_words() -> None:
    text = "bronze horse, H. 12 in., 9 kg, inv. N04160"
    rest = text
    for start, end in reversed(read_measures(text).spans):
        rest = rest[:start] + rest[end:]
    assert rest == "bronze horse, , , inv. N04160"


def test_a_doubtful_size_does_not_hide_the_others() -> None:
    measures = read_measures("height: 7 inches; width: 3-4 inches")
    assert measures.sizes == (17.78,)
    assert len(measures.doubtful) == 1


def test_no_more_sizes_than_the_limit() -> None:
    assert len(read_measures("; ".join(f"{n} cm" for n in range(1, 30))).sizes) == MAX_SIZES


dimension = st.decimals(min_value=5, max_value=300, places=1)


@given(st.lists(dimension, min_size=1, max_size=3), st.sampled_from(["cm", "mm", "in", "см", "厘米", "سم"]))
def test_a_written_size_is_read_back_in_order(centimetres: list[float], unit: str) -> None:
    per_cm = {"mm": 10, "in": 1 / 2.54}.get(unit, 1)
    text = " x ".join(f"{float(cm) * per_cm:.2f}" for cm in centimetres) + f" {unit}"
    assert read_measures(text).sizes == pytest.approx([float(cm) for cm in centimetres], rel=0.005)


@given(st.lists(dimension, min_size=2, max_size=3))
def test_a_size_in_two_units_is_read_once(centimetres: list[float]) -> None:
    imperial = " x ".join(f"{float(cm) / 2.54:.2f}" for cm in centimetres)
    metric = " x ".join(f"{cm}" for cm in centimetres)
    for text in (f"{imperial} in. ({metric} cm)", f"{metric} cm | {imperial} in."):
        assert read_measures(text).sizes == tuple(float(cm) for cm in centimetres)


PIECES = """
    1 20 3/4 ½ 1,250 12.5 x × - ( ) ' " cm in. mm m ft kg frame H : ; framed not 厘米 高 سم ٣ a 1950 $ /
"""
pieces = st.lists(st.sampled_from(PIECES.split()), max_size=60)


@given(st.text(max_size=300) | pieces.map("".join) | pieces.map(" ".join))
def test_any_text_is_read_without_failing_and_spans_are_in_range(text: str) -> None:
    for unit in (None, "cm"):
        measures = read_measures(text, default_unit=unit)
        assert len(measures.sizes) <= MAX_SIZES
        assert all(0 < size <= 10_000 for size in (*measures.sizes, *measures.frame))
        assert all(0 <= start < end <= len(text) for start, end in measures.spans)
        assert all(one[1] <= two[0] for one, two in pairwise(measures.spans))


@pytest.mark.parametrize(
    "piece", ["1 x ", "1", "h ", "'", '"a ', "1,111", "(", "1 -", "frame ", "½", "1/", "cm", ".1 "]
)
def test_long_hostile_text_takes_no_more_than_a_moment(piece: str) -> None:
    began = time.process_time()
    read_measures(piece * 100_000, default_unit="cm")
    assert time.process_time() - began < 2
