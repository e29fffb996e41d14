"""Drafting a root: the first one, and each that follows when keys, thresholds or dates change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Root

from fieldcheck.errors import NotFoundError, UsageError
from fieldcheck.packs.roles import Role, expiry
from fieldcheck.packs.workshop import Workshop, write_metadata

ROOT_THRESHOLD = 2
"""How many holders must agree to change who is trusted, where there are as many."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a new root changes.

    ``add`` are keys with the roles they get, ``drop`` ids of keys (or their beginnings) that lose every role,
    ``thresholds`` how many keys of a role must sign.
    """

    add: Sequence[tuple[Role, Key]] = ()
    drop: Sequence[str] = ()
    thresholds: Mapping[Role, int] = field(default_factory=dict)


KeysByRole = Mapping[Role, Sequence[Key]]


def draft_first_root(
    work: Workshop, keys: KeysByRole, thresholds: Mapping[Role, int], days: Mapping[Role, int], now: datetime
) -> Root:
    """Write the draft of the first root, signed by nobody yet.

    Args:
        work: the publisher's folder.
        keys: the public keys of every role.
        thresholds: how many keys of a role must sign; 2 for the root and 1 for others where nothing is said.
        days: for how many days it holds.
        now: the time.

    Raises:
        UsageError: there is a root already, a role has no key, or fewer than its threshold.
    """
    if work.versions(Role.ROOT) or work.draft(Role.ROOT).exists():
        raise UsageError(
            f"{work.folder} has a root already.", next_step="Change its keys with `fieldcheck pack rotate`."
        )
    root = Root(version=1, expires=expiry(Role.ROOT, days, now), consistent_snapshot=True)
    for role in Role:
        for key in keys.get(role, ()):
            root.add_key(key, role)
    root.roles[Role.ROOT].threshold = ROOT_THRESHOLD
    _set_thresholds(root, thresholds)
    _refuse_too_few(root)
    write_metadata(work.draft(Role.ROOT), Metadata(root))
    return root


def draft_next_root(work: Workshop, change: Change, days: Mapping[Role, int], now: datetime) -> Root:
    """Write the draft of the root that follows the newest one; without a change, it only holds longer.

    Args:
        work: the publisher's folder.
        change: who is trusted for what from now on.
        days: for how many days it holds.
        now: the time.

    Raises:
        NotFoundError: there is no root yet, or no such key.
        UsageError: a draft waits already, or a role would have fewer keys than its threshold.
    """
    newest = work.root
    if newest is None:
        raise NotFoundError(f"{work.folder} has given out no root yet.", next_step="Sign and publish the first one.")
    if work.draft(Role.ROOT).exists():
        raise UsageError(
            f"{work.draft(Role.ROOT)} waits for signatures.",
            next_step="Sign and publish it first, or delete it to begin again.",
        )
    root = newest.signed
    root.version += 1
    root.expires = expiry(Role.ROOT, days, now)
    for said in change.drop:
        _drop(root, said)
    for role, key in change.add:
        root.add_key(key, role)
    _set_thresholds(root, change.thresholds)
    _refuse_too_few(root)
    write_metadata(work.draft(Role.ROOT), Metadata(root))
    return root


def _drop(root: Root, said: str) -> None:
    found = [key_id for key_id in root.keys if said and key_id.startswith(said)]
    if len(found) != 1:
        raise NotFoundError(
            f"{said[:64]!r} is the beginning of {len(found) or 'no'} key ids of this channel.",
            next_step=f"Its keys are {', '.join(key_id[:12] for key_id in root.keys)}.",
        )
    for role, named in list(root.roles.items()):
        if found[0] in named.keyids:
            root.revoke_key(found[0], role)


def _set_thresholds(root: Root, thresholds: Mapping[Role, int]) -> None:
    for role, threshold in thresholds.items():
        root.roles[role].threshold = threshold


def _refuse_too_few(root: Root) -> None:
    for role, named in root.roles.items():
        if len(named.keyids) < named.threshold:
            raise UsageError(
                f"{role} has {len(named.keyids)} keys, and {named.threshold} must sign.",
                next_step="Add a key of this role, or lower its threshold.",
            )
