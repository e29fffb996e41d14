"""``fieldcheck batch``: a whole shipment, one result for each item."""

from pathlib import Path
from typing import Annotated

import typer

from fieldcheck.cli.options import AsJson, Border, Home, Lists, MaxListAge, Plain, Top
from fieldcheck.cli.output import note, present, progress_bar, write_json
from fieldcheck.cli.session import Session
from fieldcheck.errors import UsageError


def batch(
    items: Annotated[
        Path, typer.Argument(metavar="ITEMS", help="A CSV, XLSX, JSON or JSONL manifest, or a folder of photos.")
    ],
    *,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write one result a line here; goes on where it stopped.", show_default=False
        ),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a table of the verdicts here.", show_default=False)
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over instead of going on with the file.")] = False,
    border: Border = None,
    top: Top = None,
    max_list_age: MaxListAge = None,
    only: Lists = None,
    encoding: Annotated[
        str,
        typer.Option(metavar="NAME", help="The manifest's encoding, if it is not recognised.", show_default=False),
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Check every item of a manifest, or a folder of photos."""
    from fieldcheck.lists.items import read_items
    from fieldcheck.shipment import gravest, open_output

    _keep_apart(items, jsonl, csv)
    session = Session.start({"home": home, "border": border, "top": top, "max_list_age": max_list_age, "plain": plain})
    rows = read_items(items, encoding=encoding)
    for text in rows.notes:
        note(text)
    with (
        session.checker(tuple(only or ())) as checker,
        open_output(checker, session.read_photos, str(session.settings["border"]), jsonl, fresh=fresh) as output,
        progress_bar(quiet=session.quiet) as bars,
    ):
        if output.done:
            note(f"Going on: {len(output.done):,} results are in {jsonl} already; --fresh checks them again.")
        task = bars.add_task("items", total=len(rows.rows))
        for line in output.run(rows.rows):
            bars.advance(task)
            if as_json and line:
                write_json(line)
    if csv:
        from fieldcheck.report.csv_summary import write_summary

        write_summary(csv, output.entries)
    if not as_json:
        from fieldcheck.report.content_tables import batch_page

        present(batch_page(output.entries), plain=session.plain)
        if jsonl:
            note(f"More on one item: fieldcheck explain {jsonl} --ref REF")
    raise typer.Exit(int(gravest(output.lines)))


def _keep_apart(*paths: Path | None) -> None:
    """Refuse to write over the manifest, or two outputs over one another."""
    given = [path.resolve() for path in paths if path]
    if len(set(given)) < len(given):
        raise UsageError("One file is named twice.", next_step="Give ITEMS, --jsonl and --csv a file each.")
