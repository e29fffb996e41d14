"""Carrying ready list files from one computer to another, in a folder such as a stick, where nobody signed them.

The folder holds ``fieldcheck-lists.json``, which names each file with its SHA-256, and the files below ``lists/``; what
a photo model made of a list's photos goes along where it is held. The hash tells whether a file was damaged on the
way. It does not tell who made it: whoever had the stick could change both.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fieldcheck.cache.build import Built
from fieldcheck.cache.info import Installed
from fieldcheck.cache.photo_vectors import VECTORS_SUFFIX, vectors_beside, vectors_path
from fieldcheck.cache.pointer import lists_folder, version_path
from fieldcheck.cache.vectors_brought import put_beside, wanted_vectors
from fieldcheck.cache.versions import AT_ONCE, Manner, incoming_folder, install
from fieldcheck.cache.vetting import vet
from fieldcheck.errors import IntegrityError
from fieldcheck.files import blocks_of, sha256_of, storage_errors, write_hashed, write_whole
from fieldcheck.vision.model import Model

MANIFEST_NAME = "fieldcheck-lists.json"
MOST_LISTS = 1_000
_MOST_BYTES = 1_000_000
_FORMAT = 1
_MOST_MODELS = 20
_PATTERNS = {
    "id": re.compile(r"[a-z0-9][a-z0-9_-]{0,39}"),
    "version": re.compile(r"[0-9a-f]{16}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "model": re.compile(r"[a-z0-9][a-z0-9_-]{0,39}-[0-9a-f]{12}"),
}


@dataclass(frozen=True, slots=True)
class CarriedVectors:
    """What a model, named by its key, made of a list's photos."""

    model: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Carried:
    """One list in the folder, as its manifest names it."""

    id: str
    version: str
    sha256: str
    vectors: tuple[CarriedVectors, ...] = ()

    @property
    def file(self) -> str:
        """Where its file is in the folder; never taken from the manifest, so that it cannot be elsewhere."""
        return f"lists/{self.id}-{self.version}.db"

    def vectors_file(self, model: str) -> str:
        """Where the vectors are in the folder that the model of that key made."""
        return f"lists/{self.id}-{self.version}.{model}{VECTORS_SUFFIX}"


def pack_up(home: Path, lists: Iterable[Installed], folder: Path) -> tuple[Carried, ...]:
    """Copy the versions in use to a folder, and write what it holds last; a manifest there before is replaced.

    Raises:
        IntegrityError: a list file here is missing or was changed.
        StorageError: the folder cannot be written.
    """
    packed = tuple(_copy_out(home, installed, folder) for installed in lists)
    content = {"format": _FORMAT, "lists": [asdict(entry) for entry in packed]}
    write_whole(folder / MANIFEST_NAME, json.dumps(content, indent=1).encode())
    return packed


def is_carried(folder: Path) -> bool:
    """Whether a folder has lists that were packed up like this."""
    return (folder / MANIFEST_NAME).is_file()


def read_manifest(folder: Path) -> tuple[Carried, ...]:
    """What a folder says that it holds.

    Raises:
        IntegrityError: the manifest cannot be read, or is none.
    """
    try:
        with (folder / MANIFEST_NAME).open("rb") as file:
            content = json.loads(file.read(_MOST_BYTES))
        return tuple(_entries(content))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IntegrityError(
            f"{folder / MANIFEST_NAME} cannot be read: {error}.",
            next_step="Copy the lists again with `fieldcheck lists export`; the lists in use are unchanged.",
        ) from error


