"""Options that several commands share, with one spelling and one help text each."""

from pathlib import Path
from typing import Annotated

import typer

from fieldcheck.cli.completing import list_ids
from fieldcheck.settings import MOST_LIST_AGE, MOST_TOP

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="FOLDER", help="Folder of the lists and results.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, on one line.")]
Plain = Annotated[
    bool | None,
    typer.Option("--plain/--rich", help="Plain text without colour, boxes or bars.", show_default=False),
]
Lists = Annotated[
    list[str] | None,
    typer.Option(
        "--list",
        metavar="ID",
        help="Ask only this list; may be repeated.",
        show_default=False,
        autocompletion=list_ids,
    ),
]
Top = Annotated[
    int | None,
    typer.Option("--top", metavar="COUNT", min=1, max=MOST_TOP, help="Length of the shortlist.", show_default="10"),
]
MaxListAge = Annotated[
    int | None,
    typer.Option(
        "--max-list-age",
        metavar="DAYS",
        min=0,
        max=MOST_LIST_AGE,
        help="A list older than this counts as stale.",
        show_default=False,
    ),
]
AcceptShrink = Annotated[
    str,
    typer.Option(
        "--accept-shrink", metavar="REASON", help="Take a list that lost over a tenth, and log why.", show_default=False
    ),
]
Again = Annotated[bool, typer.Option("--again", help="Take a version that was rolled back before.")]
Border = Annotated[
    str | None,
    typer.Option("--border", metavar="CODE", help="The border you stand at: EU, US, GB, CH, …", show_default=False),
]
Facts = Annotated[
    Path | None,
    typer.Option("--facts", metavar="FOLDER", help="An authority's own facts of law.", show_default=False),
]
Images = Annotated[
    Path | None,
    typer.Option("--images", metavar="FOLDER", help="Folder of the records' photos.", show_default=False),
]
Mapping = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="TOML that says which column is which.", show_default=False),
]
PublishedOn = Annotated[
    str, typer.Option("--published", metavar="DATE", help="When the list was published.", show_default=False)
]

PhotoModel = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FILE", help="Description of a model to read photos with.", show_default="the one in use"
    ),
]
