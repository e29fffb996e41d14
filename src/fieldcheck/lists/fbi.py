"""The FBI's National Stolen Art File: pages of JSON from a public interface, 50 records each.

The interface has no key, no date or place of theft and no sign of recovery: a recovered object just vanishes.
Records carry messy text and have changed their spelling over the years; what cannot be read is missing, never
guessed.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from fieldcheck.errors import SourceError
from fieldcheck.lists.interface import Descriptor, Page
from fieldcheck.models import Record, Status

PAGE_SIZE = 50
"""Records on a page; the interface silently cuts anything larger down to this."""

_MISSING = frozenset({"", "unknown", "none", "null", "n/a", "not known"})
_MAX_TEXT = 8_000
_MAX_LINE = 1_000
_MAX_VALUES = 40
_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PATH_ID = re.compile(rf"https://api\.fbi\.gov/@artcrimes/({_UID.pattern})")
_SEPARATOR = re.compile(r"[;\r\n]+")
_SEPARATOR_OR_COMMA = re.compile(r"[;,\r\n]+(?![^()]*\))")

_TYPES = {
    "blades": "blade",
    "books": "book",
    "broochesandpins": "brooch or pin",
    "ceramicteacoffeewares": "ceramic tea or coffee ware",
    "clocktimepiece": "clock or timepiece",
    "clothingandcostume": "clothing or costume",
    "coinsandpapermoney": "coin or paper money",
    "dollsandfigurines": "doll or figurine",
    "drawingwatercolour": "drawing or watercolour",
    "earrings": "earring",
    "ethnographicworkofart": "ethnographic work of art",
    "icontriptychdiptych": "icon, triptych or diptych",
    "ornamentalceramicwares": "ornamental ceramic ware",
    "otherartsandantiques": "other art or antique",
    "othercollectibles": "other collectible",
    "othertextiles": "other textile",
    "paintings": "painting",
    "rings": "ring",
    "sportscollectibles": "sports collectible",
    "stringinstruments": "string instrument",
}
"""Words for the category slugs that are no words yet, keyed by their letters: their punctuation drifted."""


def _text(value: object, limit: int) -> str:
    """A text as written, cut to ``limit`` characters; empty where it is none or says nothing."""
    if not isinstance(value, str):
        return ""
    # JSON can escape half a surrogate pair and a NUL, which neither UTF-8 nor SQLite can keep.
    text = value[: 2 * limit].replace("\0", "").encode("utf-8", "replace").decode().strip()[:limit]
    return "" if text.casefold() in _MISSING else text


def _url(value: object) -> str:
    """A web address as written; empty where it is none, since a cut address leads nowhere."""
    text = _text(value, _MAX_LINE + 1)
    return text if len(text) <= _MAX_LINE and text.startswith(("https://", "http://")) else ""


Line = Annotated[str, BeforeValidator(lambda value: _text(value, _MAX_LINE))]
Text = Annotated[str, BeforeValidator(lambda value: _text(value, _MAX_TEXT))]
Url = Annotated[str, BeforeValidator(_url)]
Entries = Annotated[list[Any], BeforeValidator(lambda value: value if isinstance(value, list) else [])]


class _Image(BaseModel):
    """One picture, in three sizes."""

    original: Url = ""
    large: Url = ""


class _Item(BaseModel):
    """One entry of a page. Keys that are not named here are ignored; values of a wrong type are missing."""

    model_config = ConfigDict(populate_by_name=True)

    uid: Line = ""
    path_id: Url = Field(default="", alias="pathId")
    old_path_id: Url = Field(default="", alias="@id")
    title: Line = ""
    maker: Line = ""
    category: Line = Field(default="", alias="crimeCategory")
    materials: Text = ""
    measurements: Line = ""
    features: Text = Field(default="", alias="additionalData")
    period: Line = ""
    description: Text = ""
    id_in_agency: Line = Field(default="", alias="idInAgency")
    case_number: Line = Field(default="", alias="referenceNumber")
    url: Url = ""
    images: Entries = Field(default_factory=list)
    modified: Line = ""


class _Envelope(BaseModel):
    """What a page looks like from outside."""

    total: int = Field(ge=0)
    items: list[Any]


@dataclass(frozen=True, slots=True)
class FbiSource:
    """The National Stolen Art File, page by page."""

    descriptor: Descriptor

    def page_url(self, number: int) -> str:
        """The address of a page, oldest change first: what is added during a sweep then comes last."""
        query = {"pageSize": PAGE_SIZE, "page": number, "sort_on": "modified", "sort_order": "asc"}
        return f"{self.descriptor.endpoint}?{urlencode(query)}"

    def parse_page(self, body: bytes) -> Page:
        """Read one page; an entry that cannot be read is named in `Page.problems`.

        Raises:
            SourceError: the body is not a page of this list.
        """
        envelope = _envelope(body)
        records: list[Record] = []
        problems: list[str] = []
        for position, entry in enumerate(envelope.items, start=1):
            record = _record(entry)
            if record:
                records.append(record)
            else:
                problems.append(f"entry {position} of its page has no usable uid")
        return Page(tuple(records), envelope.total, tuple(problems))


def _envelope(body: bytes) -> _Envelope:
    if body.lstrip()[:1] == b"<":
        raise _not_a_page("it is a web page, most likely a check for robots")
    try:
        return _Envelope.model_validate(json.loads(body))
    except ValidationError as error:
        raise _not_a_page("it has no items and total") from error
    except (ValueError, RecursionError) as error:
        raise _not_a_page("it is not JSON") from error


def _not_a_page(reason: str) -> SourceError:
    return SourceError(
        f"The FBI's answer is not a page of its list: {reason}.",
        next_step="Try again later; the list in use is unchanged.",
    )


def _record(entry: object) -> Record | None:
    """One record, or None where the entry has nothing to know it by."""
    try:
        item = _Item.model_validate(entry)
    except ValidationError:
        return None
    uid = _uid(item)
    if not uid:
        return None
    return Record(
        id=uid,
        title=item.title,
        maker=item.maker,
        object_type=_object_type(item.category),
        materials=_values(_SEPARATOR_OR_COMMA.split(item.materials)),
        measurements=_values([item.measurements]),
        features=_values(_SEPARATOR.split(item.features)),
        period=item.period,
        # The reference number is the case's and stands on many objects; the agency's number is narrower.
        inventory_numbers=_values([item.id_in_agency, item.case_number]),
        description=item.description,
        status=Status.STOLEN,
        url=item.url,
        images=_values(_image_urls(item.images)),
        modified=item.modified,
        language="en",
    )


def _uid(item: _Item) -> str:
    """The record's own key; without one, the key at the end of its address."""
    if _UID.fullmatch(item.uid):
        return item.uid
    address = _PATH_ID.fullmatch(item.path_id or item.old_path_id)
    return address[1] if address else ""


def _object_type(slug: str) -> str:
    """Words for a category slug, in any of its spellings."""
    letters = re.sub(r"[^a-z]", "", slug.casefold())
    return _TYPES.get(letters) or re.sub(r"[-_,\s]+", " ", slug).strip()


def _image_urls(entries: list[Any]) -> Iterable[str]:
    for entry in entries[:_MAX_VALUES]:
        try:
            image = _Image.model_validate(entry)
        except ValidationError:
            continue
        yield image.original or image.large


def _values(parts: Iterable[str]) -> tuple[str, ...]:
    """Each part once, without those that say nothing."""
    texts = (_text(part, _MAX_LINE) for part in parts)
    return tuple(dict.fromkeys(text for text in texts if text))[:_MAX_VALUES]
