"""Where the facts that come with the program are: law, types at risk, lexicon, weights and the starter list."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


@cache
def data_folder() -> Path:
    """The folder of data files: inside the package once installed, at the top of a source checkout."""
    inside = _PACKAGE / "data"
    return inside if inside.is_dir() else _PACKAGE.parent.parent / "data"


def bundled_folder() -> Path:
    """The folder of SQLite files that are made from the data files when the package is built."""
    return _PACKAGE / "bundled"


@cache
def load_toml(name: str) -> dict[str, Any]:
    """Read a data file that is TOML; ``name`` is relative to the data folder."""
    return tomllib.loads((data_folder() / name).read_text(encoding="utf-8"))
