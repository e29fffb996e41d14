"""A result as JSON, and back: the contract that other programs and later versions read.

The schema is ``data/schemas/result-1.schema.json``. Texts are the publisher's words with controls and
invisible characters stripped; numbers have three decimals, so that the same check gives the same bytes.
"""

import dataclasses
import enum
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from fieldcheck.errors import FieldcheckError, IntegrityError
from fieldcheck.models import Candidate, Evidence, Item, Record, Result, Verdict
from fieldcheck.report.sanitise import plain, whole

SCHEMA_VERSION = "1"

_DECIMALS = 3
_ITEM_NAMES = {"object_type": "type", "sent_from": "from", "sent_to": "to"}
_ITEM_FIELDS = {name: field for field, name in _ITEM_NAMES.items()}
_NAMED_BESIDE = frozenset({"id", "title", "status"})


def result_to_dict(result: Result) -> dict[str, Any]:
    """The result in the order and with the names of the contract."""
    return {
        "schema_version": SCHEMA_VERSION,
        "result_id": plain(result.result_id, None),
        "ref": plain(result.item.ref, None),
        "tool_version": plain(result.tool_version, None),
        "checked_on": plain(result.checked_on, None),
        "item": _item(result.item),
        "verdict": _verdict(result.verdict),
        "candidates": [_candidate(rank, candidate) for rank, candidate in enumerate(result.candidates, 1)],
    }


def result_from_dict(data: object) -> Result:
    """The result that a JSON object of ours says.

    A photo's fingerprints are not part of the contract: one that was usable comes back with none.

    Raises:
        IntegrityError: the object is not a result, is of another version of the contract, or was changed.
    """
    from pydantic import TypeAdapter

    try:
        result = TypeAdapter(Result).validate_python(_as_models(data))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _not_ours() from error
    # What we read must say the same when it is written again: that catches every extra key and altered text.
    if result_to_dict(result) != data:
        raise _not_ours()
    return result


def error_to_dict(error: FieldcheckError, ref: str = "") -> dict[str, Any]:
    """An error in place of a result; ``ref`` names the item of a shipment that it befell."""
    return {
        "schema_version": SCHEMA_VERSION,
        "ref": plain(ref, None),
        "error": {
            "type": type(error).__name__,
            "message": plain(str(error), None),
            "next_step": plain(error.next_step, None),
            "exit_code": int(error.exit_code),
        },
    }


def canonical_json(data: Mapping[str, Any]) -> str:
    """One line of JSON in the order of the contract, always fit to be written as UTF-8.

    Raises:
        ValueError: a number is not finite.
    """
    return whole(json.dumps(data, ensure_ascii=False, allow_nan=False))


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON is any of six types
    """Dataclasses, tuples, enums, texts and numbers as JSON has them."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return plain(value, None)
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, tuple):
        return [to_json(entry) for entry in value]
    names = _field_names(type(value))  # type: ignore[arg-type]  # every type can be looked up
    return {name: to_json(getattr(value, name)) for name in names} if names else value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass in order; none of anything else."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


def filled(record: Record) -> dict[str, Any]:
    """The fields of a record that say something, in order."""
    return {name: value for name, value in to_json(record).items() if value}


def _item(item: Item) -> dict[str, Any]:
    fields = {_ITEM_NAMES.get(name, name): value for name, value in to_json(item).items() if value and name != "ref"}
    if item.papers:
        fields["papers"] = {plain(paper.kind, None): paper.state.value for paper in item.papers}
    if item.observations:
        fields["observations"] = {plain(entry.indicator, None): entry.met for entry in item.observations}
    if item.assays:
        fields["assays"] = {plain(entry.element, None): to_json(entry.percent) for entry in item.assays}
    if item.photos:
        fields["photos"] = [
            {
                "file": plain(photo.file, None),
                "sha256": plain(photo.sha256, None),
                "usable": photo.usable,
                "why_not": plain(photo.why_not, None),
            }
            for photo in item.photos
        ]
    return fields


def _verdict(verdict: Verdict) -> dict[str, Any]:
    said = to_json(verdict)
    return {name: said[name] for name in ("band", "headline", "next_steps", "lines", "would_change")}


def _candidate(rank: int, candidate: Candidate) -> dict[str, Any]:
    record = filled(candidate.record)
    return {
        "rank": rank,
        "list": plain(candidate.list_id, None),
        "record": plain(candidate.record.id, None),
        "title": plain(candidate.record.title, None),
        "status": candidate.record.status.value,
        "strength": candidate.strength.value,
        "score": to_json(candidate.score),
        "by": to_json(candidate.by),
        "alike": candidate.alike,
        "evidence": [_evidence(entry) for entry in candidate.evidence],
        "details": {name: value for name, value in record.items() if name not in _NAMED_BESIDE},
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    rounded = dataclasses.replace(evidence, weight=_rounded(evidence.weight))
    said = to_json(rounded)
    weight, points = said.pop("weight"), said.pop("points")
    return {**said, "effect": rounded.effect.value, "weight": weight, **({"points": points} if points else {})}


def _rounded(value: float) -> float:
    """Three decimals, and no negative zero."""
    return round(value, _DECIMALS) + 0.0


def _as_models(data: Any) -> dict[str, Any]:  # noqa: ANN401 - what was read can be anything
    """The object in the shape of `Result`; whatever it lacks raises."""
    item = {_ITEM_FIELDS.get(name, name): value for name, value in data["item"].items()}
    item["ref"] = data["ref"]
    item["papers"] = [{"kind": kind, "state": state} for kind, state in item.get("papers", {}).items()]
    observed, read = item.get("observations", {}), item.get("assays", {})
    item["observations"] = [{"indicator": name, "met": met} for name, met in observed.items()]
    item["assays"] = [{"element": element, "percent": percent} for element, percent in read.items()]
    item["photos"] = [
        {**photo, "fingerprint": {"phash": (), "dhash": ()} if photo["usable"] else None}
        for photo in item.get("photos", [])
    ]
    candidates = [
        {
            **entry,
            "list_id": entry["list"],
            "record": {
                **entry["details"],
                **{name: entry[name] for name in ("title", "status")},
                "id": entry["record"],
            },
        }
        for entry in data["candidates"]
    ]
    return {**data, "item": item, "candidates": candidates}


def _not_ours() -> IntegrityError:
    return IntegrityError(
        "This is not a result of fieldcheck, or it was changed since.",
        next_step="Give a file that `fieldcheck check --json` wrote, or check the item again.",
    )
