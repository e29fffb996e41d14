"""Settings, and where each came from: a flag, the environment, the configuration file or the default.

They are checked here by hand rather than by pydantic, because every check reads them and must start fast.
"""

import enum
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldcheck.errors import UsageError

CONFIG_NAME = "config.toml"
CONFIG_VARIABLE = "FIELDCHECK_CONFIG"
MOST_TOP = 1_000
MOST_LIST_AGE = 36_500


@enum.unique
class Origin(enum.StrEnum):
    """Where a setting's value came from, the strongest first."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is in force."""

    name: str
    value: Any
    origin: Origin
    variable: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    variable: str
    kind: type
    meaning: str
    least: int = 0
    most: int = 0
    wish: str = ""
    """Another program's variable that asks for the same of every program, such as ``ACCESSIBLE``."""


_KINDS = (
    _Kind("home", "FIELDCHECK_HOME", Path, "folder of the lists and results"),
    _Kind("border", "FIELDCHECK_BORDER", str, "code of the border that checks are made at, such as EU or US"),
    _Kind(
        "max_list_age",
        "FIELDCHECK_MAX_LIST_AGE",
        int,
        "days after which a list counts as stale",
        0,
        MOST_LIST_AGE,
    ),
    _Kind("top", "FIELDCHECK_TOP", int, "length of the shortlist", 1, MOST_TOP),
    _Kind("offline", "FIELDCHECK_OFFLINE", bool, "never use the network"),
    _Kind(
        "plain",
        "FIELDCHECK_PLAIN",
        bool,
        "plain text without colour, boxes or bars; where not set, whenever output is no terminal",
        wish="ACCESSIBLE",
    ),
    _Kind("facts", "FIELDCHECK_FACTS", Path, "folder of an authority's own facts of law and types at risk"),
    _Kind("sources", "FIELDCHECK_SOURCES", Path, "folder of descriptors (LIST.toml) that replace those shipped"),
    _Kind("ca_bundle", "FIELDCHECK_CA_BUNDLE", Path, "file of certificates that downloads are checked against"),
    _Kind("officer", "FIELDCHECK_OFFICER", str, "badge or unit code that entries of the casebook carry"),
    _Kind(
        "retention_days",
        "FIELDCHECK_RETENTION_DAYS",
        int,
        "days after which `case purge` forgets a case",
        1,
        MOST_LIST_AGE,
    ),
    _Kind("models.photo", "FIELDCHECK_MODEL", Path, "description (TOML) of an agency's own model for photos"),
)
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_DEFAULTS: dict[str, Any] = {
    "border": "", "max_list_age": None, "top": 10, "offline": False, "plain": None, "facts": None, "sources": None,
    "ca_bundle": None, "officer": "", "retention_days": None, "models.photo": None,
}  # fmt: skip
_LONGEST_NUMBER = 9
_NEXT_STEP = "Correct it, then see `fieldcheck config show`."


class Settings(Mapping[str, Any]):
    """The settings in force, by name."""

    def __init__(self, entries: tuple[Setting, ...], config_file: Path | None) -> None:
        self.entries = entries
        self.config_file = config_file
        self._values = {entry.name: entry.value for entry in entries}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  # each setting has its own type
        return self._values[name]

    def __iter__(self) -> Any:  # noqa: ANN401  # Mapping's own signature
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def home(self) -> Path | None:
        """Folder of the lists and results, or None where the user has no home."""
        home: Path | None = self._values["home"]
        return home


def load_settings(flags: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Put the settings together; a flag that is None or a variable that is empty was not given.

    Raises:
        UsageError: a value is of the wrong kind, or the file has an unknown setting.
    """
    environment = os.environ if environment is None else environment
    config_file = _config_file(environment)
    written = _by_dotted_name(_read(config_file))
    known = {kind.name for kind in _KINDS}
    if unknown := sorted(set(written) - known):
        raise UsageError(f"{config_file} has unknown settings: {', '.join(unknown)}.", next_step=_NEXT_STEP)
    return Settings(tuple(_setting(kind, flags, environment, written) for kind in _KINDS), config_file)


def _setting(
    kind: _Kind, flags: Mapping[str, Any], environment: Mapping[str, str], written: Mapping[str, Any]
) -> Setting:
    if (value := flags.get(kind.name)) is not None:
        origin = Origin.FLAG
    elif given := environment.get(kind.variable):
        value, origin = _convert(given, kind, kind.variable), Origin.ENVIRONMENT
    elif wished := kind.wish and environment.get(kind.wish):
        # It is not ours: whatever else it says is taken for a yes, and never refused.
        value, origin = wished.strip().lower() not in _FALSE, Origin.ENVIRONMENT
    elif kind.name in written:
        value, origin = _convert(written[kind.name], kind, CONFIG_NAME), Origin.FILE
    else:
        value, origin = _default_home() if kind.name == "home" else _DEFAULTS[kind.name], Origin.DEFAULT
    return Setting(kind.name, value, origin, kind.variable, kind.meaning)


def _by_dotted_name(written: Mapping[str, Any]) -> dict[str, Any]:
    """What is written, with the entries of a table under its name and theirs, such as ``models.photo``."""
    tables = {name: value for name, value in written.items() if isinstance(value, dict)}
    inner = {f"{table}.{name}": value for table, entries in tables.items() for name, value in entries.items()}
    return {**{name: value for name, value in written.items() if name not in tables}, **inner}


def _convert(value: Any, kind: _Kind, where: str) -> Any:  # noqa: ANN401  # each setting has its own type
    text = str(value).strip()
    if kind.kind is bool and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if kind.kind is int and text.isdecimal() and len(text) <= _LONGEST_NUMBER and kind.least <= int(text) <= kind.most:
        return int(text)
    if kind.kind is Path and text:
        return _expanded(text)
    if kind.kind is str:
        return text
    wanted = {bool: "yes or no", int: f"a whole number from {kind.least} to {kind.most}", Path: "a path"}[kind.kind]
    raise UsageError(f"{kind.name} in {where} is {text!r}; it must be {wanted}.", next_step=_NEXT_STEP)


def _expanded(text: str) -> Path:
    """The path with ``~`` replaced, where there is such a user."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def _read(path: Path | None) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", next_step=_NEXT_STEP) from error


def _config_file(environment: Mapping[str, str]) -> Path | None:
    if named := environment.get(CONFIG_VARIABLE):
        return Path(named)
    import platformdirs

    try:
        return Path(platformdirs.user_config_dir("fieldcheck", appauthor=False), CONFIG_NAME)
    except RuntimeError:
        return None


def _default_home() -> Path | None:
    import platformdirs

    try:
        home = Path(platformdirs.user_data_dir("fieldcheck", appauthor=False))
    except RuntimeError:
        return None
    # Where there is no HOME, platformdirs leaves the tilde as it is.
    return None if str(home).startswith("~") else home
