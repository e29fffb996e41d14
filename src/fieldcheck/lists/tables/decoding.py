"""Text out of a file of unknown encoding, compressed or not.

A file is read once in full before its first row is given, so that a damaged archive, a bomb or a byte that
does not fit the encoding is known before anything is imported.
"""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

from fieldcheck.errors import InputError
from fieldcheck.lists.tables.kinds import encoding_by_mark, looks_binary, other_kind
from fieldcheck.lists.tables.model import MAX_BYTES

_BLOCK = 1 << 20
_SAMPLE = 200_000
_RATIO = 500
_RATIO_FROM = 100 * 1024**2

# Lines with a byte above 127: only they tell one encoding from another.
_TELLING = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_CYRILLIC_RUN = re.compile(rb"[\xa5\xa8\xaa\xaf\xb2-\xb4\xb8\xba\xbf\xc0-\xff]{2,}")
# In Windows-1252 these are signs and rare capitals, which do not stand inside a word.
_SIGN_IN_WORD = re.compile(
    rb"[A-Za-z][\x80-\x90\x95-\x99\x9b\x9d\xa1-\xa9\xab\xac\xae-\xb6\xb8\xb9\xbb-\xbf](?=[A-Za-z])"
)
_CYRILLIC_VOWELS = frozenset("оаеиі")
_LEAST_VOWELS = 0.25
_IN_RUNS_CYRILLIC = 0.7
_IN_RUNS_WESTERN = 0.3
_MOST_SIGNS = 0.05
_NAMES = {"cp1252": "Windows-1252 (Western European)", "cp1251": "Windows-1251 (Cyrillic)"}


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file whose encoding is known; ``notes`` say what was assumed."""

    path: Path
    encoding: str
    notes: tuple[str, ...] = ()

    def open(self) -> TextIO:
        """Open the text, line ends as they are."""
        if is_compressed(self.path):
            return cast("TextIO", gzip.open(self.path, "rt", encoding=self.encoding, newline=""))
        return self.path.open(encoding=self.encoding, newline="")


def is_compressed(path: Path) -> bool:
    """Whether the file's name says that it is compressed."""
    return path.suffix.lower() == ".gz"


def text_file(path: Path, encoding: str = "") -> TextFile:
    """Find out how a file is encoded; ``encoding`` overrides what would be found.

    Raises:
        InputError: the file is of another kind, damaged or too large, or its encoding cannot be told.
    """
    head = next(_blocks(path), b"")
    if kind := other_kind(head):
        raise InputError(
            f"{path} is not a table: it seems to be {kind}.",
            next_step="Check the file; if its name has the wrong ending, rename it.",
        )
    if codec := _checked(encoding) or encoding_by_mark(head):
        if line := _first_misfit(path, codec):
            raise InputError(
                f"{path}, line {line}: the text is not {codec}.",
                next_step="Give the right encoding with --encoding, for example --encoding cp1252.",
            )
        return TextFile(path, codec)
    if looks_binary(head[:4096]):
        raise InputError(
            f"{path} is not a table: it seems to be binary data, or UTF-16 without its mark.",
            next_step="Check the file; if it is text, give its encoding, for example --encoding utf-16-le.",
        )
    line = _first_misfit(path, "utf-8")
    return _legacy(path, line) if line else TextFile(path, "utf-8")


def _checked(encoding: str) -> str:
    """Return the name of an encoding of text, UTF-8 with or without its mark."""
    if not encoding:
        return ""
    try:
        "a".encode(encoding).decode(encoding)
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise InputError(
            f"{encoding[:40]!r} is no encoding of text.",
            next_step="Use a name such as utf-8, utf-16, cp1252 (Western European) or cp1251 (Cyrillic).",
        ) from error
    return "utf-8-sig" if name == "utf-8" else name


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, decompressed."""
    total = 0
    try:
        most = MAX_BYTES
        if is_compressed(path):
            most = min(MAX_BYTES, max(_RATIO_FROM, path.stat().st_size * _RATIO))
        with gzip.open(path) if is_compressed(path) else path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                total += len(block)
                if total > most:
                    raise InputError(
                        f"{path} holds more than {most // 1024**2} MB of text.",
                        next_step="Check that this is the right file; import a larger list in parts.",
                    )
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path} is damaged: {error}.", next_step="Copy or download the file again.") from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.",
            next_step="Check the path and the permissions of the file.",
        ) from error


def _first_misfit(path: Path, codec: str) -> int:
    """Return the line of the first byte that does not fit an encoding, or 0."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    for block in _blocks(path):
        try:
            decoder.decode(block)
        except UnicodeError as error:
            return line + block[: getattr(error, "start", 0)].count(b"\n")
        line += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return line
    return 0


def _legacy(path: Path, line: int) -> TextFile:
    codec = _guess(_sample(path))
    if codec not in _NAMES:
        raise InputError(
            f"{path}, line {line}: the text is not UTF-8, and its encoding cannot be told.",
            next_step="Give the encoding with --encoding, for example cp1250, cp1256 or koi8-r, "
            "or save the file as UTF-8.",
        )
    note = (
        f"The file is not UTF-8 (line {line}). It was read as {_NAMES[codec]}; if words look wrong, "
        "give the encoding with --encoding."
    )
    return TextFile(path, codec, (note,))


def _sample(path: Path) -> bytes:
    sample = bytearray()
    for block in _blocks(path):
        for line in _TELLING.finditer(block):
            sample += line[0] + b"\n"
            if len(sample) > _SAMPLE:
                return bytes(sample[:_SAMPLE])
    return bytes(sample)


def _guess(sample: bytes) -> str:
    """Return the one of two encodings that the sample certainly looks like, or nothing.

    Cyrillic words are runs of bytes above 127, a third of them the commonest vowels; Western words have
    single ones.
    """
    high = sum(byte > 127 for byte in sample)  # noqa: PLR2004 - the end of ASCII
    in_runs = sum(len(run) for run in _CYRILLIC_RUN.findall(sample)) / high
    if in_runs >= _IN_RUNS_CYRILLIC:
        letters = [letter for letter in sample.decode("cp1251", "ignore").casefold() if "а" <= letter <= "ґ"]
        vowels = sum(letter in _CYRILLIC_VOWELS for letter in letters)
        return "cp1251" if vowels >= _LEAST_VOWELS * len(letters) else ""
    if in_runs > _IN_RUNS_WESTERN or len(_SIGN_IN_WORD.findall(sample)) > _MOST_SIGNS * high:
        return ""
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return "cp1252"
