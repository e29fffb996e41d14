from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Install
from fieldcheck.cache.holdings import Holdings, open_holdings
from fieldcheck.matching.candidates import Reach, find_candidates
from fieldcheck.matching.evidence import compare_dates, compare_numbers, compare_sizes
from fieldcheck.matching.finding import Finding
from fieldcheck.matching.match import match_item
from fieldcheck.matching.query import Query, make_query
from fieldcheck.matching.weights import Rarity, measuring_error, weight
from fieldcheck.models import Candidate, Effect, EvidenceKind, Item, Record, Status, Strength
from fieldcheck.text.dates import Years
from fieldcheck.text.reading import ItemReading, Reader, Reading
from fieldcheck.text.terms import record_terms, size_terms

Hold = Callable[..., Holdings]

CONCERT = Record(
    id="concert",
    title="The Quartet at Dusk",
    maker="Willem Hazelhoff",
    object_type="painting",
    materials=("oil", "canvas"),
    measurements=("72.5 x 64.7 cm",),
    period="1664",
    inventory_numbers=("P21W27",),
)
OTHERS = (
    Record(
        id="horse",
        title="Rider on a Pony",
        maker="Carla Bini",
        object_type="statuette",
        materials=("bronze",),
        measurements=("12 x 8 cm",),
        period="16th century",
    ),
    Record(
        id="bowl",
        title="Bowl with Fish",
        object_type="bowl",
        materials=("ceramic",),
        measurements=("Diameter: 22 cm",),
        period="1200-1250",
        culture="Persian",
    ),
    Record(
        id="print",
        title="Harbour at Night",
        maker="Nadia Orlova",
        object_type="print",
        materials=("woodcut",),
        measurements=("30 x 40 cm",),
        period="1921",
    ),
    Record(
        id="icon",
        title="Saint George",
        object_type="icon",
        materials=("tempera", "wood"),
        period="17th century",
        culture="Russian",
    ),
    *(Record(id=f"vase{n}", title=f"Vase number {n}", object_type="vase", materials=("glass",)) for n in range(40)),
)
ALL = (CONCERT, *OTHERS)


def _match(holdings: Holdings, text: str = "", **fields: str) -> tuple[Candidate, ...]:
    return match_item(Item(text=text, **fields), holdings, Reader()).candidates


def _first(holdings: Holdings, text: str = "", **fields: str) -> str:
    return _match(holdings, text, **fields)[0].record.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oil painting, The Quartet at Dusk, Hazelhoff", "concert"),
        ("painting 64.7 x 72.5 cm", "concert"),
        ("painting 28 1/2 x 25 1/2 inches of 1664", "concert"),
        ("bronze horse 12 cm", "horse"),
        ("statuette en bronze 12 cm", "horse"),
        ("бронзовая статуэтка 12 см", "horse"),
        ("青铜 小雕像 12 厘米", "horse"),
        ("تمثال صغير برونز 12 سم", "horse"),
        ("Schale aus Keramik, 22 cm", "bowl"),
        ("kase seramik 22 cm", "bowl"),
        ("xilografía 30 x 40 cm 1921", "print"),
        ("икона семнадцатого века святой георгий", "icon"),
        ("ікона дерево темпера", "icon"),
    ],
)
def test_the_record_is_first_in_whatever_language_it_is_described(hold: Hold, text: str, expected: str) -> None:
    assert _first(hold(*ALL), text) == expected


@pytest.mark.parametrize(
    "text", ["painting Hazelhof dusk", "painting quartte hazelhoff", "panting Quartet Dusk Hazlehoff"]
)
def test_a_slip_of_the_pen_does_not_hide_the_record(hold: Hold, text: str) -> None:
    assert _first(hold(*ALL), text) == "concert"


def test_a_makers_name_in_cyrillic_finds_the_record(hold: Hold) -> None:
    assert _first(hold(*ALL), "гравюра Орлова") == "print"


@pytest.mark.parametrize("name", ["بيكاسو", "毕加索", "Пикассо", "Пикассой", "پیکاسو", "Picaso"])
def test_a_much_sought_maker_is_known_in_other_scripts(hold: Hold, name: str) -> None:
    holdings = hold(*ALL, Record(id="p", title="Bathers", maker="Pablo Picasso", object_type="painting"))
    best = _match(holdings, name)[0]
    assert best.record.id == "p"
    assert best.evidence[0].kind is EvidenceKind.MAKER


