import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fbi_server import FbiServer, bot_wall, fbi_server, invented_item
from fieldcheck.cache.pointer import lists_folder, read_pointer
from fieldcheck.cache.versions import change_lock
from fieldcheck.errors import ExitCode
from fieldcheck.lists.interface import Assertions
from fieldcheck.models import Record, Status
from fieldcheck.sync.failures import RefusedError
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.merge import merge
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.run import Wishes, sync_all, sync_list
from fieldcheck.sync.verify import verify
from sync_helpers import START, FakeClock, local_source, records_in_use, tools_for

LATER_STAMP = "2026-11-20T00:00:00+00:00"


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(60)


def sync(home: Path, server: FbiServer, *, accept_shrink: str = "", **assertions: object) -> Outcome:
    with Fetcher() as fetcher:
        source = local_source(server, **assertions)
        return sync_list(home, source, tools_for(fetcher), Wishes(accept_shrink=accept_shrink))


def test_a_record_that_vanished_stays_as_delisted(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    uid = server.items.pop(10)["uid"]
    outcome = sync(tmp_path, server)
    assert (outcome.kind, outcome.records, outcome.delisted) == (OutcomeKind.UPDATED, 59, 1)
    kept = records_in_use(tmp_path)
    assert len(kept) == 60
    assert [key for key, record in kept.items() if record.status is Status.DELISTED] == [uid]

    again = sync(tmp_path, server)
    assert (again.kind, again.delisted) == (OutcomeKind.UNCHANGED, 0)


def test_a_record_that_comes_back_is_stolen_again(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    item = server.items.pop()
    sync(tmp_path, server)
    server.items.append(item)
    assert sync(tmp_path, server).changed == 1
    assert records_in_use(tmp_path)[item["uid"]].status is Status.STOLEN


def test_a_list_that_was_only_stamped_again_is_unchanged(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    version = read_pointer(tmp_path)["fbi"].version
    for item in server.items:
        item["modified"] = LATER_STAMP
    outcome = sync(tmp_path, server)
    assert (outcome.kind, outcome.changed) == (OutcomeKind.UNCHANGED, 0)
    assert read_pointer(tmp_path)["fbi"].version == version


def test_a_change_is_taken_over_with_its_stamp(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    server.items[3] |= {"title": "Another title", "modified": LATER_STAMP}
    server.items[4] |= {"modified": LATER_STAMP}
    assert sync(tmp_path, server).changed == 1
    found = records_in_use(tmp_path)
    assert found[server.items[3]["uid"]].title == "Another title"
    assert found[server.items[3]["uid"]].modified == LATER_STAMP
    assert found[server.items[4]["uid"]].modified != LATER_STAMP


def test_a_list_that_is_unchanged_is_dated_anew(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    with Fetcher() as fetcher:
        tools = tools_for(fetcher, FakeClock(START + timedelta(days=7)))
        assert sync_list(tmp_path, local_source(server), tools).kind is OutcomeKind.UNCHANGED
    assert read_pointer(tmp_path)["fbi"].info.published == "2026-12-01"


def test_a_list_in_another_order_is_unchanged(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    server.items.reverse()
    assert sync(tmp_path, server).kind is OutcomeKind.UNCHANGED


def test_a_list_that_shrinks_is_refused_unless_a_reason_is_given(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    before = read_pointer(tmp_path)
    del server.items[53:]
    refused = sync(tmp_path, server)
    assert refused.kind is OutcomeKind.FAILED
    assert "53" in refused.message
    assert "60" in refused.message
    assert "--accept-shrink" in refused.next_step
    assert read_pointer(tmp_path) == before

    assert sync(tmp_path, server, accept_shrink="  ").kind is OutcomeKind.FAILED
    accepted = sync(tmp_path, server, accept_shrink="recoveries, FBI press release")
    assert (accepted.kind, accepted.delisted) == (OutcomeKind.UPDATED, 7)
    lines = (lists_folder(tmp_path) / "fbi" / "sync.log").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["kind"] for entry in entries] == ["updated", "failed", "failed", "updated"]
    assert entries[-1]["accept_shrink"] == "recoveries, FBI press release"
    assert sync(tmp_path, server).kind is OutcomeKind.UNCHANGED


def test_a_tenth_may_vanish(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    del server.items[54:]
    assert sync(tmp_path, server).delisted == 6


@pytest.mark.parametrize(
    ("assertions", "says"),
    [
        ({"min_records": 61}, "60 records"),
        ({"fill": {"title": 1.0, "maker": 0.9}}, "have maker"),
        ({"fill": {"no_such_field": 0.1}}, "have no_such_field"),
    ],
)
def test_a_copy_that_breaks_an_assertion_is_refused(
    tmp_path: Path, server: FbiServer, assertions: dict[str, object], says: str
) -> None:
    outcome = sync(tmp_path, server, **assertions)
    assert outcome.kind is OutcomeKind.FAILED
    assert says in outcome.message
    assert read_pointer(tmp_path) == {}
    assert not (lists_folder(tmp_path) / "fbi" / "staging").exists()


def test_an_empty_copy_is_refused() -> None:
    with pytest.raises(RefusedError, match="0 records"):
        verify([], Assertions())


def test_one_list_that_fails_leaves_the_others_updated(tmp_path: Path, server: FbiServer) -> None:
    with fbi_server() as other, fbi_server() as gone, Fetcher() as fetcher:
        other.fill(3)
        other.faults[1] = [bot_wall()]
        sources = [
            local_source(other, list_id="walled"),
            local_source(gone, list_id="empty"),
            local_source(server),
            local_source(FbiServer(origin="http://192.168.1.5"), list_id="insecure"),
        ]
        outcomes = sync_all(tmp_path, sources, tools_for(fetcher))
    kinds = {outcome.list_id: outcome.kind for outcome in outcomes}
    assert kinds == {
        "walled": OutcomeKind.FAILED,
        "empty": OutcomeKind.FAILED,
        "fbi": OutcomeKind.UPDATED,
        "insecure": OutcomeKind.FAILED,
    }
    assert outcomes[0].exit_code is ExitCode.NETWORK
    assert all(outcome.message and outcome.next_step for outcome in outcomes if outcome.list_id != "fbi")
    assert list(read_pointer(tmp_path)) == ["fbi"]


def test_a_sync_that_cannot_switch_keeps_what_it_fetched(tmp_path: Path, server: FbiServer) -> None:
    with change_lock(tmp_path):
        outcome = sync(tmp_path, server)
    assert outcome.kind is OutcomeKind.FAILED
    server.pages_asked.clear()
    assert sync(tmp_path, server).records == 60
    assert server.pages_asked == []


def test_a_damaged_version_in_use_is_mended_by_the_next_change(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    installed = read_pointer(tmp_path)["fbi"]
    (lists_folder(tmp_path) / installed.file).write_bytes(b"no database")
    server.items[0] |= {"title": "Another title"}
    assert sync(tmp_path, server).kind is OutcomeKind.UPDATED
    assert set(records_in_use(tmp_path)) == {item["uid"] for item in server.items}


RECORDS = st.builds(
    Record,
    id=st.sampled_from("abcdefgh"),
    title=st.sampled_from(["", "Heron"]),
    modified=st.sampled_from(["1", "2"]),
    status=st.sampled_from([Status.STOLEN, Status.DELISTED]),
)
LISTS = st.lists(RECORDS, max_size=8).map(lambda records: {record.id: record for record in records})


@given(fetched=LISTS, in_use=LISTS, delist=st.booleans())
def test_merging_forgets_nothing_and_settles(
    fetched: dict[str, Record], in_use: dict[str, Record], *, delist: bool
) -> None:
    merged = merge(fetched, in_use, delist=delist)
    after = {record.id: record for record in merged.records}
    assert set(after) == set(fetched) | set(in_use)
    assert list(after) == sorted(after)
    for key, record in fetched.items():
        assert replace(after[key], modified="") == replace(record, modified="")
    for key in in_use.keys() - fetched.keys():
        assert after[key].status is (Status.DELISTED if delist else in_use[key].status)
    again = merge(fetched, after, delist=delist)
    assert (again.added, again.changed, again.delisted) == (0, 0, 0)
    assert again.records == merged.records


def test_every_field_of_an_outcome_is_in_the_log(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    (line,) = (lists_folder(tmp_path) / "fbi" / "sync.log").read_text(encoding="utf-8").splitlines()
    assert set(json.loads(line)) == {field.name for field in fields(Outcome)} | {"time", "accept_shrink"}


def test_a_list_that_was_emptied_is_refused(tmp_path: Path, server: FbiServer) -> None:
    sync(tmp_path, server)
    server.items = [invented_item(1)][:0]
    assert sync(tmp_path, server).kind is OutcomeKind.FAILED
    assert len(records_in_use(tmp_path)) == 60
