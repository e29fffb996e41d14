"""A whole shipment: every item checked, each result a line, going on where an earlier run stopped."""

import io
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fieldcheck.checking import Checker
from fieldcheck.errors import ExitCode, FieldcheckError, InputError, StorageError
from fieldcheck.items import make_item
from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Band, Item, ListedState
from fieldcheck.report.json_result import SCHEMA_VERSION, canonical_json, error_to_dict, result_to_dict
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import BatchEntry
from fieldcheck.verdict import exit_code

_GRAVITY = (
    ExitCode.STRONG,
    ExitCode.POSSIBLE,
    ExitCode.CONTROL,
    ExitCode.INTERNAL,
    ExitCode.NOT_FULLY_CHECKED,
    ExitCode.NOTHING_FOUND,
)
_BEGINNING = canonical_json({"schema_version": SCHEMA_VERSION}).removesuffix("}").encode()

ReadPhotos = Callable[[Iterable[Item]], Generator[Item, None, None]]
"""Gives the same items in the same order, with their photos read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a shipment in its summary, and how a check of it alone would have ended.

    ``failed`` says that there is an error in place of a result.
    """

    entry: BatchEntry
    code: ExitCode
    failed: bool = False


@dataclass(slots=True)
class Output:
    """The lines of a shipment as they are made; ``done`` are the refs that an earlier run finished."""

    checker: Checker
    read_photos: ReadPhotos
    border: str
    append: Callable[[str], None]
    done: dict[str, Line] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def entries(self) -> tuple[BatchEntry, ...]:
        """Every item so far, in the order of the manifest."""
        return tuple(line.entry for line in self.lines)

    def run(self, rows: Sequence[Item | ItemProblem]) -> Iterator[str]:
        """Check the items that are not done; yields each result as one line of JSON, "" for one that is done."""
        ready = [self._ready(row) for row in rows]
        wanted = (row for row in ready if isinstance(row, Item) and not self._before(row))
        with closing(self.read_photos(wanted)) as items:
            for row in ready:
                if before := self._before(row):
                    self.lines.append(before)
                    yield ""
                    continue
                line, text = self._check(next(items)) if isinstance(row, Item) else _told(row)
                self.append(f"{text}\n")
                self.lines.append(line)
                yield text

    def _before(self, row: Item | ItemProblem) -> Line | None:
        """What an earlier run made of a row; a row that failed and was corrected since is checked again."""
        line = self.done.get(plain(row.ref, None))
        return line if line and line.failed == isinstance(row, ItemProblem) else None

    def _ready(self, row: Item | ItemProblem) -> Item | ItemProblem:
        """Hold a manifest's item to the same rules as a typed one."""
        if isinstance(row, ItemProblem):
            return row
        texts = {name: value for name in Item.__slots__ if isinstance(value := getattr(row, name), str)}
        ref = texts.pop("ref")
        try:
            checked = make_item({**texts, "border": row.border or self.border}, ref=ref)
        except FieldcheckError as error:
            return ItemProblem(ref, 0, f"{error} {error.next_step}")
        return replace(row, **{name: getattr(checked, name) for name in texts})

    def _check(self, item: Item) -> tuple[Line, str]:
        try:
            result = self.checker.check(item)
        except FieldcheckError as error:
            return _failed(item.ref, error)
        except Exception as error:  # noqa: BLE001  # one item never stops a shipment
            return _failed(item.ref, _unexpected(error))
        content = {**result_to_dict(result), "exit_code": int(exit_code(result.verdict))}
        return _line(content), canonical_json(content)


@contextmanager
def open_output(
    checker: Checker, read_photos: ReadPhotos, border: str, path: Path | None, *, fresh: bool
) -> Iterator[Output]:
    """Open a shipment's output; a file that an earlier run left unfinished is gone on with.

    Raises:
        InputError: the file exists and is not the output of a shipment.
        StorageError: it cannot be written.
    """
    if path is None:
        yield Output(checker, read_photos, border, lambda _: None)
        return
    with _refusals(path):
        done, size = ({}, 0) if fresh else _finished(path)
        file = path.open("ab", buffering=0)
    with file:
        with _refusals(path):
            file.truncate(size)
        yield Output(checker, read_photos, border, lambda text: _append(file, text, path), done)


def gravest(lines: Sequence[Line]) -> ExitCode:
    """How a shipment ends: as its gravest item does."""
    return min((line.code for line in lines), key=_GRAVITY.index, default=ExitCode.NOTHING_FOUND)


def _told(problem: ItemProblem) -> tuple[Line, str]:
    error = InputError(problem.message, next_step="Correct this row and check it by itself.")
    return _failed(problem.ref, error)


def _failed(ref: str, error: FieldcheckError) -> tuple[Line, str]:
    content = error_to_dict(error, ref)
    return _line(content), canonical_json(content)


def _unexpected(error: Exception) -> FieldcheckError:
    return FieldcheckError(
        f"Something unexpected happened ({type(error).__name__}: {error}).",
        next_step="Check this item by itself; if it stays, set FIELDCHECK_DEBUG=1 and report what is printed.",
    )


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
                line = _line(json.loads(text))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise InputError(
                    f"{path} exists and is not the output of a shipment.",
                    next_step="Name another file, or use --fresh to replace it.",
                ) from error
            done[line.entry.ref] = line
            size += len(text)
    return done, size


def _line(result: dict[str, Any]) -> Line:
    """What the summary needs of a line, whether it was made a moment ago or read back."""
    ref = str(result["ref"])
    if "error" in result:
        internal = result["error"]["exit_code"] == ExitCode.INTERNAL
        code = ExitCode.INTERNAL if internal else ExitCode.NOT_FULLY_CHECKED
        return Line(BatchEntry(ref, str(result["error"]["message"]), None), code, failed=True)
    return Line(_entry(ref, result["verdict"]), ExitCode(int(result["exit_code"])))


def _entry(ref: str, verdict: dict[str, Any]) -> BatchEntry:
    """An item's place in the summary, which never leaves out what of it was not checked."""
    band, listed = Band(verdict["band"]), verdict["lines"]["listed"]
    gaps = " ".join(map(str, listed["not_checked"]))
    if band is Band.MORE_INFORMATION and listed["state"] == ListedState.NOT_CHECKED:
        return BatchEntry(ref, gaps or str(verdict["headline"]), None)
    return BatchEntry(ref, f"{verdict['headline']} {gaps}".strip(), band)
