"""A whole shipment as a document: every item on a line, the worst first, and then the report of each that matters."""

from collections.abc import Mapping, Sequence

from fieldcheck.models import Result
from fieldcheck.report.content_candidates import ID_LIMIT
from fieldcheck.report.content_report import item_section
from fieldcheck.report.content_tables import alike_content, band_words, batch_headline, why
from fieldcheck.report.page import Block, Document, Heading, Note, Page, Row, Table
from fieldcheck.report.pictures import Pictures
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import WORST_FIRST, AlikeView, BatchEntry

MOST_WHOLE = 200
"""Items that are shown whole; with two photos each they make a file of some six megabytes."""

_WHY_LIMIT = 400
_NO_REF = "(no reference)"


def shown_whole(entries: Sequence[BatchEntry]) -> tuple[str, ...]:
    """The refs of the items that a shipment's document shows whole: those with a verdict, the worst first."""
    return tuple(entry.ref for entry in _worst_first(entries) if entry.band)[:MOST_WHOLE]


def batch_document(
    entries: Sequence[BatchEntry],
    found: Mapping[str, tuple[Result, Pictures]],
    alike: Sequence[AlikeView] = (),
    closing: Page = (),
) -> Document:
    """The report of a shipment, which bears the day of the latest of the checks that it shows whole.

    Args:
        entries: every item, in the order of the manifest.
        found: by ref, the results of the items that `shown_whole` names, with their photos; one that is left out
            stands in the table only.
        alike: groups of items that are like one another.
        closing: what else stands at the end, such as the head of the officer's log.
    """
    ordered = _worst_first(entries)
    anchors = {ref: f"item-{place}" for place, ref in enumerate(shown_whole(entries), 1) if ref in found}
    blocks: list[Block] = list(batch_headline(entries))
    if entries:
        rows = tuple(_row(entry, anchors.get(entry.ref, "")) for entry in ordered)
        blocks += [Heading("Items, the worst first"), Table(("Item", "Verdict", "Why"), rows)]
    if left := len(entries) - len(anchors):
        blocks.append(Note(f"{left:,} of them stand in this table only."))
    if alike:
        blocks += alike_content(alike)
    for ref, anchor in anchors.items():
        blocks += item_section(f"Item {plain(ref, ID_LIMIT) or _NO_REF}", anchor, *found[ref])
    count = f"{len(entries):,} items" if len(entries) != 1 else "1 item"
    day = max((result.checked_on for result, _ in found.values()), default="")
    return Document(f"Shipment of {count}", (*blocks, *closing), day=day)


def _worst_first(entries: Sequence[BatchEntry]) -> list[BatchEntry]:
    """The items by their bands, in the order of the manifest within each."""
    return sorted(entries, key=lambda entry: WORST_FIRST.index(entry.band))


def _row(entry: BatchEntry, anchor: str) -> Row:
    said = f"{why(entry)} {entry.gaps}".strip()
    return Row((plain(entry.ref, ID_LIMIT) or _NO_REF, band_words(entry.band), plain(said, _WHY_LIMIT)), target=anchor)
