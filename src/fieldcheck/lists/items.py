"""Items to check in one go: the rows of a manifest, or a folder of photos."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

from fieldcheck.errors import InputError
from fieldcheck.lists.cells import is_zero, text_of, values_of
from fieldcheck.lists.grouping import Grouping
from fieldcheck.lists.photo_folders import read_folder
from fieldcheck.lists.tables import BadRow, Cell, Reading, Row, Table, column_key, open_table
from fieldcheck.lists.tables.model import shown
from fieldcheck.lists.words import nearest
from fieldcheck.models import Item, Paper, PaperState, Photo

MAX_ITEMS = 200_000

_TEXTS = {
    "text": "text", "type": "object_type", "title": "title", "maker": "maker", "material": "material",
    "technique": "technique", "period": "period", "size": "size", "inscription": "inscription",
    "feature": "feature", "subject": "subject", "culture": "culture", "inventory_no": "inventory_no",
    "origin": "origin", "declared": "declared", "certificate": "certificate", "issued_by": "issued_by", "hs": "hs",
    "value": "value",
    "from": "sent_from", "to": "sent_to", "border": "border",
}  # fmt: skip
"""The option of ``check`` that a column is named after, and the field of an item that it fills."""

COLUMNS = ("ref", *_TEXTS, "paper", "photos")
"""The columns of a manifest; hyphens and underscores make no difference."""

_SHOWN = 20
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class ItemProblem:
    """A row that is no item; ``line`` is its place in the manifest, 0 in a folder."""

    ref: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ItemRows:
    """The items of a manifest or folder in order, each with a ``ref`` of its own; their photos are unread."""

    rows: tuple[Item | ItemProblem, ...]
    notes: tuple[str, ...] = ()


def read_items(path: Path, *, encoding: str = "", grouping: Grouping = Grouping.NAME) -> ItemRows:
    """Read the items of a manifest (CSV, TSV, Excel, JSON, JSON Lines) or of a folder of photos.

    ``grouping`` is for a folder; a manifest names the photos of each item, by paths relative to it. Columns that are
    none of an item are passed over, with one note.

    Raises:
        InputError: the manifest or folder cannot be read, is empty, or has more than `MAX_ITEMS` rows.
    """
    if path.is_dir():
        return items_of_folder(path, grouping)
    with open_table(path, Reading(encoding=encoding)) as table:
        manifest = _Manifest(path.parent, table.place)
        rows = tuple(manifest.items(table))
        notes = (*table.notes, *manifest.notes())
    if not rows:
        raise InputError(f"{path} holds no items.", next_step="Check that this is the right file.")
    return ItemRows(rows, notes)


class _Manifest:
    """Turns rows into items, and remembers what it passed over."""

    def __init__(self, folder: Path, place: str) -> None:
        self._folder = folder
        self._place = place
        self._refs: dict[str, int] = {}
        self._unused: dict[str, None] = {}

    def items(self, table: Table) -> Iterator[Item | ItemProblem]:
        """Yield an item, or what is wrong with it, for each row."""
        for number, row in enumerate(table.rows, start=1):
            if number > MAX_ITEMS:
                raise InputError(
                    f"The manifest has more than {MAX_ITEMS:,} rows.",
                    next_step="Divide it into several files.",
                )
            fallback = f"{self._place} {row.line}"
            if isinstance(row, BadRow):
                yield ItemProblem(fallback, row.line, row.message)
            else:
                yield self._item(row, fallback)

    def notes(self) -> tuple[str, ...]:
        """Return one sentence on the columns that are none of an item."""
        if not self._unused:
            return ()
        told = [
            f"{shown(name)} (perhaps {near} is meant)" if (near := nearest(name, COLUMNS)) else shown(name)
            for name in list(self._unused)[:_SHOWN]
        ]
        return (f"Not used, as no column of an item has this name: {', '.join(told)}.",)

    def _item(self, row: Row, fallback: str) -> Item | ItemProblem:
        cells: dict[str, Cell] = {}
        for name, cell in row.cells.items():
            key = column_key(name)
            if key in COLUMNS:
                cells[key] = cell
            elif len(self._unused) <= _SHOWN:
                self._unused[name] = None
        ref = " ".join(text_of(cells.pop("ref", "")).split()) or fallback
        if (earlier := self._refs.setdefault(ref, row.line)) != row.line:
            return ItemProblem(fallback, row.line, f"{self._place} {earlier} has the same ref, {shown(ref)}")
        try:
            return self._filled(ref, cells)
        except ValueError as error:
            return ItemProblem(ref, row.line, str(error))

    def _filled(self, ref: str, cells: dict[str, Cell]) -> Item:
        texts: dict[str, Any] = {field: text_of(cells[key]) for key, field in _TEXTS.items() if key in cells}
        if is_zero(texts.get("size", "")):
            texts["size"] = ""
        papers = tuple(_paper(text) for text in values_of(cells.get("paper", "")))
        photos = tuple(_photo(self._folder, name) for name in values_of(cells.get("photos", "")))
        if not (any(texts.values()) or papers or photos):
            raise ValueError("it has neither words nor photos")
        return Item(ref=ref, papers=papers, observations=(), assays=(), photos=photos, **texts)


def _paper(text: str) -> Paper:
    kind, _, state = (part.strip() for part in text.rpartition("="))
    if not kind or state.lower() not in set(PaperState):
        raise ValueError(f"the paper {shown(text)} is not of the form KIND=STATE, with STATE {'|'.join(PaperState)}")
    return Paper(kind, PaperState(state.lower()))


def _photo(folder: Path, name: str) -> Photo:
    """Return a photo by its path; another machine is never asked for one."""
    if _ADDRESS.match(name):
        return Photo(name, why_not="It is an address on the web. Save the photo to a file and name that.")
    if PureWindowsPath(name).drive.startswith("\\\\"):
        return Photo(name, why_not="It is on another computer. Copy the photo to this one and name the copy.")
    return Photo(str(folder / name))


def items_of_folder(path: Path, grouping: Grouping = Grouping.NAME) -> ItemRows:
    """Read a folder of photos, put together as items, in the order of their names.

    Raises:
        InputError: the folder cannot be read, or has no photo or too many.
    """
    folder = read_folder(path, grouping)
    empty = (ItemProblem(name, 0, "the folder has no photo in it") for name in folder.empty)
    rows: list[Item | ItemProblem] = [*folder.items, *empty]
    rows.sort(key=lambda row: (row.ref.casefold(), row.ref))
    passed_over = f"Passed over, as no photos: {folder.passed_over:,} files."
    return ItemRows(tuple(rows), (passed_over,) if folder.passed_over else ())
