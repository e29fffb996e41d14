"""A whole shipment: every item checked, each result a line, going on where an earlier run stopped."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from fieldcheck.checking import Checker
from fieldcheck.errors import ExitCode, FieldcheckError, InputError
from fieldcheck.files import storage_errors
from fieldcheck.items import make_item
from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Band, Item
from fieldcheck.report.json_result import canonical_json, error_to_dict, result_to_dict
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


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a shipment in its summary, and how a check of it alone would have ended."""

    entry: BatchEntry
    code: ExitCode


@dataclass(slots=True)
class Output:
    """The lines of a shipment as they are made; ``done`` are the refs that an earlier run finished."""

    checker: Checker
    read_photos: Callable[[Item], Item]
    border: str
    stream: IO[str] | None
    done: dict[str, Line] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def entries(self) -> tuple[BatchEntry, ...]:
        """Every item so far, in the order of the manifest."""
        return tuple(line.entry for line in self.lines)

    def run(self, rows: Sequence[Item | ItemProblem]) -> Iterator[str]:
        """Check the items that are not done; yields each result as one line of JSON, "" for one that is done."""
        for row in rows:
            if row.ref in self.done:
                self.lines.append(self.done[row.ref])
                yield ""
                continue
            line, text = self._check(row)
            self.lines.append(line)
            if self.stream:
                self.stream.write(f"{text}\n")
                self.stream.flush()
            yield text

    def _check(self, row: Item | ItemProblem) -> tuple[Line, str]:
        try:
            if isinstance(row, ItemProblem):
                raise InputError(row.message, next_step="Correct this row and check it by itself.")
            result = self.checker.check(self.read_photos(self._completed(row)))
        except FieldcheckError as error:
            text = canonical_json(error_to_dict(error, row.ref))
            return Line(BatchEntry(row.ref, str(error), None), ExitCode.NOT_FULLY_CHECKED), text
        verdict = result.verdict
        line = Line(BatchEntry(row.ref, verdict.headline, verdict.band), exit_code(verdict))
        return line, canonical_json({**result_to_dict(result), "exit_code": int(line.code)})

    def _completed(self, item: Item) -> Item:
        """Hold a manifest's item to the same rules as a typed one."""
        fields = {name: value for name in Item.__slots__ if isinstance(value := getattr(item, name), str)}
        checked = make_item({**fields, "border": item.border or self.border}, ref=item.ref)
        return replace(checked, papers=item.papers, photos=item.photos)


@contextmanager
def open_output(
    checker: Checker, read_photos: Callable[[Item], Item], border: str, path: Path | None, *, fresh: bool
) -> Iterator[Output]:
    """Open a shipment's output; a file that an earlier run left unfinished is gone on with.

    Raises:
        InputError: the file exists and is not the output of a shipment.
        StorageError: it cannot be written.
    """
    if path is None:
        yield Output(checker, read_photos, border, None)
        return
    done = {} if fresh else _finished(path)
    with storage_errors(path.parent), path.open("a" if done else "w", encoding="utf-8", errors="surrogatepass") as stream:
        yield Output(checker, read_photos, border, stream, done)


def gravest(lines: Sequence[Line]) -> ExitCode:
    """How a shipment ends: as its gravest item does."""
    return min((line.code for line in lines), key=_GRAVITY.index, default=ExitCode.NOTHING_FOUND)


def _finished(path: Path) -> dict[str, Line]:
    """The items that are whole in the file; a line that was cut off by a crash is taken away."""
    if not path.exists():
        return {}
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    try:
        lines = [_line(json.loads(text)) for text in whole.decode("utf-8", "surrogatepass").splitlines()]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} exists and is not the output of a shipment.", next_step="Name another file, or use --fresh to replace it."
        ) from error
    if len(whole) < len(content):
        with path.open("rb+") as stream:
            stream.truncate(len(whole))
    return {line.entry.ref: line for line in lines}


def _line(result: dict[str, Any]) -> Line:
    ref = str(result["ref"])
    if "error" in result:
        return Line(BatchEntry(ref, str(result["error"]["message"]), None), ExitCode.NOT_FULLY_CHECKED)
    verdict = result["verdict"]
    return Line(BatchEntry(ref, str(verdict["headline"]), Band(verdict["band"])), ExitCode(int(result["exit_code"])))
