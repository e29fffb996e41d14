"""``fieldcheck doctor``: is everything that a check needs in order?"""

from typing import Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode


def doctor(
    *,
    deep: Annotated[bool, typer.Option("--deep", help="Read every list file whole and compare its hash.")] = False,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Test the installation, and say what to do about what fails."""
    from fieldcheck.diagnosis import Health, diagnose

    session = Session.start({"home": home, "plain": plain})
    findings = diagnose(session.settings, deep=deep)
    if as_json:
        from fieldcheck.report.json_tables import findings_to_dict

        output.print_json(findings_to_dict(findings))
    else:
        from fieldcheck.report.content_tables import doctor_page
        from fieldcheck.report.views import Finding

        views = [
            Finding(entry.name, entry.health, ". ".join(filter(None, (entry.detail, entry.next_step))))
            for entry in findings
        ]
        output.present(doctor_page(views), plain=session.plain)
    if any(finding.health is Health.FAILED for finding in findings):
        raise typer.Exit(int(ExitCode.INTEGRITY))
