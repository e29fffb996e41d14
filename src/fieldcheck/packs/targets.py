"""Drafting targets: which files the channel is to give out, each with its length and SHA-256."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path

from tuf.api.metadata import Metadata, TargetFile, Targets

from fieldcheck.errors import IntegrityError, NotFoundError
from fieldcheck.files import sha256_of
from fieldcheck.packs.roles import Role, expiry
from fieldcheck.packs.workshop import Workshop, write_metadata
from fieldcheck.sync.channel_index import MOST_BYTES, ListIndex, file_path, index_path, read_index, vectors_path
from fieldcheck.sync.channel_model import DESCRIPTION_PATH, onnx_path, read_description


def draft_targets(work: Workshop, days: Mapping[Role, int], now: datetime) -> Targets:
    """Write the draft of the targets that follow: the newest version of every list, and what belongs to it; the model.

    Raises:
        NotFoundError: there is neither a pack nor a model to give out.
        IntegrityError: a file is not the one that its list's index names.
    """
    given = work.given_targets
    version = given.signed.version + 1 if given else 1
    found = chain(*(_files(work, list_id) for list_id in packed_lists(work)), _model_files(work))
    files = {info.path: info for info in found}
    if not files:
        raise NotFoundError(
            f"{work.folder} has no list to give out.", next_step="Build one with `fieldcheck pack build`."
        )
    targets = Targets(version=version, expires=expiry(Role.TARGETS, days, now), targets=files)
    write_metadata(work.draft(Role.TARGETS), Metadata(targets))
    return targets


def packed_lists(work: Workshop) -> tuple[str, ...]:
    """The lists of which a pack is in the publisher's folder."""
    return tuple(sorted(path.parent.name for path in (work.targets / "lists").glob("*/index.json")))


def pack_index(work: Workshop, list_id: str) -> ListIndex:
    """What a pack says of its list."""
    return read_index(target_path(work, index_path(list_id)).read_bytes()[:MOST_BYTES], list_id)


def target_path(work: Workshop, path: str) -> Path:
    """Where a file is that the channel gives out under that path."""
    return work.targets.joinpath(*path.split("/"))


def _files(work: Workshop, list_id: str) -> Iterator[TargetFile]:
    index = pack_index(work, list_id)
    yield _target(work, index_path(list_id))
    listed = _target(work, file_path(list_id, index.version))
    if (listed.length, listed.hashes["sha256"]) != (index.length, index.sha256):
        raise IntegrityError(
            f"The list file of {list_id} was changed after it was built.", next_step="Build the pack again."
        )
    yield listed
    for delta in index.deltas:
        yield _target(work, delta.target)
    for entry in index.vectors:
        made = _target(work, vectors_path(list_id, index.version, entry.model))
        if (made.length, made.hashes["sha256"]) != (entry.length, entry.sha256):
            raise IntegrityError(
                f"The vectors of {list_id} were changed after they were made.", next_step="Build the pack again."
            )
        yield made


def _model_files(work: Workshop) -> Iterator[TargetFile]:
    """The photo model that is given out, if any."""
    if target_path(work, DESCRIPTION_PATH).is_file():
        model = read_description(target_path(work, DESCRIPTION_PATH))
        yield _target(work, DESCRIPTION_PATH)
        yield _target(work, onnx_path(model.sha256))


def _target(work: Workshop, path: str) -> TargetFile:
    file = target_path(work, path)
    try:
        return TargetFile(file.stat().st_size, {"sha256": sha256_of(file)}, path)
    except OSError as error:
        raise IntegrityError(f"{file} is missing: {error}", next_step="Build the pack again.") from error
