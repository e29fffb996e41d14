"""What a result says about its candidates: ranked rows, each with what agrees and what differs."""

from collections.abc import Iterator, Sequence

from fieldcheck.models import Candidate, Effect, Evidence, EvidenceKind, Record, Strength
from fieldcheck.report.page import Block, Heading, Note, Point, Row, Table, Weight
from fieldcheck.report.sanitise import plain
from fieldcheck.report.words import CHANNELS, COMPARED_FIELDS, KINDS, STATUSES, STRENGTHS, UNVERIFIED

_NAME_LIMIT = 120
_SHORT_NAME_LIMIT = 44
ID_LIMIT = 40
_VALUE_LIMIT = 120

_MOST_ROWS = 4
_MOST_FULL = 3
_POINTS_OF_FIRST = 4
_POINTS_OF_OTHERS = 2

_NO_TITLE = "(no title)"
ON_WEIGHTS = "Weights are log-odds. They rank the candidates and measure nothing else."
_COLUMNS = ("Rank", "Strength", "Record", "Object")


def object_name(record: Record) -> str:
    """Title and maker of a record as one short text."""
    shown = (plain(name, _NAME_LIMIT) for name in (record.title or record.object_type, record.maker))
    return " — ".join(name for name in shown if name) or _NO_TITLE


def record_name(list_id: str, record_id: str) -> str:
    """The name under which ``fieldcheck show`` finds a record."""
    return f"{plain(list_id, ID_LIMIT)}/{plain(record_id, ID_LIMIT)}"


def file_name(path: str) -> str:
    """The last part of a path of whichever system."""
    return path.replace("\\", "/").rpartition("/")[2]


def candidates_content(candidates: Sequence[Candidate], *, detail: bool) -> Iterator[Block]:
    """The ranked shortlist: the nearest with their evidence, some others on one line each.

    With ``detail`` every candidate shows all its evidence, with weights that run to its score.
    """
    if not candidates:
        return
    yield Heading("Candidates, the most alike first")
    ranked = tuple(enumerate(candidates, 1))
    if detail:
        yield Table(_COLUMNS, tuple(_weighed(*entry) for entry in ranked), headed=False)
        yield Note(ON_WEIGHTS)
        return
    rows: list[Row] = []
    for rank, candidate in ranked:
        if _in_full(rank, candidate):
            rows.append(_full(rank, candidate))
        elif len(rows) < _MOST_ROWS:
            rows.append(_short(rank, candidate))
    yield Table(_COLUMNS, tuple(rows), headed=False)
    if left := len(ranked) - len(rows):
        yield Note(f"And {left} more that are less alike.")


def _in_full(rank: int, candidate: Candidate) -> bool:
    """Whether a candidate that may raise a hold is near enough the top to be shown with its evidence."""
    if rank == 1:
        return True
    return rank <= _MOST_FULL and candidate.strength is not Strength.WEAK and candidate.record.status.is_sought


def _short(rank: int, candidate: Candidate) -> Row:
    record = candidate.record
    title = plain(record.title or record.object_type, _SHORT_NAME_LIMIT) or _NO_TITLE
    said = (title, _no_longer_sought(candidate))
    return Row((*_names(rank, candidate), ". ".join(part for part in said if part)))


def _full(rank: int, candidate: Candidate) -> Row:
    most = _POINTS_OF_FIRST if rank == 1 else _POINTS_OF_OTHERS
    evidence = _telling_first(candidate.evidence)
    points = [_point(entry, candidate.record) for entry in evidence[:most]]
    left = len(evidence) - len(points)
    rest = [f"{left} more under explain"] if left else []
    return Row((*_names(rank, candidate), _object(candidate)), (*points, *_open_points(candidate, rest)))


def _weighed(rank: int, candidate: Candidate) -> Row:
    return Row((*_names(rank, candidate), _object(candidate)), weighed_points(candidate))


def telling_points(candidate: Candidate) -> tuple[Point, ...]:
    """All the evidence in words, the most telling first, and what could not be compared."""
    points = (_point(entry, candidate.record) for entry in _telling_first(candidate.evidence))
    return (*points, *_open_points(candidate, []))


def weighed_points(candidate: Candidate) -> tuple[Point, ...]:
    """All the evidence with its weights, which run to the score, and what could not be compared."""
    points: list[Point] = []
    total = 0.0
    for entry in candidate.evidence:
        total += entry.weight
        points.append(_point(entry, candidate.record, Weight(entry.weight, total)))
    return (*points, *_open_points(candidate, []))


def _names(rank: int, candidate: Candidate) -> tuple[str, str, str]:
    return str(rank), STRENGTHS[candidate.strength], record_name(candidate.list_id, candidate.record.id)


def _object(candidate: Candidate) -> str:
    found_by = " and ".join(CHANNELS[channel] for channel in candidate.by)
    said = (
        object_name(candidate.record),
        _no_longer_sought(candidate),
        f"Found by {found_by}" if found_by else "",
        f"One of {candidate.alike} that fit equally" if candidate.alike > 1 else "",
    )
    return ". ".join(part for part in said if part)


def _no_longer_sought(candidate: Candidate) -> str:
    status = candidate.record.status
    return "" if status.is_sought else STATUSES[status]


def _telling_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The weightiest first, with the gravest contradiction no further down than second."""
    ordered = sorted(evidence, key=lambda entry: -abs(entry.weight))
    against = next((entry for entry in ordered if entry.effect is Effect.AGAINST), None)
    if against and ordered.index(against) > 1:
        ordered.remove(against)
        ordered.insert(1, against)
    return ordered


def _point(entry: Evidence, record: Record, weight: Weight | None = None) -> Point:
    """One comparison in words, as in "size: the size differs (item 72 cm, record 31 cm)"."""
    asked, listed = entry.query, entry.record
    if entry.kind is EvidenceKind.PHOTO:
        asked, listed = file_name(asked), file_name(listed)
    if entry.kind is EvidenceKind.TITLE and asked:
        listed = ""  # it stands above
    asked, listed = plain(asked, _VALUE_LIMIT), plain(listed, _VALUE_LIMIT)
    if asked and listed:
        values = f" ({asked})" if asked.casefold() == listed.casefold() else f" (item {asked}, record {listed})"
    else:
        values = f" ({asked or listed})" if asked or listed else ""
    doubt = f"; {UNVERIFIED}" if set(COMPARED_FIELDS[entry.kind]) & set(record.unverified) else ""
    return Point(entry.effect, f"{KINDS[entry.kind]}: {plain(entry.detail)}{values}{doubt}", weight)


def _open_points(candidate: Candidate, rest: list[str]) -> Iterator[Point]:
    """What the record states that speaks neither way: the item does not say it, or it cannot be read."""
    compared = {entry.kind for entry in candidate.evidence}
    missing = [KINDS[kind] for kind in _stated(candidate.record) if kind not in compared]
    said = [*rest, f"no evidence from: {', '.join(missing)}"] if missing else rest
    if said:
        yield Point(Effect.NONE, "; ".join(said))


def _stated(record: Record) -> Iterator[EvidenceKind]:
    """Kinds that a record could give evidence of; titles and texts are always compared, word by word."""
    for kind, names in COMPARED_FIELDS.items():
        if kind not in {EvidenceKind.TITLE, EvidenceKind.WORDS} and any(getattr(record, name) for name in names):
            yield kind
