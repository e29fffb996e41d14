"""Readings of material at the counter: only "inconsistent with the claimed date", or a matter for a laboratory."""

from functools import cache
from typing import Any

from fieldcheck.datafiles import load_toml
from fieldcheck.rules.case import Case
from fieldcheck.wording import sentence


def judge_assays(case: Case) -> tuple[str, ...]:
    """What each reading says of the claimed date; a reading never condemns and none speaks for the object."""
    return tuple(_judge(case, assay.element, assay.percent) for assay in case.item.assays)


def _judge(case: Case, element: str, percent: float) -> str:
    check = next((entry for entry in _checks() if entry.get("element") == element), None)
    if check is None or not _is_for(check, case):
        return sentence("checks", "laboratory", {"element": element.title()})
    values = {"element": element.title(), "percent": f"{percent:g}", "caution": check["caution"]}
    last = case.goods.last_year
    if last is None or case.goods.by_culture:
        return sentence("checks", "no_date", values)
    if last >= check["claimed_before"] or percent <= check["above_percent"]:
        return sentence("checks", "says_nothing", values)
    said = str(check["text"]).format_map(values)
    return sentence("checks", "inconsistent", {**values, "said": f"{said[0].upper()}{said[1:]}"})


def _is_for(check: dict[str, Any], case: Case) -> bool:
    """Whether the object is of a material or kind that the check was made for."""
    goods = case.goods
    return bool(goods.materials & set(check["materials"]) or goods.types & set(check.get("types", ())))


@cache
def _checks() -> tuple[dict[str, Any], ...]:
    return tuple(load_toml("materials_checks.toml")["check"])
