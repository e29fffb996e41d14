"""Signing drafts: each holder adds a signature, on a computer of their own if they like, until there are enough."""

from dataclasses import dataclass

from securesystemslib.signer import Signer
from tuf.api.metadata import Metadata, Root, Targets

from fieldcheck.errors import NotFoundError, UsageError
from fieldcheck.packs.roles import Role
from fieldcheck.packs.workshop import Workshop, read_root, read_targets, write_metadata

_SIGNED_BY_HAND = (Role.ROOT, Role.TARGETS)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the signing of a draft is: how many signatures count and how many more are needed."""

    role: Role
    version: int
    signed: int
    missing: int


def sign_drafts(work: Workshop, signer: Signer) -> list[Standing]:
    """Add a signature to every draft that the key may sign.

    Returns:
        The standing of each draft that was signed now.

    Raises:
        UsageError: there is no draft, or none that this key may sign.
        NotFoundError: there is no root to judge the key by.
    """
    drafts = [role for role in _SIGNED_BY_HAND if work.draft(role).is_file()]
    if not drafts:
        raise UsageError(
            f"Nothing waits for signatures in {work.folder}.",
            next_step="Build a pack with `fieldcheck pack build`, or change keys with `fieldcheck pack rotate`.",
        )
    key_id = signer.public_key.keyid
    signed = [role for role in drafts if key_id in _entitled(work, role)]
    if not signed:
        raise UsageError(
            f"The key {key_id[:12]} may sign no draft here ({', '.join(drafts)}).",
            next_step="Use a key of that role, or give this one the role with `fieldcheck pack rotate`.",
        )
    for role in signed:
        draft = _read(work, role)
        draft.sign(signer, append=True)
        write_metadata(work.draft(role), draft)
    return [standing(work, role) for role in signed]


def standing(work: Workshop, role: Role) -> Standing:
    """How far the signing of a draft is. A root needs its own holders and those of the root before it."""
    draft = _read(work, role)
    results = [root.get_verification_result(role, draft.signed_bytes, draft.signatures) for root in _judges(work, role)]
    signed = len({key_id for result in results for key_id in result.signed})
    return Standing(role, draft.signed.version, signed, max(result.missing for result in results))


def refuse_unfinished(work: Workshop, role: Role) -> None:
    """Refuse a draft that lacks signatures.

    Raises:
        UsageError: it does.
    """
    found = standing(work, role)
    if found.missing:
        signatures = "signature" if found.missing == 1 else "signatures"
        raise UsageError(
            f"The draft of {role} {found.version} needs {found.missing} more {signatures}.",
            next_step=f"Have the holders of {role} keys sign it: `fieldcheck pack sign --key FILE`.",
        )


def _judges(work: Workshop, role: Role) -> list[Root]:
    before = work.root
    judges = [work.root_in_force.signed]
    if role is Role.ROOT and before is not None:
        judges.append(before.signed)
    return judges


def _entitled(work: Workshop, role: Role) -> set[str]:
    return {key_id for root in _judges(work, role) for key_id in root.roles[role].keyids}


def _read(work: Workshop, role: Role) -> Metadata[Root] | Metadata[Targets]:
    path = work.draft(role)
    if not path.is_file():
        raise NotFoundError(f"{work.folder} has no draft of {role}.", next_step="See `fieldcheck pack --help`.")
    return read_root(path) if role is Role.ROOT else read_targets(path)
