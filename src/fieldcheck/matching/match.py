"""From an item to a ranked shortlist of candidates, each with its evidence and its strength."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.candidates import FIRST_PASS, WIDER_PASS, Reach, find_candidates
from fieldcheck.matching.evidence import compare
from fieldcheck.matching.finding import Finding
from fieldcheck.matching.judging import judge
from fieldcheck.matching.photos import PhotoMatch, match_photos
from fieldcheck.matching.query import Query, make_query
from fieldcheck.matching.scored import Scored
from fieldcheck.models import Candidate, Item, Strength
from fieldcheck.text.reading import ItemReading, Reader

DEFAULT_TOP = 10


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The ranked candidates; ``compared`` counts the records that were looked at field by field.

    ``reading`` is how the item was understood.
    """

    candidates: tuple[Candidate, ...]
    compared: int
    reading: ItemReading


def match_item(item: Item, holdings: Holdings, reader: Reader, top: int = DEFAULT_TOP) -> Shortlist:
    """Rank the records of all lists by how much speaks for each, words and photos together.

    Where the item's rarest words lead to nothing that is even possible, its commoner words are followed as well.
    """
    reading = reader.read_item(item)
    query = make_query(reading, holdings)
    photos = {match.key: match for match in match_photos(item.photos, holdings)}
    for reach in (FIRST_PASS, WIDER_PASS):
        rows, is_all = _rows(query, photos, holdings, reach)
        scored = sorted(_score(rows, query, photos), key=lambda entry: (-entry.score, entry.opened.id, entry.row))
        candidates = judge(scored, photos, query, holdings.size, top)
        if is_all or (candidates and candidates[0].strength is not Strength.WEAK):
            break
    return Shortlist(candidates, len(scored), reading)


def _rows(
    query: Query, photos: Mapping[tuple[str, int], PhotoMatch], holdings: Holdings, reach: Reach
) -> tuple[list[tuple[OpenList, list[int]]], bool]:
    """Rows to compare of each list, and whether no other can be worth more."""
    found = find_candidates(query, holdings, reach)
    rows = {opened.id: (opened, dict.fromkeys(chosen)) for opened, chosen in found.rows}
    for match in photos.values():
        rows.setdefault(match.opened.id, (match.opened, {}))[1][match.row] = None
    return [(opened, list(chosen)) for opened, chosen in rows.values()], found.is_all


def _score(
    rows: list[tuple[OpenList, list[int]]],
    query: Query,
    photos: Mapping[tuple[str, int], PhotoMatch],
) -> Iterator[Scored]:
    for opened, chosen in rows:
        for row, reading in opened.readings(chosen).items():
            findings = compare(query, reading)
            if match := photos.get((opened.id, row)):
                seen = (Finding(evidence.kind, evidence.detail, evidence.weight) for evidence in match.evidence)
                findings = (*seen, *findings)
            yield Scored(opened, row, reading, findings, sum([finding.worth for finding in findings]))
