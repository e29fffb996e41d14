"""One check: an item against every list that is held, joined into one reproducible result."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldcheck.cache.holdings import STARTER_ID, Held, Holdings
from fieldcheck.cache.info import Installed
from fieldcheck.matching.match import DEFAULT_TOP, Shortlist, match_item
from fieldcheck.matching.photos import glaring
from fieldcheck.models import (
    DataLine,
    Item,
    Lines,
    ListDates,
    ListedLine,
    ListedState,
    Result,
    Strength,
)
from fieldcheck.rules.case import Lawbook
from fieldcheck.rules.control import judge_control
from fieldcheck.rules.facts import load_facts
from fieldcheck.rules.indicators import judge_indicators
from fieldcheck.rules.papers import judge_papers
from fieldcheck.text.reading import Reader
from fieldcheck.verdict import decide, named
from fieldcheck.version import __version__
from fieldcheck.wording import sentence

if TYPE_CHECKING:
    from fieldcheck.vision.model import Model


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a check is asked to do besides the item.

    Args:
        on: ISO date on which rules in force and stale lists are judged.
        top: length of the shortlist.
        max_list_age: days after which a list counts as stale, or None for never.
        facts: a folder of an authority's own facts of law, or None.
        clock: ISO date that this computer's clock shows, where it cannot be right; ``on`` is a later day then.
    """

    on: str
    top: int = DEFAULT_TOP
    max_list_age: int | None = None
    facts: Path | None = None
    clock: str = ""


class Checker:
    """Checks items one after another against the same open lists."""

    def __init__(self, holdings: Holdings, settings: CheckSettings) -> None:
        self._holdings = holdings
        self._settings = settings
        self._reader = Reader()
        self._lawbook = Lawbook(load_facts(settings.facts), self._reader)

    @property
    def settings(self) -> CheckSettings:
        """What a check is asked to do besides the item."""
        return self._settings

    def basis(self, model: "Model | None" = None) -> dict[str, Any]:
        """What results rest on besides the item and the day: the program, the lists, the facts and the settings.

        ``model`` is the one that photos are read with.
        """
        models = {(model.key, model.dimension, astuple(model.scale))} if model else set()
        return {
            "version": __version__,
            "lists": {held.installed.info.id: [held.installed.version, held.problem] for held in self._holdings.held},
            "facts": self._lawbook.facts.version,
            "models": _models(models, self._holdings),
            "top": self._settings.top,
            "max_list_age": self._settings.max_list_age,
        }

    def check(self, item: Item) -> Result:
        """Check one item; its photos must have been read before."""
        holdings, settings = self._holdings, self._settings
        shortlist = match_item(item, holdings, self._reader, settings.top)
        case = self._lawbook.case(item, shortlist.reading, settings.on)
        listed, papers = _listed(item, shortlist, holdings), judge_papers(case)
        lines = Lines(
            listed=listed,
            controlled=judge_control(case),
            papers=papers,
            indicators=judge_indicators(case, papers, listed.state),
            data=_data(holdings, settings, self._lawbook.facts.version),
        )
        return Result(
            result_id=_result_id(item, lines, settings, holdings),
            tool_version=__version__,
            checked_on=settings.on,
            item=item,
            verdict=decide(item, lines, shortlist.candidates, case.route.border.call if case.route.border else ""),
            candidates=shortlist.candidates,
        )


def _listed(item: Item, shortlist: Shortlist, holdings: Holdings) -> ListedLine:
    sought = [candidate for candidate in shortlist.candidates if candidate.record.status.is_sought]
    not_checked = tuple(_gaps(item, shortlist, holdings))
    excluded = tuple(_excluded(shortlist))
    for strength, state in ((Strength.STRONG, ListedState.STRONG), (Strength.POSSIBLE, ListedState.POSSIBLE)):
        best = next((candidate for candidate in sought if candidate.strength is strength), None)
        if best:
            name = "alike" if best.alike > 1 else state
            return ListedLine(state, sentence("listed", name, named(best)), excluded, not_checked)
    reason = _why_nothing(item, holdings)
    if reason:
        text = sentence("listed", "not_checked", {"reason": reason})
        return ListedLine(ListedState.NOT_CHECKED, text, excluded, not_checked)
    text = " ".join(_searched(item, holdings))
    return ListedLine(ListedState.NONE_FOUND, text, excluded, not_checked)


def _searched(item: Item, holdings: Holdings) -> Iterator[str]:
    """What nothing was found among: records by words, reference photos by photos."""
    lists = ", ".join(opened.id for opened in holdings.lists)
    photos = _reference_photos(holdings)
    if item.described:
        yield sentence("listed", "none_found", {"records": f"{holdings.size:,}", "lists": lists})
    if photos and any(photo.usable for photo in item.photos):
        yield sentence("listed", "none_found_by_photo", {"photos": f"{photos:,}", "lists": lists})


