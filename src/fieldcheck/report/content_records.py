"""What is said about records and lists: one record, the hits of a search, and the lists that are held."""

from collections.abc import Iterator, Sequence

from fieldcheck.models import Record
from fieldcheck.report.content_candidates import object_name, record_name
from fieldcheck.report.content_result import dated
from fieldcheck.report.page import Block, Fact, Facts, Headline, Note, Page, Picture, Row, Table
from fieldcheck.report.sanitise import PARAGRAPH_LIMIT, plain
from fieldcheck.report.views import Hit, ListStatus, RecordView
from fieldcheck.report.words import RECORD_FIELDS, STATUSES, UNVERIFIED

_FIELD_LIMIT = PARAGRAPH_LIMIT - 100


def record_page(view: RecordView) -> Page:
    """One record in the terms of Object ID, with the list that it stands in."""
    record, dates = view.record, view.dates
    named = f"{record_name(dates.id, record.id)}: {object_name(record)}"
    blocks: list[Block] = [Headline(f"Record, {STATUSES[record.status]}.", named)]
    if view.thumbnail:
        blocks.append(Picture(view.thumbnail, record_name(dates.id, record.id)))
    blocks.append(Facts((*record_facts(record), *_list_facts(view))))
    return tuple(blocks)


def hits_page(query: str, hits: Sequence[Hit]) -> Page:
    """The records that a search found, the best first."""
    if not hits:
        return (Note(f"No record found for: {plain(query)}"),)
    rows = tuple(
        Row((record_name(hit.list_id, hit.record.id), STATUSES[hit.record.status], object_name(hit.record)))
        for hit in hits
    )
    return (Table(("Record", "Status", "Object"), rows),)


def lists_page(statuses: Sequence[ListStatus]) -> Page:
    """The lists that are held, each with its dates and what is wrong with it."""
    if not statuses:
        return (Note("No list is held. Bring one here with `fieldcheck sync` or `fieldcheck lists import`."),)
    columns = ("List", "Published", "Imported", "Records", "Photos", "Name and remarks")
    return (Table(columns, tuple(_status_row(status) for status in statuses)),)


def _status_row(status: ListStatus) -> Row:
    installed = status.installed
    info = installed.info
    said = (
        plain(info.name),
        "" if status.in_use else "NOT IN USE",
        f"NOT READ: {plain(status.problem)}" if status.problem else "",
        status.photos_unread,
        f"can roll back to {installed.previous}" if installed.previous else "",
    )
    cells = (
        info.id,
        info.published[:10] or "not stated",
        installed.imported[:10] or "not stated",
        f"{installed.records:,}",
        f"{installed.photos:,}",
        "; ".join(part for part in said if part),
    )
    return Row(cells)


def record_facts(record: Record) -> Iterator[Fact]:
    """What a list says of an object, field by field; fields that say nothing are left out."""
    for name, label in RECORD_FIELDS.items():
        value = STATUSES[record.status] if name == "status" else getattr(record, name)
        text = " | ".join(value) if isinstance(value, tuple) else value
        if text:
            doubt = f" [{UNVERIFIED}]" if name in record.unverified else ""
            yield Fact(label, f"{plain(text, _FIELD_LIMIT)}{doubt}")


def _list_facts(view: RecordView) -> Iterator[Fact]:
    dates = view.dates
    yield Fact("List", f"{plain(dates.name) or dates.id}, {dated(dates)}")
    if view.terms:
        yield Fact("Terms", view.terms)
