"""Finding the pictures of an imported record, and never anything outside the folder that was named."""

from collections.abc import Callable
from pathlib import Path, PureWindowsPath

from fieldcheck.lists.tables.model import shown
from fieldcheck.models import Record


def image_paths(record: Record, folder: Path, report: Callable[[str], None] | None = None) -> list[Path]:
    """Return the pictures of a record that are in a folder; ``report`` is told of each that cannot be used.

    A name that leaves the folder, by ``..``, as an absolute path or through a link, is never followed.
    Addresses on the web are passed over: only a sync fetches.
    """
    found = []
    for name in record.images:
        if "://" in name:
            continue
        path, problem = _inside(folder, name)
        if path:
            found.append(path)
        elif report:
            report(f"record {record.id}: the picture {shown(name)} {problem}")
    return found


def _inside(folder: Path, name: str) -> tuple[Path | None, str]:
    """Return the file of that name below a folder, or why there is none; the name may come from Windows."""
    parts = PureWindowsPath(name)
    if parts.drive or parts.root or ".." in parts.parts:
        return None, "is not below the folder of pictures"
    try:
        path = folder.joinpath(*parts.parts).resolve()
        if not path.is_relative_to(folder.resolve()):
            return None, "is a link that leaves the folder of pictures"
        return (path, "") if path.is_file() else (None, "is not there")
    except (OSError, ValueError, RuntimeError):
        return None, "has a name that cannot be a file"
