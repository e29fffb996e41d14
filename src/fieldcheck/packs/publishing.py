"""Publishing: static files for any web server or stick, written so that a client always finds a whole channel.

Files first, then targets, snapshot and roots, and the timestamp last: it alone says which of the others are meant.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from securesystemslib.signer import Signer
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from fieldcheck.errors import IntegrityError, UsageError
from fieldcheck.files import flush_to_disk, holds, sha256_of, storage_errors, write_whole
from fieldcheck.packs.roles import Role, expiry
from fieldcheck.packs.signing import refuse_unfinished
from fieldcheck.packs.targets import target_path
from fieldcheck.packs.workshop import Workshop, read_targets
from fieldcheck.sync.channel import Channel
from fieldcheck.sync.channel_index import given_out_as
from fieldcheck.sync.stick import Folder
from fieldcheck.sync.trust import SIGNED_AT, verify_channel

_KEPT = 2
"""Versions of the targets whose files stay, so that a client that is downloading finds what it began with."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a channel gives out now: the versions of its metadata, and until when a client can use it."""

    root: int
    targets: int
    snapshot: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """Whoever publishes: the keys of snapshot and timestamp, for how many days each role signs, and the time."""

    signers: Sequence[Signer]
    days: Mapping[Role, int]
    now: datetime


def publish(work: Workshop, channel: Workshop, desk: Desk) -> Published:
    """Give out what was drafted and signed, or what was given out before, with a new snapshot and timestamp.

    Args:
        work: the publisher's folder.
        channel: the published folder, such as a web server's.
        desk: keys, days and time.

    Raises:
        UsageError: a draft lacks signatures, a key is missing, or there is nothing to give out.
        IntegrityError: a file is not the one that was signed.
        StorageError: the folder cannot be written.
    """
    if channel.folder.resolve() == work.folder.resolve():
        raise UsageError(
            f"{channel.folder} is the folder in which the channel is prepared.",
            next_step="Publish to another folder, that of the web server or a stick.",
        )
    root = work.root_in_force.signed
    for role in (Role.ROOT, Role.TARGETS):
        if work.draft(role).is_file():
            refuse_unfinished(work, role)
    targets = _signed_targets(work, root)
    _refuse_missing_keys(root, desk.signers)
    with storage_errors(channel.folder):
        for role in (Role.ROOT, Role.TARGETS):
            _promote(work, role)
        for info in targets.targets.values():
            _give_out(target_path(work, info.path), channel, info)
        _copy(work, channel, Role.TARGETS, work.versions(Role.TARGETS)[-1:])
        published = _sign_newest(channel, root, targets.version, desk, work)
        _prune(channel, published)
    _look_as_a_client(channel, desk.now)
    return published


def refresh(channel: Workshop, desk: Desk) -> Published:
    """Sign a published channel's snapshot and timestamp anew, so that it stays usable; nothing else changes.

    Raises:
        UsageError: a key is missing, or nothing is published there.
        StorageError: the folder cannot be written.
    """
    root, targets = channel.root, channel.given_targets
    if root is None or targets is None:
        raise UsageError(
            f"{channel.folder} is no published channel.", next_step="Publish with `fieldcheck pack publish`."
        )
    _refuse_missing_keys(root.signed, desk.signers)
    with storage_errors(channel.folder):
        published = _sign_newest(channel, root.signed, targets.signed.version, desk, channel)
        _prune(channel, published)
    _look_as_a_client(channel, desk.now)
    return published


def _promote(work: Workshop, role: Role) -> None:
    """Put a finished draft among what was given out."""
    draft = work.draft(role)
    if draft.is_file():
        version = Metadata.from_bytes(draft.read_bytes()).signed.version
        write_whole(work.given_out(role, version), draft.read_bytes())
        draft.unlink()


def _signed_targets(work: Workshop, root: Root) -> Targets:
    draft = work.draft(Role.TARGETS)
    given = read_targets(draft) if draft.is_file() else work.given_targets
    if given is None:
        raise UsageError(
            f"{work.folder} has no signed targets.",
            next_step="Build a pack and sign it: `fieldcheck pack build`, `fieldcheck pack sign`.",
        )
    if not root.get_verification_result(Role.TARGETS, given.signed_bytes, given.signatures):
        raise UsageError(
            "The targets were signed by keys that no longer count.",
            next_step="Draft them again with `fieldcheck pack stage`, then sign with the new keys.",
        )
    return given.signed


def _give_out(file: Path, channel: Workshop, info: TargetFile) -> None:
    given = _published_path(channel, info)
    if holds(given, info.length, info.hashes["sha256"]):
        return
    given.parent.mkdir(parents=True, exist_ok=True)
    partial = given.with_name(f".{given.name}.partial")
    shutil.copyfile(file, partial)
    if sha256_of(partial) != info.hashes["sha256"]:
        partial.unlink()
        raise IntegrityError(f"{file} was changed after it was signed.", next_step="Build and sign the pack again.")
    flush_to_disk(partial)
    partial.replace(given)


