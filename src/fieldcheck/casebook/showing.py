"""Looking at the log, handing a case on, verifying: every look at a case is logged before anything is shown."""

from dataclasses import replace
from pathlib import Path

from fieldcheck.casebook.bundle import no_case, write_bundle
from fieldcheck.casebook.entry import Entry
from fieldcheck.casebook.given import case_reference, told
from fieldcheck.casebook.head import Head
from fieldcheck.casebook.keys import KEY_NAME, read_key
from fieldcheck.casebook.log import Casebook, open_casebook
from fieldcheck.casebook.store import read_store
from fieldcheck.casebook.verifying import Finding, Outcome, Trust, verify_chain
from fieldcheck.errors import NotFoundError, UsageError


def look_at(home: Path, ref: str, action: str, reason: str, officer: str) -> tuple[str, tuple[Entry, ...]]:
    """A case and its entries, the last of which is this look at it.

    Raises:
        NotFoundError: there is no such case.
        UsageError: there is no reason.
    """
    case = _existing(home, ref)
    with open_casebook(home, officer) as book:
        _note(book, case, action, reason)
        return case, book.store.of_case(case)


def export_case(home: Path, ref: str, out: Path, reason: str, officer: str) -> Head:
    """Write the bundle of a case; the export itself is the last entry in it.

    Raises:
        NotFoundError: there is no such case.
        UsageError: there is no reason.
        StorageError: the file cannot be written.
    """
    case = _existing(home, ref)
    with open_casebook(home, officer) as book:
        _note(book, case, f"export to {out.name}", reason)
        with book.store.transaction():
            entries, key = list(book.store.entries()), book.signing_key()
    return write_bundle(out, entries, case, key)


def verify_casebook(home: Path | None, trust: Trust) -> tuple[Trust, Outcome]:
    """Verify the casebook itself; this device's key, where it is there, is one more thing to hold it against.

    Raises:
        NotFoundError: there is no casebook.
        IntegrityError: it is so damaged that it cannot be read.
    """
    with read_store(home) as store:
        key = read_key(store.home / KEY_NAME)
        trust = replace(trust, device_key=key.public if key else "")
        outcome = verify_chain(store.entries(), trust)
        misfiled, damage = store.misfiled(), store.damage()
    outcome.findings += [Finding(seq, "it is filed under another case or result") for seq in misfiled]
    outcome.findings += [Finding(0, f"the file is damaged: {damage}")] if damage else []
    return trust, outcome


def device_key(home: Path) -> str:
    """The public key of this device.

    Raises:
        NotFoundError: it has none yet.
    """
    key = read_key(home / KEY_NAME)
    if key is None:
        raise NotFoundError(
            f"There is no key in {home} yet.", next_step="The first `fieldcheck check … --case REF` makes it."
        )
    return key.public


def change_device_key(home: Path, reason: str, officer: str) -> tuple[str, Head]:
    """Change the key; returns the new public key and the head.

    Raises:
        UsageError: there is no reason.
    """
    with open_casebook(home, officer) as book:
        entry = book.change_key(reason)
        return book.signing_key().public, entry.head


def _existing(home: Path, ref: str) -> str:
    case = case_reference(ref)
    with read_store(home) as store:
        if not store.of_case(case):
            raise no_case(case)
    return case


def _note(book: Casebook, case: str, action: str, reason: str) -> None:
    if not told(reason):
        raise UsageError("A look at a case needs its reason.", next_step="Say in a sentence why, with --reason TEXT.")
    book.note_access(case, action, reason)
