"""One request at a time, to declared hosts only; the only module that speaks HTTP.

Proxies and certificates are taken from the environment, as httpx does (``HTTPS_PROXY``, ``SSL_CERT_FILE``).
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

import httpx

from fieldcheck.errors import SourceError, UsageError
from fieldcheck.sync.backoff import asked_wait_s
from fieldcheck.sync.body import read_body
from fieldcheck.sync.clock import Clock, SystemClock
from fieldcheck.sync.failures import AbsentError, BusyError
from fieldcheck.sync.hosts import Hosts

MAX_REDIRECTS = 5
MAX_SECONDS = 120.0
"""Wall seconds for one answer, redirects included, however steadily it drips."""

_TIMEOUTS = httpx.Timeout(connect=15.0, read=30.0, write=15.0, pool=15.0)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({403, 408, 425, 429})
_ABSENT = frozenset({404, 410})
_OK = 200
_PARTIAL = 206
_BEYOND = 416
_MOST_DIGITS = 18
_SERVER_ERRORS = 500
_WEB_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_LATER = "Try again later; the list in use is unchanged."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer may be: its content types (empty where none is named) and its unpacked size in bytes.

    ``packed`` says whether it may be packed on the way; parts of what was packed would fit no other part.
    """

    types: frozenset[str]
    max_bytes: int
    packed: bool = True


JSON = Wanted(
    types=frozenset({"application/json", "application/sparql-results+json", "text/json", "text/plain", ""}),
    max_bytes=20_000_000,
)
IMAGE = Wanted(
    types=frozenset(f"image/{kind}" for kind in ("jpeg", "jpg", "png", "webp", "tiff", "gif", "bmp", "heif", "heic")),
    max_bytes=25_000_000,
)


