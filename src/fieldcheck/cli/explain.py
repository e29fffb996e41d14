"""``fieldcheck explain``: every piece of evidence of an earlier result."""

from dataclasses import replace
from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.casework import result_by_name
from fieldcheck.cli.completing import result_ids
from fieldcheck.cli.documents import Html, Pdf, Sheet, SheetFor, document_for, hold_documents, write_documents
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session


def explain(
    result: Annotated[
        str,
        typer.Argument(metavar="RESULT", help="A result's id, or the path of its JSON.", autocompletion=result_ids),
    ],
    *,
    ref: Annotated[
        str,
        typer.Option(metavar="REF", help="Which item, where RESULT is a shipment's JSONL.", show_default=False),
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
    html: Html = None,
    pdf: Pdf = None,
    sheet: SheetFor = Sheet.FULL,
    plain: Plain = None,
) -> None:
    """Show every piece of evidence of an earlier result."""
    from fieldcheck.cli.pictures import gather_shown, hashed_again

    session = Session.start({"home": home, "plain": plain})
    hold_documents(html, pdf)
    found = result_by_name(session, result, ref, "explain")
    if sheet is Sheet.OBJECT_ID:
        found = replace(found, item=hashed_again(found.item))
    in_file = html is not None or pdf is not None
    pictures = gather_shown(session, found, in_file=in_file, on_screen=not as_json)
    if as_json:
        from fieldcheck.report.json_result import result_to_dict

        output.print_json(result_to_dict(found))
    elif sheet is Sheet.FULL:
        from fieldcheck.report.content_result import result_page

        output.present(result_page(found, pictures, detail=True), plain=session.plain)
    else:
        output.present(document_for(sheet, found, pictures).page, plain=session.plain)
    if in_file:
        write_documents(html, pdf, document_for(sheet, found, pictures))
