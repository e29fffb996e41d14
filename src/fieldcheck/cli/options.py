"""Options that several commands share, with one spelling and one help text each."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the lists and results.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Plain = Annotated[
    bool | None,
    typer.Option("--plain/--rich", help="Plain text without colour, boxes or bars.", show_default=False),
]
Lists = Annotated[
    list[str] | None,
    typer.Option("--list", metavar="ID", help="Ask only this list; may be repeated.", show_default=False),
]
Top = Annotated[int | None, typer.Option("--top", min=1, max=1000, help="Length of the shortlist.", show_default="10")]
MaxListAge = Annotated[
    int | None,
    typer.Option("--max-list-age", min=0, metavar="DAYS", help="A list older than this counts as stale.", show_default=False),
]
Border = Annotated[
    str | None, typer.Option("--border", metavar="CODE", help="The border you stand at: EU, US, GB, CH, …", show_default=False)
]
