"""What a result says: the headline, the five lines, the candidates, what to do and what would change it."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from fieldcheck.models import ControlledLine, Item, ListDates, Photo, Result, Rule, Verdict
from fieldcheck.report.content_candidates import ID_LIMIT, candidates_content
from fieldcheck.report.content_comparison import comparisons_content
from fieldcheck.report.page import Block, Bullets, Fact, Facts, Heading, Headline, Note, Page, Tone
from fieldcheck.report.pictures import NO_PICTURES, Pictures
from fieldcheck.report.sanitise import plain
from fieldcheck.report.words import CONTROLLED, ITEM_FIELDS, LISTED, PAPERS, TONES

_MOST_RULES = 2
_MOST_FEATURES = 4
_MOST_NOTES = 3
_RULE_LIMIT = 200
_NOTE_LIMIT = 300
_FEATURE_LIMIT = 80
_SOURCES_SHOWN = 2


def result_page(result: Result, pictures: Pictures = NO_PICTURES, *, detail: bool = False) -> Page:
    """The page for one result, as it is read on a screen.

    Args:
        result: the result of a check, of today or read back.
        pictures: the photos that belong to it.
        detail: show the item and every piece of evidence with its weight, leaving nothing out.
    """
    verdict = result.verdict
    blocks: list[Block] = [headline(verdict)]
    if detail:
        blocks += [*item_content(result.item), Heading("The verdict, line by line")]
    blocks.append(Facts(tuple(verdict_lines(verdict, detail=detail))))
    blocks += rules_content(verdict.lines.controlled.rules, detail=detail)
    blocks += candidates_content(result.candidates, detail=detail)
    blocks += comparisons_content(result.candidates, pictures, detail=detail)
    blocks += [Heading("What to do"), Bullets(verdict.next_steps, numbered=True)]
    if verdict.would_change:
        blocks += [Heading("What would change this"), Bullets(verdict.would_change)]
    blocks.append(Facts(tuple(origin_of(result, detail=detail))))
    return tuple(blocks)


def headline(verdict: Verdict) -> Headline:
    """The band in its own words, apart from the sentence that follows it."""
    words, stop, text = plain(verdict.headline).partition(". ")
    return Headline(words + stop.rstrip(), text, TONES.get(verdict.band, Tone.NEUTRAL))


def dated(dates: ListDates) -> str:
    """What is wrong with a list, its dates and its size."""
    said = (
        f"NOT READ, {plain(dates.problem, _NOTE_LIMIT).rstrip('.')}" if dates.problem else "",
        "STALE" if dates.stale else "",
        f"published {dates.published[:10]}" if dates.published else "no publication date",
        f"packaged {dates.packaged[:10]}" if dates.packaged else "",
        f"imported {dates.imported[:10]}" if dates.imported else "",
        f"confirmed {dates.confirmed[:10]}" if dates.confirmed[:10] > dates.published[:10] else "",
        f"{dates.records:,} records",
    )
    return ", ".join(part for part in said if part)


def verdict_lines(verdict: Verdict, *, detail: bool) -> Iterator[Fact]:
    """The five lines, each with what stands below it."""
    lines = verdict.lines
    yield _fact("LISTED", LISTED[lines.listed.state], lines.listed.text)
    yield from _notes("excluded", lines.listed.excluded, detail=detail)
    yield from _notes("unchecked", lines.listed.not_checked, detail=detail)
    yield _fact("CONTROLLED", CONTROLLED[lines.controlled.state], lines.controlled.text)
    yield from _notes("look for", _look_for(lines.controlled, detail=detail), detail=detail)
    yield _fact("PAPERS", PAPERS[lines.papers.state], lines.papers.text)
    yield Fact("INDICATORS", lines.indicators.text)
    yield from _notes("met", lines.indicators.met, detail=detail)
    if detail:
        yield from _notes("unmet", lines.indicators.unmet, detail=detail)
        yield from _notes("unanswered", lines.indicators.unanswered, detail=detail)
    yield from _notes("readings", lines.indicators.checks, detail=detail)
    yield Fact("DATA", lines.data.text)
    yield from _notes("clock", (lines.data.clock,) if lines.data.clock else (), detail=detail)


def _fact(label: str, state: str, text: str) -> Fact:
    """A line that begins with its state, said once."""
    text = plain(text)
    if text.casefold().startswith(state.casefold()):
        return Fact(label, text[len(state) :], text[: len(state)])
    return Fact(label, f". {text}" if text else ".", state)


def _notes(label: str, notes: Sequence[str], *, detail: bool) -> Iterator[Fact]:
    shown = notes if detail else notes[:_MOST_NOTES]
    for place, note in enumerate(shown):
        yield Fact("" if place else label, note if detail else plain(note, _NOTE_LIMIT))
    if len(notes) > len(shown):
        yield Fact("", f"And {len(notes) - len(shown)} more.")


def _look_for(line: ControlledLine, *, detail: bool) -> tuple[str, ...]:
    if detail or not line.look_for:
        return line.look_for
    shown = [plain(feature, _FEATURE_LIMIT) for feature in line.look_for[:_MOST_FEATURES]]
    left = len(line.look_for) - len(shown)
    return ("; ".join([*shown, f"and {left} more"] if left else shown),)


def rules_content(rules: Sequence[Rule], *, detail: bool) -> Iterator[Block]:
    """The facts of law and of watch lists that apply, each with where it was read and when."""
    if not rules:
        return
    yield Heading("Rules and watch lists")
    shown = rules if detail else rules[:_MOST_RULES]
    left = len(rules) - len(shown)
    more = (f"And {left} more under explain.",) if left else ()
    limit = None if detail else _RULE_LIMIT
    yield Bullets((*(rule_text(rule, limit, whole_sources=detail) for rule in shown), *more))


def rule_text(rule: Rule, limit: int | None, *, whole_sources: bool) -> str:
    """One fact of law or of a watch list: what it says, and where and when it was read.

    Args:
        rule: the fact.
        limit: longest name, remark and source in characters, or None for any length.
        whole_sources: name every source as it is, rather than the first by their domains.
    """
    name, remark = plain(rule.name, limit), plain(rule.detail, limit)
    said = [name] if remark.casefold() in name.casefold() else [name, remark]
    if not rule.verified and "not verified" not in remark:
        said.append("not verified in this data")
    shown = rule.sources if whole_sources else tuple(_domain(source) for source in rule.sources[:_SOURCES_SHOWN])
    sources = ", ".join(dict.fromkeys(plain(source, limit) for source in shown))
    origin = f" [{sources}; seen {rule.seen[:10] or 'on an unknown day'}]" if sources else ""
    return f"{'; '.join(said)}{origin}"


def _domain(source: str) -> str:
    try:
        return urlsplit(source).hostname or source
    except ValueError:
        return source


def origin_of(result: Result, *, detail: bool) -> Iterator[Fact]:
    """Which lists, of which dates, and how to find this result again."""
    data = result.verdict.lines.data
    for place, dates in enumerate(data.lists):
        yield Fact("" if place else "LISTS", f"{plain(dates.id, ID_LIMIT)}: {dated(dates)}")
    if detail or "+" in data.facts_version:  # an authority's own facts are always told
        yield Fact("FACTS", data.facts_version or "of an unknown version")
    if detail:
        yield Fact("PROGRAM", f"fieldcheck {result.tool_version}")
    more = "" if detail else f"; more: fieldcheck explain {result.result_id}"
    # A tall verdict has scrolled its headline off the screen: the band stands at its end once more.
    band = headline(result.verdict).words
    yield Fact("RESULT", f"{band} {result.result_id} of {result.checked_on}{more}")


def item_content(item: Item) -> Iterator[Block]:
    """The item in the words of the officer, with its papers, and its photos with their hashes."""
    yield Heading("The item as described")
    said = [Fact(label, getattr(item, name)) for name, label in ITEM_FIELDS.items() if getattr(item, name)]
    papers = [Fact("Paper", f"{plain(paper.kind)}: {paper.state.value}") for paper in item.papers]
    seen = [
        Fact("Indicator", f"{plain(entry.indicator)}: {'yes' if entry.met else 'no'}") for entry in item.observations
    ]
    read = [Fact("Reading", f"{plain(entry.element)}: {entry.percent:g} per cent") for entry in item.assays]
    photos = [Fact("Photo", _photo(photo)) for photo in item.photos]
    alike = [Fact("Alike", f"other items of the shipment: {item.alike:,}")] if item.alike else []
    facts = (*said, *papers, *seen, *read, *photos, *alike)
    yield Facts(facts) if facts else Note("Nothing was described.")


def _photo(photo: Photo) -> str:
    state = "compared" if photo.usable else f"not checked: {plain(photo.why_not)}"
    sha256 = f", SHA-256 {photo.sha256}" if photo.sha256 else ""
    return f"{plain(photo.file)}, {state}{sha256}"
