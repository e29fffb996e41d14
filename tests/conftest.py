"""What every test may use: a home of its own, and lists built from its own records."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldcheck.cache.build import build_list
from fieldcheck.cache.holdings import Holdings, open_holdings
from fieldcheck.cache.info import Installed, ListInfo, ReferencePhoto
from fieldcheck.cache.versions import change_lock, install
from fieldcheck.models import Record

Install = Callable[..., Installed]


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the settings, lists or results of whoever runs it."""
    for name in [name for name in os.environ if name.startswith("FIELDCHECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIELDCHECK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDCHECK_CONFIG", str(tmp_path / "config.toml"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def install_list(home: Path) -> Install:
    def put(
        list_id: str, *records: Record, photos: tuple[ReferencePhoto, ...] = (), published: str = "2026-01-01"
    ) -> Installed:
        info = ListInfo(id=list_id, name=f"The list {list_id}", publisher="A ministry", published=published)
        with change_lock(home):
            installed = install(home, info, lambda path: build_list(path, info, records, photos))
        assert installed is not None
        return installed

    return put


@pytest.fixture
def hold(home: Path, install_list: Install) -> Iterator[Callable[..., Holdings]]:
    """Install records as the list ``museum`` and open it alone."""
    opened: list[Holdings] = []

    def hold_records(*records: Record) -> Holdings:
        install_list("museum", *records)
        opened.append(open_holdings(home, ("museum",)))
        return opened[-1]

    yield hold_records
    for holdings in opened:
        holdings.close()
