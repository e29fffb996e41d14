"""A publisher with its keys, and a checkpoint that trusts it: all in folders, with a time that the test sets."""

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile

from fieldcheck.cache.holdings import open_holdings
from fieldcheck.cache.pointer import read_pointer
from fieldcheck.lists.files import read_list_file
from fieldcheck.packs.building import Plan, Watcher, build_pack
from fieldcheck.packs.publishing import Desk, Published, publish, refresh
from fieldcheck.packs.roles import DAYS, Role
from fieldcheck.packs.roots import Change, draft_first_root, draft_next_root
from fieldcheck.packs.signing import sign_drafts
from fieldcheck.packs.targets import draft_targets
from fieldcheck.packs.workshop import Workshop
from fieldcheck.sync.channel import Channel, add_channel
from fieldcheck.sync.channel_folder import import_channel
from fieldcheck.sync.channel_index import ListIndex
from fieldcheck.sync.channel_sync import ChannelCopy, Watch, sync_channel
from fieldcheck.sync.outcome import Outcome
from fieldcheck.sync.run import NO_WISHES, Wishes
from fieldcheck.sync.stick import Place
from sync_helpers import START, FakeClock, RecordedProgress

UNWATCHED = Watcher(lambda *_: None, lambda _: None)


def new_key() -> CryptoSigner:
    return CryptoSigner.generate_ed25519()


@dataclass
class Publisher:
    """A ministry: ``web`` is what it gives out."""

    folder: Path
    days: Mapping[Role, int] = field(default_factory=lambda: dict(DAYS))
    now: datetime = START
    keys: dict[Role, list[CryptoSigner]] = field(
        default_factory=lambda: {role: [new_key() for _ in range(3 if role is Role.ROOT else 1)] for role in Role}
    )

    def __post_init__(self) -> None:
        self.work = Workshop(self.folder / "work")
        self.web = Workshop(self.folder / "web")
        public = {role: [key.public_key for key in keys] for role, keys in self.keys.items()}
        draft_first_root(self.work, public, {}, self.days, self.now)
        self.sign(*self.keys[Role.ROOT][:2])

    @property
    def desk(self) -> Desk:
        return Desk([*self.keys[Role.SNAPSHOT], *self.keys[Role.TIMESTAMP]], self.days, self.now)

    @property
    def root_file(self) -> Path:
        return self.web.given_out(Role.ROOT, 1)

    def sign(self, *signers: CryptoSigner) -> None:
        for signer in signers:
            sign_drafts(self.work, signer)

    def build(self, *titles: str, list_id: str = "museum", min_records: int = 1) -> ListIndex:
        source = self.folder / f"{list_id}.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "object_type", "status"])
            writer.writerows([f"M-{number}", title, "icon", "stolen"] for number, title in enumerate(titles, 1))
        imported = read_list_file(source, list_id=list_id, published="2026-11-01")
        return build_pack(self.work, imported, Plan(min_records=min_records), UNWATCHED)

    def draft(self) -> None:
        draft_targets(self.work, self.days, self.now)

    def publish(self) -> Published:
        return publish(self.work, self.web, self.desk)

    def give(self, *titles: str, list_id: str = "museum", min_records: int = 1) -> ListIndex:
        """Build, sign and publish a version of a list."""
        index = self.build(*titles, list_id=list_id, min_records=min_records)
        self.draft()
        self.sign(*self.keys[Role.TARGETS])
        self.publish()
        return index

    def refresh(self) -> Published:
        return refresh(self.web, self.desk)

    def rotate(self, *roles: Role, signers: Sequence[CryptoSigner] = ()) -> None:
        """New keys for roles: the root before and the new one sign."""
        old = {role: self.keys[role] for role in Role}
        self.keys |= {role: [new_key() for _ in old[role]] for role in roles}
        change = Change(
            [(role, key.public_key) for role in roles for key in self.keys[role]],
            [key.public_key.keyid for role in roles for key in old[role]],
        )
        draft_next_root(self.work, change, self.days, self.now)
        self.sign(*(signers or dict.fromkeys([*old[Role.ROOT][:2], *self.keys[Role.ROOT][:2]])))

    def copy(self, name: str) -> Path:
        """What is given out now, as a stick that can be changed."""
        stick = self.folder / name
        shutil.copytree(self.web.folder, stick)
        return stick


@dataclass
class Checkpoint:
    """A laptop that trusts a publisher's channel."""

    home: Path
    publisher: Publisher
    name: str = "ministry"
    at: datetime = START
    progress: RecordedProgress = field(default_factory=RecordedProgress)

    def __post_init__(self) -> None:
        folder = self.publisher.web.folder
        self.channel: Channel = add_channel(self.home, str(folder), self.publisher.root_file, self.name)

    def later(self, days: float) -> None:
        self.at = START + timedelta(days=days)

    @property
    def watch(self) -> Watch:
        return Watch(FakeClock(self.at), self.progress)

    def take(self, stick: Path, wishes: Wishes = NO_WISHES, *only: str) -> list[Outcome]:
        """What ``lists import STICK`` does."""
        return import_channel(self.home, stick, self.watch, wishes, only)

    def take_from(self, place: Place, wishes: Wishes = NO_WISHES) -> list[Outcome]:
        return sync_channel(self.home, ChannelCopy(self.channel, place), self.watch, wishes)

    def titles(self, list_id: str = "museum") -> list[str]:
        """What a check would be answered from."""
        with open_holdings(self.home, (list_id,)) as holdings:
            return [record.title for record in holdings.list(list_id).records()]

    def version(self, list_id: str = "museum") -> str:
        return read_pointer(self.home)[list_id].version


def sign_by_hand(path: Path, signer: CryptoSigner, *, more: bool = False, **changes: object) -> None:
    """Change metadata and sign it, as somebody does who has a key and no scruples."""
    metadata = Metadata.from_bytes(path.read_bytes())
    for name, value in changes.items():
        setattr(metadata.signed, name, value)
    metadata.sign(signer, append=more)
    path.write_bytes(metadata.to_bytes())


def sign_the_rest_by_hand(publisher: Publisher, stick: Path, version: int = 1, *, snapshot: bool = True) -> None:
    """Have a snapshot and timestamp name targets that were changed, or a timestamp name a changed snapshot."""
    folder = stick / "metadata"
    path = folder / f"{version}.snapshot.json"
    if snapshot:
        meta = MetaFile.from_data(version, (folder / f"{version}.targets.json").read_bytes(), ["sha256"])
        sign_by_hand(path, publisher.keys[Role.SNAPSHOT][0], meta={"targets.json": meta})
    meta = MetaFile.from_data(version, path.read_bytes(), ["sha256"])
    sign_by_hand(folder / "timestamp.json", publisher.keys[Role.TIMESTAMP][0], snapshot_meta=meta)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base's
        pass


@contextmanager
def served(folder: Path, handler: type[SimpleHTTPRequestHandler] = _Quiet) -> Iterator[str]:
    """A folder on a web server of this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, day and so on
