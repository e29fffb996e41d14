from collections.abc import Callable

import pytest
from rich.progress import Progress, Task

from fieldcheck.cli.amounts import Amount
from fieldcheck.cli.sync import Bars


class Turned:
    """A clock for the bars that a test turns."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Turned:
    return Turned()


@pytest.fixture
def shown(clock: Turned) -> tuple[Bars, Callable[[], str]]:
    bars = Progress(get_time=clock, auto_refresh=False)

    def draw() -> str:
        (task,) = bars.tasks
        return Amount().render(task).plain

    return Bars(bars), draw


def test_a_download_shows_its_bytes_and_how_fast_they_come(
    shown: tuple[Bars, Callable[[], str]], clock: Turned
) -> None:
    bars, draw = shown
    bars.receive("museum", 1_490_000_000)
    assert draw() == "0.0 of 1,490.0 MB"
    for _ in range(4):
        clock.seconds += 1
        bars.advance(2_300_000)
    assert draw() == "9.2 of 1,490.0 MB, 2.3 MB/s"


def test_what_came_before_counts_as_done_but_not_as_fast(shown: tuple[Bars, Callable[[], str]], clock: Turned) -> None:
    bars, draw = shown
    bars.receive("museum", 8_000_000)
    bars.kept(6_000_000)
    assert draw() == "6.0 of 8.0 MB"
    for _ in range(4):
        clock.seconds += 1
        bars.advance(100_000)
    assert draw() == "6.4 of 8.0 MB, 100.0 kB/s"
    bars.kept(0)
    assert draw() == "0.0 of 8.0 MB"


def test_a_sweep_shows_its_records(shown: tuple[Bars, Callable[[], str]]) -> None:
    bars, draw = shown
    bars.start("museum", 57_000)
    bars.advance(1_200)
    assert draw() == "1,200 of 57,000"
    bars.start("museum", 0)
    bars.advance(5)
    assert draw() == "5 of ?"


@pytest.mark.parametrize(
    ("total", "text"), [(0, "0.0 of 0.0 bytes"), (999, "0.0 of 999.0 bytes"), (1_000, "0.0 of 1.0 kB")]
)
def test_every_size_has_its_unit(total: int, text: str) -> None:
    task = Task(Progress().add_task("museum", total=total), "museum", total, 0, lambda: 0.0, fields={"in_bytes": True})
    assert Amount().render(task).plain == text
