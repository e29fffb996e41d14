"""``fieldcheck case``: the officer's own log of checks and decisions."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli import output
from fieldcheck.cli.casework import Officer
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.output import note, write
from fieldcheck.cli.session import Session
from fieldcheck.errors import ExitCode, UsageError
from fieldcheck.settings import MOST_LIST_AGE

if TYPE_CHECKING:
    from fieldcheck.casebook.verifying import Outcome, Trust

_MOST_TOLD = 5

app = typer.Typer(
    help="The casebook: your own log of checks and decisions.", no_args_is_help=True, rich_markup_mode=None
)

Ref = Annotated[str, typer.Argument(metavar="REF", help="The case's file number.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in a sentence; it is logged.")]


@app.command("list")
def list_(*, home: Home = None, as_json: AsJson = False, plain: Plain = None) -> None:
    """Show every case, the latest first."""
    from fieldcheck.casebook.json_case import cases_to_dict
    from fieldcheck.casebook.pages import cases_page
    from fieldcheck.casebook.store import read_store

    session = Session.start({"home": home, "plain": plain})
    with read_store(session.settings.home) as store:
        rows, last = store.cases(), store.last()
    head = last.head if last else None
    if as_json:
        output.print_json(cases_to_dict(rows, head))
    else:
        output.present(cases_page(rows, head), plain=session.plain)


@app.command("show")
def show(
    ref: Ref,
    *,
    reason: Why,
    officer: Officer = None,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Show one case: checks, decisions, and who looked at it."""
    from fieldcheck.casebook.json_case import case_to_dict
    from fieldcheck.casebook.pages import case_page
    from fieldcheck.casebook.showing import look_at

    session = Session.start({"home": home, "plain": plain, "officer": officer})
    case, entries = look_at(session.home, ref, "show", reason, session.settings["officer"])
    if as_json:
        output.print_json(case_to_dict(case, entries, entries[-1].head))
    else:
        output.present(case_page(case, entries, entries[-1].head), plain=session.plain)


@app.command("export")
def export(
    ref: Ref,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The bundle to write, a zip file.")],
    reason: Why,
    officer: Officer = None,
    home: Home = None,
) -> None:
    """Write a case as one file that anybody can verify."""
    from fieldcheck.casebook.showing import export_case

    session = Session.start({"home": home, "officer": officer})
    head = export_case(session.home, ref, out, reason, session.settings["officer"])
    write(f"{out}: the bundle of case {ref}.")
    note(f"Its head is {head.short}; write it on the paper that goes with it.")


@app.command("verify")
def verify(
    bundle: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A bundle; without one, the casebook itself.", show_default=False),
    ] = None,
    *,
    anchor: Annotated[
        list[str] | None,
        typer.Option(metavar="SEQ:HASH", help="A head as a report shows it; may be repeated.", show_default=False),
    ] = None,
    key: Annotated[
        str,
        typer.Option(metavar="FINGERPRINT", help="What `case key` shows on the device.", show_default=False),
    ] = "",
    tsa_root: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Certificates (PEM) that timestamps must go back to.", show_default=False),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    plain: Plain = None,
) -> None:
    """Find out whether anything in the log was changed."""
    from fieldcheck.casebook.head import read_anchor, read_fingerprint
    from fieldcheck.casebook.json_case import verified_to_dict
    from fieldcheck.casebook.pages import verified_page
    from fieldcheck.casebook.stamping import judge_stamps, read_roots
    from fieldcheck.casebook.verifying import Trust

    session = Session.start({"home": home, "plain": plain})
    anchors = tuple(read_anchor(text) for text in anchor or ())
    trust, outcome = _verified(session, bundle, Trust(read_fingerprint(key) if key else "", anchors))
    roots = read_roots(tsa_root) if tsa_root else ()
    compared = (*_compared(trust), *_clock(outcome), *judge_stamps(outcome, roots))
    if as_json:
        output.print_json(verified_to_dict(outcome, compared, trusted=trust.given))
    else:
        subject = str(bundle) if bundle else "the casebook"
        output.present(verified_page(outcome, subject, compared), plain=session.plain)
    if not outcome.whole:
        raise typer.Exit(int(ExitCode.INTEGRITY))
    if not trust.given:
        raise typer.Exit(int(ExitCode.NOT_FULLY_CHECKED))


def _verified(session: Session, bundle: Path | None, trust: "Trust") -> "tuple[Trust, Outcome]":
    if bundle:
        from fieldcheck.casebook.bundle_reading import verify_bundle

        return trust, verify_bundle(bundle, trust)
    from fieldcheck.casebook.showing import verify_casebook

    return verify_casebook(session.settings.home, trust)


