"""Judging an item by the rules alone, without any list."""

from dataclasses import replace
from functools import cache

from fieldcheck.items import make_item, observed
from fieldcheck.models import Candidate, DataLine, Item, Lines, ListedLine, ListedState, Strength, Verdict
from fieldcheck.rules.case import Case, Lawbook
from fieldcheck.rules.control import judge_control
from fieldcheck.rules.facts import load_facts
from fieldcheck.rules.indicators import judge_indicators
from fieldcheck.rules.papers import judge_papers
from fieldcheck.text.reading import Reader
from fieldcheck.verdict import decide
from results import make_candidate

TODAY = "2026-11-24"


@cache
def reader() -> Reader:
    return Reader()


@cache
def lawbook() -> Lawbook:
    return Lawbook(load_facts(), reader())


def make(
    text: str, *papers: str, observations: tuple[str, ...] = (), assays: tuple[str, ...] = (), **fields: str
) -> Item:
    return observed(make_item({"text": text, **fields}, papers), observations, assays)


def case_of(item: Item, on: str = TODAY) -> Case:
    return lawbook().case(item, reader().read_item(item), on)


def lines_of(item: Item, on: str = TODAY, listed: ListedState = ListedState.NONE_FOUND) -> Lines:
    case = case_of(item, on)
    papers = judge_papers(case)
    return Lines(
        listed=ListedLine(listed, "No record found."),
        controlled=judge_control(case),
        papers=papers,
        indicators=judge_indicators(case, papers, listed),
        data=DataLine("No list is held."),
    )


def verdict_of(item: Item, on: str = TODAY, listed: ListedState = ListedState.NONE_FOUND) -> Verdict:
    case = case_of(item, on)
    lines = lines_of(item, on, listed)
    return decide(item, lines, candidates_for(listed), case.route.border.call if case.route.border else "")


def candidates_for(listed: ListedState) -> tuple[Candidate, ...]:
    """The candidates that a line on lists of that state comes with."""
    strengths = {ListedState.STRONG: Strength.STRONG, ListedState.POSSIBLE: Strength.POSSIBLE}
    return (make_candidate(strength=strengths[listed]),) if listed in strengths else ()


def with_papers(item: Item, **states: str) -> Item:
    papers = make_item({}, [f"{kind.replace('_', '-')}={state}" for kind, state in states.items()]).papers
    return replace(item, papers=papers)
