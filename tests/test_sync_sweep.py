from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fbi_server import Fault, FbiServer, body, bot_wall, cut_short, drop, fbi_server, invented_item, status
from fieldcheck.cache.pointer import read_pointer
from fieldcheck.lists.interface import Descriptor, Page
from fieldcheck.models import Record
from fieldcheck.sync.failures import RefusedError
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.progress import SilentProgress
from fieldcheck.sync.run import sync_list
from fieldcheck.sync.stage import open_stage
from fieldcheck.sync.sweep import sweep
from sync_helpers import START, RecordedProgress, local_source, records_in_use, tools_for


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(230)


def sync(home: Path, server: FbiServer, progress: RecordedProgress | None = None) -> Outcome:
    with Fetcher() as fetcher:
        return sync_list(home, local_source(server), tools_for(fetcher, progress=progress))


def uids(server: FbiServer) -> set[str]:
    return {item["uid"] for item in server.items}


def test_a_whole_list_is_swept_page_by_page(tmp_path: Path, server: FbiServer) -> None:
    progress = RecordedProgress()
    outcome = sync(tmp_path, server, progress)
    assert (outcome.kind, outcome.records, outcome.added) == (OutcomeKind.UPDATED, 230, 230)
    assert server.pages_asked == [1, 2, 3, 4, 5]
    assert set(records_in_use(tmp_path)) == uids(server)
    assert read_pointer(tmp_path)["fbi"].info.published == "2026-11-24"
    assert progress.started == [("fbi", 230)]
    assert sum(progress.advanced) == 230
    assert progress.ended == 1


def test_a_list_that_fills_its_last_page_ends_there(tmp_path: Path, server: FbiServer) -> None:
    server.fill(100)
    server.faults[3] = [status(404)]
    assert sync(tmp_path, server).records == 100
    assert server.pages_asked == [1, 2, 3]


def test_an_address_where_nothing_is_is_no_empty_list(tmp_path: Path, server: FbiServer) -> None:
    server.faults[1] = [status(404)]
    outcome = sync(tmp_path, server)
    assert outcome.kind is OutcomeKind.FAILED
    assert "has nothing at" in outcome.message


def test_an_interrupted_sweep_goes_on_with_the_first_missing_page(tmp_path: Path, server: FbiServer) -> None:
    progress = RecordedProgress(interrupt_after=3)
    with pytest.raises(KeyboardInterrupt):
        sync(tmp_path, server, progress)
    assert server.pages_asked == [1, 2, 3]
    assert read_pointer(tmp_path) == {}
    assert progress.ended == 1

    server.pages_asked.clear()
    outcome = sync(tmp_path, server)
    assert server.pages_asked == [4, 5]
    assert outcome.records == 230
    assert set(records_in_use(tmp_path)) == uids(server)


def test_a_page_that_was_damaged_on_the_disk_is_fetched_again(tmp_path: Path, server: FbiServer) -> None:
    with pytest.raises(KeyboardInterrupt):
        sync(tmp_path, server, RecordedProgress(interrupt_after=3))
    (tmp_path / "lists" / "fbi" / "staging" / "sweep-1" / "00002.json").write_bytes(b'{"total": 2')
    server.pages_asked.clear()
    assert sync(tmp_path, server).records == 230
    assert server.pages_asked == [2, 4, 5]


def test_passing_failures_are_survived(tmp_path: Path, server: FbiServer) -> None:
    server.faults = {2: [status(503), status(503)], 3: [status(429, Retry_After="30")], 4: [drop, cut_short]}
    assert sync(tmp_path, server).records == 230
    assert server.pages_asked == [1, 2, 2, 2, 3, 3, 4, 4, 4, 5]


@pytest.mark.parametrize(
    "fault",
    [bot_wall(), body(b"<html>", "application/json"), body(b'{"total": 230}'), body(b"garbage")],
    ids=["wall", "disguised wall", "no items", "garbage"],
)
def test_what_is_no_page_replaces_nothing_and_the_next_sync_goes_on(
    tmp_path: Path, server: FbiServer, fault: Fault
) -> None:
    sync(tmp_path, server)
    before = read_pointer(tmp_path)
    server.items.append(invented_item(1_000))
    server.pages_asked.clear()

    server.faults[3] = [fault]
    outcome = sync(tmp_path, server)
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.next_step
    assert read_pointer(tmp_path) == before

    assert sync(tmp_path, server).added == 1
    assert server.pages_asked == [1, 2, 3, 3, 4, 5]


def test_a_record_added_in_the_middle_of_a_sweep_is_found(tmp_path: Path, server: FbiServer) -> None:
    def add_in_front(page: int) -> None:
        if page == 3 and len(server.items) == 230:
            server.items.insert(0, invented_item(1_000, server.origin))

    server.before_page = add_in_front
    assert sync(tmp_path, server).records == 231
    assert set(records_in_use(tmp_path)) == uids(server)
    assert server.pages_asked == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5]


