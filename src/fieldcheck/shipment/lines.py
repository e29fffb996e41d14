"""One item of a shipment: checked, its line of JSON, and its place in the summary."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldcheck.checking import Checker
from fieldcheck.errors import ExitCode, FieldcheckError, InputError
from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Band, Item, ListedState
from fieldcheck.report.json_result import canonical_json, error_to_dict, result_to_dict
from fieldcheck.report.views import BatchEntry
from fieldcheck.verdict import exit_code
from fieldcheck.vision.refusals import Refusal

if TYPE_CHECKING:
    from fieldcheck.vision.model import Model

_GRAVITY = (
    ExitCode.STRONG,
    ExitCode.POSSIBLE,
    ExitCode.CONTROL,
    ExitCode.INTERNAL,
    ExitCode.NOT_FULLY_CHECKED,
    ExitCode.NOTHING_FOUND,
)
_DIGITS = 12
_PASSING = frozenset(
    refusal.sentence
    for refusal in (Refusal.TOO_SLOW, Refusal.TOO_MUCH_MEMORY, Refusal.READER_STOPPED, Refusal.READER_NOT_STARTED)
)
"""Why a photo was not read that may read at another time: they say more of the computer at that moment than of it."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a result rests on, as digests: the lists, version and settings (``basis``), and the item itself."""

    basis: str
    item: str


@dataclass(frozen=True, slots=True)
class Job:
    """One item to check; its photos are unread."""

    item: Item
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a shipment in its summary, and how a check of it alone would have ended.

    ``failed`` says that there is an error in place of a result, ``is_passing`` that a photo could not be read for a
    reason that may have passed. ``inputs`` are None where none are told, and
    ``checked_on`` is an ISO date, empty for an error.
    """

    entry: BatchEntry
    code: ExitCode
    failed: bool = False
    inputs: Inputs | None = None
    checked_on: str = ""
    is_passing: bool = False

    @property
    def is_result(self) -> bool:
        """Whether it would come out the same if its inputs did."""
        return not (self.failed or self.is_passing)


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of one item: its place in the summary, and its line of JSON without a line feed."""

    line: Line
    text: str


def basis_of(checker: Checker, model: "Model | None" = None) -> str:
    """A digest of all that results rest on besides the item and the day; ``model`` is what photos are read with."""
    return _digest(canonical_json(checker.basis(model)))


def job_of(item: Item, basis: str) -> Job:
    """An item with what its result will rest on; its photos count by name and content, wherever they lie."""
    photos = tuple(replace(photo, file=Path(photo.file).name, fingerprint=None) for photo in item.photos)
    return Job(item, Inputs(basis, _digest(repr(replace(item, photos=photos)))))


def check_job(checker: Checker, job: Job) -> Checked:
    """Check an item whose photos are read; whatever goes wrong is an error on its line."""
    try:
        return _checked(checker, job)
    except FieldcheckError as error:
        return failed(job.item.ref, error)
    except Exception as error:  # noqa: BLE001  # one item never stops a shipment
        return failed(job.item.ref, _unexpected(error))


def _checked(checker: Checker, job: Job) -> Checked:
    result = checker.check(job.item)
    content = {
        **result_to_dict(result),
        "exit_code": int(exit_code(result.verdict)),
        "inputs": {"basis": job.inputs.basis, "item": job.inputs.item},
    }
    return Checked(line_of(content), canonical_json(content))


def told(problem: ItemProblem) -> Checked:
    """The outcome of a row that is no item."""
    return failed(problem.ref, InputError(problem.message, next_step="Correct this row and check it by itself."))


def failed(ref: str, error: FieldcheckError) -> Checked:
    """The outcome of an item that could not be checked."""
    content = error_to_dict(error, ref)
    return Checked(line_of(content), canonical_json(content))


def gravest(lines: Sequence[Line]) -> ExitCode:
    """How a shipment ends: as its gravest item does."""
    return min((line.code for line in lines), key=_GRAVITY.index, default=ExitCode.NOTHING_FOUND)


def line_of(result: dict[str, Any]) -> Line:
    """What the summary needs of a line, whether it was made a moment ago or read back.

    Raises:
        KeyError, TypeError, ValueError: it is not the line of a shipment.
    """
    ref = str(result["ref"])
    if "error" in result:
        internal = result["error"]["exit_code"] == ExitCode.INTERNAL
        code = ExitCode.INTERNAL if internal else ExitCode.NOT_FULLY_CHECKED
        return Line(BatchEntry(ref, str(result["error"]["message"]), None), code, failed=True)
    inputs = result.get("inputs")
    return Line(
        _entry(ref, result["item"], result["verdict"]),
        ExitCode(int(result["exit_code"])),
        inputs=Inputs(str(inputs["basis"]), str(inputs["item"])) if inputs else None,
        checked_on=str(result["checked_on"]),
        is_passing=any(photo["why_not"] in _PASSING for photo in result["item"].get("photos", ())),
    )


def _entry(ref: str, item: dict[str, Any], verdict: dict[str, Any]) -> BatchEntry:
    """An item's place in the summary, which never leaves out what of it was not checked."""
    band, listed = Band(verdict["band"]), verdict["lines"]["listed"]
    gaps = " ".join(f"{str(gap).rstrip('.')}." for gap in listed["not_checked"])
    photos = tuple(Path(photo["file"]).name for photo in item.get("photos", ()))
    alike = int(item.get("alike", 0))
    if band is Band.MORE_INFORMATION and listed["state"] == ListedState.NOT_CHECKED:
        return BatchEntry(ref, gaps or str(verdict["headline"]), None, "", photos, alike)
    return BatchEntry(ref, str(verdict["headline"]), band, gaps, photos, alike)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _unexpected(error: Exception) -> FieldcheckError:
    return FieldcheckError(
        f"Something unexpected happened ({type(error).__name__}: {error}).",
        next_step="Check this item by itself; if it stays, set FIELDCHECK_DEBUG=1 and report what is printed.",
    )
