"""Results of earlier checks, one JSON file each, so that ``explain`` can show them after the lists have moved on."""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from fieldcheck.errors import InputError, NotFoundError
from fieldcheck.files import write_whole
from fieldcheck.models import Result
from fieldcheck.report.json_result import canonical_json, result_from_dict, result_to_dict

MOST_KEPT = 1_000
_MOST_BYTES = 10_000_000
_SAID_BY_LINES = frozenset({"exit_code", "inputs"})
_ID = re.compile(r"[0-9a-f]{6,64}")


def keep_result(home: Path, result: Result) -> Path:
    """Keep a result; the oldest go once more than 1,000 are kept.

    Raises:
        StorageError: the folder cannot be written.
    """
    folder = _folder(home)
    path = folder / f"{result.result_id}.json"
    write_whole(path, canonical_json(result_to_dict(result)).encode())
    kept = sorted(folder.glob("*.json"), key=lambda entry: entry.stat().st_mtime)
    for old in kept[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
    return path


def forget_results(home: Path, result_ids: Iterable[str]) -> None:
    """Delete the results of these ids; one that is gone already is no error."""
    for name in result_ids:
        if _ID.fullmatch(name):
            (_folder(home) / f"{name}.json").unlink(missing_ok=True)


def find_result(home: Path | None, name: str, ref: str = "") -> Result:
    """A result by its id, by the beginning of its id, or by the path of a JSON file.

    Args:
        home: the data folder, or None where there is none.
        name: the id or path; a path may be that of a shipment's lines.
        ref: which item of the shipment is meant.

    Raises:
        NotFoundError: there is none, or more than one begins so.
        InputError: the file is no JSON, or says that the item could not be checked.
        IntegrityError: the file is no result, or was changed.
    """
    path = _path(home, name)
    try:
        content = _of_shipment(path, ref) if ref else _whole(path)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{path} is not a result: {error}",
            next_step="Give the JSON of one check, or the lines of a shipment with --ref.",
        ) from error
    if content is None:
        raise NotFoundError(f"{path} has no item {ref!r}.", next_step="Give a ref as it stands in the manifest.")
    if isinstance(content, dict):
        if isinstance(problem := content.get("error"), dict):
            raise InputError(
                f"This item could not be checked: {problem.get('message')}",
                next_step="Correct the item and check it again.",
            )
        return result_of_line(content)
    return result_from_dict(content)


def result_of_line(content: dict[str, Any]) -> Result:
    """The result that a line of a shipment says, less what only such lines say.

    Raises:
        IntegrityError: it is no result, or was changed.
    """
    return result_from_dict({name: said for name, said in content.items() if name not in _SAID_BY_LINES})


def _path(home: Path | None, name: str) -> Path:
    # A name that no file system takes is no file's.
    with suppress(OSError):
        if Path(name).is_file():
            return Path(name)
    paths = list(_folder(home).glob(f"{name}*.json")) if home and _ID.fullmatch(name) else []
    if len(paths) != 1:
        found = "More than one result begins" if paths else "No result is kept whose id begins"
        raise NotFoundError(
            f"{found} with {name!r}.",
            next_step="Give the whole id as the check printed it, or the path of a result's JSON.",
        )
    return paths[0]


def _whole(path: Path) -> Any:  # noqa: ANN401  # what was read can be anything
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("it is too large")
    # Bytes, so that the UTF-16 of a Windows redirection is recognised.
    return json.loads(path.read_bytes())


def _of_shipment(path: Path, ref: str) -> Any:  # noqa: ANN401  # what was read can be anything
    """The last line on an item: it may have been checked again."""
    with path.open("rb") as file:
        lines = (json.loads(line) for line in file)
        about = [line for line in lines if isinstance(line, dict) and line.get("ref") == ref]
    return about[-1] if about else None


def _folder(home: Path) -> Path:
    return home / "results"