def test_a_record_that_slips_between_pages_is_found(tmp_path: Path, server: FbiServer) -> None:
    withdrawn = server.items[5]["uid"]

    def withdraw(page: int) -> None:
        if page == 2 and len(server.items) == 230:
            server.items.remove(next(item for item in server.items if item["uid"] == withdrawn))

    server.before_page = withdraw
    sync(tmp_path, server)
    # Number 51 moved to page 1 after that was read, and yet as many records were seen as the total says.
    assert set(records_in_use(tmp_path)) == uids(server) | {withdrawn}


def test_a_gap_that_an_addition_hides_is_found(tmp_path: Path, server: FbiServer) -> None:
    withdrawn = server.items[5]

    def swap(page: int) -> None:
        if page == 2 and withdrawn in server.items:
            server.items.remove(withdrawn)
        if page == 4 and len(server.items) == 229:
            server.items.append(invented_item(1_000, server.origin))

    server.before_page = swap
    sync(tmp_path, server)
    assert set(records_in_use(tmp_path)) == uids(server) | {withdrawn["uid"]}


def test_pages_that_overlap_count_once(tmp_path: Path, server: FbiServer) -> None:
    server.items[120:120] = server.items[:10]
    server.total = 230
    outcome = sync(tmp_path, server)
    assert (outcome.kind, outcome.records) == (OutcomeKind.UPDATED, 230)


def test_a_total_that_is_too_small_does_not_cut_the_list(tmp_path: Path, server: FbiServer) -> None:
    server.total = 100
    assert sync(tmp_path, server).records == 230


def test_an_incomplete_sweep_replaces_nothing_and_blocks_nothing(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    before = read_pointer(tmp_path)
    server.total = 240
    outcome = sync(tmp_path, server)
    assert outcome.kind is OutcomeKind.FAILED
    assert "Incomplete sweep: 230 of 240" in outcome.message
    assert read_pointer(tmp_path) == before
    assert not (tmp_path / "lists" / "fbi" / "staging").exists()

    server.total = None
    assert sync(tmp_path, server).kind is OutcomeKind.UNCHANGED


def test_an_answer_of_nothing_in_the_middle_does_not_end_the_list(tmp_path: Path, server: FbiServer) -> None:
    server.faults[3] = [body(b'{"total": 0, "items": []}')]
    assert sync(tmp_path, server).records == 230


def test_a_server_that_repeats_itself_is_left(tmp_path: Path, server: FbiServer) -> None:
    first = server.page_body(1, 50)
    server.faults = {number: [body(first)] * 9 for number in range(1, 99)}
    outcome = sync(tmp_path, server)
    assert outcome.kind is OutcomeKind.FAILED
    assert len(server.pages_asked) == 2 * 7


def test_a_flood_is_left_at_once(tmp_path: Path, server: FbiServer) -> None:
    server.total = 10**12
    outcome = sync(tmp_path, server)
    assert "at most 20000 are plausible" in outcome.message
    assert server.pages_asked == [1]


def test_an_entry_that_cannot_be_read_is_told_and_delists_nobody(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    server.items[7] = {"uid": None, "title": "Somebody else's mistake"}
    outcome = sync(tmp_path, server)
    assert outcome.kind is OutcomeKind.UNCHANGED
    assert (outcome.records, outcome.delisted) == (229, 0)
    assert "page 1: entry 8 of its page has no usable uid" in outcome.message


class _Shuffled:
    """A list of numbered records of which every page is given."""

    descriptor = Descriptor(
        id="any", name="", publisher="", licence="", terms="", url="", endpoint="https://any.example"
    )

    def page_url(self, number: int) -> str:
        return f"https://any.example/{number}"

    def parse_page(self, body: bytes) -> Page:
        total, *numbers = (int(part) for part in body.split())
        return Page(tuple(Record(str(number)) for number in numbers), total)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 30), max_size=30), st.integers(1, 7))
def test_whatever_is_served_a_sweep_ends_and_is_complete_or_refused(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], size: int
) -> None:
    everything = {str(number) for number in numbers}
    asked: list[int] = []

    def get(url: str) -> bytes:
        number = int(url.rsplit("/", 1)[1])
        asked.append(number)
        part = numbers[(number - 1) * size : number * size]
        return " ".join(map(str, (len(everything), *part))).encode()

    with open_stage(tmp_path_factory.mktemp("home"), _Shuffled(), START) as stage:
        try:
            found = sweep(_Shuffled(), stage, get, SilentProgress())
        except RefusedError:
            assert len(everything) < len(numbers)
        else:
            assert set(found.records) == everything
    assert len(asked) <= 2 * (len(numbers) // size + 3)
