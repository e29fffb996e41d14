"""Judging compared records: how strong each is, how many cannot be told apart, and what would tell them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fieldcheck.matching.photos import PhotoMatch
from fieldcheck.matching.query import Query
from fieldcheck.matching.scored import Scored
from fieldcheck.matching.strength import alike_within, read_signs, strength_of
from fieldcheck.matching.weights import weight
from fieldcheck.models import Candidate, Channel, Evidence, EvidenceKind, Record, Strength
from fieldcheck.text.reading import Reading

_ORDER = (Strength.STRONG, Strength.POSSIBLE, Strength.WEAK)
_CONTRADICT_A_PHOTO = frozenset({EvidenceKind.SIZE, EvidenceKind.INVENTORY_NUMBER, EvidenceKind.MATERIAL})
_ASKED_FIRST = (
    EvidenceKind.SIZE,
    EvidenceKind.INVENTORY_NUMBER,
    EvidenceKind.TITLE,
    EvidenceKind.SUBJECT,
    EvidenceKind.MAKER,
    EvidenceKind.DATE,
    EvidenceKind.MATERIAL,
)
"""In which order an officer is asked for what would tell records apart: what can be measured comes first."""


def judge(
    scored: Sequence[Scored], photos: Mapping[tuple[str, int], PhotoMatch], query: Query, size: int, top: int
) -> tuple[Candidate, ...]:
    """The shortlist, by score; nothing is stronger than what stands above it.

    Args:
        scored: every record that was compared, the best first.
        photos: what the photos found, by list and row.
        query: what was asked.
        size: number of records held.
        top: length of the shortlist.
    """
    records = _records(scored[:top])
    candidates: list[Candidate] = []
    weakest_so_far = 0
    for entry in scored[:top]:
        rivals = [other for other in scored if other is not entry and not _same_object(other, entry)]
        apart = [other for other in rivals if not _is_alike(other, entry)]
        alike = [entry, *(other for other in rivals if _is_alike(other, entry))]
        match = photos.get(entry.key)
        if _ORDER[weakest_so_far] is not Strength.WEAK:
            telling = _telling(entry.evidence, match)
            signs = read_signs(replace(entry, evidence=telling), apart, query, size)
            strength = strength_of(signs, len(alike), telling, size)
            if match:
                strength = _photo_strength(match, strength, entry.evidence)
            weakest_so_far = max(weakest_so_far, _ORDER.index(strength))
        candidate = _candidate(entry, records[entry.key], _ORDER[weakest_so_far], alike, match)
        candidates.append(candidate if candidates else replace(candidate, apart=_apart(entry, alike)))
    return tuple(candidates)


def _records(entries: Sequence[Scored]) -> dict[tuple[str, int], Record]:
    """The records of several entries, each list asked once."""
    opened = {entry.opened.id: entry.opened for entry in entries}
    return {
        (one.id, row): record
        for one in opened.values()
        for row, record in one.records_at([entry.row for entry in entries if entry.opened is one]).items()
    }


def _candidate(
    entry: Scored, record: Record, strength: Strength, alike: Sequence[Scored], match: PhotoMatch | None
) -> Candidate:
    by = [Channel.PHOTO] if match else []
    if any(evidence.kind is not EvidenceKind.PHOTO and evidence.weight > 0 for evidence in entry.evidence):
        by.append(Channel.TEXT)
    return Candidate(
        list_id=entry.opened.id,
        record=record,
        strength=strength,
        score=round(entry.score, 3),
        by=tuple(by),
        evidence=tuple(_with_record_text(evidence, record) for evidence in entry.evidence),
        alike=len(alike),
    )


def _is_alike(one: Scored, other: Scored) -> bool:
    """Whether two scores are so near that the records cannot be told apart."""
    return abs(one.score - other.score) <= alike_within()


def _same_object(one: Scored, other: Scored) -> bool:
    """Whether two lists seem to name one object: it is then found twice, and does not rival itself."""
    if one.opened is other.opened:
        return False
    a, b = one.reading, other.reading
    titles = set(a.title) & set(b.title), set(a.title) | set(b.title)
    makers = not a.maker or not b.maker or bool(set(a.maker) & set(b.maker))
    sizes = not a.sizes or not b.sizes or abs(a.sizes[0] - b.sizes[0]) <= weight("size", "agree_within") * a.sizes[0]
    return makers and sizes and len(titles[0]) * 2 >= len(titles[1]) > 0


def _photo_strength(match: PhotoMatch, by_score: Strength, evidence: Sequence[Evidence]) -> Strength:
    """What the photo is worth by itself, raised by words that agree; a contradiction leaves it possible at most."""
    if match.strength is Strength.WEAK:
        return by_score
    contradicted = any(entry.weight < 0 and entry.kind in _CONTRADICT_A_PHOTO for entry in evidence)
    if contradicted:
        return Strength.POSSIBLE
    return Strength.STRONG if Strength.STRONG in {match.strength, by_score} else Strength.POSSIBLE


def _telling(evidence: tuple[Evidence, ...], match: PhotoMatch | None) -> tuple[Evidence, ...]:
    """The evidence that may name a record: a photo that only has details in common names none."""
    if match and match.strength is Strength.WEAK:
        return tuple(entry for entry in evidence if entry.kind is not EvidenceKind.PHOTO)
    return evidence


def _apart(entry: Scored, alike: Sequence[Scored]) -> tuple[EvidenceKind, ...]:
    """By which kinds of fact the records that cannot be told apart differ, as far as nobody has said them yet."""
    if len(alike) == 1:
        return ()
    said = {evidence.kind for evidence in entry.evidence if evidence.weight > 0}
    return tuple(
        kind
        for kind in _ASKED_FIRST
        if kind not in said and len({str(_fact(other.reading, kind)) for other in alike}) > 1
    )


def _fact(reading: Reading, kind: EvidenceKind) -> object:
    match kind:
        case EvidenceKind.SIZE:
            return reading.sizes
        case EvidenceKind.INVENTORY_NUMBER:
            return reading.numbers
        case EvidenceKind.TITLE:
            return reading.title
        case EvidenceKind.MAKER:
            return reading.maker
        case EvidenceKind.DATE:
            return reading.years
        case _:
            return reading.concepts.get(kind.value)


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
