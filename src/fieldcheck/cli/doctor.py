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
    from fieldcheck.report.views import Finding

    session = Session.start({"home": home, "plain": plain})
    findings = diagnose(session.settings, deep=deep)
    views = [Finding(entry.name, entry.health, f"{entry.detail} {entry.next_step}".strip()) for entry in findings]
    if as_json:
        from fieldcheck.report.json_tables import findings_to_dict

        output.print_json(findings_to_dict(views))
    else:
        from fieldcheck.report.content_tables import doctor_page

        output.present(doctor_page(views), plain=session.plain)
    if any(finding.health is Health.FAILED for finding in findings):
        raise typer.Exit(int(ExitCode.INTEGRITY))
