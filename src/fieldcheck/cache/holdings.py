"""All lists that are held, open at once, with one view of how rare a term is."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.cache.opening import OpenList, open_list
from fieldcheck.cache.pointer import read_pointer, version_path
from fieldcheck.datafiles import bundled_folder
from fieldcheck.errors import FieldcheckError, NotFoundError

STARTER_ID = "starter"


@dataclass(frozen=True, slots=True)
class Held:
    """One list that is held: its dates, and its open file or the reason why it cannot be read."""

    installed: Installed
    opened: OpenList | None
    problem: str = ""


class Holdings:
    """Every list that a check asks; a list that cannot be opened is kept, with the reason."""

    def __init__(self, held: tuple[Held, ...]) -> None:
        self.held = held
        self.lists = tuple(entry.opened for entry in held if entry.opened)
        self.size = sum(opened.size for opened in self.lists)
        self._frequencies: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file."""
        with ExitStack() as stack:
            for opened in self.lists:
                stack.callback(opened.close)

    def list(self, list_id: str) -> OpenList:
        """The open list of that id.

        Raises:
            NotFoundError: no such list is held, or it cannot be read.
        """
        for entry in self.held:
            if entry.installed.info.id == list_id and entry.opened:
                return entry.opened
        raise NotFoundError(
            f"No list named {list_id!r} can be read.",
            next_step="See `fieldcheck lists status` for the lists held.",
        )

    def lacking_vectors(self, model: str, dimension: int) -> "tuple[Installed, ...]":
        """The lists with photos of which the model of this key has made nothing, less what comes with the program."""
        return tuple(
            held.installed
            for held in self.held
            if held.opened and held.installed.info.id != STARTER_ID and held.opened.lacks_vectors(model, dimension)
        )

    def document_frequency(self, term: str) -> int:
        """In how many records of all lists an index term occurs."""
        if term not in self._frequencies:
            self.learn((term,))
        return self._frequencies[term]

    def learn(self, terms: Iterable[str]) -> None:
        """Look up the document frequencies of several terms at once."""
        new = dict.fromkeys((term for term in terms if term not in self._frequencies), 0)
        if not new:
            return
        for opened in self.lists:
            for term, records in opened.document_frequencies(new).items():
                new[term] += records
        self._frequencies.update(new)


def open_holdings(home: Path | None, only: tuple[str, ...] = ()) -> Holdings:
    """Open every list below ``home`` and the starter list that comes with the program.

    Args:
        home: the data folder, or None where there is none.
        only: ids of the lists to ask; empty for all.

    Raises:
        IntegrityError: the pointer to the lists in use is damaged.
        NotFoundError: a list in ``only`` is not held.
    """
    installed = {**bundled_lists(), **(read_pointer(home) if home else {})}
    for list_id in only:
        if list_id not in installed:
            raise NotFoundError(
                f"No list named {list_id!r} is held.",
                next_step="See `fieldcheck lists status` for the names.",
            )
    chosen = [entry for list_id, entry in sorted(installed.items()) if not only or list_id in only]
    return Holdings(tuple(_hold(list_path(home, entry), entry) for entry in chosen))


def list_path(home: Path | None, installed: Installed) -> Path:
    """Where a version's file is; a bundled list is inside the package."""
    if home is None or installed.file == f"{STARTER_ID}.db":
        return bundled_folder() / installed.file
    return version_path(home, installed)


def bundled_lists() -> dict[str, Installed]:
    """The starter list that comes with the program, by its id; empty where the package was built without it."""
    path = bundled_folder() / f"{STARTER_ID}.db"
    try:
        with open_list(path, STARTER_ID) as opened:
            meta = opened.meta
    except FieldcheckError:
        return {}
    info = ListInfo(**{name: meta.get(name, "") for name in ListInfo.__slots__})
    return {
        STARTER_ID: Installed(
            info=info,
            version=meta["version"],
            file=path.name,
            sha256="",
            records=int(meta["records"]),
            photos=int(meta["photos"]),
            imported=info.published,
        )
    }


def _hold(path: Path, installed: Installed) -> Held:
    try:
        return Held(installed, open_list(path, installed.info.id))
    except FieldcheckError as error:
        return Held(installed, None, str(error))
