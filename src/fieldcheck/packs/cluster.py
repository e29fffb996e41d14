"""Reading photos on a Dask cluster: batches of their bytes go out, readings come back in the order of the photos.

Workers need fieldcheck, but share no disk with whoever builds. One that dies loses its batch to another.
"""

import atexit
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from fieldcheck.errors import SourceError, UsageError
from fieldcheck.vision.edition import reader_edition
from fieldcheck.vision.limits import MAX_SECONDS
from fieldcheck.vision.process import CHILD_COMMAND, LimitedChild
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import PhotoReading, photo_content, read_content

PHOTOS_A_BATCH = 32
_BYTES_A_BATCH = 16_000_000
_BATCHES_A_THREAD = 2
_CONNECT_S = 20
_Content = tuple[str, bytes | PhotoReading]
_here = threading.local()


class Cluster:
    """The cluster behind a scheduler's address, such as ``tcp://10.0.0.5:8786``; a context manager.

    Raises:
        UsageError: Dask is not installed, or a worker would read photos otherwise than this computer does.
        SourceError: the scheduler cannot be reached, or has no worker.
    """

    def __init__(self, address: str) -> None:
        self._client = _connected(address)  # an untyped distributed.Client
        editions = self._client.run(reader_edition)
        threads = sum(self._client.nthreads().values())
        if not editions:
            raise SourceError(f"The cluster at {address} has no worker.", next_step="Start one with `dask worker`.")
        if set(editions.values()) != {reader_edition()}:
            raise UsageError(
                "The cluster's workers read photos with other versions than this computer, so results would differ.",
                next_step="Install the same fieldcheck, OpenCV, Pillow, numpy and ImageHash on all of them.",
            )
        self._in_hand = threads * _BATCHES_A_THREAD

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def read(self, paths: Iterable[Path]) -> Iterator[PhotoReading]:
        """Read reference photos, in the order given; a photo that cannot be read says why."""
        pending: deque[Any] = deque()
        for batch in _batches(paths):
            # Each batch is a task of its own: an equal one from another build must not be taken for it.
            pending.append(self._client.submit(read_batch, batch, pure=False, retries=3))
            if len(pending) == self._in_hand:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()


def read_batch(batch: list[_Content]) -> list[PhotoReading]:
    """Read a batch of photos on a worker, in a limited child process that serves all batches of one thread."""
    return [
        content if isinstance(content, PhotoReading) else read_content(name, content, Role.REFERENCE, _child())
        for name, content in batch
    ]


def _child() -> LimitedChild:
    if not hasattr(_here, "child"):
        _here.child = LimitedChild(CHILD_COMMAND, MAX_SECONDS)
        atexit.register(_here.child.end)
    child: LimitedChild = _here.child
    return child


def _batches(paths: Iterable[Path]) -> Iterator[list[_Content]]:
    """Photos by the batch, which ends early where photos are large."""
    batch: list[_Content] = []
    size = 0
    for path in paths:
        content = photo_content(path)
        batch.append((str(path), content))
        size += len(content) if isinstance(content, bytes) else 0
        if len(batch) == PHOTOS_A_BATCH or size >= _BYTES_A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _connected(address: str) -> Any:  # noqa: ANN401  # distributed has no types
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "Dask is not installed, so no cluster can be used.",
            next_step="Install it with `pip install 'fieldcheck[cluster]'`, or leave out --scheduler.",
        ) from error
    try:
        return Client(address, timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]  # it has no types
    except (OSError, ValueError) as error:
        raise SourceError(
            f"No Dask scheduler answers at {address}: {error}.",
            next_step="Start one with `dask scheduler`, and give its address with --scheduler.",
        ) from error