def _why_nothing(item: Item, holdings: Holdings) -> str:
    """Why nothing at all could be compared, or an empty string."""
    if not holdings.size:
        return sentence("reason", "no_lists")
    if item.described:
        return ""
    if not any(photo.usable for photo in item.photos):
        return sentence("reason", "nothing_said")
    return "" if _reference_photos(holdings) else sentence("reason", "no_reference_photos")


def _gaps(item: Item, shortlist: Shortlist, holdings: Holdings) -> Iterator[str]:
    for photo in item.photos:
        if not photo.usable:
            yield sentence("listed", "photo_unusable", {"file": photo.file, "why": photo.why_not})
    if any(photo.usable for photo in item.photos) and not _reference_photos(holdings):
        yield sentence("listed", "no_reference_photos")
    elif not any(candidate.strength is Strength.STRONG for candidate in shortlist.candidates):
        for photo in glaring(item.photos):
            yield sentence("listed", "photo_glare", {"file": photo.file})
    for held in holdings.held:
        if held.problem:
            yield sentence("listed", "list_unreadable", {"list": held.installed.info.id, "why": held.problem})
    for what in shortlist.reading.doubtful:
        yield sentence("listed", "doubtful", {"what": what})


def _reference_photos(holdings: Holdings) -> int:
    return sum(held.installed.photos for held in holdings.held if held.opened)


def _excluded(shortlist: Shortlist) -> Iterator[str]:
    near = [candidate for candidate in shortlist.candidates if candidate.strength is not Strength.WEAK]
    for candidate in near:
        if not candidate.record.status.is_sought:
            yield sentence("listed", "came_back", named(candidate))
    if shortlist.compared > len(near):
        yield sentence("listed", "compared", {"count": shortlist.compared - len(near)})


def _data(holdings: Holdings, settings: CheckSettings, facts_version: str) -> DataLine:
    lists = tuple(dates_of(held, settings) for held in holdings.held)
    answered = [entry for entry in lists if not entry.problem]
    values = {"count": len(answered), "records": f"{holdings.size:,}"}
    if not answered:
        name = "none"
    elif [entry.id for entry in answered] == [STARTER_ID]:
        name = "only_starter"
    else:
        name = "text" if len(answered) > 1 else "text_one"
    days = {"clock": settings.clock, "latest": settings.on}
    clock = sentence("data", "clock", days) if settings.clock else ""
    return DataLine(sentence("data", name, values), lists, facts_version, clock)


def dates_of(held: Held, settings: CheckSettings | None = None) -> ListDates:
    """The dates of a list that is held, as they are shown; without settings it is not judged stale."""
    installed = held.installed
    return ListDates(
        id=installed.info.id,
        name=installed.info.name,
        published=installed.info.published,
        packaged=installed.info.packaged,
        imported=installed.imported,
        confirmed=installed.confirmed,
        records=installed.records,
        version=installed.version,
        stale=settings is not None and _is_stale(installed, settings),
        problem=held.problem,
    )


def _is_stale(installed: Installed, settings: CheckSettings) -> bool:
    """Whether the publisher's last word on a list is too long ago; how lately it came here makes it no younger.

    A date that has not come yet was written by a wrong clock, and says nothing.
    """
    if settings.max_list_age is None:
        return False
    today = date.fromisoformat(settings.on)
    oldest, latest = today - timedelta(days=settings.max_list_age), today + timedelta(days=1)
    said = max(installed.confirmed, installed.info.published) or installed.info.packaged or installed.imported
    return not oldest.isoformat() <= said[:10] <= latest.isoformat()


def _result_id(item: Item, lines: Lines, settings: CheckSettings, holdings: Holdings) -> str:
    """Equal for the same item, lists, day, settings and version of the program."""
    versions = {entry.id: entry.version for entry in lines.data.lists}
    said = {name: value for name, value in asdict(settings).items() if name not in {"facts", "clock"}}
    named = {name: getattr(item, name) for name in Item.__slots__}
    named["photos"] = [replace(photo, sight=b"", embedding=None) for photo in item.photos]
    embeddings = (photo.embedding for photo in item.photos if photo.embedding)
    models = {(embedding.model, embedding.dimension, astuple(embedding.scale)) for embedding in embeddings}
    inputs = [__version__, named, versions, said, lines.data.facts_version, _models(models, holdings)]
    text = json.dumps(
        inputs, sort_keys=True, default=lambda part: part.hex() if isinstance(part, bytes) else asdict(part)
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _models(models: Iterable[tuple[str, int, tuple[float, ...]]], holdings: Holdings) -> list[list[Any]]:
    """The models that photos were read with, by key and scale, each with the lists that it has not read."""
    return [
        [key, scale, [opened.id for opened in holdings.lists if opened.lacks_vectors(key, dimension)]]
        for key, dimension, scale in sorted(models)
    ]
