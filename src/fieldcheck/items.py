"""Making an item out of what was typed or read from a manifest, and refusing what cannot be meant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldcheck.datafiles import load_toml
from fieldcheck.errors import UsageError
from fieldcheck.models import Assay, Item, Observation, Paper, PaperState, Photo

MAX_FIELD = 10_000
_CODE = re.compile(r"[A-Za-z]{2}")
_ELEMENT = re.compile(r"[A-Za-z]{1,2}")
_PERCENT = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,3})?")
_ALL = 100
_CODES = {
    "origin": "--origin", "sent_from": "--from", "sent_to": "--to", "border": "--border", "issued_by": "--issued-by",
}  # fmt: skip


def make_item(
    fields: Mapping[str, str], papers: Iterable[str] = (), photos: Iterable[Path] = (), ref: str = ""
) -> Item:
    """Make an item; texts are trimmed and capped at 10,000 characters, codes made upper case.

    Raises:
        UsageError: a country or border is no two-letter code, or a paper is not ``KIND=STATE``.
    """
    values: dict[str, Any] = {name: " ".join(text.split())[:MAX_FIELD] for name, text in fields.items() if text}
    for name, option in _CODES.items():
        if name in values:
            values[name] = country_code(values[name], option)
    return Item(
        ref=ref,
        papers=tuple(make_paper(text) for text in papers),
        observations=(),
        assays=(),
        photos=tuple(Photo(file=str(path)) for path in photos),
        **values,
    )


def make_paper(text: str) -> Paper:
    """Read one ``KIND=STATE``.

    Raises:
        UsageError: it is not of that form, or the state is not one of `PaperState`.
    """
    kind, separator, state = (part.strip() for part in text.partition("="))
    states = [member.value for member in PaperState]
    if not separator or not kind or state.lower() not in states:
        raise UsageError(
            f"--paper {text!r} is not understood.",
            next_step=f"Write KIND=STATE, such as export-certificate=missing; states: {', '.join(states)}.",
        )
    return Paper(kind, PaperState(state.lower()))


def observed(item: Item, observations: Iterable[str], assays: Iterable[str]) -> Item:
    """The item with what was observed and read on it; of one that is said twice, the last counts.

    Raises:
        UsageError: an observation is not ``ID=yes`` or ``ID=no``, or a reading not ``ELEMENT=PERCENT``.
    """
    seen = {entry.indicator: entry for entry in map(make_observation, observations)}
    read = {entry.element: entry for entry in map(make_assay, assays)}
    return replace(item, observations=tuple(seen.values()), assays=tuple(read.values()))


def make_observation(text: str) -> Observation:
    """Read one ``ID=yes`` or ``ID=no``.

    Raises:
        UsageError: it is not of that form, or no indicator has that id.
    """
    name, _, said = (part.strip() for part in text.partition("="))
    known = {entry["id"] for entry in load_toml("indicators.toml")["indicator"]}
    if name.upper() not in known or said.lower() not in {"yes", "no"}:
        raise UsageError(
            f"--indicator {text!r} is not understood.",
            next_step="Write ID=yes or ID=no, such as X01=yes; `fieldcheck law --indicators` lists the ids.",
        )
    return Observation(name.upper(), met=said.lower() == "yes")


def make_assay(text: str) -> Assay:
    """Read one ``ELEMENT=PERCENT``, such as ``zn=34``.

    Raises:
        UsageError: it is not of that form, or no number from 0 to 100.
    """
    element, _, percent = (part.strip() for part in text.partition("="))
    if not _ELEMENT.fullmatch(element) or not _PERCENT.fullmatch(percent) or float(percent.replace(",", ".")) > _ALL:
        raise UsageError(
            f"--reading {text!r} is not understood.",
            next_step="Write ELEMENT=PERCENT, such as zn=34 for 34 percent of zinc.",
        )
    return Assay(element.lower(), float(percent.replace(",", ".")))


def country_code(code: str, option: str) -> str:
    """A code of two letters in upper case; ``option`` is where it was given.

    Raises:
        UsageError: it is no such code.
    """
    if not _CODE.fullmatch(code):
        raise UsageError(
            f"{option} {code!r} is not a code of two letters.",
            next_step="Write a country as two letters, such as IQ for Iraq or PE for Peru; a border may be EU.",
        )
    return code.upper()
