"""What is said of the item's photo beside a record's: which places lie alike, and over how much of each photo."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fieldcheck.models import Candidate, Evidence, EvidenceKind, Strength
from fieldcheck.report.content_candidates import file_name, record_name
from fieldcheck.report.page import Block, Comparison, Heading
from fieldcheck.report.pictures import Pictures
from fieldcheck.report.sanitise import plain

_SPREADS = ((0.55, "most"), (0.3, "about half"), (0.1, "a part"), (0.0, "a small part"))
"""The least share of a photo's area, and how it is said: a percentage would pass for a likelihood."""

_MOST_ON_SCREEN = 2


def comparisons_content(candidates: Sequence[Candidate], pictures: Pictures, *, detail: bool) -> Iterator[Block]:
    """The photos of the candidates that may raise a hold, side by side; without ``detail`` of the first two only.

    Where there are no pictures, only what is said of matched details remains.
    """
    near = [entry for entry in candidates if entry.strength is not Strength.WEAK and entry.record.status.is_sought]
    pairs = [pair for candidate in near for pair in comparisons(candidate, pictures) if _says_something(pair)]
    if pairs:
        yield Heading("Photos side by side")
        yield from pairs if detail else pairs[:_MOST_ON_SCREEN]


def _says_something(pair: Comparison) -> bool:
    return bool(pair.points or (pair.item.jpeg and pair.record.jpeg))


def comparisons(candidate: Candidate, pictures: Pictures) -> Iterator[Comparison]:
    """The photos that speak for a candidate, each of the item's beside the record's."""
    named = record_name(candidate.list_id, candidate.record.id)
    for entry in candidate.evidence:
        if entry.kind is EvidenceKind.PHOTO:
            listed = pictures.of_record(candidate.list_id, candidate.record.id, entry.record)
            listed = replace(listed, name=f"{named}, {file_name(listed.name)}")
            own = pictures.of_item(entry.query)
            yield Comparison(replace(own, name=file_name(own.name)), listed, entry.points, caption(entry))


def caption(entry: Evidence) -> str:
    """In a sentence, where in both photos the details are that lie alike, or else what was seen."""
    if entry.points:
        return f"The details that lie alike are spread over {_spread(entry.points)}."
    said = plain(entry.detail).rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def _spread(points: Sequence[tuple[float, float, float, float]]) -> str:
    shares = [_share([(point[at], point[at + 1]) for point in points]) for at in (0, 2)]
    item, record = (next(word for least, word in _SPREADS if share >= least) for share in shares)
    if item == record:
        return f"{item} of both photos"
    return f"{item} of the item's photo and {record} of the record's"


def _share(places: Sequence[tuple[float, float]]) -> float:
    """The area of the box around some places, in which the whole photo counts 1."""
    across, down = ([place[axis] for place in places] for axis in (0, 1))
    return (max(across) - min(across)) * (max(down) - min(down))