def _sign_newest(channel: Workshop, root: Root, targets_version: int, desk: Desk, work: Workshop) -> Published:
    """Write a new snapshot, the roots and, last, a new timestamp."""
    targets = channel.given_out(Role.TARGETS, targets_version).read_bytes()
    snapshot = Snapshot(
        version=_last(channel, Role.SNAPSHOT, root) + 1,
        expires=expiry(Role.SNAPSHOT, desk.days, desk.now),
        meta={"targets.json": MetaFile.from_data(targets_version, targets, ["sha256"])},
    )
    content = _signed(Metadata(snapshot), Role.SNAPSHOT, root, desk.signers)
    _write_public(channel.given_out(Role.SNAPSHOT, snapshot.version), content)
    timestamp = Timestamp(
        version=_last(channel, Role.TIMESTAMP, root) + 1,
        expires=expiry(Role.TIMESTAMP, desk.days, desk.now),
        snapshot_meta=MetaFile.from_data(snapshot.version, content, ["sha256"]),
        unrecognized_fields={SIGNED_AT: desk.now.isoformat(timespec="seconds")},
    )
    if work != channel:
        _copy(work, channel, Role.ROOT, work.versions(Role.ROOT))
    signed = _signed(Metadata(timestamp), Role.TIMESTAMP, root, desk.signers)
    _write_public(channel.timestamp, signed)
    until = min(snapshot.expires, timestamp.expires, root.expires, Metadata.from_bytes(targets).signed.expires)
    return Published(root.version, targets_version, snapshot.version, until)


def _last(channel: Workshop, role: Role, root: Root) -> int:
    """The last version whose signatures count now, or 0: after a change of keys, versions may begin again."""
    files = (
        [channel.timestamp]
        if role is Role.TIMESTAMP
        else [channel.given_out(role, version) for version in reversed(channel.versions(role))]
    )
    for path in files:
        try:
            found = Metadata.from_bytes(path.read_bytes())
            root.verify_delegate(role, found.signed_bytes, found.signatures)
        except (OSError, RepositoryError):
            continue
        return int(found.signed.version)
    return 0


def _signed(
    metadata: Metadata[Snapshot] | Metadata[Timestamp], role: Role, root: Root, signers: Sequence[Signer]
) -> bytes:
    for signer in signers:
        if signer.public_key.keyid in root.roles[role].keyids:
            metadata.sign(signer, append=True)
    return metadata.to_bytes()


def _refuse_missing_keys(root: Root, signers: Sequence[Signer]) -> None:
    held = {signer.public_key.keyid for signer in signers}
    for role in (Role.SNAPSHOT, Role.TIMESTAMP):
        missing = root.roles[role].threshold - len(held & set(root.roles[role].keyids))
        if missing > 0:
            raise UsageError(
                f"{missing} more {role} {'key is' if missing == 1 else 'keys are'} needed.",
                next_step=f"Give the file of the {role} key with --key.",
            )


def _copy(work: Workshop, channel: Workshop, role: Role, versions: Sequence[int]) -> None:
    for version in versions:
        _write_public(channel.given_out(role, version), work.given_out(role, version).read_bytes())


def _write_public(path: Path, content: bytes) -> None:
    """Write a file whole, and so that a web server, which is another user, can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    flush_to_disk(partial)
    partial.replace(path)


def _published_path(channel: Workshop, info: TargetFile) -> Path:
    return channel.targets.joinpath(*given_out_as(info.path, info.hashes["sha256"]))


def _prune(channel: Workshop, published: Published) -> None:
    """Delete what neither the newest targets nor those before name. Every root stays: clients go through them all."""
    newest = {Role.TARGETS: published.targets, Role.SNAPSHOT: published.snapshot}
    for role, version in newest.items():
        for other in channel.versions(role):
            # After a change of keys, what a thief gave out may have the highest number.
            if not version - _KEPT < other <= version:
                channel.given_out(role, other).unlink()
    kept = [channel.given_out(Role.TARGETS, version) for version in channel.versions(Role.TARGETS)]
    named = {
        _published_path(channel, info)
        for path in kept
        for info in Metadata[Targets].from_bytes(path.read_bytes()).signed.targets.values()
    }
    for path in channel.targets.rglob("*"):
        if path.is_file() and path not in named:
            path.unlink()


def _look_as_a_client(channel: Workshop, now: datetime) -> None:
    """Verify what was published as somebody does who was handed the first root."""
    first = channel.given_out(Role.ROOT, channel.versions(Role.ROOT)[0])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "metadata").mkdir()
        shutil.copyfile(first, folder / "root.json")
        verify_channel(Channel("as published", str(channel.folder), folder), Folder(channel.folder), now)
