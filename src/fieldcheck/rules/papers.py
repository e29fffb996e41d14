"""Which papers this border wants for this object, and what is known of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fieldcheck.datafiles import load_toml
from fieldcheck.models import Paper, PapersLine, PapersState, PaperState
from fieldcheck.rules.case import Case
from fieldcheck.rules.declaration import disagreements
from fieldcheck.rules.facts import Instrument
from fieldcheck.rules.kinds import Effect
from fieldcheck.text.normalise import words
from fieldcheck.wording import sentence

EXPORT_CERTIFICATE = "export-certificate"
_GOOD = (PaperState.VERIFIED, PaperState.PRESENT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Papers of which a rule wants one, and how they are called."""

    kinds: tuple[str, ...]
    name: str


def judge_papers(case: Case) -> PapersLine:
    """The papers line of a case."""
    papers = {kind_of(paper.kind): paper for paper in case.item.papers}
    conflicts = disagreements(case)
    groups = wanted_papers(case)
    wanted = tuple(group.name for group in groups)
    wrong = [paper.kind for paper in papers.values() if paper.state is PaperState.CONFLICTING]
    if wrong or conflicts:
        text = sentence("papers", "conflicting", {"kinds": "; ".join([*wrong, *conflicts]).rstrip(".")})
        return PapersLine(PapersState.CONFLICTING, text, wanted, conflicts)
    state, named = _state(groups, papers)
    if state is PapersState.NOT_ASKED:
        text = sentence("papers", "wanted", {"kinds": "; ".join(wanted)}) if wanted else sentence("papers", state)
        return PapersLine(state, text, wanted)
    return PapersLine(state, sentence("papers", state, {"kinds": "; ".join(named)}), wanted)


def wanted_papers(case: Case) -> tuple[Wanted, ...]:
    """What the rules that control the object want; for a type on a watch list, the certificate of its state."""
    groups: dict[tuple[str, ...], Wanted] = {}
    for applied in case.binding:
        kinds = papers_of(applied.instrument)
        groups.setdefault(kinds, Wanted(kinds, _name(kinds, case, _before(applied.instrument))))
    if not groups and case.watched:
        kinds = (EXPORT_CERTIFICATE,)
        groups[kinds] = Wanted(kinds, _name(kinds, case, ""))
    return tuple(groups.values())


def papers_of(entry: Instrument) -> tuple[str, ...]:
    """The papers of which an instrument wants one; a state's own export law wants its certificate."""
    return entry.papers or (EXPORT_CERTIFICATE,)


def lacks_papers(entry: Instrument, papers: Iterable[Paper]) -> bool:
    """Whether the officer said that what an instrument wants is missing or does not fit."""
    said = {paper.state for paper in papers if kind_of(paper.kind) in papers_of(entry)}
    return PaperState.CONFLICTING in said or (PaperState.MISSING in said and not said & set(_GOOD))


def kind_of(text: str) -> str:
    """The kind of a paper as this data names it, by any of its names; other papers keep their own."""
    folded = " ".join(words(text))
    return _kinds().get(folded, folded.replace(" ", "-"))


def _state(groups: Sequence[Wanted], papers: dict[str, Paper]) -> tuple[PapersState, list[str]]:
    """The worst of what is wanted; where nothing is wanted, the worst of what was said."""
    if not groups:
        return _worst_said(papers)
    best = [_best(group, papers) for group in groups]
    if missing := [group.name for group, state in zip(groups, best, strict=True) if state is PaperState.MISSING]:
        return PapersState.MISSING, missing
    if None in best:
        return PapersState.NOT_ASKED, []
    names = [group.name for group in groups]
    unverified = any(state is PaperState.PRESENT for state in best)
    return (PapersState.PRESENT_UNVERIFIED if unverified else PapersState.VERIFIED), names


def _best(group: Wanted, papers: dict[str, Paper]) -> PaperState | None:
    said = [papers[kind].state for kind in group.kinds if kind in papers]
    good = next((state for state in _GOOD if state in said), None)
    return good or (PaperState.MISSING if said else None)


def _worst_said(papers: dict[str, Paper]) -> tuple[PapersState, list[str]]:
    for said, state in (
        (PaperState.MISSING, PapersState.MISSING),
        (PaperState.PRESENT, PapersState.PRESENT_UNVERIFIED),
        (PaperState.VERIFIED, PapersState.VERIFIED),
    ):
        if kinds := [paper.kind for paper in papers.values() if paper.state is said]:
            return state, kinds
    return PapersState.NOT_ASKED, []


def _before(entry: Instrument) -> str:
    """Until when it could leave its state: the export law of that state decides where a rule enforces it."""
    since = "" if entry.effect is Effect.EXPORT_LAW else entry.removed_since or entry.valid_from
    if since:
        return sentence("papers", "before", {"date": since})
    return sentence("papers", "before_law" if entry.effect is Effect.EXPORT_LAW else "before_rule")


def _name(kinds: Sequence[str], case: Case, before: str) -> str:
    origin = case.item.origin or sentence("papers", "state_of_origin")
    values = {"origin": origin, "before": before}
    return sentence("papers", "or").join(_papers()[kind]["name"].format_map(values) for kind in kinds)


@cache
def _papers() -> dict[str, Any]:
    return {kind: entry for kind, entry in load_toml("papers.toml").items() if isinstance(entry, dict)}


@cache
def _kinds() -> dict[str, str]:
    return {
        " ".join(words(said)): kind
        for kind, entry in _papers().items()
        for said in (kind, *entry["says"])
    }  # fmt: skip
