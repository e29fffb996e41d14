"""The sheet that may be handed to the holder of an object: what is asked and on what ground, and nothing of a match.

It is built up from the few things that may be told rather than cut down from the officer's report, so that nothing
new in a result can slip into it.
"""

from collections.abc import Iterator

from fieldcheck.models import Band, ControlledLine, ControlledState, Item, PaperState, Result
from fieldcheck.report.content_candidates import ID_LIMIT
from fieldcheck.report.content_result import rule_text
from fieldcheck.report.page import Block, Bullets, Document, Fact, Facts, Heading, Headline, Note, Page, Picture
from fieldcheck.report.pictures import Pictures
from fieldcheck.report.sanitise import plain
from fieldcheck.report.words import BLANK, ITEM_FIELDS

_NAMED = ("object_type", "title", "material", "size")
"""Fields that say which object it is. Marks, damage and numbers by which it would be known again are not among them:
they are what may be removed before it is seen next."""

_MOST_PICTURES = 2

_CALLED_FOR = {
    Band.HOLD_LISTED: "The check asks that the object be kept while further information on it is obtained.",
    Band.HOLD_CONTROL: "The check asks that the object be kept until the papers that the law asks for are examined.",
    Band.REFER: "The check asks that an expert see the object before anything is decided.",
    Band.MORE_INFORMATION: "The check asks for more information on the object before anything is decided.",
    Band.NO_INDICATION: "The check gives no ground to keep the object. This is not clearance, and says nothing of "
    "ownership or legality.",
}
_MEANS = (
    "Examining or keeping an object accuses no one of anything.",
    "It does not decide who owns the object.",
    "The object is described and photographed as it was found; ask for a receipt.",
    "Papers and information on where the object comes from can be given to the office named below.",
    "Ask that office by what day, and how, the decision can be reviewed.",
)
_DECISION = "[ ] kept / [ ] sent to an expert / [ ] more information asked for / [ ] returned"


def holder_document(result: Result, pictures: Pictures, case: str = "") -> Document:
    """The sheet as a document.

    Args:
        result: the result of a check, of today or read back.
        pictures: the photos that belong to it, of which only the item's are shown.
        case: the file number under which it is logged, or empty.
    """
    title = f"For the holder of the object, check {plain(result.result_id, ID_LIMIT)} of {result.checked_on}"
    return Document(title, holder_page(result, pictures, case), day=result.checked_on)


def holder_page(result: Result, pictures: Pictures, case: str = "") -> Page:
    """What the holder of the object may read; takes the same as `holder_document`."""
    verdict = result.verdict
    return (
        Headline("FOR THE HOLDER OF THE OBJECT.", "An object is being examined. This is not an accusation."),
        Facts((Fact("REFERENCE", f"check {plain(result.result_id, ID_LIMIT)} of {result.checked_on}"), *_case(case))),
        Heading("The object"),
        *_object(result.item, pictures),
        Heading("What is asked and decided"),
        Note(_CALLED_FOR[verdict.band]),
        Facts((Fact("Decision", _DECISION), Fact("Date", BLANK))),
        Heading("On what legal ground"),
        *_ground(verdict.lines.controlled),
        Heading("Papers that are asked for"),
        *_papers(result),
        Heading("What this means"),
        Bullets(_MEANS),
        Heading("Contact"),
        Facts(tuple(Fact(label, BLANK) for label in ("Office", "Telephone", "E-mail", "Reference", "Stamp"))),
    )


def _case(case: str) -> tuple[Fact, ...]:
    return (Fact("CASE", case),) if case else ()


def _object(item: Item, pictures: Pictures) -> Iterator[Block]:
    """Which object it is; the officer's free words only where nothing else says it."""
    names = [name for name in _NAMED if getattr(item, name)]
    if not {"object_type", "title"} & set(names):
        names.insert(0, "text")
    said = [Fact(ITEM_FIELDS[name], getattr(item, name) or BLANK) for name in names]
    yield Facts((*said, Fact("Photos taken", str(len(item.photos)) if item.photos else BLANK)))
    shown = [picture for photo in item.photos if (picture := pictures.of_item(photo.file)).jpeg]
    for place, picture in enumerate(shown[:_MOST_PICTURES], 1):
        yield Picture(picture.jpeg, f"The object, photo {place}")


def _ground(line: ControlledLine) -> Iterator[Block]:
    """The rule that the line names as the one that controls the object; what only watches or may apply is no ground."""
    rules = line.rules if line.state is ControlledState.CONTROLLED_HERE else ()
    named = tuple(rule_text(rule, None, whole_sources=False) for rule in rules if rule.name and rule.name in line.text)
    if named:
        yield Bullets(named)
    yield Facts((Fact("Other ground" if named else "Ground", BLANK),))


def _papers(result: Result) -> Iterator[Block]:
    """What the law wants, and what the officer said is missing where that is not among it."""
    wanted = result.verdict.lines.papers.wanted
    missing = (paper.kind for paper in result.item.papers if paper.state is PaperState.MISSING)
    asked = (*wanted, *(kind for kind in missing if not any(kind.casefold() in name.casefold() for name in wanted)))
    if asked:
        yield Bullets(asked)
    yield Facts((Fact("Other papers" if asked else "Papers", BLANK),))
