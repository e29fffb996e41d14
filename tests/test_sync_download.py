import errno
import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldcheck.errors import ExitCode, IntegrityError, SourceError, StorageError, UsageError
from fieldcheck.sync.download import RemoteFile, download
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.hosts import declared_hosts
from fieldcheck.sync.part import Part
from fieldcheck.sync.rate import RateLimit, read_rate
from fieldcheck.sync.tools import Tools
from file_server import Fault, FileServer, answer, endless, file_server
from sync_helpers import FakeClock, RecordedProgress

CONTENT = random.Random(1).randbytes(1_000_003)  # noqa: S311  # content, not a secret
CUT = 65_536


@pytest.fixture
def server() -> Iterator[FileServer]:
    with file_server(CONTENT) as running:
        yield running


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "lists" / "museum.db"


def partial(into: Path) -> Path:
    return into.with_name("museum.db.partial")


def keep(into: Path, content: bytes) -> None:
    partial(into).parent.mkdir(parents=True)
    partial(into).write_bytes(content)


def fetch(
    server: FileServer,
    into: Path,
    *faults: Fault,
    clock: FakeClock | None = None,
    progress: RecordedProgress | None = None,
    rate: int = 0,
) -> None:
    server.faults[:] = faults
    clock = clock or FakeClock()
    file = RemoteFile(
        f"{server.origin}/museum.db",
        declared_hosts([server.origin]),
        len(CONTENT),
        hashlib.sha256(CONTENT).hexdigest(),
    )
    with Fetcher(clock=clock) as fetcher:
        tools = Tools(fetcher, clock, progress or RecordedProgress())
        download(file, into, tools, RateLimit(rate, clock) if rate else None)


def test_a_file_arrives_whole_and_leaves_nothing_else(server: FileServer, into: Path) -> None:
    progress = RecordedProgress()
    fetch(server, into, progress=progress)
    assert into.read_bytes() == CONTENT
    assert [path.name for path in into.parent.iterdir()] == [into.name]
    assert sum(progress.advanced) == len(CONTENT)


def test_a_line_that_is_cut_again_and_again_brings_the_file_in_parts(server: FileServer, into: Path) -> None:
    server.cut_after = CUT
    clock = FakeClock()
    fetch(server, into, clock=clock)
    assert into.read_bytes() == CONTENT
    assert server.asked == ["", *(f"bytes={start}-" for start in range(CUT, len(CONTENT), CUT))]
    assert server.encodings == {"identity"}
    assert not clock.slept


