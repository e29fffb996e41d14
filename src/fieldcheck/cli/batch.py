"""``fieldcheck batch``: a whole shipment, one result for each item."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli.casework import Case, CaseLog, Officer, Reason, case_log
from fieldcheck.cli.documents import Html, Pdf, hold_documents
from fieldcheck.cli.options import AsJson, Border, Facts, Home, Lists, MaxListAge, PhotoModel, Plain, Top
from fieldcheck.cli.output import note, present, write_json
from fieldcheck.cli.progress import progress
from fieldcheck.cli.session import Session
from fieldcheck.errors import UsageError
from fieldcheck.lists.grouping import Grouping

if TYPE_CHECKING:
    from fieldcheck.checking import Checker
    from fieldcheck.lists.items import ItemRows
    from fieldcheck.shipment.prepare import Prepared
    from fieldcheck.shipment.run import CheckAll, Shipment
    from fieldcheck.vision.model import Model
    from fieldcheck.vision.reader import PhotoReading

_MOST_WORKERS = 256


def batch(
    items: Annotated[
        Path, typer.Argument(metavar="ITEMS", help="A CSV, XLSX, JSON or JSONL manifest, or a folder of photos.")
    ],
    *,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write one result a line here; goes on where it stopped.", show_default=False
        ),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a table of the verdicts here.", show_default=False)
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over instead of going on with the file.")] = False,
    group: Annotated[
        Grouping, typer.Option(help="What puts a folder's photos together as one item; sub-folders always do.")
    ] = Grouping.NAME,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="COUNT",
            min=1,
            max=_MOST_WORKERS,
            help="Processes to check in.",
            show_default="one a core, 1 for few items",
        ),
    ] = None,
    case: Case = "",
    reason: Reason = "",
    officer: Officer = None,
    border: Border = None,
    top: Top = None,
    max_list_age: MaxListAge = None,
    only: Lists = None,
    facts: Facts = None,
    model: PhotoModel = None,
    encoding: Annotated[
        str,
        typer.Option(metavar="NAME", help="The manifest's encoding, if it is not recognised.", show_default=False),
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Check every item of a manifest, or a folder of photos."""
    from fieldcheck.lists.items import read_items
    from fieldcheck.shipment.glances import photos_of
    from fieldcheck.shipment.lines import basis_of, gravest
    from fieldcheck.shipment.output import open_output
    from fieldcheck.shipment.run import Shipment, ready
    from fieldcheck.shipment.telling import resumed_told, stopped_told

    _keep_apart(items, jsonl, csv, html, pdf)
    hold_documents(html, pdf)
    session = Session.start(
        {"home": home, "border": border, "top": top, "max_list_age": max_list_age, "facts": facts, "plain": plain}
        | {"officer": officer, "models.photo": model}
    )
    prepared = _prepare(session, items, read_items(items, encoding=encoding, grouping=group), group, workers)
    asked = tuple(only or ())
    with (
        case_log(session, case, reason, asked) as log,
        session.checker(asked) as checker,
        open_output(jsonl, fresh=fresh) as output,
    ):
        photo_model = session.photo_model() if photos_of(prepared.rows) else None
        basis = basis_of(checker, photo_model)
        rows = tuple(ready(row, basis, session.settings["border"]) for row in prepared.rows)
        shipment = Shipment(rows, output)
        if jsonl and output.done:
            for text in resumed_told(shipment.resumed(), jsonl):
                note(text)
        texts: list[str] = []
        keep = texts.append if (html or pdf) and not jsonl else None
        try:
            way = _way(session, checker, shipment, asked, workers=workers, model=photo_model)
            kept = _run(session, shipment, way, log, keep, as_json=as_json)
        except KeyboardInterrupt:
            note(stopped_told(shipment, jsonl))
            raise
        if jsonl:
            log.kept_lines(jsonl, kept)
    if csv:
        from fieldcheck.report.csv_summary import write_summary

        write_summary(csv, shipment.entries)
    if not as_json:
        from fieldcheck.report.content_tables import batch_page

        present(batch_page(shipment.entries, prepared.alike), plain=session.plain)
        if jsonl:
            note(f"More on one item: fieldcheck explain {jsonl} --ref REF")
    if html or pdf:
        from fieldcheck.cli.shipment_report import write_batch_documents

        lines = jsonl or texts
        write_batch_documents(html, pdf, session, shipment.entries, lines, alike=prepared.alike, closing=log.lines)
    log.close()
    raise typer.Exit(int(gravest(shipment.lines)))


def _prepare(session: Session, items: Path, found: "ItemRows", group: Grouping, workers: int | None) -> "Prepared":
    """The shipment as it will be checked; says how photos were put together and what was passed over."""
    from fieldcheck.shipment.glances import look_at, photos_of
    from fieldcheck.shipment.prepare import prepare
    from fieldcheck.shipment.telling import grouping_told
    from fieldcheck.shipment.workers import workers_for

    for text in found.notes:
        note(text)
    files = photos_of(found.rows)
    glances: dict[str, PhotoReading] = {}
    with progress("photos looked at", len(files), moving=not session.quiet) as advance:
        for glance in look_at(files, workers_for(len(files), len(files), workers)):
            glances[glance.photo.file] = glance
            advance()
    prepared = prepare(found, glances, items if group is Grouping.TIME and items.is_dir() else None)
    if items.is_dir():
        note(grouping_told(prepared.rows, group))
    return prepared


def _way(
    session: Session,
    checker: "Checker",
    shipment: "Shipment",
    only: tuple[str, ...],
    *,
    workers: int | None,
    model: "Model | None",
) -> "CheckAll":
    """How what is left is checked: here, or in several processes."""
    from fieldcheck.shipment.lines import basis_of
    from fieldcheck.shipment.run import in_this_process
    from fieldcheck.shipment.workers import Setup, in_workers, workers_for
    from fieldcheck.vision.process import try_model

    left = shipment.left
    count = workers_for(len(left), sum(len(job.item.photos) for job in left), workers)
    if count == 1:
        return in_this_process(checker, session.read_photos)
    if model:
        try_model(model)
    return in_workers(Setup(session.settings.home, only, checker.settings, model), basis_of(checker, model), count)


def _run(
    session: Session,
    shipment: "Shipment",
    way: "CheckAll",
    log: CaseLog,
    keep: Callable[[str], None] | None,
    *,
    as_json: bool,
) -> frozenset[str]:
    """Check what is left; returns the refs of the items whose earlier result stands. ``keep`` is given each line."""
    kept = set()
    with progress("items checked", shipment.to_do, moving=not session.quiet) as advance:
        for line in shipment.run(way):
            if not line:
                kept.add(shipment.lines[-1].entry.ref)
                continue
            advance()
            log.text(line)
            if keep:
                keep(line)
            if as_json:
                write_json(line)
    return frozenset(kept)


def _keep_apart(*paths: Path | None) -> None:
    """Refuse to write over the manifest, or two outputs over one another."""
    given = [path.resolve() for path in paths if path]
    if len(set(given)) < len(given):
        raise UsageError(
            "One file is named twice.", next_step="Give ITEMS, --jsonl, --csv, --html and --pdf a file each."
        )
