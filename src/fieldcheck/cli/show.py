"""``fieldcheck show``: one record, with its photo in the terminal."""

from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.completing import record_names
from fieldcheck.cli.documents import Html, hold_html, write_html
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session


def show(
    record: Annotated[
        str,
        typer.Argument(metavar="LIST/RECORD", help="The list and the record's id in it.", autocompletion=record_names),
    ],
    *,
    home: Home = None,
    as_json: AsJson = False,
    html: Html = None,
    plain: Plain = None,
) -> None:
    """Show everything that a list says of one object."""
    from fieldcheck.checking import dates_of
    from fieldcheck.errors import IntegrityError, NotFoundError, UsageError
    from fieldcheck.report.sanitise import whole
    from fieldcheck.report.views import RecordView

    session = Session.start({"home": home, "plain": plain})
    hold_html(html)
    list_id, separator, record_id = record.partition("/")
    if not separator or not record_id:
        raise UsageError(f"{record!r} names no record.", next_step="Write LIST/RECORD, as a check prints it.")
    with session.holdings((list_id,)) as holdings:
        held = holdings.held[0]
        if held.problem:
            raise IntegrityError(held.problem, next_step="Sync or import this list again.")
        opened = holdings.list(list_id)
        found = opened.record(whole(record_id))
        if found is None:
            raise NotFoundError(
                f"List {list_id!r} has no record {record_id!r}.",
                next_step="Find it with `fieldcheck search TEXT`.",
            )
        thumbnails = opened.thumbnails(record_id)
    view = RecordView(found, dates_of(held), held.installed.info.terms, next(iter(thumbnails.values()), b""))
    if as_json:
        from fieldcheck.report.json_records import record_to_dict

        output.print_json(record_to_dict(view))
    else:
        from fieldcheck.report.content_records import record_page

        output.present(record_page(view), plain=session.plain)
    if html:
        from fieldcheck.report.content_report import record_document

        write_html(html, record_document(view, thumbnails))
