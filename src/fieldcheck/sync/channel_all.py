"""Syncing the channels that were added, each from its own address."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fieldcheck.errors import NotFoundError
from fieldcheck.sync.channel import Channel
from fieldcheck.sync.channel_sync import ChannelCopy, Watch, sync_channel
from fieldcheck.sync.channel_web import Web
from fieldcheck.sync.outcome import Outcome, failed
from fieldcheck.sync.rate import RateLimit
from fieldcheck.sync.run import Wishes
from fieldcheck.sync.stick import Folder, Place
from fieldcheck.sync.tools import Tools

WantedLists = Mapping[Channel, tuple[str, ...]]
"""Channels, each with the ids of the lists to bring from it; empty for all that it offers."""


def choose(channels: Sequence[Channel], names: Sequence[str]) -> WantedLists:
    """Which channels to ask for what is named: channels, lists that came from one, or lists that are new in one."""
    if not names:
        return dict.fromkeys(channels, ())
    known = {name for name in names for channel in channels if name == channel.name or channel.brings(name)}
    chosen: dict[Channel, tuple[str, ...]] = {}
    for channel in channels:
        only = tuple(name for name in names if channel.brings(name) or name not in known)
        if channel.name in names or only:
            chosen[channel] = () if channel.name in names else only
    return chosen


def sync_channels(
    home: Path, wanted: WantedLists, tools: Tools, wishes: Wishes, limit: RateLimit | None = None
) -> list[Outcome]:
    """Bring channels up to date one after the other; one that fails stops no other.

    Args:
        home: the data folder.
        wanted: which channels, and what of them.
        tools: the fetcher, the clock, and whoever hears of the progress.
        wishes: what the user asked for.
        limit: how fast to download, where that is limited.
    """
    watch = Watch(tools.clock, tools.progress)
    outcomes = [
        outcome
        for channel, only in wanted.items()
        for outcome in sync_channel(home, ChannelCopy(channel, _place(channel, tools, limit)), watch, wishes, only)
    ]
    return [*outcomes, *_not_offered(wanted, outcomes)]


def _place(channel: Channel, tools: Tools, limit: RateLimit | None) -> Place:
    if channel.is_web:
        return Web(channel.address, tools, limit)
    return Folder(Path(channel.address), tools.progress)


def _not_offered(wanted: WantedLists, outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """A failure for each list that was asked for and that no channel has, unless a channel could not be asked."""
    ended = {outcome.list_id for outcome in outcomes}
    if ended & {channel.name for channel in wanted}:
        return
    for name in dict.fromkeys(name for only in wanted.values() for name in only if name not in ended):
        yield failed(
            name,
            NotFoundError(
                f"No channel offers a list {name!r}.",
                next_step="See `fieldcheck lists channels` for what each has brought so far.",
            ),
        )
