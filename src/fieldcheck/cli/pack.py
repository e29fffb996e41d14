"""``fieldcheck pack``: what a publisher does. Building lists, signing them, publishing a channel."""

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli import pack_keys
from fieldcheck.cli.options import Images, Mapping, PublishedOn
from fieldcheck.cli.output import note, progress_bar, write
from fieldcheck.cli.pack_keys import Days, Keys, PassphraseFile, Work, open_keys
from fieldcheck.cli.session import Session
from fieldcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

    from fieldcheck.lists.describing import ReadAll
    from fieldcheck.lists.importing import Advance
    from fieldcheck.packs.building import Watcher
    from fieldcheck.packs.publishing import Published
    from fieldcheck.packs.workshop import Workshop
    from fieldcheck.vision.model import Model

_MOST_PROBLEMS = 20

app = typer.Typer(
    help="For publishers: build lists, sign them, publish a channel.", no_args_is_help=True, rich_markup_mode=None
)
app.command("keys")(pack_keys.keys)
app.command("init")(pack_keys.init)
app.command("rotate")(pack_keys.rotate)
app.command("sign")(pack_keys.sign)
app.command("status")(pack_keys.status)


@app.command("build")
def build(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="The list: CSV, XLSX, JSON or JSONL, which may be gzipped.")
    ],
    *,
    list_id: Annotated[str, typer.Option("--list", metavar="ID", help="The id that the list gets.")],
    images: Images = None,
    mapping: Mapping = None,
    published: PublishedOn = "",
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="The publisher's folder.")] = Path(),
    workers: Annotated[
        int, typer.Option(metavar="COUNT", min=0, max=1_024, help="Processes that read photos; 0 for one a core.")
    ] = 0,
    scheduler: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Read photos on the Dask cluster behind it.", show_default=False),
    ] = "",
    min_records: Annotated[
        int, typer.Option(metavar="COUNT", min=0, help="The least that a version may hold; clients refuse less.")
    ] = 1,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Description (TOML) of the photo model that reads the photos.",
            show_default="the one that is given out, or else the one in use here",
        ),
    ] = None,
    days: Days = None,
) -> None:
    """Make a list and its photos ready for use, and draft what to sign."""
    from fieldcheck.lists.files import read_list_file
    from fieldcheck.lists.importing import listed
    from fieldcheck.lists.mapping import read_map
    from fieldcheck.packs.building import Plan, build_pack
    from fieldcheck.packs.roles import read_days
    from fieldcheck.packs.targets import draft_targets
    from fieldcheck.packs.workshop import Workshop

    for_days, work, problems = read_days(days or ()), Workshop(out), list[str]()
    looking = _model(work, model) if images else None
    imported = read_list_file(
        source, list_id=list_id, mapping=read_map(mapping) if mapping else None, published=published
    )
    for text in (*imported.notes, *listed(imported.problems, _MOST_PROBLEMS)):
        note(text)
    with _reader(scheduler) as read, progress_bar(quiet=False) as bars:
        plan = Plan(images, workers, read, min_records, looking)
        index = build_pack(work, imported, plan, _watcher(bars, list_id, problems))
    for text in listed(problems, _MOST_PROBLEMS):
        note(text)
    draft_targets(work, for_days, datetime.now(UTC))
    write(f"{list_id}: {index.records:,} records and {index.photos:,} photos, version {index.version}.")
    note("Now the holders of targets keys sign it: `fieldcheck pack sign --key FILE`.")


