"""Finding a logged result by its id, for as long as no purge has taken it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldcheck.casebook.manifest import result_of
from fieldcheck.casebook.store import DATABASE_NAME, read_store
from fieldcheck.errors import NotFoundError

_ID = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True)
class Found:
    """A logged result, as JSON, and the cases that it is logged in."""

    cases: tuple[str, ...]
    result: dict[str, Any]

    @property
    def case(self) -> str:
        """The case that it was logged in last."""
        return self.cases[-1]


def find_logged(home: Path, name: str) -> Found | None:
    """A logged result by its id or the beginning of it; None where there is none.

    Raises:
        NotFoundError: more than one result begins so.
        IntegrityError: the casebook cannot be read.
    """
    if not _ID.fullmatch(name) or not (home / DATABASE_NAME).is_file():
        return None
    with read_store(home) as store:
        entries = store.of_result(name)
    results = {str(result["result_id"]): result for entry in entries if (result := result_of(entry))}
    if len(results) > 1:
        raise NotFoundError(
            f"More than one result begins with {name!r}.", next_step="Give the whole id as the check printed it."
        )
    cases = tuple(dict.fromkeys(str(entry.said().get("case")) for entry in entries))
    return next((Found(cases, result) for result in results.values()), None)
