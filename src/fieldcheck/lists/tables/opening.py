"""Opening a table by the ending of its name."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from fieldcheck.errors import InputError
from fieldcheck.lists.tables.decoding import is_compressed
from fieldcheck.lists.tables.delimited import open_delimited
from fieldcheck.lists.tables.json_rows import open_json, open_json_lines
from fieldcheck.lists.tables.model import Reading, Table
from fieldcheck.lists.tables.workbook import open_workbook

_Opener = Callable[[Path, Reading], AbstractContextManager[Table]]

_TEXT: dict[str, _Opener] = {
    ".csv": open_delimited,
    ".tsv": open_delimited,
    ".txt": open_delimited,
    ".json": open_json,
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
}
_KINDS: dict[str, _Opener] = {**_TEXT, ".xlsx": open_workbook, ".xlsm": open_workbook}


@contextmanager
def open_table(path: Path, reading: Reading = Reading()) -> Iterator[Table]:  # noqa: B008 - frozen
    """Open a table; its rows can be read once, while it is open.

    Raises:
        InputError: there is no such file, it is of another kind, or it cannot be read as what its name says.
            Rows that cannot be read are given as `BadRow` and raise nothing.
    """
    opener = _opener(path)
    if not path.is_file():
        raise InputError(f"There is no file {path}.", next_step="Check the path.")
    with opener(path, reading) as table:
        yield table


def _opener(path: Path) -> _Opener:
    ending = path.suffix.lower()
    opener = _TEXT.get(Path(path.stem).suffix.lower()) if is_compressed(path) else _KINDS.get(ending)
    if opener:
        return opener
    if ending == ".xls":
        raise InputError(f"{path} is an old Excel workbook.", next_step="Save it as .xlsx or as CSV.")
    raise InputError(
        f"{path.name} does not end as a table does.",
        next_step=f"Give a file that ends in {', '.join(_KINDS)}, or one of the text kinds followed by .gz.",
    )
