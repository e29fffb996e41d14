"""Judging compared records: how strong each is, how many cannot be told apart, and what would tell them."""

from collections.abc import Iterator, Mapping, Sequence

from fieldcheck.matching.finding import Finding
from fieldcheck.matching.photos import PhotoMatch
from fieldcheck.matching.query import Query
from fieldcheck.matching.scored import Scored
from fieldcheck.matching.strength import alike_within, read_signs, strength_of
from fieldcheck.matching.telling import tell
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
        alike, apart = _rivals(entry, scored)
        match = photos.get(entry.key)
        if _ORDER[weakest_so_far] is not Strength.WEAK:
            telling = _telling(entry.findings, match)
            signs = read_signs(entry._replace(findings=telling), apart, query, size)
            strength = strength_of(signs, len(alike), telling, size)
            if match:
                strength = _photo_strength(match, strength, entry.findings)
            weakest_so_far = max(weakest_so_far, _ORDER.index(strength))
        told = tell(entry.findings, query, entry.reading, records[entry.key])
        candidates.append(
            Candidate(
                list_id=entry.opened.id,
                record=records[entry.key],
                strength=_ORDER[weakest_so_far],
                score=round(entry.score, 3),
                by=tuple(_by(told, match)),
                evidence=(*match.evidence, *told) if match else told,
                alike=len(alike),
                apart=() if candidates else _apart(entry, alike),
            )
        )
    return tuple(candidates)


def _rivals(entry: Scored, scored: Sequence[Scored]) -> tuple[list[Scored], list[Scored]]:
    """The records that cannot be told apart from one, itself first, and those that can.

    The same object on another list is neither.
    """
    lowest, highest = entry.score - alike_within(), entry.score + alike_within()
    alike: list[Scored] = [entry]
    apart: list[Scored] = []
    for other in scored:
        if other is not entry and (other.opened is entry.opened or not _same_object(other, entry)):
            (alike if lowest <= other.score <= highest else apart).append(other)
    return alike, apart


def _records(entries: Sequence[Scored]) -> dict[tuple[str, int], Record]:
    """The records of several entries, each list asked once."""
    opened = {entry.opened.id: entry.opened for entry in entries}
    return {
        (one.id, row): record
        for one in opened.values()
        for row, record in one.records_at([entry.row for entry in entries if entry.opened is one]).items()
    }


def _by(told: Sequence[Evidence], match: PhotoMatch | None) -> Iterator[Channel]:
    if match:
        yield Channel.PHOTO
    if any(evidence.weight > 0 for evidence in told):
        yield Channel.TEXT


def _same_object(one: Scored, other: Scored) -> bool:
    """Whether two lists seem to name one object: it is then found twice, and does not rival itself."""
    a, b = one.reading, other.reading
    titles = set(a.title) & set(b.title), set(a.title) | set(b.title)
    makers = not a.maker or not b.maker or bool(set(a.maker) & set(b.maker))
    sizes = not a.sizes or not b.sizes or abs(a.sizes[0] - b.sizes[0]) <= weight("size", "agree_within") * a.sizes[0]
    return makers and sizes and len(titles[0]) * 2 >= len(titles[1]) > 0


def _photo_strength(match: PhotoMatch, by_score: Strength, findings: Sequence[Finding]) -> Strength:
    """What the photo is worth by itself, raised by words that agree; a contradiction leaves it possible at most."""
    if match.strength is Strength.WEAK:
        return by_score
    contradicted = any(one.worth < 0 and one.kind in _CONTRADICT_A_PHOTO for one in findings)
    if contradicted:
        return Strength.POSSIBLE if match.is_compared else by_score
    return Strength.STRONG if Strength.STRONG in {match.strength, by_score} else Strength.POSSIBLE


def _telling(findings: tuple[Finding, ...], match: PhotoMatch | None) -> tuple[Finding, ...]:
    """The findings that may name a record: a photo that only looks alike names none."""
    if match and not match.is_compared:
        return tuple(one for one in findings if one.kind is not EvidenceKind.PHOTO)
    return findings


def _apart(entry: Scored, alike: Sequence[Scored]) -> tuple[EvidenceKind, ...]:
    """By which kinds of fact the records that cannot be told apart differ, as far as nobody has said them yet."""
    if len(alike) == 1:
        return ()
    said = {one.kind for one in entry.findings if one.worth > 0}
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
