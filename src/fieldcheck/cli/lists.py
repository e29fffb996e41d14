"""``fieldcheck lists``: what is held, and bringing in and taking out lists by hand."""

from pathlib import Path
from typing import Annotated

import typer

from fieldcheck.cli import channels, lists_changes, lists_vectors, output
from fieldcheck.cli.completing import list_ids
from fieldcheck.cli.lists_changes import ask_to_accept, import_folder
from fieldcheck.cli.options import AcceptShrink, Again, AsJson, Home, Images, Mapping, Plain, PublishedOn
from fieldcheck.cli.output import note, progress_bar, write
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, UsageError

_MOST_PROBLEMS = 20

app = typer.Typer(
    help="The lists that are held: bringing in, going back, carrying.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("diff")(lists_changes.diff)
app.command("accept")(lists_changes.accept)
app.command("rollback")(lists_changes.rollback)
app.command("export")(lists_changes.export)
app.command("reindex")(lists_vectors.reindex)
app.command("add-channel")(channels.add_channel)
app.command("channels")(channels.channels)
app.command("remove-channel")(channels.remove_channel)


@app.command("status")
def status(*, home: Home = None, as_json: AsJson = False, plain: Plain = None) -> None:
    """Show every list that is held, and its dates."""
    _show((), home, as_json=as_json, plain=plain)


@app.command("show")
def show(
    list_id: Annotated[str, typer.Argument(metavar="LIST", help="The list's id.", autocompletion=list_ids)],
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
        held, unread_by = holdings.held, lists_vectors.unread(session, holdings)
    statuses = [
        ListStatus(entry.installed, problem=entry.problem, unread_by=unread_by.get(entry.installed.info.id, ""))
        for entry in held
    ]
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
        Path, typer.Argument(metavar="PATH", help="A CSV, XLSX, JSON or JSONL file, or a folder such as a stick.")
    ],
    *,
    list_id: Annotated[
        str, typer.Option("--list", metavar="ID", help="The id that the list gets.", show_default=False)
    ] = "",
    images: Images = None,
    mapping: Mapping = None,
    published: PublishedOn = "",
    encoding: Annotated[
        str,
        typer.Option(metavar="NAME", help="The file's encoding, if it is not recognised.", show_default=False),
    ] = "",
    accept_shrink: AcceptShrink = "",
    again: Again = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it replaces the version in use.")] = False,
    home: Home = None,
    plain: Plain = None,
) -> None:
    """Bring in a list from a file, or lists from a folder."""
    from fieldcheck.cache.pointer import read_pointer
    from fieldcheck.cache.versions import Manner
    from fieldcheck.cli.interview import is_terminal
    from fieldcheck.cli.sync import tell
    from fieldcheck.lists.files import read_list_file
    from fieldcheck.lists.importing import PhotoProblems, import_list, listed
    from fieldcheck.lists.mapping import read_map
    from fieldcheck.sync.by_hand import guard_import, log_import
    from fieldcheck.sync.run import Wishes

    session = Session.start({"home": home, "plain": plain})
    if path.is_dir():
        wishes = Wishes(accept_shrink=accept_shrink, again=again, photo_model=session.settings["models.photo"])
        code = tell(import_folder(session.home, path, list_id, wishes))
        lists_vectors.index_changed(session)
        raise typer.Exit(int(code))
    _refuse_unusable(list_id, images)
    said = read_map(mapping) if mapping else None
    imported = read_list_file(
        path,
        list_id=list_id,
        mapping=said,
        published=published,
        encoding=encoding,
    )
    for text in (*imported.notes, *listed(imported.problems, _MOST_PROBLEMS)):
        note(text)
    guard_import(session.home, imported, said, accept_shrink)
    manner = Manner(again=again, wait=not yes and is_terminal() and list_id in read_pointer(session.home))
    problems = PhotoProblems()
    with progress_bar(quiet=session.quiet) as bars:
        task = bars.add_task(list_id, total=imported.count)

        def advance(stage: str, done: int, total: int) -> None:
            bars.update(task, description=f"{list_id}: {stage}", completed=done, total=total)

        installed = import_list(session.home, imported, images, advance, problems, manner=manner)
    if problems.read_before:
        note(f"Photos that an interrupted import had read and that were not read again: {problems.read_before:,}.")
    for text in listed(problems.told, _MOST_PROBLEMS):
        note(text)
    if installed is None:
        write(f"{list_id}: this content is in use already; {imported.count:,} records.")
        lists_vectors.index_changed(session, (list_id,))
        raise typer.Exit(int(ExitCode.NOTHING_TO_UPDATE))
    log_import(session.home, installed, accept_shrink)
    if manner.wait and not ask_to_accept(session.home, list_id):
        raise typer.Exit(int(ExitCode.NOTHING_TO_UPDATE))
    held = f"{installed.records:,} records and {installed.photos:,} photos"
    write(f"{list_id}: {held} are in use, version {installed.version}.")
    lists_vectors.index_changed(session, (list_id,))


def _refuse_unusable(list_id: str, images: Path | None) -> None:
    from fieldcheck.cache.holdings import STARTER_ID

    if not list_id:
        raise UsageError(
            "A list that comes as a file needs an id: --list ID.", next_step="See `fieldcheck lists import --help`."
        )
    if list_id == STARTER_ID:
        raise UsageError(
            f"{STARTER_ID!r} is the list that comes with the program.",
            next_step="Choose another id with --list.",
        )
    if images is not None and not images.is_dir():
        raise UsageError(
            f"{images} is not a folder.", next_step="Name the folder of the records' photos with --images."
        )


@app.command("remove")
def remove(
    list_id: Annotated[str, typer.Argument(metavar="LIST", help="The list's id.", autocompletion=list_ids)],
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
