"""Items to check in one go: the rows of a manifest, or a folder of photos."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from fieldcheck.errors import InputError
from fieldcheck.lists.cells import is_zero, text_of, values_of
from fieldcheck.lists.tables import BadRow, Cell, Reading, Row, Table, column_key, open_table
from fieldcheck.lists.tables.model import shown
from fieldcheck.lists.words import nearest
from fieldcheck.models import Item, Paper, PaperState, Photo

MAX_ITEMS = 200_000
PHOTO_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".heic", ".heif"})

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


def read_items(path: Path, *, encoding: str = "") -> ItemRows:
    """Read the items of a manifest (CSV, TSV, Excel, JSON, JSON Lines) or of a folder of photos.

    Photos are named by paths relative to the manifest. Columns that are none of an item are passed over, with
    one note.

    Raises:
        InputError: the manifest or folder cannot be read, is empty, or has more than `MAX_ITEMS` rows.
    """
    if path.is_dir():
        return items_of_folder(path)
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
            return ItemProblem(ref, row.line, f"{self._place} {earlier} has the same ref")
        try:
            return self._filled(ref, cells)
        except ValueError as error:
            return ItemProblem(ref, row.line, str(error))

    def _filled(self, ref: str, cells: dict[str, Cell]) -> Item:
        texts = {field: text_of(cells[key]) for key, field in _TEXTS.items() if key in cells}
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


def items_of_folder(path: Path) -> ItemRows:
    """Make an item of each photo in a folder, and one of all photos in each folder in it.

    An item's ``ref`` is the name of its file or folder. Links, hidden files, files that are no photos and
    folders further down are passed over.

    Raises:
        InputError: the folder cannot be read or has no photo.
    """
    rows: list[Item | ItemProblem] = []
    passed_over = 0
    try:
        for entry in _visible(path):
            if _is_photo(entry):
                rows.append(Item(ref=entry.name, photos=(Photo(str(entry)),)))
            elif entry.is_dir():
                inside = _visible(entry)
                photos = tuple(Photo(str(file)) for file in inside if _is_photo(file))
                passed_over += len(inside) - len(photos)
                rows.append(
                    Item(ref=entry.name, photos=photos)
                    if photos
                    else ItemProblem(entry.name, 0, "the folder has no photo in it")
                )
            else:
                passed_over += 1
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.", next_step="Check the folder and its permissions."
        ) from error
    if not any(isinstance(row, Item) for row in rows):
        raise InputError(
            f"{path} has no photo in it.",
            next_step=f"Name a folder with files that end in {', '.join(sorted(PHOTO_ENDINGS))}.",
        )
    notes = (f"Passed over, as no photos: {passed_over:,} files or folders.",) if passed_over else ()
    return ItemRows(tuple(rows), notes)


def _visible(folder: Path) -> list[Path]:
    found = (entry for entry in folder.iterdir() if not entry.name.startswith(".") and not entry.is_symlink())
    return sorted(found, key=lambda entry: (entry.name.casefold(), entry.name))


def _is_photo(entry: Path) -> bool:
    return entry.suffix.lower() in PHOTO_ENDINGS and entry.is_file()
