"""The file of a shipment's lines: whole lines only, and never written over by mistake."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldcheck.errors import InputError, StorageError
from fieldcheck.report.json_result import SCHEMA_VERSION, canonical_json
from fieldcheck.shipment.lines import Line, line_of

_BEGINNING = canonical_json({"schema_version": SCHEMA_VERSION}).removesuffix("}").encode()


@dataclass(frozen=True, slots=True)
class Output:
    """Where lines go, and by its ref what an earlier run made of each item."""

    append: Callable[[str], None]
    done: dict[str, Line] = field(default_factory=dict)


@contextmanager
def open_output(path: Path | None, *, fresh: bool) -> Iterator[Output]:
    """Open a shipment's output; a file that an earlier run left unfinished is gone on with.

    Args:
        path: the file, or None where lines are not kept.
        fresh: start the file over.

    Raises:
        InputError: the file exists and is not the output of a shipment.
        StorageError: it cannot be written.
    """
    if path is None:
        yield Output(lambda _: None)
        return
    with _refusals(path):
        done, size = ({}, 0) if fresh else _finished(path)
        file = path.open("ab", buffering=0)
    with file:
        with _refusals(path):
            file.truncate(size)
        yield Output(lambda text: _append(file, f"{text}\n", path), done)


def _append(file: io.FileIO, text: str, path: Path) -> None:
    """Add a line whole or not at all."""
    start, left = file.seek(0, io.SEEK_END), text.encode("utf-8")
    try:
        with _refusals(path):
            while left:
                left = left[file.write(left) :]
    except BaseException:
        file.truncate(start)
        raise


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}. The results before are whole.",
            next_step="Free some space or name another file; the same command goes on where it stopped.",
        ) from error


def _finished(path: Path) -> tuple[dict[str, Line], int]:
    """The items that are whole in the file, and its size without a line that was cut off by a crash.

    Of several lines on one item the last counts. Anything that is not ours is refused, so that a file named by
    mistake keeps its content.
    """
    done: dict[str, Line] = {}
    size = 0
    if not path.exists():
        return done, size
    with path.open("rb") as file:
        for text in file:
            if not text.endswith(b"\n") and (text.startswith(_BEGINNING) or _BEGINNING.startswith(text)):
                break
            try:
                line = line_of(json.loads(text))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise InputError(
                    f"{path} exists and is not the output of a shipment.",
                    next_step="Name another file, or use --fresh to replace it.",
                ) from error
            done[line.entry.ref] = line
            size += len(text)
    return done, size
