from datetime import timedelta
from pathlib import Path

import pytest

from fbi_server import FbiServer
from fieldcheck.errors import StorageError
from fieldcheck.sync.stage import STATE_NAME, open_stage
from sync_helpers import START, local_source

SOURCE = local_source(FbiServer(origin="http://127.0.0.1:8000"))
ELSEWHERE = local_source(FbiServer(origin="http://127.0.0.1:8001"))
STAGING = Path("lists", "fbi", "staging")


def keep_one(home: Path) -> None:
    with open_stage(home, SOURCE, START) as stage:
        stage.keep(1, 1, b"as received \xff")


def test_what_was_fetched_is_there_again(tmp_path: Path) -> None:
    keep_one(tmp_path)
    with open_stage(tmp_path, SOURCE, START + timedelta(hours=24)) as stage:
        assert stage.page(1, 1) == b"as received \xff"
        assert stage.page(1, 2) is None
        assert stage.page(2, 1) is None
        assert stage.started_at == START


@pytest.mark.parametrize("later", [timedelta(hours=24, seconds=1), timedelta(seconds=-1)])
def test_a_stage_of_another_day_begins_anew(tmp_path: Path, later: timedelta) -> None:
    keep_one(tmp_path)
    with open_stage(tmp_path, SOURCE, START + later) as stage:
        assert stage.page(1, 1) is None
        assert stage.started_at == START + later


def test_a_stage_of_another_address_begins_anew(tmp_path: Path) -> None:
    with open_stage(tmp_path, SOURCE, START) as stage:
        stage.keep(1, 1, b"1")
        stage.postpone(START + timedelta(hours=2), 3)
    with open_stage(tmp_path, ELSEWHERE, START) as stage:
        assert stage.page(1, 1) is None
        assert stage.not_before is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"fingerprint": "x"}', b"\xff"])
def test_a_damaged_state_begins_anew(tmp_path: Path, damage: bytes) -> None:
    keep_one(tmp_path)
    (tmp_path / STAGING / STATE_NAME).write_bytes(damage)
    with open_stage(tmp_path, SOURCE, START) as stage:
        assert stage.page(1, 1) is None


def test_a_wait_outlives_the_pages(tmp_path: Path) -> None:
    until = START + timedelta(hours=30)
    with open_stage(tmp_path, SOURCE, START) as stage:
        stage.keep(1, 1, b"1")
        stage.postpone(until, 4)
    with open_stage(tmp_path, SOURCE, START + timedelta(hours=25)) as stage:
        assert (stage.page(1, 1), stage.not_before, stage.attempts) == (None, until, 4)


def test_a_wait_that_a_wrong_clock_made_is_forgotten(tmp_path: Path) -> None:
    with open_stage(tmp_path, SOURCE, START + timedelta(days=3_000)) as stage:
        stage.postpone(START + timedelta(days=3_000), 1)
    with open_stage(tmp_path, SOURCE, START) as stage:
        assert stage.not_before is None


def test_nothing_is_left_after_clearing(tmp_path: Path) -> None:
    with open_stage(tmp_path, SOURCE, START) as stage:
        stage.keep(1, 1, b"1")
        stage.clear()
        stage.clear()
    assert not (tmp_path / STAGING).exists()


def test_two_syncs_of_one_list_do_not_meet(tmp_path: Path) -> None:
    with (
        open_stage(tmp_path, SOURCE, START),
        pytest.raises(StorageError, match="Another fieldcheck is syncing fbi"),
        open_stage(tmp_path, SOURCE, START),
    ):
        pass
    with open_stage(tmp_path, SOURCE, START):
        pass
