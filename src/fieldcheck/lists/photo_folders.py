"""A folder of photos as items: by its sub-folders, by the names of its files, or each photo by itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

from fieldcheck.datafiles import load_toml
from fieldcheck.errors import InputError
from fieldcheck.lists.grouping import Grouping
from fieldcheck.models import Item, Photo

PHOTO_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".heic", ".heif"})
MAX_PHOTOS = 200_000

_SUFFIX = re.compile(
    r"(?P<stem>.*[^\s_.()-])[\s_.-]*(?:[\s_.-](?P<word>[^\W\d_]+)|[\s_.-](?P<number>\d)|\((?P<copy>\d)\))"
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class PhotoFolder:
    """The items of a folder in order, the sub-folders without a photo, and how many files are no photos."""

    items: tuple[Item, ...]
    empty: tuple[str, ...]
    passed_over: int


def read_folder(path: Path, grouping: Grouping = Grouping.NAME) -> PhotoFolder:
    """Put a folder's photos together as items; nothing hidden and no link is followed.

    By time, the photos that lie in no sub-folder are items of their own here: only their content says more.

    Raises:
        InputError: the folder cannot be read, has no photo, or has more than `MAX_PHOTOS`.
    """
    try:
        found = _Found(path)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.", next_step="Check the folder and its permissions."
        ) from error
    if not found.photos:
        raise InputError(
            f"{path} has no photo in it.",
            next_step=f"Name a folder with files that end in {', '.join(sorted(PHOTO_ENDINGS))}.",
        )
    if grouping is Grouping.NONE:
        groups = {_name(path, photo): [photo] for photo in found.photos}
    else:
        loose = [photo for photo in found.photos if photo.parent == path]
        groups = by_name(loose) if grouping is Grouping.NAME else {photo.name: [photo] for photo in loose}
        for photo in found.photos:
            if photo.parent != path:
                groups.setdefault(_name(path, photo.parent), []).append(photo)
    items = tuple(Item(ref=ref, photos=tuple(Photo(str(file)) for file in files)) for ref, files in groups.items())
    return PhotoFolder(items, tuple(found.empty), found.passed_over)


def by_name(photos: Sequence[Path]) -> dict[str, list[Path]]:
    """Photos of one folder, together where their names say that they are views of one object.

    ``box3_front`` and ``box3_back`` are two views, ``IMG_1234-1`` and ``IMG_1234-2`` too; ``IMG_1`` and ``IMG_2`` are
    two photos, and so are ``vase 1`` and ``vase 2``, which may be two vases. A photo that has no other view keeps the
    name of its file.
    """
    groups: dict[str, list[Path]] = {}
    for photo in photos:
        groups.setdefault(_stem(photo.stem).casefold(), []).append(photo)
    return {_stem(files[0].stem) if len(files) > 1 else files[0].name: files for files in groups.values()}


def _stem(name: str) -> str:
    """A file's name without what says which view it is."""
    name = normalize("NFC", name)
    while found := _SUFFIX.fullmatch(name):
        word, stem = found["word"], found["stem"]
        is_view = word.casefold() in _views() if word else bool(_DIGIT.search(stem)) or _ends_in_view(stem)
        if not is_view:
            break
        name = stem
    return name


def _ends_in_view(stem: str) -> bool:
    found = _SUFFIX.fullmatch(stem)
    return bool(found and found["word"] and found["word"].casefold() in _views())


@cache
def _views() -> frozenset[str]:
    """The words for a view of an object, in every language."""
    return frozenset(word for words in load_toml("photo_views.toml")["views"].values() for word in words)


class _Found:
    """What lies in a folder and below it."""

    def __init__(self, path: Path) -> None:
        self.photos: list[Path] = []
        self.empty: list[str] = []
        self.passed_over = 0
        self._root = path
        folders = [path]
        while folders:
            folders += self._look_into(folders.pop())

    def _look_into(self, folder: Path) -> list[Path]:
        """Take in what lies in a folder; returns the folders in it."""
        inside = list(_visible(folder))
        photos = [entry for entry in inside if _is_photo(entry)]
        folders = [entry for entry in inside if entry.is_dir()]
        self.photos += photos
        self.passed_over += len(inside) - len(photos) - len(folders)
        if len(self.photos) > MAX_PHOTOS:
            raise InputError(
                f"{self._root} has more than {MAX_PHOTOS:,} photos.", next_step="Divide it into several folders."
            )
        if not photos and not folders:
            self.empty.append(_name(self._root, folder))
        return folders


def _visible(folder: Path) -> Iterator[Path]:
    found = (entry for entry in folder.iterdir() if not entry.name.startswith(".") and not entry.is_symlink())
    yield from sorted(found, key=lambda entry: (entry.name.casefold(), entry.name))


def _is_photo(entry: Path) -> bool:
    return entry.suffix.lower() in PHOTO_ENDINGS and entry.is_file()


def _name(root: Path, path: Path) -> str:
    """A path below the root, spelt alike on every system."""
    return path.relative_to(root).as_posix()