@pytest.mark.parametrize("number", ["P21W27", "p 21.w-27", "P.21 W 27"])
def test_an_inventory_number_finds_its_record_however_it_is_written(hold: Hold, number: str) -> None:
    holdings = hold(*ALL)
    alone = _match(holdings, inventory_no=number)[0]
    assert (alone.record.id, alone.strength) == ("concert", Strength.POSSIBLE)
    assert _match(holdings, "painting", inventory_no=number)[0].strength is Strength.STRONG
    assert _match(holdings, "bronze statuette", inventory_no=number)[0].strength is not Strength.STRONG


def test_one_object_on_two_lists_does_not_rival_itself(hold: Hold, install_list: Install, home: Path) -> None:
    hold(*ALL)
    install_list("police", replace(CONCERT, id="case-7", title="Quartet at Dusk (The)"))
    with open_holdings(home, ("museum", "police")) as holdings:
        found = _match(holdings, "oil painting on canvas, The Quartet at Dusk, Willem Hazelhoff, 72.5 x 64.7 cm")
    assert {candidate.list_id for candidate in found[:2]} == {"museum", "police"}
    assert [candidate.strength for candidate in found[:2]] == [Strength.STRONG, Strength.STRONG]


def test_a_full_description_is_strong_and_says_why(hold: Hold) -> None:
    best = _match(hold(*ALL), "oil painting on canvas, The Quartet at Dusk, Willem Hazelhoff, 72.5 x 64.7 cm, 1664")[0]
    assert best.strength is Strength.STRONG
    kinds = {evidence.kind for evidence in best.evidence if evidence.effect is Effect.FOR}
    assert {EvidenceKind.TITLE, EvidenceKind.MAKER, EvidenceKind.SIZE, EvidenceKind.DATE} <= kinds


def test_a_vague_description_is_never_strong(hold: Hold) -> None:
    assert {candidate.strength for candidate in _match(hold(*ALL), "glass vase")} == {Strength.WEAK}


def test_records_that_cannot_be_told_apart_are_counted_and_none_is_strong(hold: Hold) -> None:
    twins = [
        Record(id=f"t{n}", title="Self-Portrait", maker="Ada Lund", object_type="print", materials=("etching",))
        for n in range(3)
    ]
    best = _match(hold(*ALL, *twins), "etching, Self-Portrait, Ada Lund")[0]
    assert best.alike == 3
    assert best.strength is not Strength.STRONG


def test_nothing_is_stronger_than_what_stands_above_it(hold: Hold) -> None:
    order = [Strength.STRONG, Strength.POSSIBLE, Strength.WEAK]
    found = _match(hold(*ALL), "oil painting The Quartet at Dusk Hazelhoff 72.5 x 64.7 cm")
    ranks = [order.index(candidate.strength) for candidate in found]
    assert ranks == sorted(ranks)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_a_score_is_the_sum_of_its_evidence(hold: Hold) -> None:
    for candidate in _match(hold(*ALL), "bronze statuette 12 cm 16th century rider"):
        assert candidate.score == pytest.approx(sum(evidence.weight for evidence in candidate.evidence), abs=1e-3)


def test_a_record_that_came_back_is_still_found(hold: Hold) -> None:
    holdings = hold(replace(CONCERT, status=Status.RECOVERED), *OTHERS)
    assert _match(holdings, "The Quartet at Dusk, Hazelhoff")[0].record.status is Status.RECOVERED


def test_an_arabic_record_is_found_in_english_and_the_other_way_round(hold: Hold) -> None:
    arabic = Record(
        id="statue", title="تمثال من البرونز", materials=("برونز",), measurements=("الارتفاع 20 سم",), language="ar"
    )
    holdings = hold(*OTHERS, arabic)
    assert _first(holdings, "bronze statue 20 cm") == "statue"
    assert _first(holdings, "تمثال برونزي 12 سم") in {"horse", "statue"}


