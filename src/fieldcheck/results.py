"""Results of earlier checks, one JSON file each, so that ``explain`` can show them after the lists have moved on."""

import json
import re
from pathlib import Path

from fieldcheck.errors import InputError, NotFoundError
from fieldcheck.files import write_whole
from fieldcheck.models import Result
from fieldcheck.report.json_result import canonical_json, result_from_dict, result_to_dict

MOST_KEPT = 1_000
_ID = re.compile(r"[0-9a-f]{6,64}")


def keep_result(home: Path, result: Result) -> Path:
    """Keep a result; the oldest go once more than 1,000 are kept.

    Raises:
        StorageError: the folder cannot be written.
    """
    folder = _folder(home)
    path = folder / f"{result.result_id}.json"
    write_whole(path, canonical_json(result_to_dict(result)).encode("utf-8", "surrogatepass"))
    kept = sorted(folder.glob("*.json"), key=lambda entry: entry.stat().st_mtime)
    for old in kept[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
    return path


def find_result(home: Path | None, name: str) -> Result:
    """A result by its id, by the beginning of its id, or by the path of a JSON file.

    Raises:
        NotFoundError: there is none, or more than one begins so.
        InputError: the file is no JSON.
        IntegrityError: the file is no result.
    """
    given = Path(name)
    paths = [given] if given.is_file() else _kept(home, name)
    if len(paths) != 1:
        found = "More than one result begins" if paths else "No result is kept whose id begins"
        raise NotFoundError(
            f"{found} with {name!r}.", next_step="Give the whole id as the check printed it, or the path of a result's JSON."
        )
    try:
        content = json.loads(paths[0].read_text(encoding="utf-8", errors="surrogatepass"))
    except (OSError, ValueError) as error:
        raise InputError(f"{paths[0]} is not a result: {error}", next_step="Give the JSON that a check printed.") from error
    return result_from_dict(content)


def _kept(home: Path | None, name: str) -> list[Path]:
    return sorted(_folder(home).glob(f"{name}*.json")) if home and _ID.fullmatch(name) else []


def _folder(home: Path) -> Path:
    return home / "results"
