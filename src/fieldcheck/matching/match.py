"""From an item to a ranked shortlist of candidates, each with its evidence and its strength."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fieldcheck.cache.holdings import Holdings
from fieldcheck.cache.opening import OpenList
from fieldcheck.matching.candidates import find_candidates
from fieldcheck.matching.evidence import gather
from fieldcheck.matching.pair import Pair
from fieldcheck.matching.photos import PhotoMatch, match_photos
from fieldcheck.matching.query import Query, make_query
from fieldcheck.matching.strength import alike_within, features, strength_of
from fieldcheck.models import Candidate, Channel, Evidence, EvidenceKind, Item, Record, Strength
from fieldcheck.text.reading import Reader, Reading

DEFAULT_TOP = 10
_ORDER = (Strength.STRONG, Strength.POSSIBLE, Strength.WEAK)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The ranked candidates; ``compared`` counts the records that were looked at field by field.

    ``doubtful`` says in words what in the description could not be read with certainty.
    """

    candidates: tuple[Candidate, ...]
    compared: int
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scored:
    opened: OpenList
    row: int
    score: float
    evidence: tuple[Evidence, ...]

    @property
    def key(self) -> tuple[str, int]:
        return self.opened.id, self.row


def match_item(item: Item, holdings: Holdings, reader: Reader, top: int = DEFAULT_TOP) -> Shortlist:
    """Rank the records of all lists by how much speaks for each, words and photos together."""
    reading = reader.read_item(item)
    query = make_query(reading, holdings)
    photos = {match.key: match for match in match_photos(item.photos, holdings)}
    scored = sorted(_score_all(query, photos, holdings, reader), key=lambda entry: (-entry.score, entry.key))
    candidates = _judge(scored, photos, holdings.size, top)
    return Shortlist(candidates, len(scored), reading.doubtful)


def _score_all(
    query: Query, photos: dict[tuple[str, int], PhotoMatch], holdings: Holdings, reader: Reader
) -> list[_Scored]:
    found = find_candidates(query, holdings) if query.units or query.reading.sizes or query.reading.numbers else []
    rows: dict[str, tuple[OpenList, dict[int, None]]] = {
        opened.id: (opened, dict.fromkeys(rows)) for opened, rows in found
    }
    for opened, row in ((match.opened, match.row) for match in photos.values()):
        rows.setdefault(opened.id, (opened, {}))[1][row] = None
    scored: list[_Scored] = []
    for opened, chosen in rows.values():
        for row, reading in opened.readings(list(chosen)).items():
            evidence = gather(Pair(query, reading, _broader(reading, reader)))
            if match := photos.get((opened.id, row)):
                evidence = (match.evidence, *evidence)
            scored.append(_Scored(opened, row, sum(entry.weight for entry in evidence), evidence))
    return scored


def _broader(reading: Reading, reader: Reader) -> frozenset[str]:
    ids = (concept for kind in reading.concepts.values() for concept in kind)
    known = (reader.lexicon.concept(concept) for concept in ids)
    return frozenset(above for concept in known if concept for above in concept.broader)


def _judge(
    scored: Sequence[_Scored], photos: dict[tuple[str, int], PhotoMatch], size: int, top: int
) -> tuple[Candidate, ...]:
    """The shortlist, by score; nothing is stronger than what stands above it."""
    candidates: list[Candidate] = []
    weakest_so_far = 0
    for entry in scored[:top]:
        alike = sum(abs(other.score - entry.score) <= alike_within() for other in scored)
        others = [other.score for other in scored if other.score < entry.score - alike_within()]
        lead = entry.score - others[0] if others else entry.score
        values = features(entry.score, lead, alike, entry.evidence, size)
        strength = strength_of(values, alike, entry.evidence)
        if match := photos.get(entry.key):
            strength = _photo_strength(match, strength, entry.evidence)
        weakest_so_far = max(weakest_so_far, _ORDER.index(strength))
        candidates.append(_candidate(entry, _ORDER[weakest_so_far], alike, match))
    return tuple(candidates)


def _candidate(entry: _Scored, strength: Strength, alike: int, match: PhotoMatch | None) -> Candidate:
    by = [Channel.PHOTO] if match else []
    if any(evidence.kind is not EvidenceKind.PHOTO and evidence.weight > 0 for evidence in entry.evidence):
        by.append(Channel.TEXT)
    record = entry.opened.record_at(entry.row)
    evidence = tuple(_with_record_text(evidence, record) for evidence in entry.evidence)
    return Candidate(entry.opened.id, record, strength, round(entry.score, 3), tuple(by), evidence, alike)


def _photo_strength(match: PhotoMatch, by_score: Strength, evidence: Sequence[Evidence]) -> Strength:
    """A copy of the record's own photograph is strong unless size or number contradict it; likeness is possible."""
    contradicted = any(
        entry.weight < 0 and entry.kind in {EvidenceKind.SIZE, EvidenceKind.INVENTORY_NUMBER, EvidenceKind.MATERIAL}
        for entry in evidence
    )
    if match.is_copy and not contradicted:
        return Strength.STRONG
    return Strength.STRONG if by_score is Strength.STRONG and not contradicted else Strength.POSSIBLE


def _with_record_text(evidence: Evidence, record: Record) -> Evidence:
    """Show the record's own words where it has a field for them; records are read for the shortlist only."""
    match evidence.kind:
        case EvidenceKind.TITLE:
            shown = record.title
        case EvidenceKind.MAKER:
            shown = record.maker
        case EvidenceKind.INVENTORY_NUMBER:
            shown = " | ".join(record.inventory_numbers)
        case EvidenceKind.SIZE:
            shown = " | ".join(record.measurements) or evidence.record
        case EvidenceKind.DATE:
            shown = record.period or evidence.record
        case _:
            return evidence
    return replace(evidence, record=shown)
