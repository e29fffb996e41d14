"""The words that reports use for closed sets. None of them may clear an object or accuse a person."""

from fieldcheck.models import (
    Band,
    Channel,
    ControlledState,
    EvidenceKind,
    ListedState,
    PapersState,
    Status,
    Strength,
)
from fieldcheck.report.page import Tone

BANDS = {
    Band.HOLD_LISTED: "HOLD, looks like a listed object",
    Band.HOLD_CONTROL: "HOLD, a legal control applies and papers are missing or conflicting",
    Band.REFER: "REFER to an expert",
    Band.MORE_INFORMATION: "MORE INFORMATION NEEDED",
    Band.NO_INDICATION: "NO INDICATION IN THE DATA HELD",
}
NOT_CHECKED = "NOT CHECKED"

TONES = {Band.HOLD_LISTED: Tone.HOLD, Band.HOLD_CONTROL: Tone.HOLD, Band.REFER: Tone.REFER}

LISTED = {
    ListedState.STRONG: "Strong candidate",
    ListedState.POSSIBLE: "Possible candidate",
    ListedState.NONE_FOUND: "No record found",
    ListedState.NOT_CHECKED: "Not checked",
}
CONTROLLED = {
    ControlledState.CONTROLLED_HERE: "Controlled here",
    ControlledState.WATCH_LIST: "On a watch list",
    ControlledState.NOT_TYPICAL: "Not typical",
    ControlledState.UNKNOWN: "Unknown",
}
PAPERS = {
    PapersState.MISSING: "Missing",
    PapersState.CONFLICTING: "Conflicting",
    PapersState.PRESENT_UNVERIFIED: "Present, not verified",
    PapersState.VERIFIED: "Verified by the officer",
    PapersState.NOT_ASKED: "Not asked",
}

STRENGTHS = {Strength.STRONG: "strong", Strength.POSSIBLE: "possible", Strength.WEAK: "weak"}
CHANNELS = {Channel.PHOTO: "photo", Channel.TEXT: "description"}
STATUSES = {
    Status.STOLEN: "reported stolen",
    Status.MISSING: "reported missing",
    Status.DISPUTED: "disputed",
    Status.RECOVERED: "RECOVERED, no longer sought",
    Status.DELISTED: "DELISTED, no longer sought",
}

KINDS = {kind: kind.value.replace("_", " ") for kind in EvidenceKind}

RECORD_FIELDS = {
    "title": "Title",
    "maker": "Maker",
    "object_type": "Type of object",
    "materials": "Materials",
    "techniques": "Techniques",
    "measurements": "Measurements",
    "inscriptions": "Inscriptions",
    "features": "Features",
    "subject": "Subject",
    "period": "Date or period",
    "culture": "Culture",
    "origin": "Origin",
    "inventory_numbers": "Inventory no.",
    "description": "Description",
    "status": "Status",
    "stolen_on": "Stolen on",
    "stolen_from": "Stolen from",
    "reported_by": "Reported by",
    "contact": "Contact",
    "url": "Web page",
    "images": "Pictures",
    "modified": "Last changed",
    "language": "Language",
}
ITEM_FIELDS = {
    "ref": "Reference",
    "text": "Description",
    "object_type": "Type of object",
    "title": "Title",
    "maker": "Maker",
    "material": "Material",
    "technique": "Technique",
    "period": "Date or period",
    "size": "Size",
    "inscription": "Inscription",
    "feature": "Feature",
    "subject": "Subject",
    "culture": "Culture",
    "inventory_no": "Inventory no.",
    "origin": "Origin",
    "declared": "Declared as",
    "certificate": "Certificate says",
    "issued_by": "Issued by",
    "hs": "HS code",
    "value": "Value",
    "sent_from": "Sent from",
    "sent_to": "Sent to",
    "border": "Border",
}

COMPARED_FIELDS: dict[EvidenceKind, tuple[str, ...]] = {
    EvidenceKind.PHOTO: ("images",),
    EvidenceKind.INVENTORY_NUMBER: ("inventory_numbers",),
    EvidenceKind.MAKER: ("maker",),
    EvidenceKind.TITLE: ("title",),
    EvidenceKind.TYPE: ("object_type",),
    EvidenceKind.MATERIAL: ("materials", "techniques"),
    EvidenceKind.SUBJECT: ("subject",),
    EvidenceKind.CULTURE: ("culture",),
    EvidenceKind.SIZE: ("measurements",),
    EvidenceKind.DATE: ("period",),
    EvidenceKind.WORDS: ("description",),
}
"""The fields of a record that each kind of evidence looks at."""

UNVERIFIED = "the list marks this as not verified"

CLOSING = (
    "This report is made by a program for an officer, who decides. It proves neither identity nor ownership nor "
    "legality. Dates of lists and rules are as held on the day of the check."
)
"""How every document ends."""

BLANK = "_" * 28
"""What is not known, or is written in by hand."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})
"""Languages whose documents run from the right."""