def unpack(
    home: Path, folder: Path, carried: Carried, guard: Callable[[Built], None], manner: Manner = AT_ONCE
) -> Installed | None:
    """Copy a list from a folder, look at the whole copy, and put it in use; the caller holds `change_lock`.

    ``guard`` is told what is in it, and may raise.

    Returns:
        The version, or None when it is in use already.

    Raises:
        IntegrityError: the file is not the one that was packed up, or is no list file that may be used.
        TurnedDownError: the version was rolled back from here.
        StorageError: the copy cannot be written.
    """
    source = folder / carried.file
    copied = incoming_folder(home, carried.id) / source.name
    try:
        # Copied first and looked at then: what is on a stick may change while it is looked at.
        if write_hashed(_read_out(source), copied) != carried.sha256:
            raise _another(source)
        info, built = vet(copied)
        if (info.id, built.version) != (carried.id, carried.version):
            raise _another(source)
        guard(built)

        def build(path: Path) -> Built:
            copied.replace(path)
            return built

        return install(home, info, build, manner)
    finally:
        with suppress(OSError):
            copied.unlink(missing_ok=True)


def unpack_vectors(home: Path, folder: Path, carried: Carried, model: Model) -> None:
    """Take from a folder what a model made of a list's photos, where that is wanted; the caller holds `change_lock`.

    Raises:
        IntegrityError: it is not what was packed up, or is not of these photos.
        StorageError: the copy cannot be written.
    """
    entry = next((entry for entry in carried.vectors if entry.model == model.key), None)
    list_file = lists_folder(home) / carried.id / f"{carried.version}.db"
    header = wanted_vectors(list_file, model) if entry else None
    if entry is None or header is None:
        return
    source = folder / carried.vectors_file(model.key)
    copied = incoming_folder(home, carried.id) / source.name
    try:
        if write_hashed(_read_out(source), copied) != entry.sha256:
            raise _another(source)
        put_beside(list_file, header, copied)
    finally:
        with suppress(OSError):
            copied.unlink(missing_ok=True)


def _copy_out(home: Path, installed: Installed, folder: Path) -> Carried:
    carried = Carried(installed.info.id, installed.version, installed.sha256)
    list_file = version_path(home, installed)
    copy_to_stick(list_file, folder / carried.file, installed.sha256)
    made = tuple(CarriedVectors(model, sha256_of(path)) for model, path in vectors_beside(list_file))
    for entry in made:
        copy_to_stick(vectors_path(list_file, entry.model), folder / carried.vectors_file(entry.model), entry.sha256)
    return replace(carried, vectors=made)


def copy_to_stick(source: Path, target: Path, sha256: str) -> None:
    """Copy a list file, so that ``target`` is there whole or not at all.

    Raises:
        IntegrityError: the file here is missing or is not the one of that SHA-256.
        StorageError: it cannot be written there.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        if write_hashed(_read_out(source), partial) != sha256:
            raise IntegrityError(
                f"{source} is not the file that was put in use; it was not copied.",
                next_step="Sync or import this list again.",
            )
        with storage_errors(target.parent):
            partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _read_out(source: Path) -> Iterator[bytes]:
    try:
        if not source.is_file():
            raise IntegrityError(f"{source} is missing.", next_step=_AGAIN)
        yield from blocks_of(source)
    except OSError as error:
        raise IntegrityError(
            f"{source} ceased to be readable ({error.strerror or error}).",
            next_step="If it is on a stick, put it in again; then repeat the command. The lists in use are unchanged.",
        ) from error


def _entries(content: dict[str, Any]) -> Iterator[Carried]:
    if content["format"] != _FORMAT or len(content["lists"]) > MOST_LISTS:
        raise ValueError("it is of another kind")
    for entry in content["lists"]:
        vectors = entry.get("vectors", ())
        if len(vectors) > _MOST_MODELS:
            raise ValueError("it has too many vectors")
        made = tuple(CarriedVectors(**_checked(said, "model", "sha256")) for said in vectors)
        yield Carried(**_checked(entry, "id", "version", "sha256"), vectors=made)


def _checked(entry: dict[str, Any], *names: str) -> dict[str, str]:
    """What an entry says, as far as it is known here."""
    said = {name: str(entry[name]) for name in names}
    for name, text in said.items():
        if not _PATTERNS[name].fullmatch(text):
            raise ValueError(f"its {name} is not valid")
    return said


_AGAIN = "Copy the lists again with `fieldcheck lists export`; the lists in use are unchanged."


def _another(source: Path) -> IntegrityError:
    return IntegrityError(f"{source} is not the file that was packed up.", next_step=_AGAIN)
