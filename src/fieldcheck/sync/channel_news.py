"""How many records of a list are new, changed or gone, counted inside SQLite so that a long list costs no wait."""

import sqlite3
from contextlib import closing
from pathlib import Path

from fieldcheck.cache.schema import RECORD_COLUMNS

_COMPARED = tuple(name for name in RECORD_COLUMNS if name not in {"rowid_", "id", "modified"})
_GONE = "SELECT count(*) FROM {0}.records WHERE id NOT IN (SELECT id FROM {1}.records)"


def count_news(before: Path | None, after: Path) -> tuple[int, int, int]:
    """Count the records that are new, changed and gone; without a readable version before, all are new."""
    with closing(sqlite3.connect(":memory:", uri=True)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        try:
            _attach(connection, after, "after")
            if before is None:
                return int(connection.execute("SELECT count(*) FROM after.records").fetchone()[0]), 0, 0
            _attach(connection, before, "before")
            added = connection.execute(_GONE.format("after", "before")).fetchone()[0]
            gone = connection.execute(_GONE.format("before", "after")).fetchone()[0]
            old, new = (", ".join(f"{table}.{name}" for name in _COMPARED) for table in ("b", "a"))
            query = (
                "SELECT count(*) FROM after.records a JOIN before.records b ON a.id = b.id"  # noqa: S608  # names are ours
                f" WHERE ({new}) IS NOT ({old})"
            )
            changed = connection.execute(query).fetchone()[0]
        except sqlite3.Error:
            return 0, 0, 0
    return int(added), int(changed), int(gone)


def _attach(connection: sqlite3.Connection, path: Path, name: str) -> None:
    connection.execute(f"ATTACH ? AS {name}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
