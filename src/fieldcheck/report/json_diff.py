"""What one version of a list changes against another, as JSON; the schema is in ``data/schemas``."""

from collections.abc import Mapping, Sequence
from typing import Any

from fieldcheck.cache.info import Installed
from fieldcheck.models import Change, ChangeKind
from fieldcheck.report.json_result import SCHEMA_VERSION, to_json

_SAID = ("version", "records", "photos", "imported")


def diff_to_dict(
    versions: tuple[Installed | None, Installed],
    counts: Mapping[ChangeKind, int],
    changes: Sequence[Change],
    *,
    in_use: bool,
) -> dict[str, Any]:
    """Every change, as ``lists diff --json`` prints it; ``in_use`` says whether the later version is in use."""
    before, after = versions
    return {
        "schema_version": SCHEMA_VERSION,
        "list": to_json(after.info.id),
        "before": _version(before) if before else None,
        "after": {**_version(after), "in_use": in_use},
        "counts": {kind.value: counts[kind] for kind in ChangeKind},
        "changes": [_change(change) for change in changes],
    }


def _version(installed: Installed) -> dict[str, Any]:
    said = to_json(installed)
    dates = {name: said["info"][name] for name in ("published", "packaged")}
    return {**{name: said[name] for name in _SAID}, **dates}


def _change(change: Change) -> dict[str, Any]:
    record = to_json(change.record)
    return {
        "kind": change.kind.value,
        "record": record["id"],
        **{name: record[name] for name in ("title", "maker", "status")},
        "fields": list(change.fields),
    }
