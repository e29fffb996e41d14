"""The folder in which a publisher prepares a channel: nothing in it is secret, and keys may be kept elsewhere.

``targets/`` holds the packs, ``draft/`` what waits for signatures, ``metadata/`` the roots and targets given out so
far. A published channel has the same ``metadata/`` and ``targets/``.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Targets

from fieldcheck.errors import IntegrityError, NotFoundError, StorageError
from fieldcheck.files import write_whole
from fieldcheck.packs.roles import Role

_SIGNED = TypeVar("_SIGNED", Root, Targets)
_VERSIONED = re.compile(r"([1-9][0-9]{0,8})\.(root|targets|snapshot)\.json")


@dataclass(frozen=True, slots=True)
class Workshop:
    """The folder of one channel, in preparation or published."""

    folder: Path

    @property
    def targets(self) -> Path:
        """The packs."""
        return self.folder / "targets"

    @property
    def metadata(self) -> Path:
        """What was given out."""
        return self.folder / "metadata"

    def draft(self, role: Role) -> Path:
        """The file of a draft."""
        return self.folder / "draft" / f"{role}.json"

    def versions(self, role: Role) -> list[int]:
        """The versions of a role that were given out, ascending."""
        found = (_VERSIONED.fullmatch(path.name) for path in self.metadata.glob(f"*.{role}.json"))
        return sorted(int(match[1]) for match in found if match and match[2] == role)

    def given_out(self, role: Role, version: int) -> Path:
        """The file of a version that was given out."""
        return self.metadata / f"{version}.{role}.json"

    @property
    def timestamp(self) -> Path:
        """The file of the timestamp, which alone has no version in its name."""
        return self.metadata / "timestamp.json"

    @property
    def root(self) -> Metadata[Root] | None:
        """The newest root that was given out, or None."""
        versions = self.versions(Role.ROOT)
        return read_root(self.given_out(Role.ROOT, versions[-1])) if versions else None

    @property
    def root_in_force(self) -> Metadata[Root]:
        """The root that what is drafted now is to be judged by: the drafted one, or else the newest.

        Raises:
            NotFoundError: there is none.
        """
        draft = self.draft(Role.ROOT)
        root = read_root(draft) if draft.is_file() else self.root
        if root is None:
            raise NotFoundError(
                f"{self.folder} has no root yet.",
                next_step="Make the keys and the first root with `fieldcheck pack keys`.",
            )
        return root

    @property
    def given_targets(self) -> Metadata[Targets] | None:
        """The newest targets that were given out, or None."""
        versions = self.versions(Role.TARGETS)
        return read_targets(self.given_out(Role.TARGETS, versions[-1])) if versions else None


@contextmanager
def build_lock(work: Workshop, list_id: str) -> Iterator[Path]:
    """Hold a list's pack for one build; gives the folder in which it is put together.

    Raises:
        StorageError: another build of this list is running.
    """
    folder = work.folder / "building" / list_id
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StorageError(
            f"Another build of {list_id} is running in this folder.",
            next_step="Wait until it has finished, then run the command again.",
        ) from error
    try:
        yield folder
    finally:
        lock.release()


def read_root(path: Path) -> Metadata[Root]:
    """Read a root, signed or not."""
    return _read(path, Root)


def read_targets(path: Path) -> Metadata[Targets]:
    """Read targets, signed or not."""
    return _read(path, Targets)


def write_metadata(path: Path, metadata: Metadata[Root] | Metadata[Targets]) -> None:
    """Write metadata whole."""
    write_whole(path, metadata.to_bytes())


def _read(path: Path, kind: type[_SIGNED]) -> Metadata[_SIGNED]:
    try:
        found: Metadata[_SIGNED] = Metadata.from_bytes(path.read_bytes())
    except (OSError, RepositoryError) as error:
        raise IntegrityError(
            f"{path} cannot be read: {error}", next_step="Take it from the published channel again."
        ) from error
    if not isinstance(found.signed, kind):
        raise IntegrityError(f"{path} is no {kind.type}.", next_step="Take it from the published channel again.")
    return found
