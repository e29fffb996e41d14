"""What a channel costs its clients: ``channel.py LIST.db [FOLDER] [--count 57000]``.

LIST.db is a list whose photos are mixed to make larger ones, FOLDER has the records that are mixed (see
`bench_set`). A list with a photo of each record is built as a pack and published, changed by a hundredth (half of it
changed records, the rest added and withdrawn ones; a tenth has a new photo), and published again, twice. A web server
of the standard library gives it out. Prints the bytes and seconds of a client that has nothing, and of one that is a
version or two behind, beside those of downloading and hashing the same bytes alone.
"""

import argparse
import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bench_set import DEFAULT_FOLDER, read_records, skip_without
from changing import ChangingList

LIST_ID = "large"
TIMES = 3
MOST_TIMES_AS_LONG = 2.0
MOST_SHARE = 0.05
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the clock and of the processor."""

    wall_s: float
    cpu_s: float


def main() -> int:
    """Print what is measured; the exit code says whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--count", type=int, default=57_000)
    given = parser.parse_args()
    skip_without(given.folder)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        publisher = _Publisher(scratch, given)
        publisher.publish()
        with _served(scratch / "channel") as origin:
            whole = _measure_whole(publisher, origin, scratch)
            shares = [_measure_behind(publisher, origin, scratch, behind) for behind in (1, 2)]
    missed = []
    if whole > MOST_TIMES_AS_LONG:
        missed.append(f"a sync takes {whole:.2f} times as long as downloading and hashing, not {MOST_TIMES_AS_LONG}")
    if shares[0] > MOST_SHARE:
        missed.append(f"a change of a hundredth costs {shares[0]:.2%} of the bytes, not {MOST_SHARE:.0%}")
    for target in missed:
        print(f"MISSED {target}")
    return int(bool(missed))


class _Publisher:
    """Builds, signs and publishes one version after the other."""

    def __init__(self, scratch: Path, given: argparse.Namespace) -> None:
        from securesystemslib.signer import CryptoSigner

        from fieldcheck.cache.opening import open_list
        from fieldcheck.packs.roles import DAYS, Role
        from fieldcheck.packs.roots import draft_first_root
        from fieldcheck.packs.workshop import Workshop

        with open_list(given.photos) as opened:
            kept = list(opened.reference_photos())
        self.list = ChangingList(read_records(given.folder), kept, given.count, scratch / "images")
        self._images = scratch / "images"
        self._work, self._channel = Workshop(scratch / "work"), Workshop(scratch / "channel")
        self._signers = [CryptoSigner.generate_ed25519() for _ in range(2)]
        keys = {role: [signer.public_key for signer in self._signers] for role in Role}
        draft_first_root(self._work, keys, {}, DAYS, datetime.now(UTC))

    @property
    def root(self) -> Path:
        """The root of trust that is handed over."""
        return self._channel.metadata / "1.root.json"

    def publish(self) -> None:
        """Build the version as it is and give it out."""
        from fieldcheck.cache.info import ListInfo
        from fieldcheck.lists.files import ImportedList
        from fieldcheck.packs.building import Plan, Watcher, build_pack
        from fieldcheck.packs.publishing import Desk, publish
        from fieldcheck.packs.roles import DAYS
        from fieldcheck.packs.signing import sign_drafts
        from fieldcheck.packs.targets import draft_targets

        started = time.process_time()
        imported = ImportedList(ListInfo(LIST_ID, "A large list"), self.list, len(self.list.entries), (), ())
        plan = Plan(images=self._images, read=self.list.read)
        index = build_pack(self._work, imported, plan, Watcher(lambda *_: None, print))
        print(f"{index.records:,} records, {index.photos:,} photos: {index.length / 1e6:,.0f} MB,", end=" ")
        print(f"built in {time.process_time() - started:.0f} s CPU; deltas of", end=" ")
        print(", ".join(f"{delta.length / 1e6:.1f} MB" for delta in index.deltas) or "none", flush=True)
        draft_targets(self._work, DAYS, datetime.now(UTC))
        for signer in self._signers:
            sign_drafts(self._work, signer)
        publish(self._work, self._channel, Desk(self._signers, DAYS, datetime.now(UTC)))

    def largest(self) -> Path:
        """The newest list file as it is given out."""
        return max((self._channel.targets / "lists").rglob("*.db"), key=lambda path: path.stat().st_mtime_ns)


