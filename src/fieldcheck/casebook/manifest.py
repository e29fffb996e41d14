"""What a bundle says of itself: all of it follows from the log, and is compared with the log when it is verified."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from fieldcheck.casebook.entry import Entry, Kind

SCHEMA_VERSION = "1"


def describe(entries: Sequence[Entry], case: str) -> dict[str, Any]:
    """The part of the manifest that follows from the entries; ``entries`` are the whole log, hidden ones included."""
    shown = [entry for entry in entries if entry.stub]
    results = [result for entry in shown if (result := result_of(entry))]
    return {
        "schema_version": SCHEMA_VERSION,
        "case": case,
        "head": {"seq": entries[-1].seq, "hash": entries[-1].hash} if entries else None,
        "shown": [entry.seq for entry in shown],
        "keys": _keys(shown),
        "lists": _unique(entry for result in results for entry in _lists(result)),
        "originals": _unique(photo for result in results for photo in _photos(result)),
        "tool_versions": sorted({str(result.get("tool_version")) for result in results}),
    }


def result_of(entry: Entry) -> dict[str, Any] | None:
    """The result that an entry logged, if it logged one."""
    result = entry.said().get("result") if entry.stub and entry.stub.kind == Kind.CHECK else None
    return result if isinstance(result, dict) else None


def belongs(entry: Entry, case: str) -> bool:
    """Whether a bundle of this case shows an entry: its own, and those about the log as a whole."""
    if entry.stub is None or entry.content is None:
        return False
    return entry.said().get("case") in {case, ""}


def _keys(shown: Sequence[Entry]) -> list[str]:
    """The public keys that the entries name, in the order in which they came into force."""
    named = [key for entry in shown if entry.stub for key in (entry.stub.key, entry.said().get("new_key"))]
    return list(dict.fromkeys(str(key) for key in named if key))


def _lists(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _dig(result, "verdict", "lines", "data", "lists"):
        yield {name: entry.get(name) for name in ("id", "version", "published", "imported")}


def _photos(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for photo in _dig(result, "item", "photos"):
        yield {name: photo.get(name) for name in ("file", "sha256")}


def _dig(content: Any, *names: str) -> list[dict[str, Any]]:  # noqa: ANN401  # a bundle can hold anything
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []


def _unique(found: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each once, in the order in which they first stood in the log."""
    return list({json.dumps(entry, sort_keys=True): entry for entry in found}.values())
