"""What the doctor found, which settings are in force and how a sync ended, as JSON; schemas in ``data/schemas``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fieldcheck.report.json_result import SCHEMA_VERSION, to_json
from fieldcheck.settings import Setting


def findings_to_dict(findings: Sequence[object]) -> dict[str, Any]:
    """What was tested, as ``doctor --json`` prints it; the findings are dataclasses."""
    return {"schema_version": SCHEMA_VERSION, "findings": [to_json(finding) for finding in findings]}


def settings_to_dict(settings: Sequence[Setting]) -> dict[str, Any]:
    """Every setting, as ``config show --json`` prints it; null is a setting that is not set."""
    return {"schema_version": SCHEMA_VERSION, "settings": [_setting(setting) for setting in settings]}


def outcomes_to_dict(outcomes: Sequence[object]) -> dict[str, Any]:
    """How the sync of each list ended, as ``sync --json`` prints it; the outcomes are dataclasses."""
    return {"schema_version": SCHEMA_VERSION, "outcomes": [to_json(outcome) for outcome in outcomes]}


def _setting(setting: Setting) -> dict[str, Any]:
    value = str(setting.value) if isinstance(setting.value, Path) else setting.value
    return {**to_json(setting), "value": None if value == "" else to_json(value)}
