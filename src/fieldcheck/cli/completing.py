"""What the shell offers when the officer presses Tab: the lists held, their records, and results that are kept.

A shell cannot show an error here, so whatever goes wrong offers nothing.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import typer

from fieldcheck.errors import FieldcheckError
from fieldcheck.settings import load_settings

MOST_OFFERED = 50


def list_ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """The lists held whose id begins so."""
    return _offered(name for name in _held(_home(ctx)) if name.startswith(incomplete))


def source_ids(incomplete: str) -> list[str]:
    """The lists that can be fetched whose id begins so."""
    from fieldcheck.lists.registry import source_ids as ids

    return [name for name in ids() if name.startswith(incomplete)]


def record_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """``LIST/`` of the lists held; once that is written, the records whose id begins so."""
    list_id, separator, beginning = incomplete.partition("/")
    if not separator:
        return [f"{name}/" for name in list_ids(ctx, list_id)]
    return _offered(f"{list_id}/{record}" for record in _records(_home(ctx), list_id, beginning))


def result_ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """The results kept whose id begins so."""
    home = _home(ctx)
    names = (path.stem for path in (home / "results").glob("*.json")) if home else iter(())
    return _offered(name for name in names if name.startswith(incomplete))


def _offered(names: Iterator[str]) -> list[str]:
    with suppress(FieldcheckError, OSError):
        return sorted(islice(names, MOST_OFFERED))
    return []


def _home(ctx: typer.Context) -> Path | None:
    with suppress(FieldcheckError):
        return load_settings({"home": ctx.params.get("home")}).home
    return None


def _held(home: Path | None) -> Iterator[str]:
    from fieldcheck.cache.holdings import bundled_lists
    from fieldcheck.cache.pointer import read_pointer

    yield from {**bundled_lists(), **(read_pointer(home) if home else {})}


def _records(home: Path | None, list_id: str, beginning: str) -> Iterator[str]:
    from fieldcheck.cache.holdings import open_holdings

    with open_holdings(home, (list_id,)) as holdings:
        yield from holdings.list(list_id).record_ids(beginning, MOST_OFFERED)
