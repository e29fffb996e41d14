"""``fieldcheck search``: browse the records that are held."""

from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Lists, Plain
from fieldcheck.cli.session import Session

_MOST_CHARACTERS = 10_000


def search(
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="Words, a maker's name or an inventory number.")],
    *,
    most: Annotated[
        int, typer.Option("--limit", metavar="COUNT", min=1, max=1000, help="How many records to list.")
    ] = 20,
    only: Lists = None,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Look for records by words; this is browsing, not a check."""
    from fieldcheck.errors import ExitCode, UsageError
    from fieldcheck.matching.match import match_item
    from fieldcheck.models import Item
    from fieldcheck.report.views import Hit
    from fieldcheck.text.reading import Reader

    query = " ".join(" ".join(text).split())[:_MOST_CHARACTERS]
    if not query:
        raise UsageError("There is nothing to search for.", next_step="Give some words of the record.")
    session = Session.start({"home": home, "plain": plain})
    with session.holdings(tuple(only or ())) as holdings:
        found = match_item(Item(text=query), holdings, Reader(), most).candidates
        unread = [entry for entry in holdings.held if entry.problem]
    hits = [Hit(candidate.list_id, candidate.record) for candidate in found]
    if as_json:
        from fieldcheck.report.json_records import hits_to_dict

        output.print_json(hits_to_dict(query, hits))
    else:
        from fieldcheck.report.content_records import hits_page

        output.present(hits_page(query, hits), plain=session.plain)
    for entry in unread:
        output.note(f"Note: list {entry.installed.info.id} was not searched: {entry.problem}")
    if unread:
        raise typer.Exit(int(ExitCode.NOT_FULLY_CHECKED))
