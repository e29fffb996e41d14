"""Making an item out of what was typed or read from a manifest, and refusing what cannot be meant."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from fieldcheck.errors import UsageError
from fieldcheck.models import Item, Paper, PaperState, Photo

MAX_FIELD = 10_000
_CODE = re.compile(r"[A-Za-z]{2}")
_CODES = {"origin": "--origin", "sent_from": "--from", "sent_to": "--to", "border": "--border"}


def make_item(
    fields: Mapping[str, str], papers: Iterable[str] = (), photos: Iterable[Path] = (), ref: str = ""
) -> Item:
    """Make an item; texts are trimmed and capped at 10,000 characters, codes made upper case.

    Raises:
        UsageError: a country or border is no two-letter code, or a paper is not ``KIND=STATE``.
    """
    values = {name: " ".join(text.split())[:MAX_FIELD] for name, text in fields.items() if text}
    for name, option in _CODES.items():
        if name in values:
            values[name] = _code(values[name], option)
    return Item(
        ref=ref,
        papers=tuple(make_paper(text) for text in papers),
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


def _code(code: str, option: str) -> str:
    if not _CODE.fullmatch(code):
        raise UsageError(
            f"{option} {code!r} is not a code of two letters.",
            next_step="Write a country as two letters, such as IQ for Iraq or PE for Peru; a border may be EU.",
        )
    return code.upper()
