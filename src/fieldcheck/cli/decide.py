"""``fieldcheck decide``: what the officer decided on a result, and why."""

from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.casework import Case, Officer, result_by_name
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session
from fieldcheck.errors import UsageError


def decide(
    result: Annotated[str, typer.Argument(metavar="RESULT", help="A result's id, or the path of its JSON.")],
    *,
    decision: Annotated[
        str, typer.Option(metavar="hold|release|refer|seize", help="What you do with the object.", show_default=False)
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, in a sentence; it is kept.")],
    case: Case = "",
    ref: Annotated[
        str, typer.Option(metavar="REF", help="Which item, where RESULT is a shipment's JSONL.", show_default=False)
    ] = "",
    officer: Officer = None,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Log your decision on a result, and the reason for it."""
    from fieldcheck.casebook.given import case_reference, read_decision
    from fieldcheck.casebook.json_case import decision_to_dict
    from fieldcheck.casebook.log import open_casebook
    from fieldcheck.casebook.pages import decision_page
    from fieldcheck.report.json_result import result_to_dict

    session = Session.start({"home": home, "plain": plain, "officer": officer})
    decided = read_decision(decision)
    found = result_to_dict(result_by_name(session, result, ref, "decide"))
    reference = case_reference(case or _its_case(session, str(found["result_id"])))
    with open_casebook(session.home, session.settings["officer"]) as book:
        entry = book.decide(reference, found, decided, reason)
    if as_json:
        output.print_json(decision_to_dict(reference, entry))
    else:
        output.present(decision_page(reference, entry), plain=session.plain)


def _its_case(session: Session, result_id: str) -> str:
    """The one case that a result was logged in.

    Raises:
        UsageError: there is none, or more than one.
    """
    from fieldcheck.casebook.finding import find_logged

    found = find_logged(session.home, result_id)
    cases = found.cases if found else ()
    if len(cases) != 1:
        where = f"logged in {len(cases)} cases" if cases else "not logged in a case yet"
        raise UsageError(f"Result {result_id} is {where}.", next_step="Say which case is meant, with --case REF.")
    return cases[0]
