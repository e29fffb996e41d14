"""Adding to the log: checks, decisions, and who looked at what; every entry is signed and chained."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldcheck.cache.latest_time import in_utc
from fieldcheck.casebook.decisions import Decision, overrides
from fieldcheck.casebook.entry import BEFORE_THE_FIRST, Entry, Kind, Stub, digest, salted
from fieldcheck.casebook.given import MOST_CASE, case_reference, given, told
from fieldcheck.casebook.head import SHORT
from fieldcheck.casebook.keys import KEY_NAME, NEXT_KEY_NAME, DeviceKey, make_key, read_key
from fieldcheck.casebook.store import Store, open_store
from fieldcheck.errors import IntegrityError, StorageError
from fieldcheck.files import storage_errors
from fieldcheck.models import Band
from fieldcheck.report.sanitise import plain

_OF_A_SHIPMENT = frozenset({"exit_code", "inputs"})  # what only the lines of a shipment say


@dataclass(slots=True)
class Casebook:
    """The log, open for adding to it; ``officer`` is the code that entries carry, or empty."""

    store: Store
    officer: str = ""
    _key: DeviceKey | None = field(default=None, repr=False)

    def log_check(
        self,
        case: str,
        result: Mapping[str, Any],
        *,
        reason: str = "",
        settings: Mapping[str, Any] | None = None,
        once: bool = False,
    ) -> Entry:
        """Log a check.

        Args:
            case: the case's reference.
            result: the JSON object of the result (`fieldcheck.report.json_result.result_to_dict`), or that of the
                error of an item that could not be checked.
            reason: why it was made.
            settings: what the check was asked to do besides the item.
            once: log nothing where the case has this very result already, and return where it stands.
        """
        case = case_reference(case)
        kind = "error" if "error" in result else "result"
        content = {name: value for name, value in result.items() if name not in _OF_A_SHIPMENT}
        if once and kind == "result" and (before := self._logged(case, str(content["result_id"]))):
            return before
        return self.add(Kind.CHECK, case, {"reason": told(reason), kind: content, "settings": dict(settings or {})})

    def decide(self, case: str, result: Mapping[str, Any], decision: Decision, reason: str) -> Entry:
        """Log what the officer decided on a result, and the result where the case has it not yet.

        Earlier decisions stay.

        Raises:
            UsageError: there is no reason.
        """
        reason, band = given(reason, "A decision needs its reason."), str(result["verdict"]["band"])
        self.log_check(case, result, once=True)
        said = {
            "reason": reason,
            "result_id": result["result_id"],
            "band": band,
            "decision": decision.value,
            "override": overrides(decision, Band(band)),
        }
        return self.add(Kind.DECISION, case_reference(case), said)

    def note_access(self, case: str, action: str, reason: str) -> Entry:
        """Log that somebody is about to see, hand on or change what the log holds."""
        return self.add(Kind.ACCESS, case_reference(case), {"action": action, "reason": told(reason)})

    def change_key(self, reason: str) -> Entry:
        """Sign with a new key from now on: the old key signs the new one, and the new one signs that it is in use.

        Raises:
            UsageError: there is no reason.
        """
        reason = given(reason, "A change of key needs its reason.")
        with self.store.transaction():
            last = self.store.last()
            self._key_after(last)
            new = make_key(self.store.home / NEXT_KEY_NAME)
            changed = self._add(last, Kind.KEY_CHANGE, "", {"new_key": new.public, "reason": reason})
            self._key = new
            in_use = self._add(changed, Kind.ACCESS, "", {"action": "use of a new key", "reason": reason})
        with self.store.transaction():
            # Only now, and only if nobody has changed it once more since.
            self._key = _device_key(self.store.home, key_in_force(self.store.last()))
        return in_use

    def add(self, kind: Kind, case: str, said: Mapping[str, Any]) -> Entry:
        """Append an entry, or nothing.

        Raises:
            StorageError: the disk is full or refuses; the entries before are whole.
            IntegrityError: the key is not the one that the log goes on with.
        """
        try:
            with self.store.transaction():
                return self.add_inside(kind, case, said)
        except StorageError as error:
            raise StorageError(
                f"Nothing was added to the casebook; the entries before are whole. {error}",
                next_step=error.next_step,
            ) from error

    def add_inside(self, kind: Kind, case: str, said: Mapping[str, Any]) -> Entry:
        """Append an entry as part of the caller's transaction."""
        return self._add(self.store.last(), kind, case, said)

    def signing_key(self) -> DeviceKey:
        """The key that signs the next entry; the caller holds a transaction, or just added an entry."""
        return self._key_after(self.store.last())

    def _add(self, last: Entry | None, kind: Kind, case: str, said: Mapping[str, Any]) -> Entry:
        key = self._key_after(last)
        entry = make_entry(last, kind, {"by": self.officer, "case": case, **said}, key)
        self.store.add(entry)
        return entry

    def _key_after(self, last: Entry | None) -> DeviceKey:
        """The key that must sign the next entry."""
        wanted = key_in_force(last)
        if self._key is None or (wanted and self._key.public != wanted):
            self._key = _device_key(self.store.home, wanted)
        return self._key

    def _logged(self, case: str, result_id: str) -> Entry | None:
        found = self.store.of_result(result_id)
        return next((entry for entry in found if entry.said().get("case") == case), None)


@contextmanager
def open_casebook(home: Path, officer: str = "") -> Iterator[Casebook]:
    """Open the officer's log, and begin it where there is none.

    Raises:
        StorageError: the folder cannot be written.
        IntegrityError: the file or the key is not what it should be.
    """
    with open_store(home) as store:
        yield Casebook(store, plain(officer, MOST_CASE))


def make_entry(last: Entry | None, kind: Kind, said: Mapping[str, Any], key: DeviceKey) -> Entry:
    """The entry that follows ``last``, signed."""
    content = salted(said)
    at = in_utc(datetime.now(UTC))
    stub = Stub(kind.value, at, key.public, digest(content.encode()))
    seq, previous = (last.seq + 1, last.hash) if last else (1, BEFORE_THE_FIRST)
    bare = Entry(seq, previous, stub.sha256, "", "", stub, content)
    return replace(bare, hash=digest(bare.link), signature=key.sign(bare.link))


def key_in_force(last: Entry | None) -> str:
    """The public key that must sign what follows ``last``, or an empty string where nothing was signed yet."""
    if last is None or last.stub is None:
        return ""
    return str(last.said().get("new_key")) if last.stub.kind == Kind.KEY_CHANGE else last.stub.key


def _device_key(home: Path, wanted: str) -> DeviceKey:
    path = home / KEY_NAME
    key = read_key(path)
    if not wanted:
        return key or make_key(path)
    if key and key.public == wanted:
        return key
    following = read_key(home / NEXT_KEY_NAME)
    if following and following.public == wanted:
        # The change was logged, and what follows was not done yet.
        with storage_errors(home):
            (home / NEXT_KEY_NAME).replace(path)
        return following
    found = f"is another one ({key.public[:SHORT]})" if key else "is missing"
    raise IntegrityError(
        f"The casebook goes on with key {wanted[:SHORT]}, and the key in {path} {found}.",
        next_step="Bring that key file back from a backup, or move casebook.db away to begin a new one.",
    )
