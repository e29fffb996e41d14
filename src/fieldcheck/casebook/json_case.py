"""The log as JSON, as commands print it with ``--json``; schemas in ``data/schemas``."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fieldcheck.casebook.entry import Entry
from fieldcheck.casebook.head import Head
from fieldcheck.casebook.manifest import SCHEMA_VERSION, result_of
from fieldcheck.casebook.store import CaseRow
from fieldcheck.casebook.verifying import Outcome

_WORDS = ("by", "reason", "action", "result_id", "band", "decision")


def decision_to_dict(case: str, entry: Entry) -> dict[str, Any]:
    """A decision as ``decide --json`` prints it."""
    return {"schema_version": SCHEMA_VERSION, "case": case, "entry": entry_to_dict(entry)}


def cases_to_dict(rows: Sequence[CaseRow], head: Head | None) -> dict[str, Any]:
    """Every case as ``case list --json`` prints it."""
    return {"schema_version": SCHEMA_VERSION, "head": _printed(head), "cases": [asdict(row) for row in rows]}


def case_to_dict(case: str, entries: Sequence[Entry], head: Head | None) -> dict[str, Any]:
    """One case as ``case show --json`` prints it."""
    said = [entry_to_dict(entry) for entry in entries]
    return {"schema_version": SCHEMA_VERSION, "case": case, "head": _printed(head), "entries": said}


def verified_to_dict(outcome: Outcome, compared: Sequence[str], *, trusted: bool) -> dict[str, Any]:
    """How verifying ended as ``case verify --json`` prints it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "whole": outcome.whole,
        "trusted": trusted,
        "entries": outcome.entries,
        "hidden": outcome.hidden,
        "purged": outcome.purged,
        "head": _printed(outcome.head),
        "keys": list(outcome.signers),
        "compared": list(compared),
        "findings": [asdict(finding) for finding in outcome.findings],
    }


def _printed(head: Head | None) -> str:
    return head.short if head else ""


def entry_to_dict(entry: Entry) -> dict[str, Any]:
    """An entry as ``case show --json`` prints it, less the result itself, which ``explain`` shows."""
    said = entry.said()
    result = result_of(entry) or {}
    verdict = result.get("verdict")
    found = {"result_id": result.get("result_id"), "band": verdict.get("band") if isinstance(verdict, dict) else None}
    words = {name: str(said.get(name) or found.get(name) or "") for name in _WORDS}
    return {
        "seq": entry.seq,
        "hash": entry.hash,
        "kind": entry.stub.kind if entry.stub else "",
        "at": entry.stub.at if entry.stub else "",
        **words,
        "override": bool(said.get("override")),
    }