@app.command("model")
def model_(
    path: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The model's description (TOML).", show_default=False)
    ] = None,
    *,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Give out none any more.")] = False,
    work: Work = Path(),
    days: Days = None,
) -> None:
    """Give out a photo model, and draft what to sign."""
    from fieldcheck.packs.photo_model import give_model, withdraw_model
    from fieldcheck.packs.roles import read_days
    from fieldcheck.packs.targets import draft_targets
    from fieldcheck.packs.vectors import Maker, renew_vectors
    from fieldcheck.packs.workshop import Workshop

    if (path is None) is not withdraw:
        raise UsageError(
            "Name the description of a model, or give --withdraw.", next_step="See `fieldcheck pack model --help`."
        )
    for_days, workshop = read_days(days or ()), Workshop(work)
    if path is None:
        withdraw_model(workshop)
        write("No photo model is given out any more. Checkpoints go on using the one that they have.")
    else:
        given = give_model(workshop, path)
        write(f"{given.key} is given out from now on.")
        with progress_bar(quiet=False) as bars:
            renew_vectors(workshop, Maker(given, _advance(bars, "packs")))
    draft_targets(workshop, for_days, datetime.now(UTC))
    note("Now the holders of targets keys sign it: `fieldcheck pack sign --key FILE`.")


@app.command("stage")
def stage(*, work: Work = Path(), days: Days = None) -> None:
    """Draft anew what to sign, from the packs that are there."""
    from fieldcheck.packs.roles import read_days
    from fieldcheck.packs.summary import drafts
    from fieldcheck.packs.targets import draft_targets
    from fieldcheck.packs.workshop import Workshop

    workshop = Workshop(work)
    draft_targets(workshop, read_days(days or ()), datetime.now(UTC))
    write("\n".join(drafts(workshop)))


@app.command("publish")
def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the web server, or a stick.")],
    *,
    key: Keys,
    work: Work = Path(),
    days: Days = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Give out what was signed, as static files."""
    from fieldcheck.packs.publishing import Desk
    from fieldcheck.packs.publishing import publish as give_out
    from fieldcheck.packs.roles import read_days
    from fieldcheck.packs.workshop import Workshop

    desk = Desk(open_keys(key, passphrase_file), read_days(days or ()), datetime.now(UTC))
    _tell(folder, give_out(Workshop(work), Workshop(folder), desk))


@app.command("refresh")
def refresh(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The published folder.")],
    *,
    key: Keys,
    days: Days = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign a published channel anew before it runs out."""
    from fieldcheck.packs.publishing import Desk
    from fieldcheck.packs.publishing import refresh as sign_anew
    from fieldcheck.packs.roles import read_days
    from fieldcheck.packs.workshop import Workshop

    desk = Desk(open_keys(key, passphrase_file), read_days(days or ()), datetime.now(UTC))
    _tell(folder, sign_anew(Workshop(folder), desk))


def _tell(folder: Path, published: "Published") -> None:
    write(f"{folder}: root {published.root}, targets {published.targets}, snapshot {published.snapshot}.")
    write(f"It can be used until {published.until:%Y-%m-%d %H:%M} UTC; refresh it before.")


@contextmanager
def _reader(scheduler: str) -> "Iterator[ReadAll | None]":
    """Whoever reads the photos: a cluster, or None for processes of this machine."""
    if not scheduler:
        yield None
        return
    from fieldcheck.packs.cluster import Cluster

    with Cluster(scheduler) as cluster:
        yield cluster.read


def _watcher(bars: "Progress", list_id: str, problems: list[str]) -> "Watcher":
    from fieldcheck.packs.building import Watcher

    return Watcher(_advance(bars, list_id), problems.append)


def _advance(bars: "Progress", what: str) -> "Advance":
    task = bars.add_task(what, total=None)

    def advance(stage: str, done: int, total: int) -> None:
        bars.update(task, description=f"{what}: {stage}", completed=done, total=total)

    return advance


def _model(work: "Workshop", named: Path | None) -> "Model":
    """The model that reads photos for a pack: the one that is named, is given out, or is in use on this computer."""
    from fieldcheck.packs.photo_model import given_model
    from fieldcheck.vision.model import load_model
    from fieldcheck.vision.process import try_model

    model = load_model(named) if named else given_model(work) or Session.start({}).photo_model()
    try_model(model)
    return model
