"""``lists/current.json``: which version of each list is in use. Always replaced whole, and last."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.errors import IntegrityError
from fieldcheck.files import write_whole

POINTER_NAME = "current.json"


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
    path = lists_folder(home) / POINTER_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = [_installed(entry) for entry in content["lists"]]
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            f"{path} is damaged: {error}",
            next_step="Run `fieldcheck doctor`; sync or import the lists again if it says so.",
        ) from error
    return {entry.info.id: entry for entry in sorted(entries, key=lambda entry: entry.info.id)}


def write_pointer(home: Path, installed: dict[str, Installed]) -> None:
    """Put these versions in use, in one step."""
    content = {"lists": [asdict(installed[key]) for key in sorted(installed)]}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(lists_folder(home) / POINTER_NAME, text.encode())


def _installed(entry: dict[str, Any]) -> Installed:
    return Installed(**{**entry, "info": ListInfo(**entry["info"])})
