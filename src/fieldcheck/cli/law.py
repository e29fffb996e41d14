"""``fieldcheck law``: what is held about the law and the types at risk of one state."""

from datetime import date
from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Border, Facts, Plain
from fieldcheck.cli.session import Session
from fieldcheck.errors import UsageError


def law(
    origin: Annotated[
        str, typer.Argument(metavar="ORIGIN", help="State of origin, such as IQ.", show_default=False)
    ] = "",
    *,
    border: Border = None,
    on: Annotated[
        str,
        typer.Option("--on", metavar="DATE", help="The day that is judged, such as 2026-11-24.", show_default="today"),
    ] = "",
    indicators: Annotated[bool, typer.Option("--indicators", help="List the indicators by their ids.")] = False,
    facts: Facts = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Show the rules and types at risk for objects from one state."""
    session = Session.start({"border": border, "facts": facts, "plain": plain})
    if indicators:
        _show_indicators(session)
        return
    from fieldcheck.items import country_code
    from fieldcheck.rules.facts import load_facts
    from fieldcheck.rules.survey import law_of_origin

    if not origin:
        raise UsageError(
            "No state of origin is given.", next_step="Write its two letters, such as `fieldcheck law IQ`."
        )
    at = country_code(session.settings["border"], "--border") if session.settings["border"] else ""
    found = law_of_origin(country_code(origin, "ORIGIN"), at, _day(on), load_facts(session.settings["facts"]))
    if as_json:
        from fieldcheck.report.json_law import law_to_dict

        output.print_json(law_to_dict(found))
    else:
        from fieldcheck.report.content_law import law_page

        output.present(law_page(found), plain=session.plain)


def _show_indicators(session: Session) -> None:
    from fieldcheck.report.content_law import indicators_page
    from fieldcheck.rules.indicators import load_indicators

    output.present(indicators_page(load_indicators()), plain=session.plain)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else date.today().isoformat()  # noqa: DTZ011  # the local day
    except ValueError as error:
        raise UsageError(f"--on {text!r} is no date.", next_step="Write it as 2026-11-24.") from error