def test_the_order_of_what_is_said_changes_nothing(hold: Hold) -> None:
    holdings = hold(*ALL)
    parts = ["oil painting", "canvas", "The Quartet at Dusk", "Hazelhoff", "72.5 x 64.7 cm"]
    expected = [(c.record.id, c.score, c.strength) for c in _match(holdings, ", ".join(parts))]

    @settings(max_examples=40, deadline=None)
    @given(order=st.permutations(parts))
    def check(order: list[str]) -> None:
        assert [(c.record.id, c.score, c.strength) for c in _match(holdings, ", ".join(order))] == expected

    check()


@pytest.mark.parametrize(
    ("field", "value"),
    [("maker", "Willem Hazelhoff"), ("material", "oil on canvas"), ("size", "72.5 x 64.7 cm"), ("period", "1664"),
     ("object_type", "painting"), ("inventory_no", "P21W27")],
)  # fmt: skip
def test_an_agreeing_field_never_lowers_a_record(hold: Hold, field: str, value: str) -> None:
    holdings = hold(*ALL)
    order = [Strength.WEAK, Strength.POSSIBLE, Strength.STRONG]
    for text in ("The Quartet at Dusk", "painting quartet", "dusk Hazelhoff 1664"):
        before, after = _match(holdings, text)[0], _match(holdings, text, **{field: value})[0]
        assert after.record.id == "concert"
        assert after.score >= before.score
        assert order.index(after.strength) >= order.index(before.strength)


def test_nothing_said_finds_nothing(hold: Hold) -> None:
    assert _match(hold(*ALL), "") == ()


def _query(reading: ItemReading) -> Query:
    errors = tuple(map(measuring_error, reading.sizes))
    return Query(reading, (), Rarity(100, lambda _: 1), errors=errors)


def _effect(found: Iterable[Finding]) -> Effect:
    worth = _worth(found)
    return Effect.FOR if worth > 0 else Effect.AGAINST if worth < 0 else Effect.NONE


_ITEM = ItemReading((), (), None, (), (), ())
_RECORD = Reading((), None, {}, (), (), (), ())


@pytest.mark.parametrize(
    ("asked", "listed", "effect"),
    [
        ((30, 40), (30, 40), Effect.FOR),
        ((40, 30), (30, 40), Effect.FOR),
        ((30.5, 40.8), (30, 40), Effect.FOR),
        ((30,), (30, 40), Effect.FOR),
        ((30, 60), (30, 40), Effect.AGAINST),
        ((10, 10), (30, 40), Effect.AGAINST),
        ((32, 44), (30, 40), Effect.NONE),
    ],
)
def test_sizes_agree_differ_or_say_nothing(asked: tuple[float, ...], listed: tuple[float, ...], effect: Effect) -> None:
    assert _effect(compare_sizes(_query(replace(_ITEM, sizes=asked)), replace(_RECORD, sizes=listed))) is effect


def test_nearer_sizes_are_worth_more() -> None:
    worths = [
        _worth(compare_sizes(_query(replace(_ITEM, sizes=(30 * k, 40 * k))), replace(_RECORD, sizes=(30, 40))))
        for k in (1.0, 1.01, 1.03)
    ]
    assert worths == sorted(worths, reverse=True)
    assert worths[0] == pytest.approx(weight("size", "two_agree") + weight("size", "same_order"))


@pytest.mark.parametrize(
    ("asked", "listed", "effect"),
    [
        ((1664, 1664), (1664, 1664), Effect.FOR),
        ((1601, 1700), (1664, 1664), Effect.FOR),
        ((1664, 1664), (1670, 1670), Effect.NONE),
        ((1664, 1664), (1700, 1720), Effect.AGAINST),
        ((-500, -400), (1900, 1900), Effect.AGAINST),
    ],
)
def test_dates_agree_differ_or_say_nothing(asked: tuple[int, int], listed: tuple[int, int], effect: Effect) -> None:
    item, record = replace(_ITEM, years=Years(*asked)), replace(_RECORD, years=listed)
    assert _effect(compare_dates(_query(item), record)) is effect


def test_a_narrower_date_says_more() -> None:
    year, century = ((1664, 1664), (1601, 1700))
    worths = [
        _worth(compare_dates(_query(replace(_ITEM, years=Years(*span))), replace(_RECORD, years=(1664, 1664))))
        for span in (year, century)
    ]
    assert worths[0] > worths[1] > 0


