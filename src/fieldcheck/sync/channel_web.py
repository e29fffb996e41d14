"""A channel on a web server."""

from pathlib import Path
from urllib.parse import urlsplit

from fieldcheck.sync.download import RemoteFile, download
from fieldcheck.sync.fetch import Wanted
from fieldcheck.sync.hosts import declared_hosts
from fieldcheck.sync.rate import RateLimit
from fieldcheck.sync.tools import Tools

_TYPES = frozenset(
    {"application/json", "application/octet-stream", "application/toml", "binary/octet-stream", "text/plain", ""}
)


class Web:
    """See `fieldcheck.sync.stick.Place`; nothing but the channel's own host is ever spoken to."""

    def __init__(self, address: str, tools: Tools, limit: RateLimit | None = None) -> None:
        self._address = address
        self._tools = tools
        self._limit = limit
        parts = urlsplit(address)
        self._hosts = declared_hosts((f"{parts.scheme}://{parts.netloc}",))

    @property
    def address(self) -> str:
        """See `Place.address`."""
        return self._address

    def read(self, name: str, max_bytes: int) -> bytes:
        """See `Place.read`."""
        return self._tools.fetcher.get(self._url(name), self._hosts, Wanted(_TYPES, max_bytes))

    def copy(self, name: str, into: Path, length: int, sha256: str) -> None:
        """See `Place.copy`; goes on where an earlier download of the same file was cut."""
        download(RemoteFile(self._url(name), self._hosts, length, sha256), into, self._tools, self._limit)

    def _url(self, name: str) -> str:
        return f"{self._address}/{name}"
