"""How the sync of one list ended, for the user and for the list's log."""

import enum
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from fieldcheck.cache.pointer import lists_folder
from fieldcheck.errors import ExitCode, FieldcheckError
from fieldcheck.files import storage_errors

LOG_NAME = "sync.log"


@enum.unique
class OutcomeKind(enum.StrEnum):
    """How the sync of one list ended; a version that is waiting was made and is not in use."""

    UPDATED = "updated"
    WAITING = "waiting"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the sync of one list ended.

    ``records`` is what the publisher lists now. ``image_problems`` counts the photos that could not be had.
    ``next_step`` and ``exit_code`` say something only where there was nothing that could be put in use.
    """

    list_id: str
    kind: OutcomeKind
    records: int = 0
    added: int = 0
    changed: int = 0
    delisted: int = 0
    image_problems: int = 0
    message: str = ""
    next_step: str = ""
    exit_code: ExitCode = ExitCode.NOTHING_FOUND


def failed(list_id: str, error: FieldcheckError) -> Outcome:
    """The outcome of a sync that an error ended."""
    return Outcome(
        list_id, OutcomeKind.FAILED, message=str(error), next_step=error.next_step, exit_code=error.exit_code
    )


def unchanged(list_id: str, records: int, reason: FieldcheckError) -> Outcome:
    """The outcome of a sync that found only what was turned down before."""
    return Outcome(list_id, OutcomeKind.UNCHANGED, records=records, message=str(reason), next_step=reason.next_step)


def log_outcome(home: Path, outcome: Outcome, now: datetime, accept_shrink: str) -> None:
    """Add one line of JSON to ``lists/<id>/sync.log``, with the reason why the list might shrink, if given.

    Raises:
        StorageError: the log cannot be written.
    """
    entry = {"time": now.isoformat(timespec="seconds"), **asdict(outcome), "accept_shrink": accept_shrink}
    path = lists_folder(home) / outcome.list_id / LOG_NAME
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as log:
            log.write(json.dumps(entry, ensure_ascii=False) + "\n")
