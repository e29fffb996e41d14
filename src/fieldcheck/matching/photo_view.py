"""One photo of the item beside one reference photo, and what the comparison showed."""

from dataclasses import dataclass

from fieldcheck.cache.opening import OpenList
from fieldcheck.cache.photo_store import StoredPhoto
from fieldcheck.models import Strength
from fieldcheck.vision.verify import Alignment

WORTH_A_LOOK = 6
"""Points that lie alike from which surfaces are compared as well."""


@dataclass(frozen=True, slots=True)
class View:
    """One photo of the item beside one reference photo.

    Args:
        opened: the reference's list.
        stored: the reference photo.
        strength: what the comparison is worth.
        likeness: how much they have in common before their places were compared, by the index.
        nearness: how near a model puts them to one another, -1 to 1; None where that is not known.
        closeness: what orders views that prove nothing: nearness, and what they have in common.
        alignment: how the one lies on the other, where surfaces agree as well.
        agreement: how well they do, -1 to 1.
        size: width and height of the item's photo and of the reference, as ``alignment`` measures them.
        is_mirrored: whether the item's photo was mirrored for this.
        is_copy: whether it is the very same file, or a copy by its hashes.
        is_near: whether nothing but the model makes it possible.
    """

    opened: OpenList
    stored: StoredPhoto
    strength: Strength
    likeness: float = 0.0
    nearness: float | None = None
    closeness: float = 0.0
    alignment: Alignment | None = None
    agreement: float = 0.0
    size: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (1, 1))
    is_mirrored: bool = False
    is_copy: bool = False
    is_near: bool = False

    @property
    def record(self) -> tuple[str, int]:
        """The list and row of the record."""
        return self.opened.id, self.stored.row

    def is_same_file(self, other: "View") -> bool:
        """Whether both are beside one reference photo, as two lists may name one object."""
        return self.stored.sha256 == other.stored.sha256

    @property
    def inliers(self) -> int:
        """Points that lie alike."""
        return self.alignment.inliers if self.alignment else 0
