"""How old a list is, in every verdict; a clock that is set back makes nothing fresh again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli_helpers import Commands, assert_valid
from fieldcheck.cache.build import build_list
from fieldcheck.cache.info import ListInfo
from fieldcheck.cache.latest_time import FILE_NAME, latest_seen, moment, remember, reset
from fieldcheck.cache.versions import Manner, change_lock, confirm, install
from fieldcheck.errors import ExitCode
from fieldcheck.models import Record

NOW = datetime.now(UTC)
ANYTHING = "wicker chair"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def day(ago: int) -> str:
    return (NOW - timedelta(days=ago)).strftime("%Y-%m-%d")


def put(home: Path, *, published: str = "", packaged: str = "", confirmed: str = "") -> None:
    info = ListInfo("museum", "Museum losses", published=published, packaged=packaged)
    with change_lock(home):
        install(
            home,
            info,
            lambda path: build_list(path, info, [Record(id="M-1", title=published + packaged)]),
            Manner(confirmed=confirmed),
        )


def museum(command: Commands, *options: object) -> dict[str, object]:
    found = command("check", ANYTHING, "--list", "museum", "--json", *options).json
    assert_valid(found, "result")
    return dict(found["verdict"]["lines"]["data"]["lists"][0])


def test_every_date_of_a_list_is_in_every_verdict(command: Commands, home: Path) -> None:
    put(home, published=day(40), packaged=day(30), confirmed=day(2))
    said = museum(command)
    assert (said["published"], said["packaged"], said["confirmed"]) == (day(40), day(30), day(2))
    assert str(said["imported"])[:10] in {day(0), day(-1)}
    for form in ("--plain", "--rich"):
        words = command("check", ANYTHING, "--list", "museum", form).words
        for text in (f"published {day(40)}", f"packaged {day(30)}", f"confirmed {day(2)}", "imported "):
            assert text in words
    shown = command("lists", "show", "museum", "--plain").out
    assert f"Packaged: {day(30)}" in shown
    assert f"Confirmed: {day(2)}" in shown


@pytest.mark.parametrize(
    ("dates", "stale"),
    [
        ({"published": 40}, True),
        ({"published": 20}, False),
        ({"published": 40, "packaged": 20}, True),
        ({"packaged": 40}, True),
        ({"packaged": 20}, False),
        ({}, False),
        ({"published": 400, "confirmed": 20}, False),
        ({"published": 400, "confirmed": 40}, True),
        ({"published": -300}, True),
        ({"confirmed": -300}, True),
    ],
)
def test_a_list_is_as_old_as_its_publishers_last_word(
    command: Commands, home: Path, dates: dict[str, int], *, stale: bool
) -> None:
    put(home, **{name: day(ago) for name, ago in dates.items()})
    assert museum(command, "--max-list-age", 30)["stale"] is stale
    assert museum(command)["stale"] is False


def test_a_list_that_its_publisher_confirms_is_young_again(command: Commands, home: Path) -> None:
    put(home, published=day(400))
    assert museum(command, "--max-list-age", 30)["stale"] is True
    with change_lock(home):
        confirm(home, "museum", "", day(1))
        confirm(home, "museum", "", day(90))
    assert museum(command, "--max-list-age", 30)["stale"] is False


def set_back(home: Path, days: int) -> None:
    """As if the clock had been ``days`` ahead of where it is now."""
    reset(home, NOW + timedelta(days=days))


def test_a_clock_that_is_set_back_makes_no_list_fresh(command: Commands, home: Path) -> None:
    put(home, published=day(10))
    assert museum(command, "--max-list-age", 30)["stale"] is False
    set_back(home, 60)
    assert museum(command, "--max-list-age", 30)["stale"] is True


def test_a_verdict_says_that_the_clock_is_wrong(command: Commands, home: Path) -> None:
    put(home)
    assert command("check", ANYTHING, "--json").json["verdict"]["lines"]["data"]["clock"] == ""
    set_back(home, 60)
    for form in ("--plain", "--rich"):
        words = command("check", ANYTHING, form).words
        assert f"THE CLOCK IS WRONG: it shows {NOW.astimezone().date()}, and {day(-60)[:4]}" in words
    found = command("check", ANYTHING, "--json")
    assert "THE CLOCK IS WRONG" in found.json["verdict"]["lines"]["data"]["clock"]
    assert found.json["checked_on"] > day(-58)
    assert command("explain", found.json["result_id"], "--json").out == found.out
    assert command("doctor").code == ExitCode.INTEGRITY


def test_a_clock_that_is_right_after_all_is_believed_again(command: Commands, home: Path) -> None:
    put(home)
    set_back(home, 60)
    assert "clock" in command("doctor", "--clock-is-right", "--plain").words
    assert command("check", ANYTHING, "--json").json["verdict"]["lines"]["data"]["clock"] == ""


def test_a_clock_may_be_a_little_behind(command: Commands, home: Path) -> None:
    put(home)
    reset(home, NOW + timedelta(hours=20))
    assert command("check", ANYTHING, "--json").json["verdict"]["lines"]["data"]["clock"] == ""


def test_every_check_remembers_the_time(command: Commands, home: Path) -> None:
    put(home)
    assert latest_seen(home) is None
    command("check", ANYTHING)
    seen = latest_seen(home)
    assert seen is not None
    assert abs(seen - NOW) < timedelta(hours=1)


def test_the_latest_time_never_goes_back(tmp_path: Path) -> None:
    remember(tmp_path, NOW)
    remember(tmp_path, NOW - timedelta(days=5))
    remember(tmp_path, NOW + timedelta(minutes=1))
    assert latest_seen(tmp_path) == NOW.replace(microsecond=0)
    remember(tmp_path, NOW + timedelta(days=1))
    assert moment(tmp_path, NOW).believed == (NOW + timedelta(days=1)).replace(microsecond=0)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"latest": 7}', '{"latest": "soon"}', "\udcff", "x" * 5_000])
def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_bytes(content.encode("utf-8", "surrogateescape"))
    assert latest_seen(tmp_path) is None
    remember(tmp_path, NOW)
    assert latest_seen(tmp_path) == NOW.replace(microsecond=0)


def test_a_memory_without_a_zone_is_in_utc(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps({"latest": "2026-01-01T00:00:00"}))
    assert latest_seen(tmp_path) == datetime(2026, 1, 1, tzinfo=UTC)


def test_without_a_home_the_clock_is_believed() -> None:
    remember(None, NOW)
    assert moment(None, NOW).believed == NOW
