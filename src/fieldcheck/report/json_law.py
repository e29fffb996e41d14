"""What is held about the law and the types at risk of one state, as JSON; the schema is ``law-1.schema.json``."""

from typing import Any

from fieldcheck.report.json_result import SCHEMA_VERSION, to_json
from fieldcheck.rules.survey import LawOfOrigin


def law_to_dict(law: LawOfOrigin) -> dict[str, Any]:
    """The facts for one state of origin, as ``law --json`` prints them."""
    return {"schema_version": SCHEMA_VERSION, **to_json(law)}
