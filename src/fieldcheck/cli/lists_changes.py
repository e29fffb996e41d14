"""``fieldcheck lists``: what a version changes, taking it, going back from it, and carrying lists elsewhere."""

from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.lists_vectors import index_changed
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.output import note, write
from fieldcheck.cli.session import Session
from fieldcheck.errors import InputError

if TYPE_CHECKING:
    from fieldcheck.sync.outcome import Outcome
    from fieldcheck.sync.run import Wishes

_MOST_SHOWN = 50
_ListId = Annotated[str, typer.Argument(metavar="LIST", help="The list's id.")]


def diff(
    list_id: _ListId,
    *,
    show_all: Annotated[bool, typer.Option("--all", help="Show every record that differs.")] = False,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Show what a version that waits, or the last update, changes."""
    from fieldcheck.cache.difference import compare

    session = Session.start({"home": home, "plain": plain})
    compared = compare(session.home, list_id)
    versions, counts = (compared.before, compared.after), compared.count()
    with compared.changes() as found:
        shown = tuple(found if show_all or as_json else islice(found, _MOST_SHOWN))
    if as_json:
        from fieldcheck.report.json_diff import diff_to_dict

        output.print_json(diff_to_dict(versions, counts, shown, in_use=compared.in_use))
        return
    from fieldcheck.report.content_diff import diff_page

    output.present(diff_page(versions, counts, shown), plain=session.plain)
    if not compared.in_use:
        note(f"It waits, and is not in use. Put it in use with `fieldcheck lists accept {list_id}`.")


def accept(list_id: _ListId, *, home: Home = None) -> None:
    """Put the version in use that waits."""
    from fieldcheck.cache.versions import accept as accept_version
    from fieldcheck.cache.versions import change_lock

    session = Session.start({"home": home})
    with change_lock(session.home):
        accepted = accept_version(session.home, list_id)
    _log(session.home, list_id, f"accepted {accepted.version}")
    write(f"{list_id}: version {accepted.version} is in use, {accepted.records:,} records.")
    index_changed(session, (list_id,))


def rollback(
    list_id: _ListId,
    *,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; it is written to the list's log.", show_default=False)
    ] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Return to the version that was rolled back last.")] = False,
    home: Home = None,
) -> None:
    """Put the version before the one in use back in use."""
    from fieldcheck.cache.pointer import read_pointer
    from fieldcheck.cache.versions import change_lock
    from fieldcheck.cache.versions import rollback as roll_back

    session = Session.start({"home": home})
    with change_lock(session.home):
        before = read_pointer(session.home).get(list_id)
        restored = roll_back(session.home, list_id, undo=undo)
    left = before.version if before else ""
    done = "returned" if undo else "rolled back"
    _log(session.home, list_id, f"{done} from {left} to {restored.version}: {reason or 'no reason given'}")
    dates = f"published {restored.info.published[:10] or 'not stated'}, imported {restored.imported[:10]}"
    write(f"{list_id}: version {restored.version} is in use again, {restored.records:,} records, {dates}.")
    if not undo:
        write(
            f"Version {left} is not taken again by a sync or import, a newer one is."
            f" To return to it: fieldcheck lists rollback {list_id} --undo"
        )
    index_changed(session, (list_id,))


def export(
    lists: Annotated[list[str] | None, typer.Argument(metavar="LIST", help="Lists to write; all when none.")] = None,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write them, such as a stick.")],
    home: Home = None,
) -> None:
    """Write lists to a folder, for a computer that has no network."""
    from fieldcheck.sync.export import export_lists

    session = Session.start({"home": home})
    exported = export_lists(session.home, tuple(lists or ()), out)
    for entry in exported:
        signed = f"signed by the channel {entry.channel}" if entry.channel else "not signed by anybody"
        write(f"{entry.installed.info.id}: {entry.installed.records:,} records, {signed}.")
    write(f"Written to {out}. On the other computer: fieldcheck lists import {out}")
    if unsigned := [entry.installed for entry in exported if not entry.channel]:
        note("Whoever has the folder on the way can change a list that nobody signed. To compare over there:")
        for installed in unsigned:
            note(f"  {installed.info.id}: {installed.sha256}")


def ask_to_accept(home: Path, list_id: str) -> bool:
    """Say what the version that waits changes, ask, and put it in use or let it wait."""
    from fieldcheck.cache.difference import compare
    from fieldcheck.cache.versions import accept as accept_version
    from fieldcheck.cache.versions import change_lock
    from fieldcheck.report.content_diff import counted

    note(f"{list_id}: {counted(compare(home, list_id).count())}.")
    if not typer.confirm(f"Put this version of {list_id} in use?", err=True):
        note(f"It waits: see `fieldcheck lists diff {list_id}`, then `fieldcheck lists accept {list_id}`.")
        return False
    with change_lock(home):
        accept_version(home, list_id)
    return True


def import_folder(home: Path, folder: Path, only: str, wishes: "Wishes") -> "list[Outcome]":
    """Take the lists of a folder: those of a channel that is trusted here, and those that nobody signed."""
    from fieldcheck.cache.carrying import is_carried
    from fieldcheck.cli.channels import import_stick
    from fieldcheck.sync.carried import import_carried
    from fieldcheck.sync.channel_folder import is_channel

    outcomes = import_stick(home, folder, only, wishes) if is_channel(folder) else []
    if is_carried(folder) and not (only and outcomes):
        unsigned = import_carried(home, folder, datetime.now(UTC), wishes, (only,) if only else ())
        for outcome in unsigned:
            if outcome.message and not outcome.next_step:
                note(f"{outcome.list_id}: {outcome.message}")
        outcomes += unsigned
    if not outcomes and (only or not is_channel(folder)):
        raise InputError(
            f"{folder} holds no list that could be taken.",
            next_step="Name the folder that `fieldcheck lists export` or a publisher wrote, or a list's own file.",
        )
    return outcomes


def _log(home: Path, list_id: str, message: str) -> None:
    from fieldcheck.errors import StorageError
    from fieldcheck.sync.outcome import Outcome, OutcomeKind, log_outcome

    with suppress(StorageError):
        log_outcome(home, Outcome(list_id, OutcomeKind.UPDATED, message=message), datetime.now(UTC), "")
