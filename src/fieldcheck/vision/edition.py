"""Which reader read a photo: two readings of one file are alike only where all that took part was the same."""

import hashlib
from importlib.metadata import PackageNotFoundError, version

from fieldcheck.datafiles import data_folder

READING = 1
"""Counted up with every change of what is read from a reference photo or how it is packed."""

_LIBRARIES = ("opencv-python-headless", "pillow", "pillow-heif", "numpy", "imagehash", "scipy")


def reader_edition() -> str:
    """The reader's own version, the libraries', and the vocabulary's, as one line."""
    vocabulary = hashlib.sha256((data_folder() / "vision" / "vocabulary.toml").read_bytes()).hexdigest()
    parts = [f"reading {READING}", *(f"{name} {_version(name)}" for name in _LIBRARIES), f"vocabulary {vocabulary}"]
    return ", ".join(parts)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
