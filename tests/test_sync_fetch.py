import gzip
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fbi_server import (
    Fault,
    FbiServer,
    body,
    bot_wall,
    cut_short,
    drop,
    endless,
    fbi_server,
    gzip_bomb,
    huge,
    redirect,
    slow_drip,
    status,
)
from fieldcheck.errors import ExitCode, SourceError, UsageError
from fieldcheck.sync.body import read_body
from fieldcheck.sync.failures import AbsentError, BusyError
from fieldcheck.sync.fetch import IMAGE, JSON, Fetcher
from fieldcheck.sync.hosts import declared_hosts
from sync_helpers import FakeClock


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(3)


def ask(server: FbiServer, *faults: Fault, clock: FakeClock | None = None) -> bytes:
    server.faults[1] = list(faults)
    with Fetcher(clock=clock or FakeClock()) as fetcher:
        return fetcher.get(f"{server.origin}/artcrimes?page=1", declared_hosts([server.origin]), JSON)


def test_a_body_comes_as_it_was_sent(server: FbiServer) -> None:
    assert ask(server) == server.page_body(1, 20)


def test_a_packed_body_is_unpacked(server: FbiServer) -> None:
    packed = gzip.compress(b'{"total": 0}')
    assert ask(server, body(packed, Content_Encoding="gzip")) == b'{"total": 0}'


def test_the_program_names_itself_and_invents_no_address(server: FbiServer) -> None:
    ask(server)
    (agent,) = server.user_agents
    assert agent.split("/")[0] == "fieldcheck"
    assert "http" not in agent.split("/", 1)[-1]


@pytest.mark.parametrize("code", [403, 408, 425, 429, 500, 502, 503, 504])
def test_a_status_that_may_pass_is_busy(server: FbiServer, code: int) -> None:
    with pytest.raises(BusyError) as caught:
        ask(server, status(code, Retry_After="7"))
    assert (caught.value.status, caught.value.retry_after_s, caught.value.reached) == (code, 7.0, True)
    assert caught.value.exit_code is ExitCode.NETWORK


def test_nothing_there_is_told_apart(server: FbiServer) -> None:
    with pytest.raises(AbsentError):
        ask(server, status(404))


@pytest.mark.parametrize("code", [204, 206, 304, 400, 401, 418])
def test_any_other_status_ends_it(server: FbiServer, code: int) -> None:
    with pytest.raises(SourceError, match=str(code)) as caught:
        ask(server, status(code))
    assert not isinstance(caught.value, BusyError)


def test_a_bot_wall_is_named(server: FbiServer) -> None:
    with pytest.raises(SourceError, match="check for robots") as caught:
        ask(server, bot_wall())
    assert not isinstance(caught.value, BusyError)


def test_another_kind_of_content_is_refused(server: FbiServer) -> None:
    with pytest.raises(SourceError, match="application/pdf"):
        ask(server, body(b"%PDF", "application/pdf"))


def test_a_picture_must_be_one(server: FbiServer) -> None:
    hosts = declared_hosts([server.origin])
    with Fetcher() as fetcher:
        server.picture = (200, "image/svg+xml", b"<svg/>")
        with pytest.raises(SourceError, match="svg"):
            fetcher.get(f"{server.origin}/image-repository/1.jpg", hosts, IMAGE)
        server.picture = (200, "image/jpeg; charset=binary", b"\xff\xd8")
        assert fetcher.get(f"{server.origin}/image-repository/1.jpg", hosts, IMAGE) == b"\xff\xd8"


@pytest.mark.parametrize("fault", [drop, cut_short])
def test_a_connection_that_breaks_is_busy(server: FbiServer, fault: Fault) -> None:
    with pytest.raises(BusyError) as caught:
        ask(server, fault)
    assert caught.value.reached


def test_a_host_that_nobody_answers_at_was_not_reached() -> None:
    with fbi_server() as stopped:
        origin = stopped.origin
    with Fetcher() as fetcher, pytest.raises(BusyError) as caught:
        fetcher.get(origin, declared_hosts([origin]), JSON)
    assert not caught.value.reached


