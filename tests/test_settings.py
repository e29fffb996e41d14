from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_helpers import Commands, assert_valid, write
from fieldcheck.errors import ExitCode, UsageError
from fieldcheck.settings import MOST_TOP, Origin, Settings, load_settings

VALUES: dict[str, tuple[str, str, Any]] = {
    "home": ("FIELDCHECK_HOME", "/data", Path("/data")),
    "border": ("FIELDCHECK_BORDER", "EU", "EU"),
    "max_list_age": ("FIELDCHECK_MAX_LIST_AGE", "30", 30),
    "top": ("FIELDCHECK_TOP", "5", 5),
    "offline": ("FIELDCHECK_OFFLINE", "yes", True),
    "plain": ("FIELDCHECK_PLAIN", "off", False),
    "facts": ("FIELDCHECK_FACTS", "/facts", Path("/facts")),
    "sources": ("FIELDCHECK_SOURCES", "/mirrors", Path("/mirrors")),
    "ca_bundle": ("FIELDCHECK_CA_BUNDLE", "/ca.pem", Path("/ca.pem")),
    "officer": ("FIELDCHECK_OFFICER", "unit-7", "unit-7"),
    "retention_days": ("FIELDCHECK_RETENTION_DAYS", "365", 365),
    "models.photo": ("FIELDCHECK_MODEL", "/agency.toml", Path("/agency.toml")),
}


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def origin_of(settings: Settings, name: str) -> Origin:
    return next(entry.origin for entry in settings.entries if entry.name == name)


def load(tmp_path: Path, text: str, flags: dict[str, Any] | None = None, **environment: str) -> Settings:
    config = write(tmp_path / "settings.toml", text)
    return load_settings(flags or {}, {"FIELDCHECK_CONFIG": str(config), **environment})


def test_every_setting_has_a_case_here() -> None:
    assert set(load_settings({}, {})) == set(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(tmp_path: Path, name: str) -> None:
    variable, text, value = VALUES[name]
    written = f'{name} = "{text}"'
    assert origin_of(load(tmp_path, ""), name) is Origin.DEFAULT
    from_file = load(tmp_path, written)
    assert (from_file[name], origin_of(from_file, name)) == (value, Origin.FILE)
    from_environment = load(tmp_path, f'{name} = "1"', **{variable: text})
    assert (from_environment[name], origin_of(from_environment, name)) == (value, Origin.ENVIRONMENT)
    from_flag = load(tmp_path, written, {name: value}, **{variable: "1"})
    assert (from_flag[name], origin_of(from_flag, name)) == (value, Origin.FLAG)


@pytest.mark.parametrize("name", VALUES)
def test_an_empty_variable_counts_as_not_set(tmp_path: Path, name: str) -> None:
    variable, text, value = VALUES[name]
    settings = load(tmp_path, f'{name} = "{text}"', **{variable: ""})
    assert (settings[name], origin_of(settings, name)) == (value, Origin.FILE)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("top", "0", "from 1 to 1000"),
        ("top", str(MOST_TOP + 1), "from 1 to 1000"),
        ("top", "-1", "whole number"),
        ("top", "ten", "whole number"),
        ("top", "1.5", "whole number"),
        ("top", "9" * 5_000, "whole number"),
        ("max_list_age", "36501", "from 0 to 36500"),
        ("offline", "perhaps", "yes or no"),
        ("plain", "2", "yes or no"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(tmp_path: Path, name: str, text: str, wanted: str) -> None:
    variable = VALUES[name][0]
    with pytest.raises(UsageError, match=wanted) as refused:
        load(tmp_path, "", **{variable: text})
    assert variable in str(refused.value)
    with pytest.raises(UsageError, match=wanted):
        load(tmp_path, f'{name} = "{text}"')


@pytest.mark.parametrize("text", ["top = ", "top", "[top", "top = 1\ntop = 2", "\x00"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"settings\.toml cannot be read"):
        load(tmp_path, text)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    config = write(tmp_path / "settings.toml", 'border = "É"', "cp1252")
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings({}, {"FIELDCHECK_CONFIG": str(config)})


def test_a_setting_that_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown settings: max_age, tops"):
        load(tmp_path, "tops = 1\nmax_age = 2")


def test_no_file_is_no_error(tmp_path: Path) -> None:
    settings = load_settings({}, {"FIELDCHECK_CONFIG": str(tmp_path / "none" / "settings.toml")})
    assert settings["top"] == 10


def test_where_there_is_no_home_folder_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("Could not determine home directory.")

    for instead in (lambda *_, **__: "~/.local/share/fieldcheck", fail):
        monkeypatch.setattr("platformdirs.user_data_dir", instead)
        monkeypatch.setattr("platformdirs.user_config_dir", fail)
        settings = load_settings({}, {})
        assert settings.home is None
        assert settings.config_file is None


@given(st.dictionaries(st.sampled_from([case[0] for case in VALUES.values()]), st.text(max_size=20)))
def test_any_environment_gives_settings_or_a_sentence(environment: dict[str, str]) -> None:
    with suppress(UsageError):
        settings = load_settings({}, {**environment, "FIELDCHECK_CONFIG": "none.toml"})
        assert 1 <= settings["top"] <= MOST_TOP


def test_config_show_says_where_each_setting_comes_from(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "config.toml", 'border = "EU"\n')
    monkeypatch.setenv("FIELDCHECK_TOP", "7")
    ended = command("config", "show", "--json", "--home", tmp_path)
    assert_valid(ended.json, "settings")
    origins = {entry["name"]: (entry["value"], entry["origin"]) for entry in ended.json["settings"]}
    assert origins["home"] == (str(tmp_path), "flag")
    assert origins["top"] == (7, "environment")
    assert origins["border"] == ("EU", "file")
    assert origins["max_list_age"] == (None, "default")
    assert origins["offline"] == (False, "default")
    shown = command("config", "show")
    assert "environment FIELDCHECK_TOP" in shown.words
    assert "config.toml" in shown.err


def test_settings_are_what_a_check_goes_by(command: Commands, tmp_path: Path) -> None:
    write(tmp_path / "config.toml", 'border = "eu"\ntop = 1\n')
    result = command("check", "oil painting on canvas", "--json").json
    assert len(result["candidates"]) == 1
    assert result["item"]["border"] == "EU"
    write(tmp_path / "config.toml", 'top = "all"\n')
    refused = command("check", "painting")
    assert refused.code == ExitCode.USAGE
    assert "config show" in refused.err
