"""A publisher whose list has photos, read by a model of three fields of colour a side; made once and copied."""

import copy
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuf.api.metadata import TargetFile

from channel_helpers import UNWATCHED, Publisher
from fieldcheck.cache.photo_vectors import vectors_path
from fieldcheck.lists.files import read_list_file
from fieldcheck.lists.importing import Advance
from fieldcheck.packs.building import Plan, Watcher, build_pack
from fieldcheck.packs.roles import Role
from fieldcheck.packs.targets import target_path
from fieldcheck.packs.workshop import Workshop, read_targets, write_metadata
from fieldcheck.sync import channel_index
from fieldcheck.sync.channel_index import ListIndex
from fieldcheck.vision.model import Model, load_model
from photos import encoded, engraving, write
from tiny_models import tiny_model

COUNT = 3


@dataclass
class PhotoPublisher:
    """A museum with photos; ``index`` is what its pack says last."""

    folder: Path
    channel: Publisher
    model: Model
    index: ListIndex

    @classmethod
    def create(cls, folder: Path) -> "PhotoPublisher":
        """Build, sign and publish a list of `COUNT` photos."""
        (folder / "photos").mkdir(parents=True)
        channel, model = Publisher(folder / "ministry"), load_model(tiny_model(folder))
        index = build(folder, channel, COUNT, model)
        museum = cls(folder, channel, model, index)
        museum.publish()
        return museum

    def copied(self, folder: Path) -> "PhotoPublisher":
        """The same museum in another folder, with the same keys."""
        shutil.copytree(self.folder, folder)
        channel = copy.copy(self.channel)
        channel.folder, channel.keys = folder / "ministry", dict(self.channel.keys)
        channel.work, channel.web = Workshop(channel.folder / "work"), Workshop(channel.folder / "web")
        return PhotoPublisher(folder, channel, load_model(folder / "tiny.toml"), self.index)

    def build(self, count: int = COUNT, model: Model | None = None, advance: Advance = UNWATCHED.advance) -> ListIndex:
        """Build the list with its first ``count`` photos."""
        self.index = build(self.folder, self.channel, count, model or self.model, advance)
        return self.index

    def publish(self, changed: Mapping[str, bytes] | None = None) -> None:
        """Sign and publish what was built, with files that no honest publisher has in place of what was built."""
        self.channel.draft()
        work = self.channel.work
        targets = read_targets(work.draft(Role.TARGETS))
        for path, content in (changed or {}).items():
            target_path(work, path).parent.mkdir(parents=True, exist_ok=True)
            write(target_path(work, path), content)
            targets.signed.targets[path] = TargetFile.from_data(path, content, ["sha256"])
        write_metadata(work.draft(Role.TARGETS), targets)
        self.channel.sign(*self.channel.keys[Role.TARGETS])
        self.channel.publish()

    def path(self, model: Model | None = None) -> str:
        """Where the channel has its vectors."""
        return channel_index.vectors_path(self.index.id, self.index.version, (model or self.model).key)

    def vectors(self, model: Model | None = None) -> bytes:
        """What the model made of the photos, as it was built."""
        return target_path(self.channel.work, self.path(model)).read_bytes()

    def taken(self, home: Path, model: Model | None = None) -> bytes:
        """The vectors that a checkpoint has of this version; empty where there are none."""
        list_file = home / "lists" / self.index.id / f"{self.index.version}.db"
        path = vectors_path(list_file, (model or self.model).key)
        return path.read_bytes() if path.is_file() else b""


def build(
    folder: Path, channel: Publisher, count: int, model: Model, advance: Advance = UNWATCHED.advance
) -> ListIndex:
    for number in range(count):
        if not (folder / "photos" / f"{number}.png").exists():
            write(folder / "photos" / f"{number}.png", encoded(engraving(number, (120, 90)), "PNG"))
    rows = [{"id": f"M-{n}", "title": f"Étude no. {n}", "images": [f"{n}.png"]} for n in range(count)]
    write(folder / "museum.jsonl", "\n".join(map(json.dumps, rows)).encode())
    imported = read_list_file(folder / "museum.jsonl", list_id="museum", published="2026-11-01")
    plan = Plan(folder / "photos", workers=1, model=model)
    return build_pack(channel.work, imported, plan, Watcher(advance, UNWATCHED.report))
