"""From five lines to one band, and to the one to three answers that would change it. Nothing else."""

from collections.abc import Iterator, Sequence

from fieldcheck.errors import ExitCode
from fieldcheck.models import (
    Band,
    Candidate,
    ControlledState,
    EvidenceKind,
    IndicatorsState,
    Item,
    Lines,
    ListedState,
    PapersState,
    Strength,
    Verdict,
)
from fieldcheck.wording import sentence, sentences

_MOST_QUESTIONS = 3
_MOST_TELLING = 2
_WATCHED = frozenset({ControlledState.CONTROLLED_HERE, ControlledState.WATCH_LIST})
_PAPERS_FAIL = frozenset({PapersState.MISSING, PapersState.CONFLICTING})


def decide(item: Item, lines: Lines, candidates: Sequence[Candidate], call: str = "") -> Verdict:
    """Draw the verdict from its lines.

    Args:
        item: what was checked.
        lines: the five lines.
        candidates: ranked, the best first.
        call: whom to call at this border, as a sentence; a general one where it is empty.
    """
    best = _sought(candidates)
    band = _band(lines)
    return Verdict(
        band=band,
        headline=_headline(band, lines, best),
        lines=lines,
        next_steps=_next_steps(band, lines, call),
        would_change=tuple(_questions(item, lines, best))[:_MOST_QUESTIONS],
    )


def exit_code(verdict: Verdict) -> ExitCode:
    """How a check with this verdict ends, the gravest first."""
    listed = verdict.lines.listed.state
    if listed is ListedState.STRONG:
        return ExitCode.STRONG
    if listed is ListedState.POSSIBLE:
        return ExitCode.POSSIBLE
    if verdict.band in {Band.HOLD_CONTROL, Band.REFER}:
        return ExitCode.CONTROL
    return ExitCode.NOT_FULLY_CHECKED if not_fully_checked(verdict.lines) else ExitCode.NOTHING_FOUND


def not_fully_checked(lines: Lines) -> bool:
    """Whether a list that is held did not answer or is too old, or a photo could not be used."""
    lists = lines.data.lists
    gaps = any(entry.problem or entry.stale for entry in lists) or bool(lines.listed.not_checked)
    return gaps or lines.listed.state is ListedState.NOT_CHECKED


def _sought(candidates: Sequence[Candidate]) -> Candidate | None:
    wanted = (candidate for candidate in candidates if candidate.record.status.is_sought)
    return next((candidate for candidate in wanted if candidate.strength is not Strength.WEAK), None)


def _band(lines: Lines) -> Band:
    if lines.listed.state is ListedState.STRONG:
        return Band.HOLD_LISTED
    controlled, papers = lines.controlled.state, lines.papers.state
    if controlled is ControlledState.CONTROLLED_HERE and papers in _PAPERS_FAIL:
        return Band.HOLD_CONTROL
    watched = controlled in _WATCHED and papers is not PapersState.VERIFIED
    several = lines.indicators.state is IndicatorsState.SEVERAL_MET
    if watched or several or papers is PapersState.CONFLICTING:
        return Band.REFER
    return Band.MORE_INFORMATION if _is_open(lines) else Band.NO_INDICATION


def _is_open(lines: Lines) -> bool:
    """Whether an answer that is still to be had could speak against the object."""
    listed = lines.listed.state in {ListedState.POSSIBLE, ListedState.NOT_CHECKED}
    return listed or _law_is_open(lines) or lines.indicators.state is IndicatorsState.SOME_MET


def _law_is_open(lines: Lines) -> bool:
    controlled = lines.controlled
    return controlled.state is ControlledState.UNKNOWN and (controlled.origin_decides or bool(controlled.asks))


def _next_steps(band: Band, lines: Lines, call: str) -> tuple[str, ...]:
    if _nothing_checked(band, lines):
        return sentences("next_steps", "not_checked")
    steps = sentences("next_steps", band)
    whom = call or sentence("words", "call")
    if band is Band.HOLD_LISTED:
        return (*steps, whom)
    return (steps[0], whom, *steps[1:]) if band in {Band.HOLD_CONTROL, Band.REFER} else steps


def _origin_would_decide(lines: Lines) -> bool:
    return _law_is_open(lines) and lines.controlled.origin_decides


def _nothing_checked(band: Band, lines: Lines) -> bool:
    return band is Band.MORE_INFORMATION and lines.listed.state is ListedState.NOT_CHECKED