FILE = Wanted(
    types=frozenset({"application/octet-stream", "application/vnd.sqlite3", "application/x-sqlite3", "text/plain", ""}),
    max_bytes=1 << 40,
    packed=False,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose body is still coming in.

    Attributes:
        host: who answers.
        start: which byte of the whole body comes first, 0 where the server does not send parts.
        length: how many bytes it says will come, or None where it does not say.
        encoding: its Content-Encoding.
        chunks: the body as it comes in, packed as it may be.
    """

    host: str
    start: int
    length: int | None
    encoding: str
    chunks: Iterator[bytes]


class Fetcher:
    """Fetches from the hosts that a list declares.

    Args:
        ca_bundle: certificates to trust instead of the usual ones, for networks that look into TLS.
        clock: measures how long an answer takes.
        max_seconds: wall seconds for one answer.
    """

    def __init__(
        self, *, ca_bundle: Path | None = None, clock: Clock | None = None, max_seconds: float = MAX_SECONDS
    ) -> None:
        self._clock = clock or SystemClock()
        self._max_seconds = max_seconds
        self._client = httpx.Client(
            verify=_trusted(ca_bundle),
            timeout=_TIMEOUTS,
            follow_redirects=False,
            headers={"User-Agent": user_agent(), "Accept-Encoding": "gzip"},
            # This machine is never behind a proxy, whatever the environment says.
            mounts={"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()

    def get(self, url: str, hosts: Hosts, wanted: Wanted) -> bytes:
        """Fetch one body.

        Raises:
            AbsentError: there is nothing at this address.
            BusyError: no answer, or one that says to come back later; the same request may succeed then.
            SourceError: the host is not declared, or the answer is not what was wanted.
        """
        deadline = self._clock.monotonic() + self._max_seconds
        with self.open(url, hosts, wanted) as answer:
            chunks = self._in_time(answer, deadline)
            return read_body(chunks, answer.encoding, wanted.max_bytes)

    def post(self, url: str, body: bytes, kind: str, hosts: Hosts, wanted: Wanted) -> bytes:
        """Send a body of a content type to one address, which may not redirect, and return what it answers.

        Raises:
            AbsentError: there is nothing at this address.
            BusyError: no answer, or one that says to come back later.
            SourceError: the host is not declared, or the answer is not what was wanted.
        """
        deadline = self._clock.monotonic() + self._max_seconds
        target = _permitted(_address(url), hosts)
        try:
            with self._client.stream("POST", target, content=body, headers={"Content-Type": kind}) as response:
                _judge(response, wanted, self._clock.now(), 0)
                answer = _answer(response, 0)
                return read_body(self._in_time(answer, deadline), answer.encoding, wanted.max_bytes)
        except httpx.HTTPError as error:
            raise _no_answer(target.host, error) from error

    @contextmanager
    def open(self, url: str, hosts: Hosts, wanted: Wanted, start: int = 0) -> Iterator[Answer]:
        """Fetch one body piece by piece, from byte ``start`` on if the server is able to; nothing bounds its length.

        Raises:
            AbsentError: there is nothing at this address.
            BusyError: no answer, or one that says to come back later, or the body breaks off while it is read; the
                status is 416 where there is nothing from ``start`` on.
            SourceError: the host is not declared, or the answer is not what was wanted.
        """
        target = _address(url)
        for _ in range(MAX_REDIRECTS + 1):
            with self._response(_permitted(target, hosts), _asked(wanted, start)) as response:
                if response.status_code not in _REDIRECTS:
                    _judge(response, wanted, self._clock.now(), start)
                    yield _answer(response, start)
                    return
                target = _joined(target, response.headers.get("location", ""))
        raise SourceError(f"{target.host} redirects more than {MAX_REDIRECTS} times.", next_step=_LATER)

    @contextmanager
    def _response(self, url: httpx.URL, headers: dict[str, str]) -> Iterator[httpx.Response]:
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                yield response
        except httpx.HTTPError as error:
            raise _no_answer(url.host, error) from error

    def _in_time(self, answer: Answer, deadline: float) -> Iterator[bytes]:
        for chunk in answer.chunks:
            yield chunk
            if self._clock.monotonic() > deadline:
                raise BusyError(f"{answer.host} took longer than {self._max_seconds:g} s to answer.")


def user_agent() -> str:
    """How this program names itself to publishers."""
    try:
        return f"fieldcheck/{version('fieldcheck')}"
    except PackageNotFoundError:
        return "fieldcheck"


def _trusted(ca_bundle: Path | None) -> ssl.SSLContext | bool:
    if ca_bundle is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_bundle)
    except OSError as error:
        raise UsageError(
            f"The certificates in {ca_bundle} cannot be read: {error.strerror or error}.",
            next_step="Give a file of certificates in PEM format with --ca-bundle.",
        ) from error


def _address(url: str) -> httpx.URL:
    return _joined(httpx.URL(), url)


def _permitted(target: httpx.URL, hosts: Hosts) -> httpx.URL:
    if not hosts.permits(target.scheme, target.host, target.port) or target.userinfo:
        raise SourceError(
            f"A sync of this list may not speak to {target.scheme}://{target.netloc.decode()}.",
            next_step="Report this to whoever maintains the list's descriptor; nothing was fetched.",
        )
    return target


def _joined(base: httpx.URL, url: str) -> httpx.URL:
    try:
        return base.join(url)
    except httpx.InvalidURL as error:
        raise SourceError(f"{url[:200]!r} is not a web address.", next_step=_LATER) from error


def _asked(wanted: Wanted, start: int) -> dict[str, str]:
    """How to ask for a body from a byte on."""
    unpacked = {} if wanted.packed else {"Accept-Encoding": "identity"}
    return {**unpacked, "Range": f"bytes={start}-"} if start else unpacked


def _answer(response: httpx.Response, start: int) -> Answer:
    headers = response.headers
    length = headers.get("content-length", "")
    return Answer(
        host=response.url.host,
        start=start if response.status_code == _PARTIAL else 0,
        length=int(length[:_MOST_DIGITS]) if length.isascii() and length.isdigit() else None,
        encoding=headers.get("content-encoding", ""),
        chunks=response.iter_raw(),
    )


def _judge(response: httpx.Response, wanted: Wanted, now: datetime, start: int) -> None:
    """Refuse an answer by its head, before its body is read."""
    host, status = response.url.host, response.status_code
    if start and status == _PARTIAL:
        if not response.headers.get("content-range", "").startswith(f"bytes {start}-"):
            raise SourceError(f"{host} answers with another part than was asked for.", next_step=_LATER)
        status = _OK
    if status in _BUSY or status >= _SERVER_ERRORS or (start and status == _BEYOND):
        wait = asked_wait_s(response.headers.get("retry-after", ""), now)
        raise BusyError(f"{host} answers with status {status}.", status=status, retry_after_s=wait)
    if status in _ABSENT:
        raise AbsentError(f"{host} has nothing at {response.url.path[:200]!r}.", next_step=_LATER)
    if status != _OK:
        raise SourceError(f"{host} answers with status {status}.", next_step=_LATER)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind in _WEB_PAGES:
        raise SourceError(
            f"{host} answers with a web page instead of data, most likely a check for robots.",
            next_step="Try again later or from another network; the list in use is unchanged.",
        )
    if kind not in wanted.types:
        raise SourceError(f"{host} answers with {kind[:60]!r}, which is not what was asked for.", next_step=_LATER)


def _no_answer(host: str, error: httpx.HTTPError) -> SourceError:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return SourceError(
            f"The certificate of {host} is not trusted here: {error}.",
            next_step="If your network inspects TLS, give its certificates with --ca-bundle.",
        )
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return BusyError(f"{host} cannot be reached: {reason}.", reached=False)
    return BusyError(f"{host} did not answer: {reason}.")
