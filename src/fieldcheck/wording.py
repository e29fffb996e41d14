"""The sentences of a verdict, from ``data/wording``: one file for each language."""

from collections.abc import Mapping
from typing import Any

from fieldcheck.datafiles import load_toml


def sentence(group: str, name: str, values: Mapping[str, Any] | None = None, language: str = "en") -> str:
    """One sentence with its names filled in."""
    text = str(load_toml(f"wording/{language}.toml")[group][name])
    return text.format_map(values or {})


def sentences(group: str, name: str, language: str = "en") -> tuple[str, ...]:
    """A list of sentences, in order."""
    return tuple(load_toml(f"wording/{language}.toml")[group][name])