def _measure_whole(publisher: _Publisher, origin: str, scratch: Path) -> float:
    """How many times as long as downloading and hashing its bytes the first sync of a list takes."""
    file = publisher.largest()
    url = f"{origin}/{file.relative_to(scratch / 'channel').as_posix()}"
    alone, synced = [], []
    for number in range(TIMES):
        target = scratch / "alone"
        alone.append(_timed(_download, url, target))
        target.unlink()
        home = _home(publisher, origin, scratch / f"home{number}")
        synced.append(_timed(_sync, home))
        shutil.rmtree(home)
    base, ours = min(alone, key=lambda spent: spent.wall_s), min(synced, key=lambda spent: spent.wall_s)
    for name, spent in (("downloading and hashing", base), ("sync of the whole list", ours)):
        print(f"{name}: {spent.wall_s:.2f} s, {spent.cpu_s:.2f} s CPU")
    print(f"times as long: {ours.wall_s / base.wall_s:.2f}, CPU {ours.cpu_s / base.cpu_s:.2f}", flush=True)
    return ours.wall_s / base.wall_s


def _measure_behind(publisher: _Publisher, origin: str, scratch: Path, behind: int) -> float:
    """The share of a list's bytes that a client so many versions behind downloads."""
    home = _home(publisher, origin, scratch / f"behind{behind}")
    _sync(home)
    for _ in range(behind):
        publisher.list.change()
        publisher.publish()
    before = _Log.bytes
    spent = _timed(_sync, home)
    came, length = _Log.bytes - before, publisher.largest().stat().st_size
    print(f"{behind} behind: {came / 1e6:.1f} MB of {length / 1e6:,.0f} MB = {came / length:.2%},", end=" ")
    print(f"{spent.wall_s:.1f} s, {spent.cpu_s:.1f} s CPU", flush=True)
    shutil.rmtree(home)
    return came / length


class _Log:
    """How many bytes of bodies came in since the program began."""

    bytes = 0


def _home(publisher: _Publisher, origin: str, home: Path) -> Path:
    from fieldcheck.sync.channel import add_channel

    add_channel(home, origin, publisher.root, "bench")
    return home


def _sync(home: Path) -> None:
    """Sync as the command does."""
    from fieldcheck.sync.channel import read_channels
    from fieldcheck.sync.channel_all import sync_channels
    from fieldcheck.sync.fetch import Fetcher
    from fieldcheck.sync.outcome import OutcomeKind
    from fieldcheck.sync.progress import SilentProgress
    from fieldcheck.sync.run import NO_WISHES
    from fieldcheck.sync.tools import Tools

    class Counting(SilentProgress):
        def advance(self, steps: int) -> None:
            _Log.bytes += steps

        def note(self, text: str) -> None:
            print(text)

    with Fetcher() as fetcher:
        wanted = dict.fromkeys(read_channels(home), ())
        (outcome,) = sync_channels(home, wanted, Tools(fetcher, progress=Counting()), NO_WISHES)
    if outcome.kind is not OutcomeKind.UPDATED:
        raise SystemExit(f"{outcome.message} {outcome.next_step}")


def _download(url: str, target: Path) -> None:
    """Download and hash, and have the system write the file to the disk, as every careful client does."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", parts.path)
    answer, digest = connection.getresponse(), hashlib.sha256()
    with target.open("wb") as stream:
        while block := answer.read(_BLOCK):
            digest.update(block)
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    connection.close()


def _timed(run: Callable[..., None], *given: object) -> Spent:
    wall, cpu = time.monotonic(), time.process_time()
    run(*given)
    return Spent(time.monotonic() - wall, time.process_time() - cpu)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The standard library's web server in a process of its own."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        said = server.stdout.readline() if server.stdout else ""
        try:
            yield f"http://127.0.0.1:{said.split(' port ')[1].split()[0]}"
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