def test_an_interrupted_download_goes_on_in_the_next_run(server: FileServer, into: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fetch(server, into, progress=RecordedProgress(interrupt_after=4))
    kept = partial(into).read_bytes()
    assert kept
    assert CONTENT.startswith(kept)
    assert not into.exists()
    progress = RecordedProgress()
    fetch(server, into, progress=progress)
    assert into.read_bytes() == CONTENT
    assert server.asked == ["", f"bytes={len(kept)}-"]
    assert progress.advanced[0] == len(kept)
    assert sum(progress.advanced) == len(CONTENT)


def test_a_server_that_sends_no_parts_starts_over(server: FileServer, into: Path) -> None:
    keep(into, CONTENT[:300_000])
    server.knows_parts = False
    progress = RecordedProgress()
    fetch(server, into, progress=progress)
    assert into.read_bytes() == CONTENT
    assert sum(progress.advanced) == len(CONTENT)


def test_a_server_that_sends_no_parts_and_cuts_every_line_is_given_up(server: FileServer, into: Path) -> None:
    server.knows_parts, server.cut_after = False, 600_000
    with pytest.raises(SourceError, match="stopped at 60%") as caught:
        fetch(server, into)
    assert caught.value.exit_code is ExitCode.NETWORK
    assert "goes on from there" in caught.value.next_step
    assert not into.exists()


def test_a_file_that_is_there_already_but_for_its_name_is_not_asked_for(server: FileServer, into: Path) -> None:
    keep(into, CONTENT)
    fetch(server, into)
    assert into.read_bytes() == CONTENT
    assert not server.asked


@pytest.mark.parametrize("kept", [bytes(1_000), bytes(len(CONTENT)), bytes(len(CONTENT) + 1)])
def test_what_was_kept_of_another_file_is_thrown_away(server: FileServer, into: Path, kept: bytes) -> None:
    keep(into, kept)
    fetch(server, into)
    assert into.read_bytes() == CONTENT


def test_a_server_whose_file_has_become_shorter_starts_over(server: FileServer, into: Path) -> None:
    keep(into, CONTENT[:1_000])
    fetch(server, into, answer(416))
    assert into.read_bytes() == CONTENT
    assert server.asked == ["bytes=1000-", ""]


@pytest.mark.parametrize(
    "fault",
    [
        answer(body=bytes(len(CONTENT))),
        answer(body=CONTENT[:-1]),
        answer(body=CONTENT + b"\0"),
        answer(body=CONTENT, Content_Length="99999999999999999999"),
        answer(body=CONTENT, Content_Encoding="gzip"),
        endless,
    ],
    ids=["content", "shorter", "longer", "absurd length", "packed", "endless"],
)
def test_another_file_is_refused_and_nothing_of_it_kept(server: FileServer, into: Path, fault: Fault) -> None:
    with pytest.raises(IntegrityError, match="another file") as caught:
        fetch(server, into, fault)
    assert caught.value.exit_code is ExitCode.INTEGRITY
    assert not into.exists()
    assert not partial(into).read_bytes()
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (answer(body=b"<html>Log in</html>", Content_Type="text/html"), "web page"),
        (answer(302, Location="http://169.254.169.254/museum.db"), "may not speak to"),
        (answer(302, Location="http://10.0.0.1/museum.db"), "may not speak to"),
        (answer(302, Location="http://127.0.0.1:9/museum.db"), "may not speak to"),
        (answer(206, CONTENT[5:], Content_Range="bytes 5-1000002/1000003"), "another part"),
        (answer(206, CONTENT[5:]), "another part"),
        (answer(404), "nothing at"),
    ],
)
def test_an_answer_that_is_none_leaves_what_has_come(server: FileServer, into: Path, fault: Fault, words: str) -> None:
    keep(into, CONTENT[:70_000])
    with pytest.raises(SourceError, match=words):
        fetch(server, into, fault)
    assert partial(into).read_bytes() == CONTENT[:70_000]


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize("asked", ["86400", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_as_long_as_a_server_pleases(server: FileServer, into: Path, status: int, asked: str) -> None:
    clock = FakeClock()
    with pytest.raises(SourceError, match="stopped at 0%") as caught:
        fetch(server, into, answer(status, Retry_After=asked), clock=clock)
    assert "tomorrow" in caught.value.next_step
    assert not clock.slept


def test_a_short_wait_is_sat_out(server: FileServer, into: Path) -> None:
    clock, progress = FakeClock(), RecordedProgress()
    fetch(server, into, answer(429, Retry_After="45"), clock=clock, progress=progress)
    assert clock.slept == [45]
    assert "429" in progress.notes[0]
    assert into.read_bytes() == CONTENT


def test_a_server_that_is_not_there_is_given_up(into: Path) -> None:
    with file_server(CONTENT) as stopped:
        pass
    clock = FakeClock()
    with pytest.raises(SourceError, match="cannot be reached"):
        fetch(stopped, into, clock=clock)
    assert clock.slept == sorted(clock.slept)
    assert len(clock.slept) == 4


def test_a_line_that_drips_is_given_up(server: FileServer, into: Path) -> None:
    server.cut_after = 100
    with pytest.raises(SourceError, match="100 bytes in 90 s"):
        fetch(server, into, clock=FakeClock(tick_s=90.0))
    assert len(server.asked) == 5
    assert partial(into).read_bytes() == CONTENT[:500]


def test_a_limit_is_kept_without_long_sleeps(server: FileServer, into: Path) -> None:
    clock = FakeClock()
    fetch(server, into, clock=clock, rate=100_000)
    assert sum(clock.slept) == pytest.approx(len(CONTENT) / 100_000, rel=0.01)
    assert max(clock.slept) <= 0.2


def test_a_limit_lower_than_a_dripping_line_is_no_drip(server: FileServer, into: Path) -> None:
    fetch(server, into, clock=FakeClock(tick_s=30.0), rate=100)
    assert into.read_bytes() == CONTENT


@pytest.mark.parametrize(("text", "rate"), [("500", 500), (" 200k ", 200_000), ("2M", 2_000_000)])
def test_a_rate_is_read_as_it_is_typed(text: str, rate: int) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize("text", ["", "0", "-1", "k", "1.5M", "2G", "1e3", "9" * 40, "٣"])
def test_a_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_rate(text)


def test_a_disk_too_small_is_found_before_anything_is_fetched(
    server: FileServer, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(into.parent.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=len(CONTENT) - 1))
    with pytest.raises(StorageError, match="disk is full"):
        fetch(server, into)
    assert not server.asked


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_keeps_what_it_has(
    server: FileServer, into: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    append, count = Part.append, iter(range(4))

    def failing(part: Part, chunk: bytes) -> None:
        if next(count, None) is None:
            raise OSError(code, "no more")
        append(part, chunk)

    monkeypatch.setattr(Part, "append", failing)
    with pytest.raises(StorageError):
        fetch(server, into)
    monkeypatch.undo()
    kept: Any = partial(into).read_bytes()
    assert kept
    assert CONTENT.startswith(kept)
    fetch(server, into)
    assert into.read_bytes() == CONTENT
