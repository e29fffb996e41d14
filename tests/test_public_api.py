from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import fieldcheck
from cli_helpers import HERON, HERON_IN_WORDS, Commands
from conftest import Install


def test_all_is_sorted_and_whole() -> None:
    public = {name for name in vars(fieldcheck) if not name.startswith("_")}
    modules = {name for name in public if type(getattr(fieldcheck, name)).__name__ == "module"}
    helpers = {"TYPE_CHECKING", "Path", "date"}
    assert fieldcheck.__all__ == sorted(fieldcheck.__all__)
    assert {*fieldcheck.__all__} - {"__version__"} == public - modules - helpers
    for name in fieldcheck.__all__:
        assert getattr(fieldcheck, name) is not None


def test_the_version_is_that_of_the_package() -> None:
    try:
        assert fieldcheck.__version__ == version("fieldcheck")
    except PackageNotFoundError:
        pytest.skip("the package is not installed here")


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert Commands(capsys)("--version").out == f"fieldcheck {fieldcheck.__version__}\n"


def test_an_item_is_checked_through_the_library(install_list: Install, home: Path) -> None:
    install_list("museum", HERON)
    item = fieldcheck.Item(text=HERON_IN_WORDS)
    with fieldcheck.open_cache(home) as cache:
        result = fieldcheck.check(item, cache, on=date(2026, 11, 24), top=3)
        assert result == fieldcheck.check(item, cache, on=date(2026, 11, 24), top=3)
    assert result.verdict.band is fieldcheck.Band.HOLD_LISTED
    assert result.candidates[0].record == HERON
    assert len(result.candidates) <= 3
    with fieldcheck.open_cache() as cache:
        assert fieldcheck.check(item, cache).verdict.band is not fieldcheck.Band.HOLD_LISTED
