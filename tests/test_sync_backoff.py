from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fbi_server import FbiServer, bot_wall, drop, fbi_server, status
from fieldcheck.errors import SourceError
from fieldcheck.sync.backoff import LONGEST_S, asked_wait_s, backoff_s
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.polite import MAX_TRIES, PoliteFetcher
from fieldcheck.sync.stage import open_stage
from sync_helpers import START, FakeClock, RecordedProgress, local_source, tools_for


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(3)


@given(st.integers(min_value=1, max_value=10**9), st.text(max_size=20))
def test_the_wait_grows_to_a_minute_and_no_further(attempt: int, key: str) -> None:
    longest = min(2.0 ** min(attempt, 10), LONGEST_S)
    assert longest / 2 <= backoff_s(attempt, key) <= longest
    assert backoff_s(attempt, key) == backoff_s(attempt, key)


def test_machines_that_were_refused_together_come_back_apart() -> None:
    assert len({backoff_s(4, f"machine {number}") for number in range(50)}) > 25


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("9" * 10_000, float("9" * 18)),
        ("Tue, 24 Nov 2026 09:02:00 GMT", 120.0),
        ("Tue, 24 Nov 2026 09:02:00 -0000", 120.0),
        ("Tue, 24 Nov 2020 09:02:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٧", None),
        ("Tue, 99 Nov 99999 09:02:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    assert asked_wait_s(header, START) == seconds


@given(st.text())
def test_no_header_breaks_the_reading(header: str) -> None:
    found = asked_wait_s(header, datetime(2026, 11, 24, tzinfo=UTC))
    assert found is None or found >= 0


def ask(home: Path, server: FbiServer, clock: FakeClock, progress: RecordedProgress | None = None) -> bytes:
    source = local_source(server)
    with Fetcher(clock=clock) as fetcher, open_stage(home, source, clock.now()) as stage:
        return PoliteFetcher(source.descriptor, stage, tools_for(fetcher, clock, progress)).get(source.page_url(1))


def test_a_page_that_fails_twice_is_asked_for_again(tmp_path: Path, server: FbiServer) -> None:
    server.faults[1] = [status(503), drop]
    clock = FakeClock()
    assert ask(tmp_path, server, clock) == server.page_body(1, 50)
    assert len(server.pages_asked) == 3
    assert 1.0 <= clock.slept[0] <= 2.0 <= clock.slept[1] <= 4.0


def test_the_wait_that_a_publisher_asks_for_is_kept_and_told(tmp_path: Path, server: FbiServer) -> None:
    server.faults[1] = [status(429, Retry_After="95")]
    clock, progress = FakeClock(), RecordedProgress()
    ask(tmp_path, server, clock, progress)
    assert clock.slept == [95.0]
    assert any("95 s" in note for note in progress.notes)


def test_after_five_refusals_the_list_is_given_up_for_now(tmp_path: Path, server: FbiServer) -> None:
    server.faults[1] = [bot_wall(403)] * 9
    with pytest.raises(SourceError, match="given up after 5 tries"):
        ask(tmp_path, server, FakeClock())
    assert len(server.pages_asked) == MAX_TRIES


def test_an_absurd_wait_ends_the_sync_and_says_until_when(tmp_path: Path, server: FbiServer) -> None:
    server.faults[1] = [status(429, Retry_After="7200")]
    clock = FakeClock()
    with pytest.raises(SourceError, match="wait until 2026-11-24 11:00 UTC") as caught:
        ask(tmp_path, server, clock)
    assert "2026-11-24 11:00 UTC" in caught.value.next_step
    assert clock.slept == []


@pytest.mark.parametrize("header", ["864000", "9" * 400, "Tue, 24 Nov 9999 09:00:00 GMT"])
def test_no_publisher_can_keep_us_away_longer_than_a_day(tmp_path: Path, server: FbiServer, header: str) -> None:
    server.faults[1] = [status(503, Retry_After=header)]
    with pytest.raises(SourceError, match="wait until 2026-11-25 09:00 UTC"):
        ask(tmp_path, server, FakeClock())


def test_a_wait_survives_a_restart(tmp_path: Path, server: FbiServer) -> None:
    server.faults[1] = [status(429, Retry_After="7200")]
    with pytest.raises(SourceError):
        ask(tmp_path, server, FakeClock())
    with pytest.raises(SourceError, match="wait until 2026-11-24 11:00 UTC"):
        ask(tmp_path, server, FakeClock(START + timedelta(minutes=90)))
    assert len(server.pages_asked) == 1

    clock, progress = FakeClock(START + timedelta(minutes=119, seconds=20)), RecordedProgress()
    assert ask(tmp_path, server, clock, progress) == server.page_body(1, 50)
    assert clock.slept == [40.0]
    assert progress.notes


def test_refusals_are_counted_over_restarts_and_forgotten_when_served(tmp_path: Path, server: FbiServer) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    server.faults[1] = [status(503)] * 4
    waits = []
    for run in range(4):
        now = START + timedelta(minutes=run)
        with pytest.raises(KeyboardInterrupt):
            ask(tmp_path, server, FakeClock(now, on_sleep=stop))
        with open_stage(tmp_path, local_source(server), now) as stage:
            assert stage.attempts == run + 1
            assert stage.not_before
            waits.append((stage.not_before - now).total_seconds())
    assert waits == sorted(waits)
    assert waits[-1] >= 8

    now = START + timedelta(hours=1)
    ask(tmp_path, server, FakeClock(now))
    with open_stage(tmp_path, local_source(server), now) as stage:
        assert (stage.not_before, stage.attempts) == (None, 0)


def test_having_no_network_keeps_nobody_waiting_later(tmp_path: Path) -> None:
    with fbi_server() as stopped:
        pass
    with pytest.raises(SourceError, match="cannot be reached"):
        ask(tmp_path, stopped, FakeClock())
    with open_stage(tmp_path, local_source(stopped), START) as stage:
        assert (stage.not_before, stage.attempts) == (None, 0)


def test_a_publisher_is_asked_no_faster_than_its_pace(tmp_path: Path, server: FbiServer) -> None:
    source, clock = local_source(server), FakeClock()
    with Fetcher() as fetcher, open_stage(tmp_path, source, START) as stage:
        polite = PoliteFetcher(source.descriptor, stage, tools_for(fetcher, clock))
        for number in (1, 2, 3):
            polite.get(source.page_url(number))
    assert clock.slept == [1.0, 1.0]
