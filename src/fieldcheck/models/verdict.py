"""The five lines of a verdict, its one band, and the result that carries both."""

import enum
from dataclasses import dataclass

from fieldcheck.models.evidence import Candidate
from fieldcheck.models.item import Item


@enum.unique
class ListedState(enum.StrEnum):
    """Does the item look like an object on a list?"""

    STRONG = "strong"
    POSSIBLE = "possible"
    NONE_FOUND = "none_found"
    NOT_CHECKED = "not_checked"


@enum.unique
class ControlledState(enum.StrEnum):
    """Is this type of object controlled or watched, at this border, on this day?"""

    CONTROLLED_HERE = "controlled_here"
    WATCH_LIST = "watch_list"
    NOT_TYPICAL = "not_typical"
    UNKNOWN = "unknown"


@enum.unique
class PapersState(enum.StrEnum):
    """What is known of the papers that belong to the object."""

    MISSING = "missing"
    CONFLICTING = "conflicting"
    PRESENT_UNVERIFIED = "present_unverified"
    VERIFIED = "verified"
    NOT_ASKED = "not_asked"


@enum.unique
class IndicatorsState(enum.StrEnum):
    """How much the indicators that are met speak for a closer look, those aside that only repeat another line."""

    NONE_MET = "none_met"
    SOME_MET = "some_met"
    SEVERAL_MET = "several_met"


@enum.unique
class Band(enum.StrEnum):
    """What the officer is advised to do, worst first."""

    HOLD_LISTED = "hold_listed"
    HOLD_CONTROL = "hold_control"
    REFER = "refer"
    MORE_INFORMATION = "more_information"
    NO_INDICATION = "no_indication"


@dataclass(frozen=True, slots=True)
class ListedLine:
    """Whether a list has the object.

    Three negatives are kept apart: ``text`` may say that no record was found, ``excluded`` what was compared and
    is not like enough, and ``not_checked`` what could not be checked and why.
    """

    state: ListedState
    text: str
    excluded: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One fact of law or of a watch list that applies, with where it was read."""

    id: str
    name: str
    detail: str
    sources: tuple[str, ...]
    seen: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ControlledLine:
    """Whether the type of object is controlled or watched.

    ``look_for`` are features to look for; ``origin_decides`` says that the type is at risk in some regions and
    the place of origin was not given. ``asks`` names what would decide whether a rule applies: age, value or law.
    """

    state: ControlledState
    text: str
    rules: tuple[Rule, ...] = ()
    look_for: tuple[str, ...] = ()
    origin_decides: bool = False
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PapersLine:
    """What is known of the papers, which are ``wanted`` here, and what does not agree with the object."""

    state: PapersState
    text: str
    wanted: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorsLine:
    """Which indicators are met, unmet and unanswered, by their short texts.

    ``checks`` are what readings of material say of the claimed date.
    """

    text: str
    met: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    state: IndicatorsState = IndicatorsState.NONE_MET


@dataclass(frozen=True, slots=True)
class ListDates:
    """Which list answered, and how old it is; dates are ISO 8601 or empty where the list gives none.

    ``published`` is when the content was given out, ``packaged`` when a list file was made of it to be carried,
    ``imported`` when it came here and ``confirmed`` when its publisher was last known to stand by it. ``problem``
    says why a list that is installed did not answer; it is empty where it did.
    """

    id: str
    name: str
    published: str
    imported: str
    records: int
    version: str
    stale: bool = False
    problem: str = ""
    packaged: str = ""
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class DataLine:
    """Which lists answered, of what date, and what is missing or stale.

    ``clock`` says that this computer's clock cannot be right, and as of which day ages were judged instead.
    """

    text: str
    lists: tuple[ListDates, ...] = ()
    facts_version: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """The five lines of a verdict, in the order in which they are read."""

    listed: ListedLine
    controlled: ControlledLine
    papers: PapersLine
    indicators: IndicatorsLine
    data: DataLine


@dataclass(frozen=True, slots=True)
class Verdict:
    """Five lines, one band, and which one to three answers would change it."""

    band: Band
    headline: str
    lines: Lines
    next_steps: tuple[str, ...]
    would_change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything about one check: reproducible from the same item, lists, day and version of the tool.

    ``checked_on`` is the ISO date on which stale lists and rules in force were judged.
    """

    result_id: str
    tool_version: str
    checked_on: str
    item: Item
    verdict: Verdict
    candidates: tuple[Candidate, ...]
