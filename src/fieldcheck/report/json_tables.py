"""What the doctor found, which settings are in force and how a sync ended, as JSON; schemas in ``data/schemas``."""

from collections.abc import Sequence
from typing import Any

from fieldcheck.report.json_result import SCHEMA_VERSION, to_json
from fieldcheck.report.views import Finding, SettingView


def findings_to_dict(findings: Sequence[Finding]) -> dict[str, Any]:
    """What the doctor looked at, as ``doctor --json`` prints it."""
    return {"schema_version": SCHEMA_VERSION, "findings": [to_json(finding) for finding in findings]}


def settings_to_dict(settings: Sequence[SettingView]) -> dict[str, Any]:
    """Every setting, as ``config show --json`` prints it."""
    return {"schema_version": SCHEMA_VERSION, "settings": [to_json(setting) for setting in settings]}


def outcomes_to_dict(outcomes: Sequence[object]) -> dict[str, Any]:
    """How the sync of each list ended, as ``sync --json`` prints it."""
    return {"schema_version": SCHEMA_VERSION, "outcomes": [to_json(outcome) for outcome in outcomes]}
