"""Whatever a network does to a sync, a check answers from the list that was there, and the next sync succeeds."""

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cli_helpers import Commands
from fbi_server import (
    Fault,
    FbiServer,
    Handler,
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
from fieldcheck.cache.pointer import read_pointer
from fieldcheck.errors import ExitCode
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.run import sync_list
from sync_helpers import FakeClock, local_source, records_in_use, tools_for

CUT = 65_536
LARGE = 1_000_000


@pytest.fixture
def server() -> Iterator[FbiServer]:
    with fbi_server() as running:
        yield running.fill(3)


def sync(home: Path, server: FbiServer, clock: FakeClock | None = None) -> Outcome:
    with Fetcher(clock=clock or FakeClock()) as fetcher:
        return sync_list(home, local_source(server), tools_for(fetcher, clock))


def promised_less(handler: Handler) -> None:
    """More comes than was promised."""
    content = handler.server.fbi.page_body(1, 50)
    handler.reply(200, content, headers={"Content-Length": str(len(content) - 10)})
    handler.close_connection = True


def not_even_http(handler: Handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    handler.close_connection = True


def many_headers(handler: Handler) -> None:
    handler.reply(200, b"{}", headers={f"X-{number}": "x" * 60_000 for number in range(20)})
    handler.close_connection = True


ABSURD = "9" * 400
FAULTS: dict[str, Fault] = {
    "drop": drop,
    "cut short": cut_short,
    "less than promised": cut_short,
    "more than promised": promised_less,
    "endless": endless,
    "too large": huge,
    "gzip bomb": gzip_bomb,
    "slow drip": slow_drip,
    "login page": bot_wall(),
    "login page that claims to be data": body(b"<html><form action='/login'></form></html>"),
    "login page elsewhere": redirect("https://portal.example/login"),
    "no json": body(b'{"total": 3, "items": ['),
    "other json": body(b'{"error": "please log in"}'),
    "nested": body(b"[" * 200_000),
    "no text": body(bytes(range(256))),
    "no http": not_even_http,
    "many headers": many_headers,
    "private 10": redirect("http://10.0.0.1/artcrimes"),
    "private 192": redirect("https://192.168.0.1/artcrimes"),
    "metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "loopback": redirect("http://127.0.0.1:22/"),
    "file": redirect("file:///etc/passwd"),
    "403 for ever": status(403, Retry_After=ABSURD),
    "429 for ever": status(429, Retry_After=ABSURD),
    "429 below zero": status(429, Retry_After="-1"),
    "429 in year 9999": status(429, Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"),
    "503": status(503),
    "418": status(418),
    "404": status(404),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_answer_that_is_none_changes_nothing_and_is_told(home: Path, server: FbiServer, name: str) -> None:
    sync(home, server)
    before = read_pointer(home)
    server.items[0]["title"] = "Another title"
    server.faults[1] = [FAULTS[name]] * 5
    outcome = sync(home, server, FakeClock(tick_s=9.0 if name == "slow drip" else 0.0))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.exit_code is ExitCode.NETWORK
    assert outcome.message
    assert outcome.next_step
    assert read_pointer(home) == before
    assert len(records_in_use(home)) == 3

    server.faults.clear()
    later = FakeClock()
    later.moment += dt.timedelta(days=2)
    assert sync(home, server, later).kind is OutcomeKind.UPDATED


def cut_at(size: int) -> Fault:
    def cut(handler: Handler) -> None:
        content = handler.server.fbi.page_body(1, 50)
        handler.reply(200, content[:size], headers={"Content-Length": str(len(content))})
        handler.close_connection = True

    return cut


def test_a_page_that_is_cut_at_every_64_kib_is_asked_for_again(home: Path, server: FbiServer) -> None:
    sync(home, server)
    server.items[0]["description"] = "x" * LARGE
    cuts = range(0, len(server.page_body(1, 50)), CUT)
    assert len(cuts) > 15
    for size in cuts:
        before = read_pointer(home)
        server.items[0]["title"] = f"Title {size}"
        server.faults[1] = [cut_at(size)] * 5
        failed = sync(home, server)
        assert (failed.kind, failed.exit_code) == (OutcomeKind.FAILED, ExitCode.NETWORK), size
        assert "given up after 5 tries" in failed.message
        assert read_pointer(home) == before
        server.faults[1] = [cut_at(size)]
        assert sync(home, server).kind is OutcomeKind.UPDATED


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def mirror(folder: Path, origin: str) -> Path:
    folder.mkdir()
    (folder / "fbi.toml").write_text(
        f'id = "fbi"\nname = "Stolen"\npublisher = "FBI"\nlicence = ""\nterms = ""\nurl = ""\npause_s = 0.0\n'
        f'endpoint = "{origin}/artcrimes"\nhosts = ["{origin}"]\n'
    )
    return folder


def test_offline_nothing_is_asked_for(
    command: Commands, server: FbiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = mirror(tmp_path / "sources", server.origin)
    monkeypatch.setenv("FIELDCHECK_OFFLINE", "1")
    ended = command("sync", "--sources", sources)
    assert ended.code == ExitCode.USAGE
    assert "the network is switched off" in ended.err
    assert server.pages_asked == []
    monkeypatch.delenv("FIELDCHECK_OFFLINE")
    assert command("sync", "--sources", sources, "--offline").code == ExitCode.USAGE
    assert command("sync", "--sources", sources).code == ExitCode.NOTHING_FOUND


class _Proxy(BaseHTTPRequestHandler):
    """Remembers whom it was asked to connect to, and refuses."""

    server: "_ProxyServer"

    def do_CONNECT(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(407)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class _ProxyServer(ThreadingHTTPServer):
    asked: list[str]


def test_the_proxy_of_the_environment_is_used(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldcheck.sync.polite.MAX_TRIES", 1)
    with _ProxyServer(("127.0.0.1", 0), _Proxy) as proxy, serving(proxy):
        proxy.asked = []
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.server_port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        ended = command("sync", "--sources", mirror(tmp_path / "sources", "https://mirror.example"))
    assert ended.code == ExitCode.NETWORK
    assert proxy.asked == ["mirror.example:443"]
    assert "407" in ended.out


@contextmanager
def serving(running: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        running.shutdown()
        thread.join()


def certificates(folder: Path) -> tuple[Path, Path]:
    """The certificate of an agency's own authority, and one with its key for this machine."""
    now = dt.datetime.now(dt.UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Agency authority")])
    machine = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = []
    for subject, key, extension in (
        (authority, keys[0], x509.BasicConstraints(ca=True, path_length=None)),
        (machine, keys[1], local),
    ):
        builder = x509.CertificateBuilder(authority, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - dt.timedelta(days=1))
        builder = builder.not_valid_after(now + dt.timedelta(days=9))
        made.append(builder.add_extension(extension, critical=True).sign(keys[0], hashes.SHA256()))
    pem = [certificate.public_bytes(serialization.Encoding.PEM) for certificate in made]
    secret = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(pem[0])
    (folder / "machine.pem").write_bytes(pem[1] + secret)
    return folder / "authority.pem", folder / "machine.pem"


class _Tls(BaseHTTPRequestHandler):
    """Has one page of one record."""

    def do_GET(self) -> None:
        content = json.dumps({"total": 1, "items": FbiServer().fill(1).items, "page": 1}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class _TlsServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Hanging up is what the test is about."""


def test_the_certificates_of_an_agency_are_trusted_where_they_are_given(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldcheck.sync.polite.MAX_TRIES", 1)
    authority, machine = certificates(tmp_path)
    with _TlsServer(("127.0.0.1", 0), _Tls) as running:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(machine)
        running.socket = context.wrap_socket(running.socket, server_side=True)
        with serving(running):
            sources = mirror(tmp_path / "sources", f"https://127.0.0.1:{running.server_port}")
            refused = command("sync", "--sources", sources)
            assert refused.code == ExitCode.NETWORK
            assert "--ca-bundle" in refused.out
            taken = command("sync", "--sources", sources, "--ca-bundle", authority)
            assert taken.code == ExitCode.NOTHING_FOUND
            monkeypatch.setenv("FIELDCHECK_CA_BUNDLE", str(authority))
            assert command("sync", "--sources", sources).code == ExitCode.NOTHING_TO_UPDATE
