"""``fieldcheck lists``: what is held, and bringing in and taking out lists by hand."""

from pathlib import Path
from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.output import note, progress_bar, write
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, UsageError

_MOST_PROBLEMS = 20

app = typer.Typer(
    help="The lists that are held: status, show, import, remove.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("status")
def status(*, home: Home = None, as_json: AsJson = False, plain: Plain = None) -> None:
    """Show every list that is held, and its dates."""
    _show((), home, as_json=as_json, plain=plain)


@app.command("show")
def show(
    list_id: Annotated[str, typer.Argument(metavar="LIST", help="The list's id.")],
    *,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Show one list: publisher, licence, terms, dates, version."""
    _show((list_id,), home, as_json=as_json, plain=plain)


def _show(only: tuple[str, ...], home: Path | None, *, as_json: bool, plain: bool | None) -> None:
    from fieldcheck.report.views import ListStatus

    session = Session.start({"home": home, "plain": plain})
    with session.holdings(only) as holdings:
        held = holdings.held
    statuses = [ListStatus(entry.installed, problem=entry.problem) for entry in held]
    if as_json:
        from fieldcheck.report.json_records import lists_to_dict

        output.print_json(lists_to_dict(statuses))
    else:
        from fieldcheck.report.content_list import list_page
        from fieldcheck.report.content_records import lists_page

        output.present(list_page(statuses[0]) if only else lists_page(statuses), plain=session.plain)
    if not held or any(entry.problem for entry in held):
        raise typer.Exit(int(ExitCode.NOT_FULLY_CHECKED if not held else ExitCode.INTEGRITY))


@app.command("import")
def import_(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV, XLSX, JSON or JSONL file, which may be gzipped.")
    ],
    *,
    list_id: Annotated[str, typer.Option("--list", metavar="ID", help="The id that the list gets.")],
    images: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder of the records' photos.", show_default=False)
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="TOML that says which column is which.", show_default=False),
    ] = None,
    published: Annotated[
        str, typer.Option(metavar="DATE", help="When the list was published.", show_default=False)
    ] = "",
    encoding: Annotated[
        str,
        typer.Option(metavar="NAME", help="The file's encoding, if it is not recognised.", show_default=False),
    ] = "",
    home: Home = None,
    plain: Plain = None,
) -> None:
    """Bring in a list from a file."""
    from fieldcheck.cache.holdings import STARTER_ID
    from fieldcheck.lists.files import read_list_file
    from fieldcheck.lists.importing import PhotoProblems, import_list, listed
    from fieldcheck.lists.mapping import read_map

    session = Session.start({"home": home, "plain": plain})
    if list_id == STARTER_ID:
        raise UsageError(
            f"{STARTER_ID!r} is the list that comes with the program.",
            next_step="Choose another id with --list.",
        )
    if images is not None and not images.is_dir():
        raise UsageError(
            f"{images} is not a folder.", next_step="Name the folder of the records' photos with --images."
        )
    imported = read_list_file(
        path,
        list_id=list_id,
        mapping=read_map(mapping) if mapping else None,
        published=published,
        encoding=encoding,
    )
    for text in (*imported.notes, *listed(imported.problems, _MOST_PROBLEMS)):
        note(text)
    problems = PhotoProblems()
    with progress_bar(quiet=session.quiet) as bars:
        task = bars.add_task(list_id, total=imported.count)

        def advance(stage: str, done: int, total: int) -> None:
            bars.update(task, description=f"{list_id}: {stage}", completed=done, total=total)

        installed = import_list(session.home, imported, images, advance, problems)
    for text in listed(problems.told, _MOST_PROBLEMS):
        note(text)
    if installed is None:
        write(f"{list_id}: this content is in use already; {imported.count:,} records.")
        raise typer.Exit(int(ExitCode.NOTHING_TO_UPDATE))
    held = f"{installed.records:,} records and {installed.photos:,} photos"
    write(f"{list_id}: {held} are in use, version {installed.version}.")


@app.command("remove")
def remove(
    list_id: Annotated[str, typer.Argument(metavar="LIST", help="The list's id.")],
    *,
    home: Home = None,
) -> None:
    """Take a list out of use and delete its files."""
    from fieldcheck.cache.holdings import STARTER_ID
    from fieldcheck.cache.versions import change_lock
    from fieldcheck.cache.versions import remove as remove_list

    session = Session.start({"home": home})
    if list_id == STARTER_ID:
        raise UsageError(
            "The starter list is part of the program and cannot be removed.",
            next_step="Leave it out of a check with --list ID.",
        )
    with change_lock(session.home):
        removed = remove_list(session.home, list_id)
    write(f"{list_id}: removed, {removed.records:,} records.")
