"""``fieldcheck sync``: fetch lists from their publishers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.output import note, print_json, progress_bar, write
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.progress import Progress, TaskID

    from fieldcheck.lists.interface import Source
    from fieldcheck.sync.outcome import Outcome


def sync(
    lists: Annotated[list[str] | None, typer.Argument(metavar="LIST", help="Lists to fetch; all when none.")] = None,
    *,
    images: Annotated[
        bool, typer.Option("--images", help="Fetch the records' photos too, where they are given.")
    ] = False,
    accept_shrink: Annotated[
        str,
        typer.Option(metavar="REASON", help="Take a list that lost over a tenth, and log why.", show_default=False),
    ] = "",
    offline: Annotated[
        bool | None, typer.Option("--offline", help="Do not use the network.", show_default=False)
    ] = None,
    ca_bundle: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Certificates to trust, where a network inspects TLS.", show_default=False),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Descriptors (LIST.toml) of mirrors to use.", show_default=False),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Fetch lists from their publishers."""
    from fieldcheck.lists.registry import load_sources

    session = Session.start(
        {"home": home, "plain": plain, "offline": offline, "ca_bundle": ca_bundle, "sources": sources}
    )
    if session.settings["offline"]:
        raise UsageError(
            "Nothing was fetched: the network is switched off.",
            next_step="Leave out --offline (or FIELDCHECK_OFFLINE), or bring a file with `fieldcheck lists import`.",
        )
    wanted = load_sources(tuple(lists or ()), session.settings["sources"])
    outcomes = _fetch(session, wanted, accept_shrink, with_images=images)
    if as_json:
        from fieldcheck.report.json_tables import outcomes_to_dict

        print_json(outcomes_to_dict(outcomes))
    else:
        write("\n".join(_told(outcome) for outcome in outcomes))
    raise typer.Exit(int(_exit_code(outcomes)))


def _fetch(session: Session, sources: "Sequence[Source]", accept_shrink: str, *, with_images: bool) -> "list[Outcome]":
    from fieldcheck.sync.fetch import Fetcher
    from fieldcheck.sync.run import Wishes, sync_all
    from fieldcheck.sync.tools import Tools

    wishes = Wishes(accept_shrink=accept_shrink, with_images=with_images)
    with (
        Fetcher(ca_bundle=session.settings["ca_bundle"]) as fetcher,
        progress_bar(quiet=session.quiet) as bars,
    ):
        return sync_all(session.home, sources, Tools(fetcher, progress=_Bars(bars)), wishes)


class _Bars:
    """Shows a sync's progress: one bar at a time, notes above it."""

    def __init__(self, bars: "Progress") -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def start(self, list_id: str, total: int) -> None:
        self.done()
        self._task = self._bars.add_task(list_id, total=total or None)

    def advance(self, steps: int) -> None:
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def note(self, text: str) -> None:
        note(text)

    def done(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None


def _told(outcome: "Outcome") -> str:
    from fieldcheck.report.sanitise import plain
    from fieldcheck.sync.outcome import OutcomeKind

    if outcome.kind is OutcomeKind.FAILED:
        message = outcome.message.removeprefix(f"{outcome.list_id}: ")
        return plain(f"{outcome.list_id}: not updated; {message} {outcome.next_step}")
    if outcome.kind is OutcomeKind.UNCHANGED:
        return f"{outcome.list_id}: nothing new; {outcome.records:,} records."
    changes = f"{outcome.added:,} new, {outcome.changed:,} changed, {outcome.delisted:,} no longer listed"
    pictures = f"; {outcome.image_problems:,} photos could not be had" if outcome.image_problems else ""
    return f"{outcome.list_id}: updated; {outcome.records:,} records ({changes}){pictures}."


def _exit_code(outcomes: "Sequence[Outcome]") -> ExitCode:
    """The first failure's code; else whether anything was updated."""
    from fieldcheck.sync.outcome import OutcomeKind

    for outcome in outcomes:
        if outcome.kind is OutcomeKind.FAILED:
            return outcome.exit_code
    unchanged = all(outcome.kind is OutcomeKind.UNCHANGED for outcome in outcomes)
    return ExitCode.NOTHING_TO_UPDATE if unchanged else ExitCode.NOTHING_FOUND