def _compared(trust: "Trust") -> Iterator[str]:
    """What the log was held against, and what could not be found out for want of something to hold it against."""
    if trust.device_key:
        yield f"The key of this device, {trust.device_key[:20]}."
    if trust.fingerprint:
        yield f"The key that begins {trust.fingerprint[:20]}."
    for anchor in trust.anchors:
        yield f"The head on paper, {anchor.short}."
    if not trust.given:
        yield "Nothing from outside: whoever changed it could have signed it anew. Add --anchor or --key."
    elif trust.anchors:
        yield f"Entries taken off after entry {max(anchor.seq for anchor in trust.anchors)} would not be seen."
    else:
        yield "No head on paper: entries taken off the end would not be seen. Add --anchor SEQ:HASH."


def _clock(outcome: "Outcome") -> Iterator[str]:
    if outcome.clock_back:
        entries = ", ".join(map(str, outcome.clock_back[:_MOST_TOLD])) + (
            " and more" if len(outcome.clock_back) > _MOST_TOLD else ""
        )
        yield f"The device's clock was set back before: entry {entries}. Their dates say less than their order."


@app.command("purge")
def purge(
    *,
    before: Annotated[
        str, typer.Option(metavar="DATE", help="Forget cases that ended before this day.", show_default=False)
    ] = "",
    retention_days: Annotated[
        int | None,
        typer.Option(metavar="DAYS", min=1, max=MOST_LIST_AGE, help="Or: older than this.", show_default=False),
    ] = None,
    reason: Why,
    officer: Officer = None,
    home: Home = None,
) -> None:
    """Forget old cases; their hashes stay, so that the log verifies."""
    from fieldcheck.casebook.log import open_casebook
    from fieldcheck.casebook.purging import first_kept_day, read_day
    from fieldcheck.casebook.purging import purge as purge_cases
    from fieldcheck.casebook.store import read_store
    from fieldcheck.results import forget_results

    session = Session.start({"home": home, "officer": officer, "retention_days": retention_days})
    days = session.settings["retention_days"]
    if not before and not days:
        raise UsageError(
            "There is no day before which to forget.",
            next_step="Name one with --before DATE, or set retention_days once for all.",
        )
    day = read_day(before) if before else first_kept_day(days)
    with read_store(session.settings.home):
        pass  # where there is no casebook, none is begun
    with open_casebook(session.home, session.settings["officer"]) as book:
        purged = purge_cases(book, day, reason)
    forget_results(session.home, purged.results)
    if not purged.cases:
        write(f"No case ended before {day}.")
        raise typer.Exit(int(ExitCode.NOTHING_TO_UPDATE))
    write(f"Forgotten before {day}: cases {len(purged.cases):,}, entries {purged.entries:,}.")
    if purged.head:
        note(f"The casebook's head is now {purged.head.short}.")


@app.command("key")
def key(*, home: Home = None) -> None:
    """Show this device's public key, to keep outside of it."""
    from fieldcheck.casebook.showing import device_key

    session = Session.start({"home": home})
    write(device_key(session.home))


@app.command("change-key")
def change_key(*, reason: Why, officer: Officer = None, home: Home = None) -> None:
    """Sign with a new key from now on; the old one signs it."""
    from fieldcheck.casebook.showing import change_device_key

    session = Session.start({"home": home, "officer": officer})
    public, head = change_device_key(session.home, reason, session.settings["officer"])
    write(public)
    note(f"This key is in use; keep it outside of this device too. The casebook's head is now {head.short}.")


@app.command("stamp")
def stamp(
    *,
    tsa: Annotated[str, typer.Option(metavar="URL", help="Address of a timestamp authority (RFC 3161).")],
    tsa_root: Annotated[Path, typer.Option(metavar="FILE", help="The authority's root certificate, in PEM.")],
    ca_bundle: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Certificates to trust instead of the usual ones.", show_default=False),
    ] = None,
    officer: Officer = None,
    home: Home = None,
) -> None:
    """Have an authority on the network say when the head was so."""
    from fieldcheck.casebook.log import open_casebook
    from fieldcheck.casebook.stamping import read_roots
    from fieldcheck.casebook.stamping import stamp as stamp_head
    from fieldcheck.casebook.store import read_store
    from fieldcheck.sync.fetch import Fetcher

    session = Session.start({"home": home, "officer": officer, "ca_bundle": ca_bundle})
    if session.settings["offline"]:
        raise UsageError("A timestamp needs the network.", next_step="Switch the setting `offline` off.")
    roots = read_roots(tsa_root)
    with read_store(session.settings.home):
        pass  # where there is no casebook, none is begun
    with (
        open_casebook(session.home, session.settings["officer"]) as book,
        Fetcher(ca_bundle=session.settings["ca_bundle"]) as fetcher,
    ):
        head, at = stamp_head(book, tsa, roots, fetcher)
    write(f"{head.short} was stamped at {at}.")
