"""Verifying a chain of entries, from the casebook or from a bundle: what was changed, and where."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldcheck.casebook.entry import BEFORE_THE_FIRST, Entry, Kind, digest
from fieldcheck.casebook.head import SHORT, Head
from fieldcheck.casebook.keys import is_signed
from fieldcheck.casebook.log import key_in_force


@dataclass(frozen=True, slots=True)
class Trust:
    """What a chain is held against from outside: the beginning of a public key, and heads as they were printed.

    ``device_key`` is the key of this device, which must be the one that the chain goes on with.
    """

    fingerprint: str = ""
    anchors: tuple[Head, ...] = ()
    device_key: str = ""

    @property
    def given(self) -> bool:
        """Whether there is anything at all that a forger would not have."""
        return bool(self.fingerprint or self.anchors or self.device_key)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written; ``seq`` is 0 where it is about the whole."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A timestamp as it was logged by entry ``seq``; ``hash`` is what the log has at the place that it names."""

    seq: int
    said: dict[str, Any]
    hash: str


@dataclass(slots=True)
class Outcome:
    """What verifying found.

    ``clock_back`` are the entries before which the device's clock had been set back, which is no tampering.
    ``hidden`` entries showed their links only, ``purged`` ones their stubs. ``last_key`` is the public key that the
    log goes on with.
    """

    findings: list[Finding] = field(default_factory=list)
    head: Head | None = None
    entries: int = 0
    hidden: int = 0
    purged: int = 0
    signers: list[str] = field(default_factory=list)
    last_key: str = ""
    clock_back: list[int] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify_chain(entries: Iterable[Entry], trust: Trust, first_key: str = "") -> Outcome:
    """Go through a chain from its first entry to its last.

    Args:
        entries: the entries in order, as they were read.
        trust: what they are held against from outside.
        first_key: the public key that signed the first entry, where that entry may show its link only.
    """
    chain = _Chain(trust, first_key)
    for entry in entries:
        chain.take(entry)
    return chain.close()


class _Chain:
    """The state of a walk along a chain."""

    def __init__(self, trust: Trust, first_key: str) -> None:
        self._trust = trust
        self._outcome = Outcome()
        self._last: Entry | None = None
        self._key = first_key
        self._empty: list[int] = []
        self._purges: list[tuple[int, Sequence[Any]]] = []
        self._met: set[Head] = set()
        self._hashes: dict[object, str] = {}
        self._latest = ""

    def take(self, entry: Entry) -> None:
        """Verify the next entry."""
        problems = [*self._place(entry), *self._layers(entry), *self._signature(entry)]
        self._outcome.findings += [Finding(entry.seq, what) for what in problems]
        self._outcome.entries += 1
        self._outcome.hidden += entry.stub is None
        self._met |= {anchor for anchor in self._trust.anchors if _is(entry, anchor)}
        self._remember(entry, sound=not problems)

    def close(self) -> Outcome:
        """Verify what only the whole can show."""
        outcome, last = self._outcome, self._last
        outcome.last_key = self._key
        outcome.head = last.head if last else None
        outcome.findings += [Finding(seq, what) for seq, what in (*self._unexplained(), *self._anchors())]
        outcome.findings += [Finding(0, what) for what in self._keys()]
        return outcome

    def _place(self, entry: Entry) -> Iterator[str]:
        expected = self._last.seq + 1 if self._last else 1
        if entry.seq > expected:
            missing = (
                f"entry {expected} is" if entry.seq == expected + 1 else f"entries {expected} to {entry.seq - 1} are"
            )
            yield f"{missing} missing before it"
        elif entry.seq < expected:
            yield f"it stands where entry {expected} should"
        if entry.previous != (self._last.hash if self._last else BEFORE_THE_FIRST):
            yield "it does not follow the entry before it"

    def _layers(self, entry: Entry) -> Iterator[str]:
        stub = entry.stub
        if stub and entry.content is not None and digest(entry.content.encode()) != stub.content_sha256:
            yield "its content was changed"
        if stub and stub.sha256 != entry.stub_sha256:
            yield "its kind, date, key or content was changed"
        if digest(entry.link) != entry.hash:
            yield "its hash is not that of what it says"

    def _signature(self, entry: Entry) -> Iterator[str]:
        if not self._key and entry.stub:
            self._key = entry.stub.key
        if entry.stub and entry.stub.key != self._key:
            yield f"it names key {entry.stub.key[:SHORT]}, and {self._key[:SHORT]} was in force"
        if not is_signed(entry.link, entry.signature, self._key):
            yield f"it was not signed so with key {self._key[:SHORT]}"
        elif self._key not in self._outcome.signers:
            self._outcome.signers.append(self._key)

    def _remember(self, entry: Entry, *, sound: bool) -> None:
        self._last = entry
        self._hashes[entry.seq] = digest(entry.link)
        if entry.stub is None:
            return
        if entry.stub.at < self._latest:
            self._outcome.clock_back.append(entry.seq)
        self._latest = max(self._latest, entry.stub.at)
        if sound:
            self._key = key_in_force(entry)
        if entry.content is None:
            self._empty.append(entry.seq)
        elif entry.stub.kind == Kind.PURGE:
            self._purges.append((entry.seq, entry.said().get("purged", ())))
        elif entry.stub.kind == Kind.TIMESTAMP:
            said = entry.said()
            self._outcome.stamps.append(Stamp(entry.seq, said, self._hashes.get(said.get("stamped"), "")))

    def _unexplained(self) -> Iterator[tuple[int, str]]:
        """Contents that are gone though no later entry says that they were purged."""
        for seq in self._empty:
            if any(by > seq and _covers(ranges, seq) for by, ranges in self._purges):
                self._outcome.purged += 1
            else:
                yield seq, "its content is gone, and no purge says so"

    def _anchors(self) -> Iterator[tuple[int, str]]:
        end = self._last.seq if self._last else 0
        for anchor in self._trust.anchors:
            if anchor.seq > end:
                yield anchor.seq, f"it was printed as {anchor.short}, and the log ends at entry {end}"
            elif anchor not in self._met:
                yield anchor.seq, f"it is not the entry that was printed as {anchor.short}"

    def _keys(self) -> Iterator[str]:
        fingerprint, device = self._trust.fingerprint, self._trust.device_key
        signers = self._outcome.signers
        if fingerprint and not any(key.startswith(fingerprint) for key in signers):
            yield f"no entry was signed with key {fingerprint[:SHORT]}"
        if device and self._last and (self._key != device or device not in signers):
            yield f"the log goes on with key {self._key[:SHORT]}, and the key of this device is {device[:SHORT]}"


def _is(entry: Entry, anchor: Head) -> bool:
    return entry.seq == anchor.seq and digest(entry.link).startswith(anchor.hash)


def _covers(ranges: Sequence[Any], seq: int) -> bool:
    """Whether a purge's list of first and last entries names this one."""
    try:
        return any(first <= seq <= last for first, last in ranges)
    except (TypeError, ValueError):
        return False
