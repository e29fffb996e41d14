"""Casebooks for tests: results to log, and tampering with what was logged as somebody might who knows SQLite."""

import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldcheck.casebook.decisions import Decision
from fieldcheck.casebook.entry import BEFORE_THE_FIRST, Entry, Kind, Stub, digest
from fieldcheck.casebook.keys import DeviceKey
from fieldcheck.casebook.log import make_entry, open_casebook
from fieldcheck.casebook.store import DATABASE_NAME
from fieldcheck.models import Band
from fieldcheck.report.json_result import canonical_json, result_to_dict
from results import make_result

CASES = ("2026-0417", "2026-0418", "2026-0419")
COLUMNS = "seq, previous, hash, signature, kind, at, key, content_sha256, content"

Row = dict[str, Any]


def a_result(number: int = 1, band: Band = Band.HOLD_LISTED) -> dict[str, Any]:
    """A result as JSON."""
    result = replace(make_result(band), result_id=f"{number:012x}")
    content: dict[str, Any] = json.loads(canonical_json(result_to_dict(result)))
    return content


def fill(home: Path, rounds: int = 4) -> None:
    """Three cases, checks and decisions in turns, one change of key."""
    with open_casebook(home, "unit-7") as book:
        for number in range(rounds):
            result = a_result(number)
            for case in CASES:
                book.log_check(case, result, reason="parcel post")
            book.decide(CASES[number % 3], result, Decision.RELEASE, "an invoice was shown later")
            book.note_access(CASES[0], "show", "asked by the court")
            if number == 1:
                book.change_key("once a year")


def rows_of(home: Path) -> list[Row]:
    with closing(sqlite3.connect(home / DATABASE_NAME)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM log ORDER BY seq")]


def put_rows(home: Path, rows: list[Row]) -> None:
    """Replace the whole log."""
    with closing(sqlite3.connect(home / DATABASE_NAME, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM log")
        for row in rows:
            places = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO log ({', '.join(row)}) VALUES ({places})", tuple(row.values()))  # noqa: S608  # the test's own names
        connection.execute("COMMIT")


def entry_of(row: Row) -> Entry:
    stub = Stub(row["kind"], row["at"], row["key"], row["content_sha256"])
    return Entry(row["seq"], row["previous"], stub.sha256, row["hash"], row["signature"], stub, row["content"])


@dataclass(frozen=True)
class Forger:
    """Somebody who can write the file and knows how it is made, and has no key but their own."""

    random: Random
    key: DeviceKey

    @classmethod
    def make(cls, seed: int) -> "Forger":
        random = Random(seed)  # noqa: S311  # a test must repeat itself
        return cls(random, DeviceKey(Ed25519PrivateKey.from_private_bytes(random.randbytes(32))))

    def edit(self, rows: list[Row]) -> list[Row]:
        """Change one value in one row, and its hashes to fit in half of the cases."""
        row = self.random.choice(rows)
        column = self.random.choice(("previous", "hash", "signature", "kind", "at", "key", "content_sha256", "content"))
        old = row[column]
        row[column] = {
            "kind": self.random.choice([kind.value for kind in Kind if kind != old]),
            "at": "2020-01-01T00:00:00Z",
            "content": str(old).replace('"by":"unit-7"', '"by":"unit-8"'),
        }.get(column) or self._other_hex(old)
        if column == "content" and self.random.random() < 0.5:
            row["content_sha256"] = digest(row["content"].encode())
        follows = column in {"previous", "hash"}  # making these fit would undo the change
        return rows if follows or self.random.random() < 0.5 else self.linked(rows)

    def forget(self, rows: list[Row]) -> list[Row]:
        """Take a content away as a purge does, without saying so."""
        row = self.random.choice([row for row in rows if row["kind"] in {"check", "decision", "access"}])
        row.update(content=None, case_ref=None, result_id=None)
        return rows

    def hide(self, rows: list[Row]) -> list[Row]:
        """File an entry under another case."""
        row = self.random.choice([row for row in rows if row["case_ref"]])
        row["case_ref"] = self.random.choice([None, "another"])
        return rows

    def reorder(self, rows: list[Row]) -> list[Row]:
        """Let two rows change places."""
        first, second = self.random.sample(range(len(rows)), 2)
        rows[first], rows[second] = rows[second], rows[first]
        return self.numbered(rows)

    def delete(self, rows: list[Row]) -> list[Row]:
        """Take a row out that is not the last, and close the gap in half of the cases."""
        rows.pop(self.random.randrange(len(rows) - 1))
        return self.numbered(rows) if self.random.random() < 0.5 else rows

    def insert(self, rows: list[Row]) -> list[Row]:
        """Put a row in, a copy or one of their own making."""
        place = self.random.randrange(len(rows))
        new = dict(self.random.choice(rows))
        if self.random.random() < 0.5:
            made = make_entry(None, Kind.DECISION, {"by": "", "case": CASES[0], "decision": "release"}, self.key)
            new |= row_of(made)
            new["key"] = rows[place]["key"]
        rows.insert(place, new)
        return self.numbered(rows)

    def truncate(self, rows: list[Row]) -> list[Row]:
        """Take rows off the end."""
        return rows[: self.random.randrange(1, len(rows))]

    def resign(self, rows: list[Row], start: int | None = None) -> list[Row]:
        """Change a word and sign everything from some row on anew, with a key of their own."""
        if start is None:
            start = self.random.choice([0, self.random.randrange(len(rows) - 1)])
        row = rows[start]
        row["content"] = str(row["content"]).replace("parcel post", "by hand")
        previous = rows[start - 1]["hash"] if start else BEFORE_THE_FIRST
        for later in rows[start:]:
            later["key"], later["content_sha256"] = self.key.public, digest(later["content"].encode())
            bare = replace(entry_of(later | {"previous": previous}), hash="", signature="")
            later.update(previous=previous, hash=digest(bare.link), signature=self.key.sign(bare.link))
            previous = later["hash"]
        return rows

    def linked(self, rows: list[Row]) -> list[Row]:
        """Make all hashes fit again; the signatures cannot be made to."""
        previous = BEFORE_THE_FIRST
        for row in rows:
            row["previous"] = previous
            row["hash"] = previous = digest(entry_of(row).link)
        return rows

    def numbered(self, rows: list[Row]) -> list[Row]:
        """Number rows as they now stand, and make the hashes fit in half of the cases."""
        for number, row in enumerate(rows, 1):
            row["seq"] = number
        return self.linked(rows) if self.random.random() < 0.5 else rows

    def _other_hex(self, text: str) -> str:
        place = self.random.randrange(len(text))
        digit = self.random.choice([digit for digit in "0123456789abcdef" if digit != text[place]])
        return text[:place] + digit + text[place + 1 :]


def row_of(entry: Entry) -> Row:
    """An entry as its row, under no case."""
    assert entry.stub
    return {
        "seq": entry.seq, "previous": entry.previous, "hash": entry.hash, "signature": entry.signature,
        "kind": entry.stub.kind, "at": entry.stub.at, "key": entry.stub.key,
        "content_sha256": entry.stub.content_sha256, "content": entry.content,
        "case_ref": entry.said().get("case"), "result_id": None,
    }  # fmt: skip


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