def test_a_number_typed_as_one_counts_more_than_one_found_in_the_text() -> None:
    record = replace(_RECORD, numbers=("p21w27",))
    typed = _worth(compare_numbers(_query(replace(_ITEM, numbers=("p21w27",))), record))
    found = _worth(compare_numbers(_query(replace(_ITEM, numbers_in_text=("p21w27",))), record))
    other = _worth(compare_numbers(_query(replace(_ITEM, numbers=("p99",))), record))
    assert typed > found > 0 > other


def test_what_cannot_be_compared_is_no_evidence() -> None:
    query = _query(_ITEM)
    found = (*compare_numbers(query, _RECORD), *compare_sizes(query, _RECORD), *compare_dates(query, _RECORD))
    assert not found


def _worth(found: Iterable[Finding]) -> float:
    (only,) = found
    return only.worth


def test_a_small_object_may_be_off_by_what_a_ruler_is_read_to() -> None:
    same = compare_sizes(_query(replace(_ITEM, sizes=(5.0, 4.5))), replace(_RECORD, sizes=(5.24, 4.6)))
    large = compare_sizes(_query(replace(_ITEM, sizes=(50.0, 45.0))), replace(_RECORD, sizes=(52.4, 46.0)))
    assert _worth(same) > _worth(large)


def test_the_only_size_given_is_sooner_the_height_than_the_width() -> None:
    upright, across = (
        _worth(compare_sizes(_query(replace(_ITEM, sizes=(30,))), replace(_RECORD, sizes=sizes)))
        for sizes in ((30, 40), (40, 30))
    )
    assert upright > across > 0


@settings(deadline=None)
@given(sizes=st.lists(st.floats(2, 300), min_size=1, max_size=3), factor=st.floats(0.975, 1.025))
def test_what_is_measured_anew_is_filed_where_it_is_looked_for(sizes: list[float], factor: float) -> None:
    record = replace(_RECORD, sizes=tuple(size * factor for size in sizes))
    terms = size_terms(sizes, [measuring_error(size) for size in sizes])
    assert terms.keys() & set(record_terms(record))


def test_about_before_a_size_says_nothing_of_the_year() -> None:
    years = Reader().read_item(Item(text="lithograph about 49 cm 1895")).years
    assert years == Years(1895, 1895)


@pytest.mark.parametrize("text", ["ppaer quartet", "papre", "paepr"])
def test_letters_that_changed_places_in_a_short_word_are_put_right(hold: Hold, text: str) -> None:
    holdings = hold(*OTHERS, Record(id="drawing", title="Quartett", object_type="drawing", materials=("paper",)))
    assert _first(holdings, text) == "drawing"


def test_who_is_called_an_artist_is_not_missed_in_the_record(hold: Hold) -> None:
    holdings = hold(*ALL)
    plain, named = (_match(holdings, text)[0] for text in ("bowl with fish", "bowl with fish Artist Co"))
    assert named.score == plain.score


def test_a_word_for_a_thing_is_not_looked_for_as_a_name_that_sounds_like_it(hold: Hold) -> None:
    ass = Record(id="ass", title="Without a Name", maker="Ass", object_type="drawing", materials=("paper",))
    bust = Record(id="bust", title="Head", maker="Nadia Orlova", object_type="sculpture", materials=("plaster",))
    found = _match(hold(*ALL, ass, bust), "تمثال جص")
    assert found[0].record.id == "bust"
    assert not any(evidence.kind is EvidenceKind.MAKER for candidate in found for evidence in candidate.evidence)


def test_a_rare_word_that_names_nobody_does_not_end_the_search(hold: Hold) -> None:
    named = Record(id="named", title="Almanac of the Co", object_type="book")
    hats = (Record(id=f"hat{n}", title=f"Hat {n}", object_type="hat", materials=("silk",)) for n in range(20))
    holdings = hold(*ALL, named, *hats)
    query = make_query(Reader().read_item(Item(text="silk hat Co.")), holdings)
    assert not find_candidates(query, holdings, Reach(postings=1, share=0.0, candidates=40)).is_all


def test_a_longer_list_has_more_of_its_records_compared() -> None:
    reach = Reach(postings=1, share=0.0, candidates=40)
    compared = [reach.compared(size) for size in (0, 500, 10_000, 100_000, 1_000_000)]
    assert compared[:3] == [40, 40, 40] < compared[3:] == sorted(compared[3:])
