"""``fieldcheck lists reindex``: having the model in use look at the photos of the lists; by hand, or after a change."""

from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli.completing import list_ids
from fieldcheck.cli.options import Home, PhotoModel, Plain
from fieldcheck.cli.output import note, write
from fieldcheck.cli.progress import progress
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, FieldcheckError

if TYPE_CHECKING:
    from fieldcheck.cache.holdings import Holdings


def reindex(
    lists: Annotated[
        list[str] | None, typer.Argument(metavar="LIST", help="Lists to do; all when none.", autocompletion=list_ids)
    ] = None,
    *,
    model: PhotoModel = None,
    home: Home = None,
    plain: Plain = None,
) -> None:
    """Have the photo model read the photos that it has not read."""
    session = Session.start({"home": home, "plain": plain, "models.photo": model})
    told = _index(session, tuple(lists or ()))
    for text in told:
        write(text)
    if not told:
        write(f"Nothing to do: the model {session.photo_model().name} has read every photo of these lists.")
        raise typer.Exit(int(ExitCode.NOTHING_TO_UPDATE))


def index_changed(session: Session, only: tuple[str, ...] = ()) -> None:
    """Do what is to be done after lists changed; where it fails, say so, for the lists themselves are in use."""
    try:
        for text in _index(session, only):
            note(text)
    except FieldcheckError as error:
        note(f"The lists' photos were not all read by the photo model: {error} {error.next_step}")
        note("Checks go on without it. Later: fieldcheck lists reindex")


def unread(session: Session, holdings: "Holdings") -> dict[str, str]:
    """The lists that have photos which the model in use has not read, by id, with the model's name."""
    try:
        model = session.photo_model()
    except FieldcheckError as error:
        note(f"{error} {error.next_step}")
        return {}
    lacking = holdings.lacking_vectors(model.key, model.dimension)
    return {installed.info.id: model.name for installed in lacking}


def _index(session: Session, only: tuple[str, ...]) -> list[str]:
    """Read what was not read yet; says what was done of each list."""
    from fieldcheck.cache.versions import change_lock
    from fieldcheck.lists.embedding import index_photos

    model = session.photo_model()
    with session.holdings(only) as holdings:
        wanted = holdings.lacking_vectors(model.key, model.dimension)
    told = []
    for installed in wanted:
        list_id = installed.info.id
        what = f"photos of {list_id} read by the model {model.name}"
        with (
            change_lock(session.home),
            progress(what, installed.photos, moving=not session.quiet) as advance,
        ):
            indexed = index_photos(session.home, installed, model, advance)
        kept = f", {indexed.taken_over:,} kept from another version" if indexed.taken_over else ""
        failed = f"; {indexed.without:,} could not be read" if indexed.without else ""
        told.append(f"{list_id}: photos read by the model {model.name}: {indexed.computed:,}{kept}{failed}.")
    return told
