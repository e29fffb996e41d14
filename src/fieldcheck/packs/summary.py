"""What a draft says, in words, so that whoever signs it knows what is signed."""

from collections.abc import Iterator

from tuf.api.metadata import Root

from fieldcheck.packs.roles import Role
from fieldcheck.packs.signing import Standing, standing
from fieldcheck.packs.targets import pack_index, target_path
from fieldcheck.packs.workshop import Workshop, read_root, read_targets
from fieldcheck.sync.channel_index import index_path
from fieldcheck.sync.channel_model import DESCRIPTION_PATH, read_description

_KEY_ID = 12


def drafts(work: Workshop) -> Iterator[str]:
    """Every draft that waits for signatures, line by line."""
    for role in (Role.ROOT, Role.TARGETS):
        if work.draft(role).is_file():
            yield told(standing(work, role))
            yield from _root(work) if role is Role.ROOT else _targets(work)


def given_out(work: Workshop) -> Iterator[str]:
    """What was given out last, line by line."""
    if root := work.root:
        yield f"root {root.signed.version}: given out."
        yield from _keys(root.signed)
    if targets := work.given_targets:
        yield f"targets {targets.signed.version}: given out, until {targets.signed.expires:%Y-%m-%d}."


def told(found: Standing) -> str:
    """How far the signing of a draft is."""
    state = "complete" if not found.missing else f"{found.missing} more needed"
    return f"{found.role} {found.version}: {found.signed} signed, {state}."


def _root(work: Workshop) -> Iterator[str]:
    return _keys(read_root(work.draft(Role.ROOT)).signed)


def _keys(root: Root) -> Iterator[str]:
    for role in Role:
        named = root.roles[role]
        ids = ", ".join(key_id[:_KEY_ID] for key_id in named.keyids)
        yield f"  {role}: {named.threshold} of {len(named.keyids)} keys must sign ({ids})"
    yield f"  until {root.expires:%Y-%m-%d}"


def _targets(work: Workshop) -> Iterator[str]:
    targets = read_targets(work.draft(Role.TARGETS)).signed
    for path, info in targets.targets.items():
        list_id = path.split("/")[1]
        if path == index_path(list_id) and (work.targets / "lists" / list_id).is_dir():
            index = pack_index(work, list_id)
            yield f"  {list_id}: version {index.version}, {index.records:,} records, {index.photos:,} photos"
        elif path.endswith(".db"):
            yield f"  {path}: {info.length:,} bytes, SHA-256 {info.hashes['sha256']}"
        elif path.endswith(".vectors"):
            yield f"  {path}: {info.length:,} bytes, made by a photo model"
        elif path == DESCRIPTION_PATH and target_path(work, path).is_file():
            model = read_description(target_path(work, path))
            yield f"  photo model {model.key}: ONNX file {model.sha256}, {model.licence}"
    yield f"  until {targets.expires:%Y-%m-%d}"
