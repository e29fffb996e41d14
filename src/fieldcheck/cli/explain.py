"""``fieldcheck explain``: every piece of evidence of an earlier result."""

from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session


def explain(
    result: Annotated[str, typer.Argument(metavar="RESULT", help="A result's id, or the path of its JSON.")],
    *,
    ref: Annotated[
        str,
        typer.Option(metavar="REF", help="Which item, where RESULT is a shipment's JSONL.", show_default=False),
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Show every piece of evidence of an earlier result."""
    from fieldcheck.results import find_result

    session = Session.start({"home": home, "plain": plain})
    found = find_result(session.settings.home, result, ref)
    if as_json:
        from fieldcheck.report.json_result import result_to_dict

        output.print_json(result_to_dict(found))
    else:
        from fieldcheck.report.content_result import result_page

        output.present(result_page(found, detail=True), plain=session.plain)
