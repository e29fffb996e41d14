"""``fieldcheck sync``: fetch lists from their publishers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli.completing import source_ids
from fieldcheck.cli.interview import is_terminal
from fieldcheck.cli.lists_changes import ask_to_accept
from fieldcheck.cli.lists_vectors import index_changed
from fieldcheck.cli.options import AcceptShrink, Again, AsJson, Home, Plain
from fieldcheck.cli.output import note, print_json, progress_bar, write
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.progress import Progress, TaskID

    from fieldcheck.lists.interface import Source
    from fieldcheck.sync.channel_all import WantedLists
    from fieldcheck.sync.outcome import Outcome
    from fieldcheck.sync.run import Wishes


def sync(
    lists: Annotated[
        list[str] | None,
        typer.Argument(metavar="LIST", help="Lists to fetch; all when none.", autocompletion=source_ids),
    ] = None,
    *,
    images: Annotated[
        bool, typer.Option("--images", help="Fetch the records' photos too, where they are given.")
    ] = False,
    accept_shrink: AcceptShrink = "",
    again: Again = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would change, and ask before it is put in use.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --preview: do not ask, put it in use.")] = False,
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
    limit_rate: Annotated[
        str,
        typer.Option(
            "--limit-rate",
            metavar="RATE",
            help="Download list files no faster: bytes a second, such as 200k or 2M.",
            show_default=False,
        ),
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Fetch lists from their publishers and channels."""
    from fieldcheck.lists.registry import choose_sources
    from fieldcheck.sync.channel import read_channels
    from fieldcheck.sync.channel_all import choose
    from fieldcheck.sync.rate import read_rate
    from fieldcheck.sync.run import Wishes

    session = Session.start(
        {"home": home, "plain": plain, "offline": offline, "ca_bundle": ca_bundle, "sources": sources}
    )
    if session.settings["offline"]:
        raise UsageError(
            "Nothing was fetched: the network is switched off.",
            next_step="Leave out --offline (or FIELDCHECK_OFFLINE), or bring a file with `fieldcheck lists import`.",
        )
    channels = read_channels(session.home)
    wanted, others = choose_sources(tuple(lists or ()), session.settings["sources"], others=bool(channels))
    wanted_channels = choose(channels, others) if others or not lists else {}
    wishes = Wishes(
        accept_shrink=accept_shrink,
        with_images=images,
        again=again,
        preview=preview and not yes,
        photo_model=session.settings["models.photo"],
    )
    rate = read_rate(limit_rate) if limit_rate else 0
    outcomes = _fetch(session, wanted, wanted_channels, wishes, rate)
    code = tell(outcomes, as_json=as_json)
    _ask(session.home, outcomes)
    index_changed(session)
    raise typer.Exit(int(code))


def tell(outcomes: "Sequence[Outcome]", *, as_json: bool = False) -> ExitCode:
    """Say how each list fared, and return how the command ends."""
    if as_json:
        from fieldcheck.report.json_tables import outcomes_to_dict

        print_json(outcomes_to_dict(outcomes))
    elif outcomes:
        write("\n".join(_told(outcome) for outcome in outcomes))
    return _exit_code(outcomes)


def _ask(home: Path, outcomes: "Sequence[Outcome]") -> None:
    """Ask about each version that waits; where nobody can be asked it goes on waiting."""
    from fieldcheck.sync.outcome import OutcomeKind

    for outcome in outcomes:
        if outcome.kind is not OutcomeKind.WAITING:
            continue
        if is_terminal():
            ask_to_accept(home, outcome.list_id)
        else:
            list_id = outcome.list_id
            note(f"It waits: see `fieldcheck lists diff {list_id}`, then `fieldcheck lists accept {list_id}`.")


def _fetch(
    session: Session, sources: "Sequence[Source]", channels: "WantedLists", wishes: "Wishes", rate: int
) -> "list[Outcome]":
    from fieldcheck.sync.channel_all import sync_channels
    from fieldcheck.sync.fetch import Fetcher
    from fieldcheck.sync.rate import RateLimit
    from fieldcheck.sync.run import sync_all
    from fieldcheck.sync.tools import Tools

    with (
        Fetcher(ca_bundle=session.settings["ca_bundle"]) as fetcher,
        progress_bar(quiet=session.quiet) as bars,
    ):
        tools = Tools(fetcher, progress=Bars(bars))
        outcomes = sync_all(session.home, sources, tools, wishes)
        limit = RateLimit(rate, tools.clock) if rate else None
        return [*outcomes, *sync_channels(session.home, channels, tools, wishes, limit)]


class Bars:
    """Shows a sync's progress: one bar at a time, notes above it."""

    def __init__(self, bars: "Progress") -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def start(self, list_id: str, total: int) -> None:
        """See `Progress.start`."""
        self.done()
        self._task = self._bars.add_task(list_id, total=total or None)

    def receive(self, list_id: str, total: int) -> None:
        """See `Progress.receive`."""
        self.done()
        self._task = self._bars.add_task(list_id, total=total, in_bytes=True)

    def kept(self, steps: int) -> None:
        """See `Progress.kept`."""
        if self._task is not None:
            self._bars.reset(self._task, completed=steps)

    def advance(self, steps: int) -> None:
        """See `Progress.advance`."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def note(self, text: str) -> None:
        """See `Progress.note`."""
        note(text)

    def done(self) -> None:
        """See `Progress.done`."""
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None


def _told(outcome: "Outcome") -> str:
    from fieldcheck.report.sanitise import plain
    from fieldcheck.sync.outcome import OutcomeKind

    if outcome.kind is OutcomeKind.FAILED:
        message = outcome.message.removeprefix(f"{outcome.list_id}: ")
        return plain(f"{outcome.list_id}: not updated; {message} {outcome.next_step}")
    if outcome.kind is OutcomeKind.UNCHANGED and outcome.next_step:
        return plain(f"{outcome.message} {outcome.next_step}")
    if outcome.kind is OutcomeKind.UNCHANGED:
        return f"{outcome.list_id}: nothing new; {outcome.records:,} records."
    counts = (outcome.added, "new"), (outcome.changed, "changed"), (outcome.delisted, "no longer listed")
    changes = ", ".join(f"{count:,} {what}" for count, what in counts)
    news = f" ({changes})" if any(count for count, _ in counts) else ""
    pictures = f"; {outcome.image_problems:,} photos could not be had" if outcome.image_problems else ""
    state = "waits to be accepted" if outcome.kind is OutcomeKind.WAITING else "updated"
    return f"{outcome.list_id}: {state}; {outcome.records:,} records{news}{pictures}."


def _exit_code(outcomes: "Sequence[Outcome]") -> ExitCode:
    """The first failure's code; else whether anything was updated."""
    from fieldcheck.sync.outcome import OutcomeKind

    for outcome in outcomes:
        if outcome.kind is OutcomeKind.FAILED:
            return outcome.exit_code
    unchanged = all(outcome.kind is OutcomeKind.UNCHANGED for outcome in outcomes)
    return ExitCode.NOTHING_TO_UPDATE if unchanged else ExitCode.NOTHING_FOUND
