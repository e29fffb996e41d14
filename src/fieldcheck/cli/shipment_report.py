"""A shipment's report in files: the results read back from their lines, the worst first, with the photos of each."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fieldcheck.cli.documents import write_documents
from fieldcheck.cli.pictures import gather, read_again
from fieldcheck.cli.session import Session
from fieldcheck.errors import FieldcheckError
from fieldcheck.models import Result
from fieldcheck.report.page import Page
from fieldcheck.report.views import AlikeView, BatchEntry


def write_batch_documents(
    html: Path | None,
    pdf: Path | None,
    session: Session,
    entries: Sequence[BatchEntry],
    lines: Path | Sequence[str],
    *,
    alike: Sequence[AlikeView] = (),
    closing: Page = (),
) -> None:
    """Write the report of a shipment in each of the forms that were asked for.

    Args:
        html: where, or None; `fieldcheck.cli.documents.hold_documents` must have let it pass.
        pdf: where, or None, as above.
        session: whose lists are asked for photos; the items' photos are read again.
        entries: every item, in the order of the manifest.
        lines: a line of JSON for each item, as ``batch`` writes them, or the file in which they are; of several on one
            item the last counts.
        alike: groups of items that are like one another.
        closing: what else stands at its end, such as the head of the officer's log.

    Raises:
        StorageError: one cannot be written.
        FieldcheckError: the PDF cannot be set; the HTML is written.
    """
    from fieldcheck.report.content_shipment import batch_document, shown_whole

    wanted = frozenset(shown_whole(entries))
    if isinstance(lines, Path):
        with lines.open(encoding="utf-8") as file:
            results = dict(_results(file, wanted))
    else:
        results = dict(_results(lines, wanted))
    seen = read_again(result.item for result in results.values())
    found = {ref: (result, gather(session, result, seen)) for ref, result in results.items()}
    write_documents(html, pdf, batch_document(entries, found, alike, closing))


def _results(lines: Iterable[str], wanted: frozenset[str]) -> Iterator[tuple[str, Result]]:
    """The results on the items that are wanted; a line that is none leaves its item to the table."""
    from fieldcheck.results import result_of_line

    last = {}
    for text in lines:
        content = json.loads(text)
        if content["ref"] in wanted and "error" not in content:
            last[content["ref"]] = content
    for ref, content in last.items():
        try:
            yield ref, result_of_line(content)
        except FieldcheckError:
            continue
