"""``fieldcheck doctor``: is everything that a check needs in order?"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, FieldcheckError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldcheck.diagnosis import Finding


def doctor(
    *,
    deep: Annotated[bool, typer.Option("--deep", help="Read every list file whole and compare its hash.")] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Believe this computer's clock again, whatever was seen before.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Test the installation, and say what to do about what fails."""
    from fieldcheck.cache.latest_time import reset
    from fieldcheck.diagnosis import Health, diagnose

    session = Session.start({"home": home, "plain": plain})
    if clock_is_right:
        reset(session.home, datetime.now(UTC))
    findings = (*diagnose(session.settings, deep=deep), *_casebook(session))
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


def _casebook(session: Session) -> "Iterator[Finding]":
    """How the officer's log is, where there is one, and whether a case is kept for longer than was set."""
    from fieldcheck.diagnosis import Finding, Health

    home, days = session.settings.home, session.settings["retention_days"]
    if home is None or not (home / "casebook.db").is_file():
        return
    from fieldcheck.casebook.purging import first_kept_day, older_cases
    from fieldcheck.casebook.store import read_store

    try:
        with read_store(home) as store:
            cases, last = store.cases(), store.last()
            older = older_cases(store, first_kept_day(days)) if days else ()
    except FieldcheckError as error:
        yield Finding("casebook", Health.FAILED, str(error), error.next_step)
        return
    held = f"cases: {len(cases):,}, head: {last.head.short if last else 'none'}"
    if older:
        yield Finding(
            "casebook",
            Health.NOTE,
            f"{held}; ended more than {days} days ago: {len(older):,}",
            "Forget them with `fieldcheck case purge --reason TEXT`.",
        )
        return
    kept = f"kept for {days} days" if days else "kept until you purge them; retention_days is not set"
    yield Finding("casebook", Health.WORKS, f"{held}; {kept}")
