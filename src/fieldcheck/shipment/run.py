"""A shipment from its first item to its last, going on where an earlier run stopped."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import tee

from fieldcheck.checking import Checker
from fieldcheck.errors import FieldcheckError
from fieldcheck.items import make_item
from fieldcheck.lists.items import ItemProblem
from fieldcheck.models import Item
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import BatchEntry
from fieldcheck.shipment.lines import Checked, Job, Line, check_job, job_of, told
from fieldcheck.shipment.output import Output

ReadPhotos = Callable[[Iterable[Item]], Generator[Item, None, None]]
"""Gives the same items in the same order, with their photos read."""

CheckAll = Callable[[Iterable[Job]], Generator[Checked, None, None]]
"""Gives the outcome of each job, in the same order."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What an earlier run left: results that stand, and those whose item is checked again, and why.

    ``days`` are the ISO dates of the results that stand, ``elsewhere`` counts those on items of another shipment.
    """

    kept: int
    other_basis: int
    other_item: int
    elsewhere: int
    days: tuple[str, ...]


@dataclass(slots=True)
class Shipment:
    """Items in the order of their manifest, and what becomes of them; ``lines`` are those so far."""

    rows: tuple[Job | ItemProblem, ...]
    output: Output
    lines: list[Line] = field(default_factory=list)

    @property
    def entries(self) -> tuple[BatchEntry, ...]:
        """Every item so far, in the order of the manifest."""
        return tuple(line.entry for line in self.lines)

    @property
    def left(self) -> tuple[Job, ...]:
        """The items that are still to be checked, in order."""
        return tuple(row for row in self.rows if isinstance(row, Job) and not self._before(row))

    @property
    def to_do(self) -> int:
        """How many rows no earlier run has dealt with."""
        return sum(1 for row in self.rows if not self._before(row))

    def run(self, check_all: CheckAll) -> Iterator[str]:
        """Check what is left; yields each result as one line of JSON, "" for one that an earlier run made."""
        with closing(check_all(self.left)) as outcomes:
            for row in self.rows:
                if before := self._before(row):
                    self.lines.append(before)
                    yield ""
                    continue
                checked = next(outcomes) if isinstance(row, Job) else told(row)
                self.output.append(checked.text)
                self.lines.append(checked.line)
                yield checked.text

    def resumed(self) -> Resumed:
        """What there is of an earlier run."""
        pairs = [(self.output.done.get(_ref(row)), row) for row in self.rows]
        results = [(line, row) for line, row in pairs if line and line.is_result and isinstance(row, Job)]
        kept = [line for line, row in results if line.inputs == row.inputs]
        other_basis = [line for line, row in results if line.inputs is None or line.inputs.basis != row.inputs.basis]
        return Resumed(
            kept=len(kept),
            other_basis=len(other_basis),
            other_item=len(results) - len(kept) - len(other_basis),
            elsewhere=len(self.output.done) - sum(1 for line, _ in pairs if line),
            days=tuple(sorted({line.checked_on for line in kept})),
        )

    def _before(self, row: Job | ItemProblem) -> Line | None:
        """What an earlier run made of a row, where it would come out the same today.

        A row that failed and was corrected since is checked again, as is one whose words, photos or lists changed, or
        of which a photo could not be read at that moment.
        """
        line = self.output.done.get(_ref(row))
        if line is None or isinstance(row, ItemProblem):
            return line if line and line.failed else None
        return line if line.is_result and line.inputs == row.inputs else None


def ready(row: Item | ItemProblem, basis: str, border: str) -> Job | ItemProblem:
    """Hold a manifest's item to the same rules as a typed one; ``border`` is for those that name none."""
    if isinstance(row, ItemProblem):
        return row
    texts = {name: value for name in Item.__slots__ if isinstance(value := getattr(row, name), str)}
    ref = texts.pop("ref")
    try:
        checked = make_item({**texts, "border": row.border or border}, ref=ref)
    except FieldcheckError as error:
        return ItemProblem(ref, 0, f"{error} {error.next_step}")
    return job_of(replace(row, **{name: getattr(checked, name) for name in texts}), basis)


def in_this_process(checker: Checker, read_photos: ReadPhotos) -> CheckAll:
    """Check one item after another here, while a child process reads the photos of the next."""

    def check_all(jobs: Iterable[Job]) -> Generator[Checked, None, None]:
        jobs, ahead = tee(jobs)
        with closing(read_photos(job.item for job in ahead)) as items:
            for job in jobs:
                yield check_job(checker, replace(job, item=next(items)))

    return check_all


def alike_marked(rows: Sequence[Item | ItemProblem], others: dict[str, int]) -> tuple[Item | ItemProblem, ...]:
    """The rows, each item with how many ``others`` of the shipment are like it, by ref."""
    return tuple(
        replace(row, alike=others[row.ref]) if isinstance(row, Item) and row.ref in others else row for row in rows
    )


def _ref(row: Job | ItemProblem) -> str:
    """A row's name as it stands in the output."""
    return plain(row.item.ref if isinstance(row, Job) else row.ref, None)
