"""What is said about the log: the list of cases, one case, how verifying ended, and the line on a report."""

from collections.abc import Iterator, Sequence
from typing import Any

from fieldcheck.casebook.entry import Entry, Kind
from fieldcheck.casebook.head import Head, Logged
from fieldcheck.casebook.json_case import entry_to_dict
from fieldcheck.casebook.manifest import result_of
from fieldcheck.casebook.store import CaseRow
from fieldcheck.casebook.verifying import Outcome
from fieldcheck.models import Band
from fieldcheck.report.page import Block, Bullets, Fact, Facts, Heading, Headline, Note, Page, Row, Table
from fieldcheck.report.words import BANDS

_MOST_FINDINGS = 20


def logged_line(logged: Logged) -> Facts:
    """Where a result stands in the casebook, as its report ends."""
    return Facts((Fact("CASEBOOK", logged.words),))


def cases_page(rows: Sequence[CaseRow], head: Head | None) -> Page:
    """Every case, the latest first."""
    if not rows:
        return (Note("The casebook has no case."), *_head(head))
    cells = tuple(Row((row.case, row.first[:10], row.last[:10], str(row.checks), str(row.decisions))) for row in rows)
    return (Table(("Case", "First", "Last", "Checks", "Decisions"), cells), *_head(head))


def case_page(case: str, entries: Sequence[Entry], head: Head | None) -> Page:
    """One case: every entry in order, with who, when and why."""
    rows = tuple(Row((str(entry.seq), _at(entry), _kind(entry), _told(entry))) for entry in entries)
    return (Headline(f"Case {case}."), Table(("Entry", "When (UTC)", "What", "Detail"), rows), *_head(head))


def verified_page(outcome: Outcome, subject: str, compared: Sequence[str]) -> Page:
    """How verifying ended, and what it was held against."""
    words = "WHOLE." if outcome.whole else "NOT AS IT WAS WRITTEN."
    count = f"Entries read from {subject}: {outcome.entries:,}"
    blocks: list[Block] = [Headline(words, f"{count}; {_sum(outcome)}")]
    if outcome.findings:
        blocks += [Heading("What was found"), Bullets(tuple(_findings(outcome)))]
    blocks += [Heading("What it was held against"), Bullets(tuple(compared))]
    return (*blocks, *_head(outcome.head))


def decision_page(case: str, entry: Entry) -> Page:
    """A decision that was just logged."""
    said = entry_to_dict(entry)
    stand = "against" if said["override"] else "in line with"
    words = f"Decided: {said['decision'].upper()}."
    text = f"This is {stand} the verdict of result {said['result_id']}: {_band(said['band'])}."
    return (Headline(words, text), Facts((Fact("REASON", said["reason"]),)), logged_line(Logged(case, entry.head)))


def _head(head: Head | None) -> tuple[Block, ...]:
    return (Facts((Fact("HEAD", head.short),)),) if head else ()


def _at(entry: Entry) -> str:
    return entry.stub.at.replace("T", " ").removesuffix("Z") if entry.stub else ""


def _kind(entry: Entry) -> str:
    return entry.stub.kind.replace("_", " ") if entry.stub else ""


def _told(entry: Entry) -> str:
    return "; ".join(part for part in _parts(entry) if part)


def _parts(entry: Entry) -> Iterator[str]:
    said = entry_to_dict(entry)
    yield said["action"]
    if said["decision"]:
        against = " AGAINST THE VERDICT" if said["override"] else ""
        yield f"{said['decision'].upper()}{against} {_band(said['band'])}, result {said['result_id']}"
    elif entry.stub and entry.stub.kind == Kind.CHECK:
        yield _checked(entry, said)
    yield f"by {said['by']}" if said["by"] else ""
    yield f"because: {said['reason']}" if said["reason"] else ""


def _checked(entry: Entry, said: dict[str, Any]) -> str:
    content = result_of(entry) or entry.said().get("error")
    if not isinstance(content, dict):
        return ""
    ref = f"{content.get('ref')}: " if content.get("ref") else ""
    if isinstance(error := content.get("error"), dict):
        return f"{ref}NOT CHECKED: {error.get('message')}"
    return f"{ref}{_band(said['band'])}, result {said['result_id']}"


def _band(band: str) -> str:
    return BANDS[Band(band)] if band in set(Band) else band


def _sum(outcome: Outcome) -> str:
    parts = ["this is not the log that was written" if outcome.findings else "none was changed, moved or taken out"]
    if outcome.hidden:
        parts.append(f"of other cases, which show their link only: {outcome.hidden:,}")
    if outcome.purged:
        parts.append(f"purged, which left their stubs: {outcome.purged:,}")
    return f"{'; '.join(parts)}."


def _findings(outcome: Outcome) -> Iterator[str]:
    for finding in outcome.findings[:_MOST_FINDINGS]:
        yield (
            f"Entry {finding.seq}: {finding.what}." if finding.seq else f"{finding.what[:1].upper()}{finding.what[1:]}."
        )
    if (left := len(outcome.findings) - _MOST_FINDINGS) > 0:
        yield f"And {left:,} more."
