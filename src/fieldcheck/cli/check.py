"""``fieldcheck check``: one item against every list that is held."""

from pathlib import Path
from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Border, Home, Lists, MaxListAge, Plain, Top
from fieldcheck.cli.session import Session


def check(  # noqa: PLR0913  # one parameter for each option of the contract
    text: Annotated[str, typer.Argument(help="What you see, in your own words.", show_default=False)] = "",
    *,
    photo: Annotated[list[Path] | None, typer.Option("--photo", help="A photo of it; may be repeated.")] = None,
    object_type: Annotated[str, typer.Option("--type", help="Kind of object.")] = "",
    title: Annotated[str, typer.Option(help="Title, if it has one.")] = "",
    maker: Annotated[str, typer.Option(help="Artist or maker.")] = "",
    material: Annotated[str, typer.Option(help="What it is made of.")] = "",
    technique: Annotated[str, typer.Option(help="How it was made.")] = "",
    period: Annotated[str, typer.Option(help="Date, period or dynasty.")] = "",
    size: Annotated[str, typer.Option(help="Measurements, such as 72.5 x 64.7 cm.")] = "",
    inscription: Annotated[str, typer.Option(help="Inscriptions and markings.")] = "",
    feature: Annotated[str, typer.Option(help="Distinguishing features, damage, repairs.")] = "",
    subject: Annotated[str, typer.Option(help="What it shows.")] = "",
    culture: Annotated[str, typer.Option(help="Culture or people.")] = "",
    inventory_no: Annotated[str, typer.Option(help="Inventory or accession number on it.")] = "",
    origin: Annotated[str, typer.Option(metavar="ISO2", help="Country of origin, such as IQ.")] = "",
    declared: Annotated[str, typer.Option(help="Goods text of the declaration.")] = "",
    hs: Annotated[str, typer.Option(metavar="CODE", help="Declared HS code.")] = "",
    value: Annotated[str, typer.Option(help="Declared value, such as '900 EUR'.")] = "",
    sent_from: Annotated[str, typer.Option("--from", metavar="ISO2", help="Country it comes from.")] = "",
    sent_to: Annotated[str, typer.Option("--to", metavar="ISO2", help="Country it goes to.")] = "",
    border: Border = None,
    paper: Annotated[
        list[str] | None,
        typer.Option("--paper", metavar="KIND=STATE", help="A paper: present, missing, conflicting or verified."),
    ] = None,
    top: Top = None,
    max_list_age: MaxListAge = None,
    only: Lists = None,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Check one object, described in words or photographed, against the lists held."""
    from fieldcheck.errors import UsageError
    from fieldcheck.items import make_item
    from fieldcheck.verdict import exit_code

    session = Session.start({"home": home, "border": border, "top": top, "max_list_age": max_list_age, "plain": plain})
    fields = {
        "text": text, "object_type": object_type, "title": title, "maker": maker, "material": material,
        "technique": technique, "period": period, "size": size, "inscription": inscription, "feature": feature,
        "subject": subject, "culture": culture, "inventory_no": inventory_no, "origin": origin, "declared": declared,
        "hs": hs, "value": value, "sent_from": sent_from, "sent_to": sent_to, "border": session.settings["border"],
    }  # fmt: skip
    item = make_item(fields, paper or (), photo or ())
    if not item.described and not item.photos:
        raise UsageError(
            "Nothing to check: the object is neither described nor photographed.",
            next_step='Type what you see, such as fieldcheck check "bronze statuette of a horse, 12 cm", or add --photo FILE.',
        )
    with session.checker(tuple(only or ())) as checker:
        result = checker.check(session.read_photos(item))
    session.keep(result)
    if as_json:
        from fieldcheck.report.json_result import result_to_dict

        output.print_json(result_to_dict(result))
    else:
        from fieldcheck.report.content_result import result_page

        output.present(result_page(result), plain=session.plain)
    raise typer.Exit(int(exit_code(result.verdict)))
