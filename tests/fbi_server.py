"""An interface like the FBI's on this machine, with invented records and faults to order."""

import gzip
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 50
STAMP = "2026-07-14T02:20:01+00:00"

TITLES = ("Heron at Dusk", "Self-Portrait", "Untitled", "Bowl with Fish", "Two Riders, obverse/reverse")
MAKERS = (
    "Ilse Varga",
    "Unknown",
    "Otar Melashvili; Georgia",
    "Ernest H. Quill, aka E.H. Quill",
    None,
    "Roman",
)
CATEGORIES = (
    "paintings",
    "sculpture",
    "drawing-watercolour",
    "dolls-and-figurines",
    "clock-timepiece",
    "vase",
)
MATERIALS = ("Oil on canvas", "Onyx, marble", "Citrine; Ruby; Gold", "", "Pen/ink on paper", None)
SIZES = (
    "20'5\" x 8'9\"", "Diameter: 8.2 cm.; Height: 37 cm.", "2.88\" x 2.88'", None, "Not including frame",
    "13 3/4 x 17 1/2in. ; 35 x 44 1/2cm.", "Width: 30 in\r\n\r\nHeight: 24in.", "",
)  # fmt: skip
PERIODS = ("138-161 A.D.", "1465-87", None, "Circa 1865", "1930s", "Copyright: 1969")
EXTRAS = ("painting; portrait; left facing; Signed", None, "Framed, signature on upper right corner", "None")

Item = dict[str, Any]
"""One entry as the interface spells it."""


def invented_item(number: int, site: str = "https://artcrimes.fbi.gov") -> Item:
    """One entry with all 17 keys, as messy as the real ones; its picture lies on ``site``."""
    uid = hashlib.sha256(f"invented {number}".encode()).hexdigest()[:32]
    picture = f"{site}/image-repository/invented-{number}.jpg"
    return {
        "uid": uid,
        "referenceNumber": f"{number // 5:05}",
        "period": PERIODS[number % len(PERIODS)],
        "idInAgency": f"14-{90000 + number}-{number % 7}",
        "images": [
            {
                "large": f"{picture}/@@images/image/large",
                "caption": "",
                "thumb": f"{picture}/@@images/image/thumb",
                "original": picture,
            }
        ],
        "path": f"/nsaf/invented-{number}",
        "description": f"Invented object number {number}, seen from the left.\r\nThe back is plain.",
        "additionalData": EXTRAS[number % len(EXTRAS)],
        "isStealth": False if number % 9 else None,
        "title": f"{TITLES[number % len(TITLES)]} #{number}",
        "url": f"https://www.fbi.gov/nsaf/invented-{number}",
        "measurements": SIZES[number % len(SIZES)],
        "modified": STAMP,
        "materials": MATERIALS[number % len(MATERIALS)],
        "maker": MAKERS[number % len(MAKERS)],
        "crimeCategory": CATEGORIES[number % len(CATEGORIES)],
        "pathId": f"https://api.fbi.gov/@artcrimes/{uid}",
    }


@dataclass
class FbiServer:
    """What the interface holds and how it misbehaves.

    ``faults`` maps a page number to what the next requests for it meet, one each, before it is served well.
    ``before_page`` is called with a page's number before it is served. ``total`` overrides the true one.
    ``picture`` is the answer to every picture, as status, content type and body, after ``first_pictures``.
    """

    items: list[Item] = field(default_factory=list)
    faults: dict[int, list["Fault"]] = field(default_factory=dict)
    before_page: Callable[[int], None] = lambda _: None
    total: int | None = None
    picture: tuple[int, str, bytes] = (403, "text/html", b"<html>Forbidden</html>")
    first_pictures: list[tuple[int, str, bytes]] = field(default_factory=list)
    pages_asked: list[int] = field(default_factory=list)
    pictures_asked: list[str] = field(default_factory=list)
    user_agents: set[str] = field(default_factory=set)
    origin: str = ""

    def fill(self, count: int) -> Self:
        """Hold that many invented entries."""
        self.items = [invented_item(number, self.origin) for number in range(count)]
        return self

    def page_body(self, number: int, size: int) -> bytes:
        """A page as the interface answers it, cut at 50 entries whatever was asked for."""
        size = min(size, PAGE_SIZE)
        items = self.items[(number - 1) * size : number * size]
        total = len(self.items) if self.total is None else self.total
        return json.dumps({"total": total, "items": items, "page": number}).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; `reply` is for faults as well."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        fbi = self.server.fbi
        fbi.user_agents.add(self.headers["User-Agent"])
        address = urlsplit(self.path)
        if address.path.startswith("/image-repository/"):
            fbi.pictures_asked.append(address.path)
            status, kind, body = fbi.first_pictures.pop(0) if fbi.first_pictures else fbi.picture
            self.reply(status, body, kind)
            return
        query = parse_qs(address.query)
        number = int(query.get("page", ["1"])[0])
        fbi.pages_asked.append(number)
        fbi.before_page(number)
        if waiting := fbi.faults.get(number):
            waiting.pop(0)(self)
            return
        self.reply(200, fbi.page_body(number, int(query.get("pageSize", ["20"])[0])))

    def reply(
        self,
        status: int,
        body: bytes = b"",
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer properly."""
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


Fault = Callable[[Handler], None]
"""Answers one request badly."""


def status(code: int, **headers: str) -> Fault:
    """An error status; ``Retry_After="7"`` becomes a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(code, b"{}", headers=named)


def bot_wall(code: int = 200) -> Fault:
    """A web page where data was asked for."""
    return lambda handler: handler.reply(code, b"<html><title>Just a moment...</title></html>", "text/html")


def body(content: bytes, kind: str = "application/json", **headers: str) -> Fault:
    """Any content, answered as if all were well."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(200, content, kind, named)


def redirect(target: str) -> Fault:
    """To somewhere else."""
    return lambda handler: handler.reply(302, headers={"Location": target})


def huge(handler: Handler) -> None:
    """More than any page."""
    handler.reply(200, b" " * 20_000_001)


def gzip_bomb(handler: Handler) -> None:
    """Few bytes that unpack to many."""
    handler.reply(200, gzip.compress(b" " * 30_000_000, 1), headers={"Content-Encoding": "gzip"})


def drop(handler: Handler) -> None:
    """The connection is reset before a word is said."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def cut_short(handler: Handler) -> None:
    """More is promised than comes."""
    handler.reply(200, b'{"total": 1, "items"', headers={"Content-Length": "5000"})
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """Comes and comes."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b" " * 1_000_000)


def slow_drip(handler: Handler) -> None:
    """A byte now and then, for longer than anybody waits."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(2_000):
        handler.wfile.write(b" ")
        time.sleep(0.005)


class _Server(ThreadingHTTPServer):
    """Knows what it serves, and keeps quiet about clients that hang up."""

    fbi: FbiServer

    def handle_error(self, *_: object) -> None:
        """Hanging up is what some tests are about."""


@contextmanager
def fbi_server() -> Iterator[FbiServer]:
    """An interface that listens on 127.0.0.1 until the block ends."""
    with _Server(("127.0.0.1", 0), Handler) as server:
        server.fbi = FbiServer(origin=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.fbi
        finally:
            server.shutdown()
            thread.join()
