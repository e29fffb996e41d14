"""Channels that are trusted here: where each is, and the root of trust that was handed over for it.

``trust/<name>/`` holds ``channel.json``, ``root.json`` as it was handed over, ``metadata/`` as it was last verified,
and ``index/<list>.json`` for each list that came from the channel. It is on this computer, never on a stick.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fieldcheck.errors import InputError, IntegrityError, NotFoundError, StorageError, UsageError
from fieldcheck.files import storage_errors, write_whole
from fieldcheck.sync.hosts import declared_hosts

MOST_ROOT_BYTES = 512_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_DESCRIPTION = "channel.json"
_ROOT = "root.json"


class _Described(BaseModel):
    """What ``channel.json`` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str = Field(min_length=1, max_length=2_000)


@dataclass(frozen=True, slots=True)
class Channel:
    """A publisher's channel; ``address`` is an https address or the path of a folder."""

    name: str
    address: str
    folder: Path

    @property
    def root(self) -> bytes:
        """The root of trust as it was handed over.

        Raises:
            IntegrityError: it is no longer there.
        """
        try:
            return (self.folder / _ROOT).read_bytes()
        except OSError as error:
            raise _damaged(self.folder / _ROOT, error) from error

    @property
    def metadata(self) -> Path:
        """The folder of the metadata that was verified last."""
        return self.folder / "metadata"

    @property
    def is_web(self) -> bool:
        """Whether the channel is reached by the network."""
        return "://" in self.address

    @property
    def list_ids(self) -> tuple[str, ...]:
        """The lists that came from this channel."""
        return tuple(sorted(path.stem for path in (self.folder / "index").glob("*.json")))

    def index_path(self, list_id: str) -> Path:
        """Where the index of a list that came from this channel is kept."""
        return self.folder / "index" / f"{list_id}.json"

    def brings(self, list_id: str) -> bool:
        """Whether the list of that id, where it is held, came from this channel."""
        return self.index_path(list_id).is_file()


def read_channels(home: Path) -> tuple[Channel, ...]:
    """Every channel that was added, in the order of their names.

    Raises:
        IntegrityError: what was kept of a channel cannot be read.
    """
    folder = _trust_folder(home)
    if not folder.is_dir():
        return ()
    return tuple(_read(entry) for entry in sorted(folder.iterdir()) if (entry / _DESCRIPTION).is_file())


def add_channel(home: Path, address: str, root: Path, name: str = "") -> Channel:
    """Trust a channel from now on.

    Args:
        home: the data folder.
        address: an https address or a folder.
        root: the file of the root of trust, handed over by the publisher.
        name: what the channel is called here; made from the address where it is empty.

    Raises:
        UsageError: the address or name cannot be one, or the name is taken.
        InputError: the root cannot be read.
        StorageError: the folder cannot be written.
    """
    address = _checked_address(address)
    name = name or _name_of(address)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name[:40]!r} cannot be the name of a channel.",
            next_step="Give --name with up to 40 lower-case letters, digits and hyphens, such as ministry.",
        )
    folder = _trust_folder(home) / name
    if (folder / _DESCRIPTION).exists():
        raise UsageError(
            f"A channel named {name!r} is there already.",
            next_step="Give another --name; or, to trust another root.json for it, remove it first: "
            f"`fieldcheck lists remove-channel {name}`.",
        )
    content = _read_root(root)
    with storage_errors(folder.parent):
        write_whole(folder / _ROOT, content)
        (folder / "metadata").mkdir(exist_ok=True)
        # Written last: without it there is no channel.
        write_whole(folder / _DESCRIPTION, json.dumps({"address": address}, ensure_ascii=False).encode())
    return Channel(name, address, folder)


def remove_channel(home: Path, name: str) -> Channel:
    """Trust a channel no longer; its lists stay as they are.

    Raises:
        NotFoundError: there is no such channel.
    """
    found = {channel.name: channel for channel in read_channels(home)}.get(name)
    if found is None:
        raise NotFoundError(
            f"No channel is named {name[:40]!r}.", next_step="See `fieldcheck lists channels` for the names."
        )
    with storage_errors(found.folder):
        (found.folder / _DESCRIPTION).unlink()
        shutil.rmtree(found.folder)
    return found


def claim(home: Path, channel: Channel, list_id: str, index: bytes) -> None:
    """Remember that a list comes from this channel, and from no other."""
    for other in read_channels(home):
        if other.name != channel.name:
            other.index_path(list_id).unlink(missing_ok=True)
    write_whole(channel.index_path(list_id), index)


@contextmanager
def channel_lock(channel: Channel) -> Iterator[None]:
    """Hold a channel's metadata for one update.

    Raises:
        StorageError: another process is reading this channel.
    """
    with storage_errors(channel.folder):
        lock = FileLock(channel.folder / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise StorageError(
                f"Another fieldcheck is reading the channel {channel.name} at this moment.",
                next_step="Wait until it has finished, then run the command again.",
            ) from error
    try:
        yield
    finally:
        lock.release()


def fingerprint(root: bytes) -> str:
    """What two people compare to know that they hold the same root: its SHA-256 in groups of eight digits."""
    digest = hashlib.sha256(root).hexdigest()
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _trust_folder(home: Path) -> Path:
    return home / "trust"


def _read(folder: Path) -> Channel:
    path = folder / _DESCRIPTION
    try:
        described = _Described.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise _damaged(path, error) from error
    return Channel(folder.name, described.address, folder)


def _checked_address(address: str) -> str:
    if "://" not in address:
        folder = Path(address)
        if not folder.is_dir():
            raise UsageError(
                f"{address} is no folder.", next_step="Give the channel's https address, or a folder that is there."
            )
        return str(folder.resolve())
    parts = urlsplit(address)
    if parts.query or parts.fragment:
        raise UsageError(f"{address[:200]!r} is no channel's address.", next_step="Leave out what follows ? or #.")
    declared_hosts((f"{parts.scheme}://{parts.netloc}",))
    return address.rstrip("/")


def _name_of(address: str) -> str:
    said = urlsplit(address).hostname if "://" in address else Path(address).name
    return re.sub(r"[^a-z0-9]+", "-", (said or "").casefold()).strip("-")[:40] or "channel"


def _read_root(path: Path) -> bytes:
    from fieldcheck.sync.trust_root import refuse_root

    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_ROOT_BYTES)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.",
            next_step="Give the root.json that the publisher handed over with --root.",
        ) from error
    refuse_root(content, str(path))
    return content


def _damaged(path: Path, error: Exception) -> IntegrityError:
    return IntegrityError(
        f"{path} cannot be read: {error}",
        next_step=f"Remove the folder {path.parent}, then add the channel again with `fieldcheck lists add-channel`.",
    )
