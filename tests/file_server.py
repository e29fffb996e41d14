"""A web server on this machine that has one file, and misbehaves to order."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """What the server has and how it behaves.

    ``knows_parts`` says whether it answers Range; ``cut_after`` breaks each answer off after so many bytes;
    ``faults`` are what the next requests meet, one each. ``asked`` remembers the Range of every request,
    ``encodings`` every Accept-Encoding.
    """

    content: bytes = b""
    knows_parts: bool = True
    cut_after: int | None = None
    faults: list["Fault"] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    encodings: set[str] = field(default_factory=set)
    origin: str = ""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; `reply` is for faults as well."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        files = self.server.files
        asked = self.headers.get("Range", "")
        files.asked.append(asked)
        files.encodings.add(self.headers.get("Accept-Encoding", ""))
        if files.faults:
            files.faults.pop(0)(self)
            return
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked and files.knows_parts else 0  # type: ignore[index]
        if start > len(files.content):
            self.reply(416)
            return
        part = files.content[start:]
        said = {"Content-Range": f"bytes {start}-{len(files.content) - 1}/{len(files.content)}"} if start else {}
        self.reply(206 if start else 200, part[: files.cut_after], Content_Length=str(len(part)), **said)

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Answer, then hang up."""
        self.send_response(status)
        standard = {"Content-Type": "application/octet-stream", "Content-Length": str(len(body)), "Connection": "close"}
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in (standard | said).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


Fault = Callable[[Handler], None]


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Fault:
    """Answer so; underscores in the names of headers stand for hyphens."""
    return lambda handler: handler.reply(status, body, **headers)


def endless(handler: Handler) -> None:
    """A body without a length and without an end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/octet-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    try:
        while True:
            handler.wfile.write(bytes(65_536))
    except OSError:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    files: FileServer

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


@contextmanager
def file_server(content: bytes) -> Iterator[FileServer]:
    """Run the server for as long as the context lasts."""
    with _Server(("127.0.0.1", 0), Handler) as server:
        server.files = FileServer(content, origin=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.files
        finally:
            server.shutdown()
            thread.join()
