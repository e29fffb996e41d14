"""Deciding what of a channel may be believed: The Update Framework's client, over any place that holds its files.

Source: TUF specification 1.0.34, section 5 (https://theupdateframework.github.io/specification/latest/), as
python-tuf implements it. What is ours: the clock, how files are written, and the words in which it refuses.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Root
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface

from fieldcheck.errors import FieldcheckError, IntegrityError
from fieldcheck.files import write_whole
from fieldcheck.sync.channel import MOST_ROOT_BYTES, Channel
from fieldcheck.sync.failures import AbsentError, BusyError
from fieldcheck.sync.stick import MissingError, Place
from fieldcheck.sync.trust_refusals import Seen, clock_is_behind, refusal

SIGNED_AT = "x-fieldcheck-signed-at"
"""The field of the timestamp that says when it was signed, so that a clock that is far behind is noticed."""

SLOWEST_CLOCK = timedelta(days=1)
"""How far behind the signing a clock may be, for clocks that nobody sets."""

LIMITS = UpdaterConfig(
    root_max_length=MOST_ROOT_BYTES,
    timestamp_max_length=16_384,
    snapshot_max_length=500_000,
    targets_max_length=5_000_000,
)
_INDEX = re.compile(r"lists/([a-z0-9][a-z0-9_-]{0,39})/index\.json")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_METADATA = "metadata"
_LARGEST = LIMITS.targets_max_length
_NO_SUCH_FILE = 404
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Target:
    """A file that the publisher signed; ``name`` is where a channel keeps it."""

    name: str
    length: int
    sha256: str


class Trusted:
    """What a channel's verified metadata says."""

    def __init__(self, updater: "_Updater") -> None:
        self._files = updater.files
        self._signed_at = updater.signed_at

    @property
    def signed_on(self) -> str:
        """The day of the latest signature (ISO 8601), or empty."""
        return f"{self._signed_at:%Y-%m-%d}" if self._signed_at else ""

    @property
    def list_ids(self) -> tuple[str, ...]:
        """The lists that the channel offers."""
        found = (_INDEX.fullmatch(path) for path in self._files)
        return tuple(sorted(match[1] for match in found if match))

    def signed(self, path: str) -> bool:
        """Whether the publisher signed a file of that path."""
        return path in self._files

    def target(self, path: str) -> Target:
        """The signed file of that path.

        Raises:
            IntegrityError: the publisher signed no such file.
        """
        if path not in self._files:
            raise IntegrityError(
                f"The channel names {path[:200]}, but its publisher did not sign it.",
                next_step="Do not use this copy; tell the publisher. The lists in use are unchanged.",
            )
        return self._files[path]

    def refuse_other(self, target: Target, content: bytes) -> None:
        """Refuse content that is not the signed file.

        Raises:
            IntegrityError: it is not.
        """
        if len(content) != target.length or hashlib.sha256(content).hexdigest() != target.sha256:
            raise IntegrityError(
                f"{target.name} is not the file that the publisher signed.",
                next_step="Copy the whole channel from the publisher again; the lists in use are unchanged.",
            )


def verify_channel(channel: Channel, place: Place, now: datetime) -> Trusted:
    """Bring what is known of a channel up to date from a place, and say what it offers.

    The caller holds `channel_lock`.

    Args:
        channel: whose root of trust counts.
        place: a web server or a folder; nothing that it holds is believed unless it is signed.
        now: the time, or the latest time that this computer remembers if that is later.

    Raises:
        IntegrityError: what the place holds is not to be believed; the message says why.
        SourceError: the place cannot be reached.
        StorageError: the metadata cannot be kept.
    """
    bytes_read = _Bytes(place)
    updater: _Updater | None = None
    try:
        updater = _Updater(channel, bytes_read, now)
        updater.refresh()
    except (RepositoryError, DownloadError) as error:
        cause = error.__cause__
        if isinstance(error, DownloadHTTPError) and isinstance(cause, FieldcheckError):
            raise cause from error
        seen = Seen(updater.roles if updater else {}, bytes_read.last, now)
        raise refusal(place.address, error, seen) from error
    signed_at = updater.signed_at
    if signed_at and now + SLOWEST_CLOCK < signed_at:
        raise clock_is_behind(place.address, now, signed_at)
    return Trusted(updater)


def holds(channel: Channel, place: Place) -> bool:
    """Whether a place seems to hold this channel: it has a root that this computer has too."""
    held = {path.name: path for path in (channel.metadata / "root_history").glob("*.root.json")}
    known = {name: path.read_bytes() for name, path in held.items()}
    root = channel.root
    known[f"{Metadata[Root].from_bytes(root).signed.version}.root.json"] = root
    return any(_read_or_none(place, f"{_METADATA}/{name}") == content for name, content in known.items())


def _read_or_none(place: Place, name: str) -> bytes | None:
    try:
        return place.read(name, MOST_ROOT_BYTES)
    except (AbsentError, IntegrityError):
        return None


class _Bytes(FetcherInterface):
    """Reads metadata from a place; ``last`` is the file that was read last."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.last = b""

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            self.last = self._place.read(url, _LARGEST)
        except (AbsentError, MissingError) as error:
            raise DownloadHTTPError(str(error), _NO_SUCH_FILE) from error
        except BusyError as error:
            # Some servers keep to themselves which files they have; the root that comes next is asked for by guess.
            if error.status != _FORBIDDEN:
                raise
            raise DownloadHTTPError(str(error), _FORBIDDEN) from error
        yield self.last


class _Updater(Updater):
    """python-tuf's client, with our clock and our way of writing."""

    def __init__(self, channel: Channel, fetcher: FetcherInterface, now: datetime) -> None:
        super().__init__(
            metadata_dir=str(channel.metadata),
            metadata_base_url=_METADATA,
            fetcher=fetcher,
            config=LIMITS,
            bootstrap=channel.root,
        )
        self._trusted_set.reference_time = now

    @property
    def roles(self) -> dict[str, object]:
        """The metadata that is trusted so far, by role."""
        return {signed.type: signed for signed in self._trusted_set}

    @property
    def files(self) -> dict[str, Target]:
        """Every signed file by its path."""
        found = (
            (path, info.hashes.get("sha256", ""), info) for path, info in self._trusted_set.targets.targets.items()
        )
        return {
            path: Target(_placed(path, digest), info.length, digest)
            for path, digest, info in found
            if _SHA256.fullmatch(digest)
        }

    @property
    def signed_at(self) -> datetime | None:
        """When the timestamp was signed, where it says so."""
        said = self._trusted_set.timestamp.unrecognized_fields.get(SIGNED_AT)
        try:
            moment = datetime.fromisoformat(str(said))
        except ValueError:
            return None
        return moment if moment.tzinfo else None

    def _persist_file(self, filename: str, data: bytes) -> None:
        write_whole(Path(filename), data)

    def _update_root_symlink(self) -> None:
        """Every start is from the root that was handed over, so that no link (which FAT has not) is needed."""


def _placed(path: str, digest: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"targets/{folder}/{digest}.{name}"
