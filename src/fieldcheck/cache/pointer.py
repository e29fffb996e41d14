"""``lists/current.json``: which version of each list is in use. Always replaced whole, and last."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.errors import IntegrityError
from fieldcheck.files import write_whole

POINTER_NAME = "current.json"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The versions that are kept, by list id.

    ``earlier`` holds what a rollback returns to or, after one, what it returned from; ``waiting`` what was built
    and is not accepted yet. ``turned_down`` are versions that somebody rolled back from, the newest last: they are
    put in use again only when that is asked for.
    """

    in_use: Mapping[str, Installed] = field(default_factory=dict)
    earlier: Mapping[str, Installed] = field(default_factory=dict)
    waiting: Mapping[str, Installed] = field(default_factory=dict)
    turned_down: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def versions(self, list_id: str) -> set[str]:
        """The versions of a list whose files are needed."""
        kept = (self.in_use, self.earlier, self.waiting)
        return {group[list_id].version for group in kept if list_id in group}


def lists_folder(home: Path) -> Path:
    """The folder that holds every list's versions and the pointer."""
    return home / "lists"


def version_path(home: Path, installed: Installed) -> Path:
    """Where a version's file is."""
    return lists_folder(home).joinpath(*installed.file.split("/"))


def read_pointer(home: Path) -> dict[str, Installed]:
    """Return the version in use of each list by list id, in the order of the ids; empty when nothing is installed.

    Raises:
        IntegrityError: the pointer is there but cannot be read.
    """
    return dict(read_kept(home).in_use)


def read_kept(home: Path) -> Pointer:
    """Return all versions that are kept.

    Raises:
        IntegrityError: the pointer is there but cannot be read.
    """
    path = lists_folder(home) / POINTER_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Pointer(
            _entries(content["lists"]),
            _entries(content.get("earlier", ())),
            _entries(content.get("waiting", ())),
            {key: tuple(map(str, versions)) for key, versions in content.get("turned_down", {}).items()},
        )
    except (FileNotFoundError, NotADirectoryError):
        return Pointer()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(
            f"{path} is damaged: {error}",
            next_step="Run `fieldcheck doctor`; sync or import the lists again if it says so.",
        ) from error


def write_pointer(home: Path, pointer: Pointer) -> None:
    """Put these versions in use, in one step."""
    groups = {"lists": pointer.in_use, "earlier": pointer.earlier, "waiting": pointer.waiting}
    content: dict[str, Any] = {
        name: [asdict(group[key]) for key in sorted(group)]
        for name, group in groups.items()
        if group or name == "lists"
    }
    content["turned_down"] = dict(pointer.turned_down)
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(lists_folder(home) / POINTER_NAME, text.encode())


def _entries(found: list[dict[str, Any]]) -> dict[str, Installed]:
    entries = [Installed(**{**entry, "info": ListInfo(**entry["info"])}) for entry in found]
    return {entry.info.id: entry for entry in sorted(entries, key=lambda entry: entry.info.id)}
