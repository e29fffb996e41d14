"""Which hosts a sync may speak to: those that the list declares, over https."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from fieldcheck.errors import UsageError

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Hosts:
    """The declared origins, each as scheme, host and port."""

    origins: frozenset[tuple[str, str, int]]

    def permits(self, scheme: str, host: str, port: int | None) -> bool:
        """Whether a request may go there; ``port`` is None for the scheme's own."""
        return (scheme, host.casefold(), port or _PORTS.get(scheme, 0)) in self.origins


def declared_hosts(entries: Iterable[str]) -> Hosts:
    """Read a descriptor's hosts: a bare name stands for https and its own port.

    An entry may spell scheme and port out; plain http is for this machine alone, where nobody listens in.

    Raises:
        UsageError: an entry is not a host, or asks for plain http to another machine.
    """
    return Hosts(frozenset(_origin(entry) for entry in entries))


def _origin(entry: str) -> tuple[str, str, int]:
    parts = urlsplit(entry if "://" in entry else f"https://{entry}")
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    host = (parts.hostname or "").casefold()
    if not host or not port or parts.path.strip("/") or parts.username:
        raise _refused(entry, "is not a host")
    if parts.scheme != "https" and not _is_this_machine(host):
        raise _refused(entry, "asks for plain http")
    return parts.scheme, host, port


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(entry: str, reason: str) -> UsageError:
    return UsageError(f"The declared host {entry!r} {reason}.", next_step="Correct the hosts of this list.")
