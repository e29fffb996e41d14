"""Fields that a list's descriptor drops are never cached, nor kept from an earlier version."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from fbi_server import FbiServer, fbi_server
from fieldcheck.lists.fbi import FbiSource
from fieldcheck.lists.interface import Descriptor
from fieldcheck.models import Record
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.run import sync_list
from sync_helpers import local_source, records_in_use, tools_for


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(60)


def sync(home: Path, server: FbiServer, *dropped: str) -> Outcome:
    descriptor = local_source(server, fill={"maker": 0.01}).descriptor.model_copy(update={"drop_fields": dropped})
    with Fetcher() as fetcher:
        return sync_list(home, FbiSource(descriptor), tools_for(fetcher))


def test_a_dropped_field_is_not_cached_and_a_later_sync_takes_it_from_the_cache(
    tmp_path: Path, server: FbiServer
) -> None:
    assert sync(tmp_path, server).kind is OutcomeKind.UPDATED
    assert any(record.maker for record in records_in_use(tmp_path).values())
    vanished = server.items.pop(10)["uid"]
    assert sync(tmp_path, server, "maker", "materials").kind is OutcomeKind.UPDATED
    kept = records_in_use(tmp_path)
    assert vanished in kept
    assert not any(record.maker or record.materials for record in kept.values())
    assert any(record.title for record in kept.values())
    assert sync(tmp_path, server, "maker", "materials").kind is OutcomeKind.UNCHANGED


def test_every_other_field_is_kept() -> None:
    described = Descriptor(
        id="museum", name="", publisher="", licence="", terms="", url="", drop_fields=("reported_by", "contact")
    )
    record = Record(id="1", title="Heron", reported_by="Ilse Varga", contact="+00 123")
    assert described.kept({"1": record}) == {"1": Record(id="1", title="Heron")}


@pytest.mark.parametrize("name", ["id", "status", "titel"])
def test_a_field_that_cannot_be_dropped_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="no field of a record that can be dropped"):
        Descriptor(id="a", name="", publisher="", licence="", terms="", url="", drop_fields=(name,))
