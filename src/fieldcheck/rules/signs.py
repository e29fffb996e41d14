"""How each indicator that can be decided is decided: one function for each, by the id in ``data/indicators.toml``."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from fieldcheck.datafiles import load_toml
from fieldcheck.models import ListedState, PapersLine, PapersState, PaperState
from fieldcheck.rules.case import Case
from fieldcheck.rules.declaration import certificate_disagrees, is_for_modern_goods, issued_elsewhere
from fieldcheck.rules.kinds import Answer, Kind
from fieldcheck.rules.papers import EXPORT_CERTIFICATE, kind_of
from fieldcheck.text.normalise import words

_OLD = 100
_LIMITS = (100, 200, 250)
_JUST_UNDER = 20
_MANY_ALIKE = 10
"""Like items in one shipment that count as goods that come again and again; a set or a pair is fewer."""

_WATCHED_SCRIPT = frozenset({"cuneiform_tablet"})
_REMAINS = frozenset({"human_remains", "mummy"})

Sign = Callable[[Case, PapersLine, ListedState], Answer]


def _vague(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    if not case.item.declared or not (case.watched or case.elsewhere):
        return Answer.UNKNOWN
    if case.declared.goods.types & case.goods.types:
        return Answer.NO
    return Answer.YES if _says(case, "mundane") else Answer.UNKNOWN


def _souvenir(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    if not case.item.declared:
        return Answer.UNKNOWN
    if not _says(case, "souvenir"):
        return Answer.NO
    return case.goods.is_older_than(_OLD)


def _building(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    if not case.item.declared or not case.goods.types:
        return Answer.UNKNOWN
    parts = case.goods.types & {"mosaic", "relief", "wall_painting", "architectural_element", "stele"}
    return _yes(bool(parts) and _says(case, "building") and not case.declared.goods.types & {"mosaic", "relief"})


def _raw_material(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    if not case.item.declared:
        return Answer.UNKNOWN
    units = case.declared.reading.units
    return _yes(bool(units) and all(_is_material(unit.concepts) for unit in units))


def _heading(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    if not case.item.hs:
        return Answer.UNKNOWN
    return case.goods.is_older_than(_OLD) if is_for_modern_goods(case.item.hs) else Answer.NO


def _last_port(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    area = _area(case)
    if not area or not case.item.origin:
        return Answer.UNKNOWN
    return _yes(case.item.origin not in area and case.item.origin == (case.item.sent_from or case.item.origin))


def _other_issuer(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    return _yes(issued_elsewhere(case)) if case.item.issued_by and case.item.origin else Answer.UNKNOWN


def _embargo(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    if not any(applied.instrument.kind is Kind.SECURITY_COUNCIL for applied in case.binding):
        return Answer.NO if case.item.origin and case.goods.types else Answer.UNKNOWN
    return _not_shown(case, (EXPORT_CERTIFICATE, "proof-of-earlier-exit"))


def _repeated(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    """Many like items in one shipment; what came in earlier ones is not known here."""
    return Answer.YES if case.item.alike + 1 >= _MANY_ALIKE else Answer.UNKNOWN


def _neighbour(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    """A state beside the declared one has a control here that the declared one has not."""
    area, origin = _area(case), case.item.origin
    if not area or origin not in area:
        return Answer.UNKNOWN
    return _yes(not case.binding and bool(case.neighbours_with_control & area - {origin}))


def _no_certificate(case: Case, papers: PapersLine, _listed: ListedState) -> Answer:
    return _not_shown(case, (EXPORT_CERTIFICATE,)) if papers.wanted else Answer.UNKNOWN


def _other_object(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    states = {paper.state for paper in case.item.papers}
    if PaperState.CONFLICTING in states or certificate_disagrees(case):
        return Answer.YES
    return Answer.NO if states and states <= {PaperState.VERIFIED, PaperState.MISSING} else Answer.UNKNOWN


def _lacks(rule: str) -> Sign:
    """Whether the paper that one rule wants is missing; not where the rule does not bind."""

    def decide(case: Case, papers: PapersLine, _listed: ListedState) -> Answer:
        wanting = [applied.instrument for applied in case.binding if applied.instrument.id.startswith(rule)]
        measures = [entry for entry in wanting if rule != "" or entry.kind is Kind.MEASURE]
        if not measures:
            return Answer.NO if case.item.border and papers.state is not PapersState.NOT_ASKED else Answer.UNKNOWN
        return _not_shown(case, measures[0].papers)

    return decide


def _just_under(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    oldest = case.goods.oldest
    if oldest is None or case.goods.by_culture or not case.goods.types:
        return Answer.UNKNOWN
    usually_older = any(
        entry.year_to is not None and entry.year_to < int(case.on[:4]) - oldest for entry in case.elsewhere
    )
    near = any(limit - _JUST_UNDER <= oldest <= limit for limit in _LIMITS)
    return _yes(near and (usually_older or case.goods.of_old_kind))


def _number(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    return Answer.YES if case.item.inventory_no else Answer.UNKNOWN


def _script(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    said = f"{case.item.text} {case.item.inscription} {case.item.feature}"
    if case.goods.types & _WATCHED_SCRIPT or _contains(said, "script"):
        return Answer.YES
    return Answer.NO if case.item.inscription else Answer.UNKNOWN


def _red_list(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    if case.watched:
        return Answer.YES
    return Answer.NO if case.goods.types and (case.item.origin or not case.elsewhere) else Answer.UNKNOWN


def _remains(case: Case, _papers: PapersLine, _listed: ListedState) -> Answer:
    return _yes(bool(case.goods.types & _REMAINS)) if case.goods.types else Answer.UNKNOWN


def _near_record(_case: Case, _papers: PapersLine, listed: ListedState) -> Answer:
    return Answer.NO if listed is ListedState.NONE_FOUND else Answer.UNKNOWN


DECIDED: Mapping[str, Sign] = {
    "D01": _vague,
    "D03": _souvenir,
    "D05": _building,
    "D06": _raw_material,
    "D08": _heading,
    "O01": _last_port,
    "O02": _other_issuer,
    "O03": _embargo,
    "O06": _repeated,
    "O08": _neighbour,
    "P01": _no_certificate,
    "P03": _other_object,
    "P06": _lacks("eu-880-b"),
    "P07": _lacks("eu-880-c"),
    "P08": _lacks(""),
    "P09": _just_under,
    "X01": _number,
    "X02": _script,
    "X03": _red_list,
    "X08": _remains,
    "X09": _near_record,
}


def _yes(holds: bool) -> Answer:  # noqa: FBT001  # the answer to the one question that it is given
    return Answer.YES if holds else Answer.NO


def _not_shown(case: Case, kinds: Iterable[str]) -> Answer:
    """Whether none of these papers is there: known only once the officer has said so of one of them."""
    wanted = set(kinds)
    states = {paper.state for paper in case.item.papers if kind_of(paper.kind) in wanted}
    if not states:
        return Answer.UNKNOWN
    return _yes(not states & {PaperState.PRESENT, PaperState.VERIFIED})


def _is_material(concepts: Iterable[object]) -> bool:
    kinds = {getattr(concept, "kind", "") for concept in concepts}
    return bool(kinds) and kinds <= {"material", "technique"}


def _area(case: Case) -> frozenset[str]:
    """The states of today over which all cultures that are named reached."""
    areas = [set(case.culture_area[name]) for name in case.goods.cultures if name in case.culture_area]
    return frozenset(set.intersection(*areas)) if areas else frozenset()


def _says(case: Case, name: str) -> bool:
    return _contains(case.item.declared, name)


def _contains(text: str, name: str) -> bool:
    folded = f" {' '.join(words(text))} "
    return any(f" {phrase} " in folded for phrase in _phrases(name))


@cache
def _phrases(name: str) -> tuple[str, ...]:
    return tuple(" ".join(words(phrase)) for phrase in load_toml("indicators.toml")["words"][name])
