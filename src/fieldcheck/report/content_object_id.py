"""The Object ID sheet of an object: the headings of that standard, its photos with their hashes, and blanks.

Object ID (J. Paul Getty Trust, 1997; kept by ICOM) is what police and customs exchange to identify an object.
"""

from collections.abc import Iterator, Sequence

from fieldcheck.models import Item, Photo, Result, Strength
from fieldcheck.report.content_candidates import ID_LIMIT, file_name, record_name
from fieldcheck.report.page import Block, Document, Fact, Facts, Heading, Headline, Note, Page, Picture, Row, Table
from fieldcheck.report.pictures import Pictures
from fieldcheck.report.sanitise import plain
from fieldcheck.report.words import BLANK, ITEM_FIELDS, STATUSES

_HEADINGS = (
    ("Type of object", ("object_type",)),
    ("Materials and techniques", ("material", "technique")),
    ("Measurements", ("size",)),
    ("Inscriptions and markings", ("inscription",)),
    ("Distinguishing features", ("feature",)),
    ("Title", ("title",)),
    ("Subject", ("subject",)),
    ("Date or period", ("period",)),
    ("Maker", ("maker",)),
    ("Short description", ("text",)),
)
"""The standard's headings, in its order, and the fields of an item that belong under each."""

_FURTHER = (
    ("Inventory number", ("inventory_no",)),
    ("Place of origin", ("origin",)),
    ("Culture", ("culture",)),
)
"""What the standard recommends beside its headings."""

_FOUND = ("border", "sent_from", "sent_to", "declared", "hs", "value", "certificate", "issued_by")
_SENDER = ("Authority", "Office", "Address", "Telephone or e-mail", "Found on", "Found at", "Kept at", "Stamp")
_REQUEST = (
    "Please ask whoever has the records below to compare them with this object, and say whether it is the same. "
    "The records are named only; identity is not confirmed."
)
_NO_RECORD = "No record is named. Please compare this object with the records that you hold."
_NAME_LIMIT = 80


def object_id_document(result: Result, pictures: Pictures, closing: Page = ()) -> Document:
    """The sheet as a document, ready to be sent to a National Central Bureau.

    Args:
        result: the result of a check, of today or read back.
        pictures: the photos that belong to it, of which only the item's are shown.
        closing: what else stands at its end, such as the head of the officer's log.
    """
    title = f"Object ID, check {plain(result.result_id, ID_LIMIT)} of {result.checked_on}"
    return Document(title, object_id_page(result, pictures, closing), day=result.checked_on)


def object_id_page(result: Result, pictures: Pictures, closing: Page = ()) -> Page:
    """What the sheet says; takes the same as `object_id_document`."""
    item = result.item
    return (
        Headline("OBJECT ID.", "Description of an object for its identification."),
        Facts((Fact("REFERENCE", f"check {plain(result.result_id, ID_LIMIT)} of {result.checked_on}"),)),
        Heading("The object"),
        Facts(tuple(_fields(item, _HEADINGS))),
        Heading("Further"),
        Facts(tuple(_fields(item, _FURTHER))),
        Heading("Photographs"),
        *_photos(item.photos, pictures),
        Heading("Request to the National Central Bureau"),
        *_request(result),
        Heading("Where it was found"),
        *_circumstances(item),
        Heading("Sent by"),
        Facts(tuple(Fact(label, BLANK) for label in _SENDER)),
        *closing,
    )


def _fields(item: Item, headings: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[Fact]:
    for label, names in headings:
        said = "; ".join(value for name in names if (value := getattr(item, name)))
        yield Fact(label, said or BLANK)


def _photos(photos: Sequence[Photo], pictures: Pictures) -> Iterator[Block]:
    """The photos, and the hashes by which the originals and other copies of them are known."""
    if not photos:
        yield Facts((Fact("Photographs", BLANK),))
        return
    for place, photo in enumerate(photos, 1):
        picture = pictures.of_item(photo.file)
        if picture.jpeg:
            yield Picture(picture.jpeg, f"Photo {place}")
        yield Facts((Fact(f"Photo {place}", _named(photo, picture)), *_hashes(photo)))
    yield Note("SHA-256 is of the original file; pHash and dHash (64 bits each) find other copies of the same photo.")


def _named(photo: Photo, picture: Picture) -> str:
    named = plain(file_name(photo.file), _NAME_LIMIT)
    why = photo.why_not or ("" if picture.jpeg else picture.remark)
    return f"{named}. Not shown: {plain(why).rstrip('.')}." if why else named


def _hashes(photo: Photo) -> Iterator[Fact]:
    yield Fact("File (SHA-256)", photo.sha256 or "the file could not be read")
    prints = photo.fingerprint
    for label, hashes in (("pHash", prints and prints.phash), ("dHash", prints and prints.dhash)):
        yield Fact(label, hashes[0] if hashes else "not kept; check the photo again for it")


def _request(result: Result) -> Iterator[Block]:
    names = {dates.id: dates.name for dates in result.verdict.lines.data.lists}
    rows = tuple(
        Row(
            (
                record_name(candidate.list_id, candidate.record.id),
                plain(names.get(candidate.list_id, "")) or candidate.list_id,
                STATUSES[candidate.record.status],
            )
        )
        for candidate in result.candidates
        if candidate.strength is not Strength.WEAK and candidate.record.status.is_sought
    )
    if rows:
        yield Note(_REQUEST)
        yield Table(("Record", "List", "Status"), rows)
    else:
        yield Note(_NO_RECORD)


def _circumstances(item: Item) -> Iterator[Block]:
    said = [Fact(ITEM_FIELDS[name], getattr(item, name)) for name in _FOUND if getattr(item, name)]
    papers = [Fact("Paper", f"{plain(paper.kind)}: {paper.state.value}") for paper in item.papers]
    yield Facts((*said, *papers) or (Fact("Border", BLANK),))
