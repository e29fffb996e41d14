"""What the officer holds: an object, its declaration and its papers."""

import enum
from dataclasses import dataclass


@enum.unique
class PaperState(enum.StrEnum):
    """What the officer says about one paper."""

    PRESENT = "present"
    MISSING = "missing"
    CONFLICTING = "conflicting"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that came, or did not come, with the object."""

    kind: str
    state: PaperState


@dataclass(frozen=True, slots=True)
class Observation:
    """What the officer says about one indicator, by its id."""

    indicator: str
    met: bool


@dataclass(frozen=True, slots=True)
class Assay:
    """How much of an element, by its symbol in small letters, was read on the surface, in percent."""

    element: str
    percent: float


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Perceptual hashes of one photo.

    ``phash`` and ``dhash`` hold 64 bits each as 16 hexadecimal digits. A query carries eight of each, one per
    flip and turn, in the order of `fieldcheck.vision.fingerprint.ORIENTATIONS`; a reference carries one.
    """

    phash: tuple[str, ...]
    dhash: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """How the nearness that one model finds is read.

    Args:
        usual: that of the nearest photo of something else, among a thousand (cosine, -1 to 1).
        apart: how much nearer than that, and than every other record, a record must be to be possible by nearness; 2:
            never.
        points: what points in common add to nearness at most.
    """

    usual: float
    apart: float
    points: float


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a model makes of one photo that is looked for.

    Args:
        model: the model's key (`fieldcheck.vision.model.Model.key`).
        vectors: of every frame of the photo, one after another, ``dimension`` signed bytes each.
        dimension: numbers of one vector.
        scale: how nearness is read.
    """

    model: str
    vectors: bytes
    dimension: int
    scale: Scale


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of the item, hashed before anything touched it.

    ``why_not`` says in words why an unusable photo could not be checked and what to do about it. ``sight`` is what
    the photo shows, packed by `fieldcheck.vision.sight`, ``embedding`` what a model makes of it; both follow from the
    file and are kept nowhere.
    """

    file: str
    sha256: str = ""
    why_not: str = ""
    fingerprint: Fingerprint | None = None
    sight: bytes = b""
    embedding: Embedding | None = None

    @property
    def usable(self) -> bool:
        """Whether the photo could be compared at all."""
        return self.fingerprint is not None


@dataclass(frozen=True, slots=True)
class Item:
    """One object at the counter, after Object ID, with its declaration and papers.

    ``text`` is the free description; the named fields narrow it. Countries are ISO 3166-1 alpha-2 codes.
    ``declared`` is the goods text of the declaration, ``certificate`` what a paper says of the object that it is for.
    ``alike`` counts the other items of its shipment that are like it.
    """

    ref: str = ""
    text: str = ""
    object_type: str = ""
    title: str = ""
    maker: str = ""
    material: str = ""
    technique: str = ""
    period: str = ""
    size: str = ""
    inscription: str = ""
    feature: str = ""
    subject: str = ""
    culture: str = ""
    inventory_no: str = ""
    origin: str = ""
    declared: str = ""
    certificate: str = ""
    issued_by: str = ""
    hs: str = ""
    value: str = ""
    sent_from: str = ""
    sent_to: str = ""
    border: str = ""
    papers: tuple[Paper, ...] = ()
    observations: tuple[Observation, ...] = ()
    assays: tuple[Assay, ...] = ()
    photos: tuple[Photo, ...] = ()
    alike: int = 0

    @property
    def described(self) -> bool:
        """Whether any word at all describes the object itself."""
        return any(self.described_fields().values())

    def described_fields(self) -> dict[str, str]:
        """The fields that describe the object, by name, in the order in which they are asked."""
        names = (
            "text", "object_type", "title", "maker", "material", "technique", "period", "size",
            "inscription", "feature", "subject", "culture", "inventory_no",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
