"""Lists, records and search hits as JSON; the schemas are in ``data/schemas``."""

from collections.abc import Sequence
from typing import Any

from fieldcheck.report.json_result import SCHEMA_VERSION, filled, to_json
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import Hit, ListStatus, RecordView


def lists_to_dict(statuses: Sequence[ListStatus]) -> dict[str, Any]:
    """The lists that are held, as ``lists status --json`` prints them."""
    return {"schema_version": SCHEMA_VERSION, "lists": [_status(status) for status in statuses]}


def record_to_dict(view: RecordView) -> dict[str, Any]:
    """One record with its list, as ``show --json`` prints it; fields that say nothing are left out."""
    return {
        "schema_version": SCHEMA_VERSION,
        "list": plain(view.dates.id, None),
        "record": filled(view.record),
        "list_dates": to_json(view.dates),
    }


def hits_to_dict(query: str, hits: Sequence[Hit]) -> dict[str, Any]:
    """The records that a search found, as ``search --json`` prints them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "query": plain(query, None),
        "hits": [_hit(hit) for hit in hits],
    }


def _status(status: ListStatus) -> dict[str, Any]:
    info, installed = status.installed.info, to_json(status.installed)
    order = ("imported", "confirmed", "records", "photos", "version", "previous")
    return {
        **to_json(info),
        **{name: installed[name] for name in order},
        "in_use": status.in_use,
        "problem": plain(status.problem, None),
        "photos_unread_by": plain(status.unread_by, None),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    record = to_json(hit.record)
    return {
        "list": plain(hit.list_id, None),
        "record": record["id"],
        **{name: record[name] for name in ("title", "maker", "status")},
    }
