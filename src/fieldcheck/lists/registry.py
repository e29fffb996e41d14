"""Which lists can be fetched from their publishers."""

from collections.abc import Callable
from pathlib import Path

from fieldcheck.datafiles import data_folder
from fieldcheck.errors import NotFoundError
from fieldcheck.lists.fbi import FbiSource
from fieldcheck.lists.interface import Descriptor, Source, read_descriptor

_SOURCES: dict[str, Callable[[Descriptor], Source]] = {"fbi": FbiSource}


def source_ids() -> tuple[str, ...]:
    """Ids of the lists that can be fetched."""
    return tuple(_SOURCES)


def load_sources(wanted: tuple[str, ...], overlay: Path | None = None) -> list[Source]:
    """The sources of these lists, or of all when none is named.

    Args:
        wanted: list ids.
        overlay: a folder whose ``LIST.toml`` replaces the descriptor that comes with the program, for a
            mirror of a list inside an agency's network.

    Raises:
        NotFoundError: a list is not one that can be fetched.
        InputError: a descriptor cannot be read.
    """
    for list_id in wanted:
        if list_id not in _SOURCES:
            raise NotFoundError(
                f"{list_id!r} is not a list that can be fetched.",
                next_step=f"Name one of: {', '.join(_SOURCES)}; other lists come by `fieldcheck lists import`.",
            )
    return [_SOURCES[list_id](read_descriptor(_path(list_id, overlay))) for list_id in wanted or source_ids()]


def choose_sources(
    names: tuple[str, ...], overlay: Path | None, *, others: bool
) -> tuple[list[Source], tuple[str, ...]]:
    """The sources that are named, all where nothing is, and the names that are no source's.

    Args:
        names: what was asked for.
        overlay: see `load_sources`.
        others: whether a name may be that of something else than a source.

    Raises:
        NotFoundError: a name is no source's, and may not be anything else.
        InputError: a descriptor cannot be read.
    """
    rest = tuple(name for name in names if name not in _SOURCES) if others else ()
    named = tuple(name for name in names if name not in rest)
    return load_sources(named, overlay) if named or not names else [], rest


def _path(list_id: str, overlay: Path | None) -> Path:
    replaced = overlay / f"{list_id}.toml" if overlay else None
    return replaced if replaced and replaced.is_file() else data_folder() / "lists" / f"{list_id}.toml"
