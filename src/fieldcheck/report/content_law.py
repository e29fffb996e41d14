"""What is held about the law and the types at risk of one state, and the list of indicators."""

from collections.abc import Iterator, Sequence

from fieldcheck.models import Rule
from fieldcheck.report.page import Block, Bullets, Fact, Facts, Heading, Headline, Note, Page
from fieldcheck.report.sanitise import plain
from fieldcheck.rules.facts import TypeAtRisk
from fieldcheck.rules.indicators import Indicator
from fieldcheck.rules.survey import LawOfOrigin
from fieldcheck.wording import sentence


def law_page(law: LawOfOrigin) -> Page:
    """The page for one state of origin at one border on one day."""
    at = law.border or sentence("law", "any_border")
    values = {"origin": law.origin, "border": at, "date": law.on}
    blocks: list[Block] = [Headline(sentence("law", "title", {"origin": law.origin}), sentence("law", "of", values))]
    blocks += _rules(sentence("law", "here"), law.here)
    blocks += _rules(sentence("law", "origin_law"), law.origin_law)
    blocks += _rules(sentence("law", "conventions"), law.conventions)
    blocks.append(Heading(sentence("law", "types")))
    types = [entry for entry in law.types if entry.types]
    blocks.append(Bullets(tuple(map(_type, types))) if types else Note(sentence("law", "none_held")))
    blocks.append(Facts((Fact("FACTS", law.version),)))
    blocks.append(Note(sentence("law", "caution")))
    return tuple(blocks)


def indicators_page(indicators: Sequence[Indicator]) -> Page:
    """Every indicator that is asked, by its id, with its innocent explanation and its source."""
    blocks: list[Block] = [Headline(sentence("law", "indicators"), sentence("law", "indicators_caution"))]
    for group in dict.fromkeys(entry.group for entry in indicators):
        blocks.append(Heading(group[0].upper() + group[1:]))
        blocks.append(Bullets(tuple(_indicator(entry) for entry in indicators if entry.group == group)))
    return tuple(blocks)


def _rules(title: str, rules: Sequence[Rule]) -> Iterator[Block]:
    yield Heading(title)
    yield Bullets(tuple(map(_rule, rules))) if rules else Note(sentence("law", "none_held"))


def _rule(rule: Rule) -> str:
    return f"{plain(rule.name)}; {plain(rule.detail, None)}{_origin(rule.sources, rule.seen)}"


def _type(entry: TypeAtRisk) -> str:
    said = [f"{entry.name} ({entry.watch_list})"]
    if entry.year_from is not None or entry.year_to is not None:
        said.append(f"{_year(entry.year_from)} to {_year(entry.year_to)}")
    if entry.look_for:
        said.append(f"look for: {', '.join(entry.look_for)}")
    if entry.unverified:
        said.append(sentence("controlled", "unverified"))
    return f"{plain('; '.join(said), None)}{_origin(entry.sources, entry.seen)}"


def _indicator(entry: Indicator) -> str:
    asked = "" if entry.asked else f" {sentence('law', 'never_asked', {'why': entry.why_not_asked})}"
    return f"{entry.shown}{asked}{_origin((entry.source,), '')}"


def _origin(sources: Sequence[str], seen: str) -> str:
    if not sources:
        return f" [{sentence('law', 'no_source')}]"
    day = f"; seen {plain(seen)[:10]}" if seen else ""
    return f" [{', '.join(plain(source, None) for source in sources)}{day}]"


def _year(year: int | None) -> str:
    if year is None:
        return "any year"
    return f"{-year} BC" if year < 0 else str(year)
