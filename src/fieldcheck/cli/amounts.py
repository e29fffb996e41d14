"""The column of a progress bar that says how much is done: steps by number, downloads in bytes with their speed."""

from rich.progress import ProgressColumn, Task
from rich.text import Text

IN_BYTES = "in_bytes"
"""The field of a task whose steps are bytes."""

_UNITS = ((1e6, "MB"), (1e3, "kB"))


class Amount(ProgressColumn):
    """Such as ``120 of 57,000``, or ``120.3 of 1,490.0 MB, 2.3 MB/s``."""

    def render(self, task: Task) -> Text:
        """Draw the column of one task."""
        if task.fields.get(IN_BYTES):
            return Text(_bytes(task.completed, task.total or 0, task.speed))
        total = f"{task.total:,.0f}" if task.total else "?"
        return Text(f"{task.completed:,.0f} of {total}")


def _bytes(done: float, total: float, speed: float | None) -> str:
    size, unit = _unit(total)
    text = f"{done / size:,.1f} of {total / size:,.1f} {unit}"
    if not speed:
        return text
    size, unit = _unit(speed)
    return f"{text}, {speed / size:,.1f} {unit}/s"


def _unit(count: float) -> tuple[float, str]:
    return next(((size, unit) for size, unit in _UNITS if count >= size), (1.0, "bytes"))
