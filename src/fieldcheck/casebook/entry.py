"""One entry of the log, and how its hash comes about.

Three layers, each named in the next by its SHA-256 over canonical JSON (RFC 8785), so that the outer ones still
verify where the inner ones may not be shown or kept:

- ``content``: what was logged, with a random salt, so that nobody can guess it from its hash;
- ``stub``: kind, date, key and the hash of the content, which is what a purge leaves;
- ``link``: place, hash of the entry before and hash of the stub, which is what a bundle shows of other cases.

An entry's hash is that of its link, and its signature (Ed25519, RFC 8032) is made over the same bytes.
"""

import enum
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import rfc8785

from fieldcheck.casebook.head import Head

FORMAT = "1"
BEFORE_THE_FIRST = "0" * 64
MOST_ENTRIES = 2**53 - 1
"""RFC 8785 writes whole numbers up to this one exactly."""

_SALT_BYTES = 16


@enum.unique
class Kind(enum.StrEnum):
    """What an entry is about; the last three belong to no case and are never purged."""

    CHECK = "check"
    DECISION = "decision"
    ACCESS = "access"
    PURGE = "purge"
    KEY_CHANGE = "key_change"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Stub:
    """What a purge leaves of an entry; ``at`` is in UTC, ``key`` the public key in hexadecimal."""

    kind: str
    at: str
    key: str
    content_sha256: str

    @property
    def sha256(self) -> str:
        """The hash that the link names."""
        return digest(canonical(asdict(self)))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was written or read back; nothing about it is verified.

    ``stub`` is None where a bundle shows only the link, and ``content`` also where it was purged.
    """

    seq: int
    previous: str
    stub_sha256: str
    hash: str
    signature: str
    stub: Stub | None = None
    content: str | None = None

    @property
    def link(self) -> bytes:
        """The bytes that are hashed and signed."""
        return canonical(
            {"casebook": FORMAT, "previous": self.previous, "seq": self.seq, "stub_sha256": self.stub_sha256}
        )

    @property
    def head(self) -> Head:
        """The entry's place and hash, as a report prints it."""
        return Head(self.seq, self.hash)

    def said(self) -> dict[str, Any]:
        """The content as an object; empty where there is none or it is no object."""
        try:
            said = json.loads(self.content or "{}")
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}


def salted(said: Mapping[str, Any]) -> str:
    """What is to be logged as canonical JSON, with a new salt."""
    return canonical({**said, "salt": secrets.token_hex(_SALT_BYTES)}).decode()


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one spelling that RFC 8785 gives a JSON object."""
    return rfc8785.dumps(dict(value))


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
