import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.errors import UsageError
from fieldcheck.items import MAX_FIELD, make_item, make_paper
from fieldcheck.models import Item, Paper, PaperState

FIELDS = [*Item().described_fields(), "declared", "hs", "value"]


def test_texts_are_trimmed_and_capped() -> None:
    item = make_item({"text": "  a bronze\n\thorse ", "title": "x" * 20_000})
    assert item.text == "a bronze horse"
    assert len(item.title) == MAX_FIELD


@pytest.mark.parametrize("field", ["origin", "sent_from", "sent_to", "border"])
def test_codes_are_two_letters_in_any_case(field: str) -> None:
    assert getattr(make_item({field: " iq "}), field) == "IQ"
    for wrong in ("Iraq", "I", "I1", "ИР", "I Q", "ＩＱ"):
        with pytest.raises(UsageError, match="two letters"):
            make_item({field: wrong})


@pytest.mark.parametrize("state", PaperState)
def test_a_paper_is_kind_and_state(state: PaperState) -> None:
    assert make_paper(f" export-certificate = {state.value.upper()} ") == Paper("export-certificate", state)


@pytest.mark.parametrize("text", ["", "=", "licence", "=missing", "licence=", "licence=lost", "licence missing"])
def test_anything_else_is_no_paper(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        make_paper(text)
    for state in PaperState:
        assert state.value in refused.value.next_step


@given(st.dictionaries(st.sampled_from(FIELDS), st.text()))
def test_any_text_makes_an_item(fields: dict[str, str]) -> None:
    item = make_item(fields)
    assert item == make_item({name: getattr(item, name) for name in fields})
    assert item.described == any(item.described_fields().values())