@pytest.mark.parametrize("fault", [endless, gzip_bomb, huge])
def test_a_body_that_is_too_large_is_left(server: FbiServer, fault: Fault) -> None:
    with pytest.raises(SourceError, match="larger than 20,000,000 bytes"):
        ask(server, fault)


def test_a_body_that_drips_is_left(server: FbiServer) -> None:
    with pytest.raises(BusyError, match="longer than 120 s"):
        ask(server, slow_drip, clock=FakeClock(tick_s=13.0))


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/artcrimes",
        "//elsewhere.example/artcrimes",
        "http://127.0.0.1:1/artcrimes",
        "https://127.0.0.1/artcrimes",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://[::1]/",
        "https://elsewhere.example\\@127.0.0.1/",
        "http://a b/",
        "http://[",
    ],
)
def test_a_redirect_to_another_host_is_not_followed(server: FbiServer, target: str) -> None:
    with pytest.raises(SourceError, match=r"may not speak to|is not a web address"):
        ask(server, redirect(target))
    assert server.pages_asked == [1]


def test_a_redirect_on_the_same_host_is_followed_five_times(server: FbiServer) -> None:
    again = redirect("/artcrimes?page=1")
    assert ask(server, *[again] * 5) == server.page_body(1, 20)
    with pytest.raises(SourceError, match="redirects more than 5 times"):
        ask(server, *[again] * 6)


def test_a_user_name_in_an_address_is_refused(server: FbiServer) -> None:
    address = server.origin.replace("http://", "http://user:secret@")
    with Fetcher() as fetcher, pytest.raises(SourceError, match="may not speak to") as caught:
        fetcher.get(address, declared_hosts([server.origin]), JSON)
    assert "secret" not in str(caught.value)


def test_a_bare_name_stands_for_https_on_its_own_port() -> None:
    hosts = declared_hosts(["api.fbi.gov"])
    assert hosts.permits("https", "API.FBI.GOV", None)
    assert hosts.permits("https", "api.fbi.gov", 443)
    assert not hosts.permits("http", "api.fbi.gov", None)
    assert not hosts.permits("https", "api.fbi.gov", 8443)
    assert not hosts.permits("https", "api.fbi.gov.elsewhere.example", None)


@pytest.mark.parametrize(
    "entry",
    ["http://api.fbi.gov", "http://192.168.1.5:8000", "ftp://api.fbi.gov", "", "https://", "a.example/path",
     "https://a.example:99999", "user@a.example", "http://127.0.0.1.elsewhere.example"],
)  # fmt: skip
def test_a_host_that_is_none_or_is_not_secure_cannot_be_declared(entry: str) -> None:
    with pytest.raises(UsageError):
        declared_hosts([entry])


@pytest.mark.parametrize("entry", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_plain_http_is_for_this_machine(entry: str) -> None:
    address = httpx.URL(entry)
    assert declared_hosts([entry]).permits(address.scheme, address.host, address.port)


def test_this_machine_is_asked_directly_whatever_the_proxy(server: FbiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert ask(server) == server.page_body(1, 20)


def test_certificates_that_cannot_be_read_are_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Fetcher(ca_bundle=tmp_path / "none.pem")
    garbled = tmp_path / "garbled.pem"
    garbled.write_text("no certificate")
    with pytest.raises(UsageError):
        Fetcher(ca_bundle=garbled)


def test_a_bomb_is_left_before_it_is_unpacked() -> None:
    bomb = gzip.compress(bytes(20_000_000), 1)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="larger"):
            read_body([bomb], "gzip", 1_000)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_body_is_unpacked_no_further_than_allowed() -> None:
    packed = gzip.compress(b"x" * 1_000)
    assert read_body([packed[:7], packed[7:]], "gzip", 1_000) == b"x" * 1_000
    with pytest.raises(SourceError, match="larger"):
        read_body([packed], "gzip", 999)
    with pytest.raises(BusyError):
        read_body([packed[:-9]], "gzip", 1_000)
    with pytest.raises(SourceError, match="cannot be unpacked"):
        read_body([b"no gzip at all"], "gzip", 1_000)
    with pytest.raises(SourceError, match="not asked for"):
        read_body([packed], "br", 1_000)
