"""``fieldcheck check``: one item against every list that is held."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.casework import Case, Officer, Reason, case_log
from fieldcheck.cli.documents import Html, Pdf, Sheet, SheetFor, document_for, hold_documents, write_documents
from fieldcheck.cli.interview import hold_interview, is_terminal
from fieldcheck.cli.options import AsJson, Border, Facts, Home, Lists, MaxListAge, PhotoModel, Plain, Top
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, UsageError

_EXAMPLE = 'fieldcheck check "bronze statuette of a horse, 12 cm"'


def check(
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="What you see, in your own words.")] = None,
    *,
    photo: Annotated[
        list[Path] | None, typer.Option("--photo", metavar="FILE", help="A photo of it; may be repeated.")
    ] = None,
    object_type: Annotated[str, typer.Option("--type", metavar="TEXT", help="Kind of object.")] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Title, if it has one.")] = "",
    maker: Annotated[str, typer.Option(metavar="TEXT", help="Artist or maker.")] = "",
    material: Annotated[str, typer.Option(metavar="TEXT", help="What it is made of.")] = "",
    technique: Annotated[str, typer.Option(metavar="TEXT", help="How it was made.")] = "",
    period: Annotated[str, typer.Option(metavar="TEXT", help="Date, period or dynasty.")] = "",
    size: Annotated[str, typer.Option(metavar="TEXT", help="Measurements, such as 72.5 x 64.7 cm.")] = "",
    inscription: Annotated[str, typer.Option(metavar="TEXT", help="Inscriptions and markings.")] = "",
    feature: Annotated[str, typer.Option(metavar="TEXT", help="Distinguishing features, damage, repairs.")] = "",
    subject: Annotated[str, typer.Option(metavar="TEXT", help="What it shows.")] = "",
    culture: Annotated[str, typer.Option(metavar="TEXT", help="Culture or people.")] = "",
    inventory_no: Annotated[str, typer.Option(metavar="TEXT", help="Inventory or accession number on it.")] = "",
    origin: Annotated[str, typer.Option(metavar="ISO2", help="Country of origin, such as IQ.")] = "",
    declared: Annotated[str, typer.Option(metavar="TEXT", help="Goods text of the declaration.")] = "",
    certificate: Annotated[str, typer.Option(metavar="TEXT", help="What a paper says of the object it is for.")] = "",
    issued_by: Annotated[str, typer.Option(metavar="ISO2", help="Country that issued that paper.")] = "",
    hs: Annotated[str, typer.Option(metavar="CODE", help="Declared HS code.")] = "",
    value: Annotated[str, typer.Option(metavar="TEXT", help="Declared value, such as '900 EUR'.")] = "",
    sent_from: Annotated[str, typer.Option("--from", metavar="ISO2", help="Country it comes from.")] = "",
    sent_to: Annotated[str, typer.Option("--to", metavar="ISO2", help="Country it goes to.")] = "",
    border: Border = None,
    paper: Annotated[
        list[str] | None,
        typer.Option("--paper", metavar="KIND=STATE", help="A paper: present, missing, conflicting or verified."),
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option("--indicator", metavar="ID=yes|no", help="What you saw of an indicator; ids: law --indicators."),
    ] = None,
    reading: Annotated[
        list[str] | None,
        typer.Option("--reading", metavar="ELEMENT=PERCENT", help="An element read on its surface, such as zn=34."),
    ] = None,
    case: Case = "",
    reason: Reason = "",
    officer: Officer = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the interview that was left.")] = False,
    top: Top = None,
    max_list_age: MaxListAge = None,
    only: Lists = None,
    facts: Facts = None,
    model: PhotoModel = None,
    home: Home = None,
    as_json: AsJson = False,
    html: Html = None,
    pdf: Pdf = None,
    sheet: SheetFor = Sheet.FULL,
    plain: Plain = None,
) -> None:
    """Check one object; alone on a terminal, it asks."""
    from fieldcheck.cli.pictures import gather_shown
    from fieldcheck.items import make_item, observed
    from fieldcheck.models import Item
    from fieldcheck.verdict import exit_code

    session = Session.start(
        {"home": home, "border": border, "top": top, "max_list_age": max_list_age, "facts": facts, "plain": plain}
        | {"officer": officer, "models.photo": model}
    )
    hold_documents(html, pdf)
    _refuse_files(text or ())
    fields = {
        "text": " ".join(text or ()), "object_type": object_type, "title": title, "maker": maker, "material": material,
        "technique": technique, "period": period, "size": size, "inscription": inscription, "feature": feature,
        "subject": subject, "culture": culture, "inventory_no": inventory_no, "origin": origin, "declared": declared,
        "certificate": certificate, "issued_by": issued_by,
        "hs": hs, "value": value, "sent_from": sent_from, "sent_to": sent_to, "border": session.settings["border"],
    }  # fmt: skip
    item = observed(make_item(fields, paper or (), photo or ()), indicator or (), reading or ())
    if resume and as_json:
        raise UsageError("An interview cannot be held in JSON.", next_step="Leave out --json, or describe the object.")
    if resume or (is_terminal() and not as_json and item == Item(border=item.border)):
        asked = hold_interview(session, resume=resume)
        if asked is None:
            raise typer.Exit(int(ExitCode.INTERRUPTED))  # leaving is no result
        item = asked
    if not item.described and not item.photos:
        raise UsageError(
            "Nothing to check: the object is neither described nor photographed.",
            next_step=f"Type what you see, such as {_EXAMPLE}, or add --photo FILE.",
        )
    thumbnails: dict[str, bytes] = {}
    wanted = tuple(only or ())
    with case_log(session, case, reason, wanted) as log, session.checker(wanted) as checker:
        result = checker.check(next(session.read_photos([item], thumbnails)))
        log.result(result)
    session.keep(result)
    in_file = html is not None or pdf is not None
    pictures = gather_shown(session, result, thumbnails, in_file=in_file, on_screen=not as_json)
    if as_json:
        from fieldcheck.report.json_result import result_to_dict

        output.print_json(result_to_dict(result))
    elif sheet is Sheet.FULL:
        from fieldcheck.report.content_result import result_page

        output.present((*result_page(result, pictures), *log.lines), plain=session.plain)
    else:
        output.present(document_for(sheet, result, pictures, log).page, plain=session.plain)
    if in_file:
        write_documents(html, pdf, document_for(sheet, result, pictures, log))
    log.close()
    raise typer.Exit(int(exit_code(result.verdict)))


def _refuse_files(words: Iterable[str]) -> None:
    """A file among the words was meant as a photo; taken for a description, it would go unchecked."""
    for word in words:
        with suppress(OSError):  # a text that no file system takes is no file
            if Path(word).is_file() or (os.sep in word and Path(word).is_dir()):
                raise UsageError(
                    f"{word!r} is a file or folder, not a description.",
                    next_step="Write --photo before each photo; check a folder with `fieldcheck batch`.",
                )
