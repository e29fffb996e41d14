"""Putting into words what a comparison found: both sides as they are shown, for the few records that are."""

from collections.abc import Iterable

from fieldcheck.matching.finding import Finding
from fieldcheck.matching.query import Query
from fieldcheck.matching.said import KINDS_OF
from fieldcheck.models import Evidence, EvidenceKind, Record
from fieldcheck.text.reading import Reading


def tell(findings: Iterable[Finding], query: Query, reading: Reading, record: Record) -> tuple[Evidence, ...]:
    """The evidence, strongest first, with the record's own words where it has a field for them.

    What a photo shows is left out: only the photo itself can tell it.
    """
    found = (
        Evidence(one.kind, one.detail, _asked(one, query), _listed(one, reading, record), one.worth)
        for one in findings
        if one.kind is not EvidenceKind.PHOTO
    )
    return tuple(sorted(found, key=lambda evidence: -abs(evidence.weight)))


def _asked(finding: Finding, query: Query) -> str:
    years = query.reading.years
    if finding.kind is EvidenceKind.SIZE:
        return _sizes(query.reading.sizes)
    if finding.kind is EvidenceKind.DATE and years:
        return _span(years.first, years.last)
    return ", ".join(finding.said)


def _listed(finding: Finding, reading: Reading, record: Record) -> str:
    if kinds := KINDS_OF.get(finding.kind):
        return ", ".join([name for of in kinds for name in reading.concepts.get(of, ())]).replace("_", " ")
    match finding.kind:
        case EvidenceKind.TITLE:
            shown = record.title
        case EvidenceKind.MAKER:
            shown = record.maker
        case EvidenceKind.INVENTORY_NUMBER:
            shown = " | ".join(record.inventory_numbers)
        case EvidenceKind.SIZE:
            shown = " | ".join(record.measurements) or _sizes(reading.sizes)
        case EvidenceKind.DATE:
            shown = record.period or (_span(*reading.years) if reading.years else "")
        case _:
            shown = ""
    return shown


def _sizes(sizes: Iterable[float]) -> str:
    return " x ".join(f"{size:g}" for size in sizes) + " cm"


def _span(first: int, last: int) -> str:
    shown = [f"{-year} BC" if year < 0 else str(year) for year in dict.fromkeys((first, last))]
    return " to ".join(shown)
