"""Why a channel is not believed, in words: what an attack or an accident looks like to the person at the counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, Targets, Timestamp

from fieldcheck.errors import IntegrityError

_TELL = (
    "Do not use this copy, and tell the publisher. Where the keys were changed, the publisher hands over the new"
    " root.json in person."
)
_UNCHANGED = "The lists in use are unchanged."


@dataclass(frozen=True, slots=True)
class Seen:
    """What was known when a channel was refused: metadata trusted so far by role, the file read last, the time."""

    roles: Mapping[str, object]
    last: bytes
    now: datetime

    @property
    def offered(self) -> Signed | None:
        """The metadata that was read last, as far as it is any."""
        try:
            return cast("Signed", Metadata.from_bytes(self.last).signed)
        except (RepositoryError, ValueError):
            return None


def refusal(address: str, error: Exception, seen: Seen) -> IntegrityError:
    """Say why a channel is refused.

    Args:
        address: where the channel was read from.
        error: what python-tuf said.
        seen: what was known then.
    """
    what, next_step = _said(error, seen)
    return IntegrityError(f"The channel at {address} is refused: {what}. {_UNCHANGED}", next_step=next_step)


def clock_is_behind(address: str, now: datetime, signed_at: datetime) -> IntegrityError:
    """Say that this computer's clock is too far behind to tell whether anything is out of date."""
    return IntegrityError(
        f"The channel at {address} is refused: it was signed on {signed_at:%Y-%m-%d}, but this computer's clock says"
        f" {now:%Y-%m-%d}. {_UNCHANGED}",
        next_step="Set this computer's date, then run the command again.",
    )


def _said(error: Exception, seen: Seen) -> tuple[str, str]:
    if isinstance(error, ExpiredMetadataError):
        return _expired(seen)
    if isinstance(error, UnsignedMetadataError):
        return (
            f"{_role(seen)} is not signed by enough of the keys that are trusted here ({error})",
            _TELL,
        )
    if isinstance(error, BadVersionNumberError):
        return _wrong_version(seen)
    if isinstance(error, LengthOrHashMismatchError):
        return _mixed(seen)
    if isinstance(error, DownloadLengthMismatchError):
        return (
            "a file of its metadata is longer than it may be",
            "Do not use this copy; take it from the publisher again.",
        )
    return (
        f"its metadata cannot be read or contradicts itself ({error})",
        "Copy the whole channel from the publisher again; if it stays, tell the publisher.",
    )


def _expired(seen: Seen) -> tuple[str, str]:
    role, expires = next(
        ((role, signed.expires) for role, signed in _trusted(seen) if signed.is_expired(seen.now)),
        (Targets.type, seen.offered.expires if seen.offered else None),
    )
    since = f" on {expires:%Y-%m-%d %H:%M} UTC" if expires else ""
    clock = f"{seen.now:%Y-%m-%d %H:%M} UTC"
    return (
        f"its {role} ran out{since}, and it is {clock} here, so that newer lists could be held back",
        "Check this computer's date. If it is right, bring a newer copy, or ask the publisher to sign again.",
    )


def _wrong_version(seen: Seen) -> tuple[str, str]:
    offered, held = seen.offered, dict(_trusted(seen))
    if isinstance(offered, Root):
        return (
            f"its root {offered.version} is not the one that follows root {held[Root.type].version}",
            "Do not use this copy; take the channel from the publisher again.",
        )
    timestamp = cast("Timestamp", held[Timestamp.type])
    if isinstance(offered, Targets) or (
        isinstance(offered, Snapshot) and offered.version != timestamp.snapshot_meta.version
    ):
        return _mixed(seen)
    version = offered.version if offered else "unknown"
    seen_version = held[offered.type].version if offered and offered.type in held else "a later one"
    versions = f"version {version} of its {_role(seen)} after {seen_version}"
    return (
        f"it is older than what this computer has seen before ({versions})",
        "Use a newer copy. If the publisher has none, somebody is replaying an old one: tell the publisher.",
    )


def _mixed(seen: Seen) -> tuple[str, str]:
    return (
        f"its files are not of one moment: its {_role(seen)} is not the one that was signed with the others",
        "Copy the whole channel from the publisher again; if it stays, tell the publisher.",
    )


def _role(seen: Seen) -> str:
    return seen.offered.type if seen.offered else "metadata"


def _trusted(seen: Seen) -> list[tuple[str, Signed]]:
    order = (Root.type, Timestamp.type, Snapshot.type)
    return [(role, cast("Signed", seen.roles[role])) for role in order if role in seen.roles]
