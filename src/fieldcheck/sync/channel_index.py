"""What a channel says of each list: ``lists/<list>/index.json``, small, signed, and read before anything large is."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fieldcheck.cache.info import ListInfo
from fieldcheck.cache.schema import SCHEMA_VERSION
from fieldcheck.errors import IntegrityError
from fieldcheck.lists.interface import ListId

MOST_BYTES = 65_536
_Words = Annotated[str, Field(max_length=4_000)]
_Day = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2}(T[0-9:]{5,8}Z?)?)?$")]
_Version = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
_Count = Annotated[int, Field(ge=0, le=100_000_000)]
_Length = Annotated[int, Field(gt=0, le=1 << 40)]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_ModelKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}-[0-9a-f]{12}$")]


class DeltaIndex(BaseModel):
    """A delta to this version from an earlier one; ``target`` is its path in the channel, ``length`` in bytes."""

    model_config = ConfigDict(frozen=True)

    from_version: _Version
    target: Annotated[str, Field(pattern=r"^deltas/[a-z0-9_-]+/[0-9a-f]{16}-[0-9a-f]{16}\.delta$")]
    length: _Length


class VectorsIndex(BaseModel):
    """The vectors of this version's photos that a model made; ``model`` is its key, ``length`` in bytes."""

    model_config = ConfigDict(frozen=True)

    model: _ModelKey
    length: _Length
    sha256: _Sha256


class ListIndex(BaseModel):
    """One list of a channel, and the version of it that is given out now.

    ``sha256`` and ``length`` are those of the list file; ``min_records`` is the least that a version may hold. Fields
    that are not known here are passed over, so that a later publisher may say more, and what has a default may be left
    out, so that an earlier one may say less.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: ListId
    name: _Words
    publisher: _Words = ""
    licence: _Words = ""
    terms: _Words = ""
    url: _Words = ""
    published: _Day = ""
    packaged: _Day = ""
    version: _Version
    schema_version: int
    length: _Length
    sha256: _Sha256
    records: _Count
    photos: _Count
    min_records: _Count = 1
    deltas: Annotated[tuple[DeltaIndex, ...], Field(max_length=20)] = ()
    vectors: Annotated[tuple[VectorsIndex, ...], Field(max_length=20)] = ()

    @property
    def info(self) -> ListInfo:
        """What the cache keeps of the list."""
        return ListInfo(
            self.id, self.name, self.publisher, self.licence, self.terms, self.url, self.published, self.packaged
        )

    @property
    def file(self) -> str:
        """The path of the list file in the channel."""
        return file_path(self.id, self.version)


def index_path(list_id: str) -> str:
    """The path of a list's index in a channel."""
    return f"lists/{list_id}/index.json"


def file_path(list_id: str, version: str) -> str:
    """The path of a list file in a channel."""
    return f"lists/{list_id}/{version}.db"


def given_out_as(path: str, sha256: str) -> tuple[str, ...]:
    """The parts of the path below ``targets`` by which a channel gives out a file: its name begins with its SHA-256."""
    *folders, name = path.split("/")
    return (*folders, f"{sha256}.{name}")


def delta_path(list_id: str, before: str, after: str) -> str:
    """The path of a delta in a channel."""
    return f"deltas/{list_id}/{before}-{after}.delta"


def vectors_path(list_id: str, version: str, model: str) -> str:
    """The path of the vectors that a model, given by its key, made of a version's photos in a channel."""
    return f"vectors/{list_id}/{version}-{model}.vectors"


def read_index(content: bytes, list_id: str) -> ListIndex:
    """Read the index of a list.

    Raises:
        IntegrityError: it is none, is another list's, or is of a list that this version of the program cannot read.
    """
    try:
        index = ListIndex.model_validate_json(content)
    except ValidationError as error:
        raise IntegrityError(
            f"The index of {list_id} cannot be read: {error.errors()[0]['msg']}.",
            next_step="Tell the publisher; an update of fieldcheck may be needed. The list in use is unchanged.",
        ) from error
    if index.id != list_id:
        raise IntegrityError(
            f"The index of {list_id} is that of {index.id}.",
            next_step="Tell the publisher; the list in use is unchanged.",
        )
    if index.schema_version != SCHEMA_VERSION:
        raise IntegrityError(
            f"{list_id} was made for another version of fieldcheck.",
            next_step="Update fieldcheck, or ask the publisher to; the list in use is unchanged.",
        )
    return index
