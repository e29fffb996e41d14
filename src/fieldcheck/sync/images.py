"""Fetching the pictures of a list, as far as they can be had: their absence never fails a sync."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from fieldcheck.cache.info import ReferencePhoto
from fieldcheck.errors import SourceError, StorageError
from fieldcheck.files import write_whole
from fieldcheck.lists.interface import Descriptor
from fieldcheck.sync.failures import BusyError
from fieldcheck.sync.fetch import IMAGE
from fieldcheck.sync.hosts import declared_hosts
from fieldcheck.sync.stage import Stage
from fieldcheck.sync.tools import Tools
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos

MAX_REFUSALS = 3
"""Refusals in a row after which a host is left alone for the rest of the sync."""

REMEMBERED = timedelta(days=30)
"""How long a picture that could not be had is not asked for again."""

MEMORY_NAME = "images.json"
_FORBIDDEN = 403
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture that a record shows."""

    record_id: str
    url: str

    @property
    def key(self) -> str:
        """A name for the picture that is safe as a file name."""
        return hashlib.sha256(self.url.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures that could be had and read, and the number of those that could not."""

    photos: tuple[ReferencePhoto, ...] = ()
    problems: int = 0


class ImageMemory:
    """Which pictures could not be had lately, by their keys; kept beside the list's versions."""

    def __init__(self, path: Path, today: date) -> None:
        self._path = path
        self._today = today.isoformat()
        oldest = (today - REMEMBERED).isoformat()
        found = _read_memory(path).items()
        self._failed = {key: day for key, day in found if oldest < day <= self._today}

    def __contains__(self, picture: Picture) -> bool:
        return picture.key in self._failed

    def remember(self, picture: Picture) -> None:
        """Do not ask for this picture again for a while."""
        self._failed[picture.key] = self._today

    def save(self) -> None:
        """Write the memory to the disk."""
        write_whole(self._path, json.dumps(self._failed, indent=0, sort_keys=True).encode())


class PictureFetcher:
    """Fetches pictures from the hosts that a list declares for them, one by one."""

    def __init__(self, descriptor: Descriptor, memory: ImageMemory, tools: Tools) -> None:
        self._hosts = declared_hosts(descriptor.image_hosts)
        self._pause_s = descriptor.pause_s
        self._memory = memory
        self._tools = tools
        self._refusals: Counter[str] = Counter()

    def fetch(self, picture: Picture, path: Path) -> bool:
        """Have the picture at ``path``; False where it cannot be had.

        Raises:
            StorageError: the picture came but could not be written.
        """
        host = urlsplit(picture.url).netloc
        if path.exists():
            return True
        if picture in self._memory or self._refusals[host] >= MAX_REFUSALS:
            return False
        self._tools.clock.sleep(self._pause_s)
        try:
            content = self._tools.fetcher.get(picture.url, self._hosts, IMAGE)
        except SourceError as error:
            self._learn(picture, host, error)
            return False
        self._refusals[host] = 0
        write_whole(path, content)
        return True

    def _learn(self, picture: Picture, host: str, error: SourceError) -> None:
        """Remember a picture that will not come back soon, and count a host that refuses."""
        if not isinstance(error, BusyError):
            self._memory.remember(picture)
        elif error.status == _FORBIDDEN:
            self._memory.remember(picture)
            self._refusals[host] += 1
        elif error.status == _TOO_MANY:
            self._refusals[host] = MAX_REFUSALS


def gather_pictures(
    wanted: Sequence[Picture], descriptor: Descriptor, stage: Stage, memory: ImageMemory, tools: Tools
) -> Pictures:
    """Fetch pictures and take their fingerprints.

    Nothing that happens to a picture is an error: what cannot be had or read is counted and, unless it may
    come back soon, remembered. On a full disk the pictures are given up, so that the list itself finds room.
    """
    tools.progress.start(descriptor.id, len(wanted))
    pictures = PictureFetcher(descriptor, memory, tools)
    had: list[Picture] = []
    photos: tuple[ReferencePhoto, ...] = ()
    try:
        for picture in wanted:
            if pictures.fetch(picture, stage.images / picture.key):
                had.append(picture)
            tools.progress.advance(1)
        photos = tuple(_read(had, stage.images, memory))
    except StorageError as error:
        tools.progress.note(f"{descriptor.id}: photos are left out. {error}")
        stage.drop_images()
    finally:
        with suppress(StorageError):
            memory.save()
    return Pictures(photos, len(wanted) - len(photos))


def _read(had: Sequence[Picture], folder: Path, memory: ImageMemory) -> Iterator[ReferencePhoto]:
    readings = read_photos((folder / picture.key for picture in had), role=Role.REFERENCE)
    for picture, reading in zip(had, readings, strict=True):
        found = reading.photo.fingerprint
        if found is None:
            memory.remember(picture)
            continue
        yield ReferencePhoto(
            picture.record_id,
            picture.url,
            reading.photo.sha256,
            found.phash[0],
            found.dhash[0],
            reading.thumbnail,
            reading.points,
        )


def _read_memory(path: Path) -> dict[str, str]:
    """The memory as it was written; a damaged one is as good as none."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    return {key: day for key, day in entries if isinstance(day, str)}
