"""``fieldcheck search``: browse the records that are held."""

from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Lists, Plain
from fieldcheck.cli.session import Session


def search(
    text: Annotated[str, typer.Argument(help="Words, a maker's name or an inventory number.")],
    *,
    most: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many records to list.")] = 20,
    only: Lists = None,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """List the records that have these words, the best first; this is browsing, not a check."""
    from fieldcheck.errors import UsageError
    from fieldcheck.matching.match import match_item
    from fieldcheck.models import Item
    from fieldcheck.report.views import Hit
    from fieldcheck.text.reading import Reader

    if not text.strip():
        raise UsageError("There is nothing to search for.", next_step="Give some words of the record.")
    session = Session.start({"home": home, "plain": plain})
    with session.holdings(tuple(only or ())) as holdings:
        found = match_item(Item(text=text), holdings, Reader(), most).candidates
    hits = [Hit(candidate.list_id, candidate.record) for candidate in found]
    if as_json:
        from fieldcheck.report.json_records import hits_to_dict

        output.print_json(hits_to_dict(text, hits))
    else:
        from fieldcheck.report.content_records import hits_page

        output.present(hits_page(text, hits), plain=session.plain)