def _headline(band: Band, lines: Lines, best: Candidate | None) -> str:
    if _nothing_checked(band, lines):
        return lines.listed.text
    failed = lines.papers.state in _PAPERS_FAIL
    values: dict[str, object] = {
        "reason": _reason(lines, best),
        "papers": sentence("words", f"papers_{lines.papers.state}") if failed else "",
    }
    rule = lines.controlled.rules[0].name if lines.controlled.rules else ""
    return sentence("headline", band, {**values, "rule": rule, **(named(best) if best else {})})


def _reason(lines: Lines, best: Candidate | None) -> str:
    controlled, papers = lines.controlled, lines.papers.state
    if controlled.state in _WATCHED and papers is not PapersState.VERIFIED:
        name = "watch_list" if controlled.state is ControlledState.WATCH_LIST else "control_papers"
        return sentence("reason", name, {"rule": controlled.rules[0].name})
    if papers is PapersState.CONFLICTING:
        return sentence("reason", "conflicting_papers")
    if best and lines.indicators.state is not IndicatorsState.SEVERAL_MET:
        return sentence("reason", "alike" if best.alike > 1 else "possible", named(best))
    if lines.indicators.state is IndicatorsState.SEVERAL_MET or not _law_is_open(lines):
        return _indicators(lines)
    return controlled.text if controlled.asks else sentence("reason", "origin")


def _indicators(lines: Lines) -> str:
    return sentence("reason", "indicators", {"met": "; ".join(lines.indicators.met)})


def named(candidate: Candidate) -> dict[str, object]:
    """A candidate's names as sentences use them."""
    return {
        "title": candidate.record.title or candidate.record.object_type or candidate.record.id,
        "list": candidate.list_id,
        "record": candidate.record.id,
        "count": candidate.alike,
        "status": candidate.record.status.value,
    }


def _questions(item: Item, lines: Lines, best: Candidate | None) -> Iterator[str]:
    """Questions whose answer would change the band, the most telling first."""
    controlled, papers = lines.controlled.state, lines.papers.state
    if best and best.strength is Strength.STRONG:
        yield sentence("would_change", "compare", named(best))
        return
    if best and best.alike > 1:
        yield from _telling_apart(best)
    elif best:
        yield from _missing_evidence(item, best)
        yield sentence("would_change", "compare", named(best))
    if controlled in _WATCHED:
        yield from _about_papers(papers, "; ".join(lines.papers.wanted))
    yield from (
        sentence("would_change", asked, {"origin": item.origin or sentence("papers", "state_of_origin")})
        for asked in lines.controlled.asks
    )
    if _origin_would_decide(lines):
        yield sentence("would_change", "origin")
    if lines.indicators.state is IndicatorsState.SOME_MET and lines.indicators.unanswered:
        yield sentence("would_change", "indicator", {"question": lines.indicators.unanswered[0]})
    if lines.listed.state is ListedState.NONE_FOUND and not best:
        yield from _first_descriptions(item)


def _about_papers(state: PapersState, wanted: str) -> Iterator[str]:
    """The question about papers that is still open; nothing is asked of papers that were verified."""
    if wanted and state is not PapersState.VERIFIED:
        yield sentence("would_change", f"papers_{state}", {"papers": wanted})


def _telling_apart(best: Candidate) -> Iterator[str]:
    """Questions whose answers would tell records apart that fit equally."""
    for kind in best.apart[:_MOST_TELLING]:
        question = sentence("would_change", kind)
        yield sentence("would_change", "tell_apart", {"count": best.alike, "question": question})
    if not best.apart:
        yield sentence("would_change", "compare", named(best))


def _missing_evidence(item: Item, best: Candidate) -> Iterator[str]:
    compared = {entry.kind for entry in best.evidence}
    record = best.record
    if record.measurements and EvidenceKind.SIZE not in compared:
        yield sentence("would_change", "size")
    if record.inventory_numbers and EvidenceKind.INVENTORY_NUMBER not in compared:
        yield sentence("would_change", "inventory_number")
    if record.maker and EvidenceKind.MAKER not in compared:
        yield sentence("would_change", "maker")
    if record.images and not item.photos:
        yield sentence("would_change", "photo")


def _first_descriptions(item: Item) -> Iterator[str]:
    if not item.size and not any(character.isdigit() for character in item.text):
        yield sentence("would_change", "size")
    if not item.inventory_no and not item.inscription:
        yield sentence("would_change", "inventory_number")
    if not item.photos:
        yield sentence("would_change", "photo")
