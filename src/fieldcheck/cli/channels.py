"""``fieldcheck lists add-channel``, ``channels`` and ``remove-channel``: whose signatures are trusted here."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli.options import Home
from fieldcheck.cli.output import note, progress_bar, write
from fieldcheck.cli.session import Session

if TYPE_CHECKING:
    from fieldcheck.sync.outcome import Outcome
    from fieldcheck.sync.run import Wishes


def add_channel(
    address: Annotated[str, typer.Argument(metavar="URL", help="The channel's https address, or a folder.")],
    *,
    root: Annotated[Path, typer.Option("--root", metavar="FILE", help="The root.json that its publisher handed over.")],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What it is called here.", show_default="from the address")
    ] = "",
    home: Home = None,
) -> None:
    """Trust a publisher's channel from now on."""
    from fieldcheck.sync.channel import add_channel as add
    from fieldcheck.sync.channel import fingerprint

    session = Session.start({"home": home})
    channel = add(session.home, address, root, name)
    write(f"{channel.name}: added. Its lists come from {channel.address}.")
    write(f"Fingerprint of its root: {fingerprint(channel.root)}")
    note("Compare the fingerprint with the one that the publisher tells you in person or by telephone.")
    note(f"If it differs: fieldcheck lists remove-channel {channel.name}")


def import_stick(home: Path, folder: Path, only: str, wishes: "Wishes") -> "list[Outcome]":
    """Take the lists of a channel from a stick, verified as a sync does."""
    from fieldcheck.cli.sync import Bars
    from fieldcheck.sync.channel_folder import import_channel
    from fieldcheck.sync.channel_sync import Watch

    with progress_bar(quiet=False) as bars:
        return import_channel(home, folder, Watch(progress=Bars(bars)), wishes, (only,) if only else ())


def channels(*, home: Home = None) -> None:
    """Show the channels that are trusted, and their lists."""
    from fieldcheck.cache.photo_model import kept_model
    from fieldcheck.sync.channel import fingerprint, read_channels

    session = Session.start({"home": home})
    found, model = read_channels(session.home), kept_model(session.home)
    for channel in found:
        brought = ", ".join(channel.list_ids) or "none yet"
        write(f"{channel.name}: {channel.address}")
        write(f"  lists: {brought}")
        write(f"  root:  {fingerprint(channel.root)}")
        if model and model.channel == channel.name:
            write("  model: photos are read with the one that it gave out, unless models.photo names another")
    if not found:
        note("No channel was added. Add one with `fieldcheck lists add-channel URL --root root.json`.")


def remove_channel(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The channel's name.")], *, home: Home = None
) -> None:
    """Trust a channel no longer; its lists stay."""
    from fieldcheck.cache.photo_model import kept_model
    from fieldcheck.sync.channel import remove_channel as remove

    session = Session.start({"home": home})
    removed, model = remove(session.home, name), kept_model(session.home)
    write(f"{removed.name}: removed. Its lists stay as they are; take one out with `fieldcheck lists remove LIST`.")
    if model and model.channel == removed.name:
        write(f"So does its photo model. To do without: delete {model.path.parent}, then fieldcheck lists reindex")
