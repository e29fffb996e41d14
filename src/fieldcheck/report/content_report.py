"""The officer's full report of one result, as a document: the verdict first, then everything that it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fieldcheck.models import Candidate, IndicatorsLine, Item, Record, Result, Rule, Strength, Verdict
from fieldcheck.report.content_candidates import (
    ID_LIMIT,
    ON_WEIGHTS,
    file_name,
    object_name,
    record_name,
    telling_points,
    weighed_points,
)
from fieldcheck.report.content_comparison import comparisons
from fieldcheck.report.content_records import record_facts, record_page
from fieldcheck.report.content_result import (
    dated,
    headline,
    item_content,
    origin_of,
    rule_text,
    verdict_lines,
)
from fieldcheck.report.page import (
    Block,
    Bullets,
    Document,
    Fact,
    Facts,
    Folded,
    Heading,
    Note,
    Page,
    Picture,
    Points,
    Row,
    Table,
)
from fieldcheck.report.pictures import Pictures
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import RecordView
from fieldcheck.report.words import CHANNELS, STATUSES, STRENGTHS

_SHOWN_WHOLE = 3
_MOST_PICTURES = 2
_MOST_PAIRS = 3


def report(result: Result, pictures: Pictures, closing: Page = ()) -> Document:
    """The full report of one result.

    Args:
        result: the result of a check, of today or read back.
        pictures: the photos that belong to it.
        closing: what else stands at its end, such as the head of the officer's log.
    """
    ref = f", item {plain(result.item.ref, ID_LIMIT)}" if result.item.ref else ""
    title = f"Check {result.result_id} of {result.checked_on}{ref}"
    return Document(title, report_page(result, pictures, closing), day=result.checked_on)


def report_page(result: Result, pictures: Pictures, closing: Page = ()) -> Page:
    """What the full report of one result says; takes the same as `report`."""
    made = (Heading("How this was made"), Facts(tuple(_made(result))))
    return (*item_page(result, pictures), Heading("Lists that were asked"), *_sources(result), *made, *closing)


def item_section(title: str, anchor: str, result: Result, pictures: Pictures) -> Page:
    """The same in brief, as a part of a document on many items, under a heading of its own."""
    said = (_lowered(block) for block in item_page(result, pictures, brief=True))
    sources = Folded("Lists that were asked, and how this was made", (*_sources(result), Facts(tuple(_made(result)))))
    return (Heading(title, anchor=anchor), *said, sources)


def _lowered(block: Block) -> Block:
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def item_page(result: Result, pictures: Pictures, *, brief: bool = False) -> Page:
    """The verdict on one item and what it rests on, without the lists that were asked.

    Args:
        result: the result of a check, of today or read back.
        pictures: the photos that belong to it.
        brief: of the candidates, show the first and those that may raise a hold; leave out indicators not met.
    """
    verdict = result.verdict
    blocks: list[Block] = [headline(verdict), Facts(tuple(_lines(verdict)))]
    blocks += [Heading("What to do"), Bullets(verdict.next_steps, numbered=True)]
    if verdict.would_change:
        blocks += [Heading("What would change this"), Bullets(verdict.would_change)]
    blocks += _candidates(result.candidates, pictures, brief=brief)
    blocks += _rules(verdict.lines.controlled.rules)
    if not brief:
        blocks += _left_open(verdict.lines.indicators)
    blocks += item_content(result.item)
    blocks += _item_pictures(result.item, result.candidates, pictures)
    return tuple(blocks)


def record_document(view: RecordView, thumbnails: Mapping[str, bytes]) -> Document:
    """One record with all its photos, as a document.

    Args:
        view: the record, with its first photo.
        thumbnails: small JPEGs of its photos, by the names of their files.
    """
    named = record_name(view.dates.id, view.record.id)
    further = tuple(Picture(jpeg, f"{named}, {file_name(file)}") for file, jpeg in thumbnails.items())[1:]
    photos: Page = (Heading("Further photos"), *further) if further else ()
    return Document(f"Record {named}", (*record_page(view), *photos))


def _lines(verdict: Verdict) -> Iterator[Fact]:
    """The five lines, less the long list of indicators that say nothing."""
    indicators = replace(verdict.lines.indicators, unmet=(), unanswered=())
    return verdict_lines(replace(verdict, lines=replace(verdict.lines, indicators=indicators)), detail=True)


def _rules(rules: Sequence[Rule]) -> Iterator[Block]:
    """The facts of law and watch lists in full; where they were read is long, and folded away."""
    if not rules:
        return
    yield Heading("Rules and watch lists")
    yield Bullets(tuple(rule_text(rule, None, whole_sources=False) for rule in rules))
    sources = tuple(
        f"{plain(rule.name, None)}: {plain(', '.join(rule.sources), None)}" for rule in rules if rule.sources
    )
    if sources:
        yield Folded("Where they were read, in full", (Bullets(sources),))


def _left_open(line: IndicatorsLine) -> Iterator[Block]:
    if line.unmet or line.unanswered:
        yield Heading("Other indicators")
    for title, indicators in (("Not met", line.unmet), ("Not answered", line.unanswered)):
        if indicators:
            yield Folded(f"{title}: {len(indicators)}", (Bullets(indicators),))


def _candidates(candidates: Sequence[Candidate], pictures: Pictures, *, brief: bool) -> Iterator[Block]:
    if not candidates:
        return
    yield Heading("Candidates, the most alike first")
    others: list[Row] = []
    for rank, candidate in enumerate(candidates, 1):
        if rank <= (1 if brief else _SHOWN_WHOLE) or candidate.strength is not Strength.WEAK:
            yield from _candidate(rank, candidate, pictures)
        else:
            named = record_name(candidate.list_id, candidate.record.id)
            cells = (str(rank), STRENGTHS[candidate.strength], named, object_name(candidate.record))
            others.append(Row(cells, weighed_points(candidate)))
    if others and brief:
        yield Note(f"{len(others)} more that are less alike; `fieldcheck explain` shows them.")
    elif others:
        table = Table(("Rank", "Strength", "Record", "Object"), tuple(others))
        yield Folded(f"{len(others)} more that are less alike, with their evidence", (table, Note(ON_WEIGHTS)))


def _candidate(rank: int, candidate: Candidate, pictures: Pictures) -> Iterator[Block]:
    record = candidate.record
    named = record_name(candidate.list_id, record.id)
    yield Heading(f"{rank}. {_title(record) or named}", 3)
    yield Facts(tuple(_standing(candidate, named)))
    pairs = tuple(comparisons(candidate, pictures))
    yield from pairs[:_MOST_PAIRS]
    if not pairs:
        for picture in pictures.all_of_record(candidate.list_id, record.id)[:_MOST_PICTURES]:
            yield Picture(picture.jpeg, f"{named}, {file_name(picture.name)}", picture.remark)
    yield Points(telling_points(candidate))
    yield Folded("What each comparison weighs", (Points(weighed_points(candidate)), Note(ON_WEIGHTS)))
    yield Folded("What the list says of this object", (Facts(tuple(record_facts(record))),))


def _title(record: Record) -> str:
    return object_name(record) if record.title or record.object_type or record.maker else ""


def _standing(candidate: Candidate, named: str) -> Iterator[Fact]:
    """How strong a candidate is, where it stands with its list, and what found it."""
    yield Fact("Strength", "", f"{STRENGTHS[candidate.strength]} candidate")
    yield Fact("Record", f"{named}, {STATUSES[candidate.record.status]}")
    if candidate.by:
        yield Fact("Found by", " and ".join(CHANNELS[channel] for channel in candidate.by))
    if candidate.alike > 1:
        yield Fact("Alike", f"one of {candidate.alike} records that fit equally")


def _item_pictures(item: Item, candidates: Sequence[Candidate], pictures: Pictures) -> Iterator[Block]:
    """The item's photos that stand beside no record above."""
    compared = {entry.query for candidate in candidates[:_SHOWN_WHOLE] for entry in candidate.evidence}
    for photo in item.photos:
        picture = pictures.of_item(photo.file)
        if photo.file not in compared and picture.jpeg:
            yield Picture(picture.jpeg, file_name(photo.file), picture.remark)


def _sources(result: Result) -> Iterator[Block]:
    data = result.verdict.lines.data
    if data.lists:
        rows = (
            Row((plain(dates.id, ID_LIMIT), f"{plain(dates.name) or dates.id}, version {dates.version}", dated(dates)))
            for dates in data.lists
        )
        yield Table(("List", "Name and version", "Dates and records"), tuple(rows))
    else:
        yield Note(data.text)


def _made(result: Result) -> Iterator[Fact]:
    yield from (fact for fact in origin_of(result, detail=True) if fact.label not in {"LISTS", ""})
