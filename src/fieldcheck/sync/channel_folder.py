"""Taking lists from a stick or folder that holds a channel, by the trust that is held here already."""

from pathlib import Path

from fieldcheck.errors import IntegrityError
from fieldcheck.sync.channel import read_channels
from fieldcheck.sync.channel_sync import ChannelCopy, Watch, sync_channel
from fieldcheck.sync.outcome import Outcome
from fieldcheck.sync.run import NO_WISHES, Wishes
from fieldcheck.sync.stick import Folder
from fieldcheck.sync.trust import holds


def is_channel(folder: Path) -> bool:
    """Whether a folder claims to hold a channel."""
    return (folder / "metadata").is_dir()


def import_channel(
    home: Path, folder: Path, watch: Watch, wishes: Wishes = NO_WISHES, only: tuple[str, ...] = ()
) -> list[Outcome]:
    """Bring the lists of the channel in a folder up to date, wherever that channel is otherwise taken from.

    Raises:
        IntegrityError: no channel that is trusted here is in the folder.
    """
    place = Folder(folder, watch.progress)
    for channel in read_channels(home):
        if holds(channel, place):
            return sync_channel(home, ChannelCopy(channel, place), watch, wishes, only)
    raise IntegrityError(
        f"{folder} holds a channel that is not trusted here; nothing of it was used.",
        next_step="If its publisher handed you root.json in person, add the channel first: "
        f"`fieldcheck lists add-channel {folder} --root root.json`.",
    )
