"""What a delta file is made of: a header, then steps that each give the next pages of the new file.

A step copies pages of the old file, or unpacks new ones with pages of the old file as the dictionary (raw DEFLATE,
RFC 1951). Numbers are LEB128; a step's source is given from where the step before ended, because most go on there.
"""

import enum
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fieldcheck.errors import IntegrityError

PAGE = 4_096
"""Bytes of a page, as SQLite writes them."""

MOST_FRESH = 4
"""Pages that one step may unpack."""

MOST_DICTIONARY = 7
"""Pages of a step's dictionary: what DEFLATE still sees from every byte of the longest step."""

NEXT = 4
"""Bytes at the beginning of a page of an overflow chain that name the next one, big-endian; 0 after the last."""

RAW = -15
"""The window of zlib that stands for raw DEFLATE."""

_LARGEST_NEXT = 1 << 32
_MAGIC = b"fieldcheck delta 1\n"
_HEADER = struct.Struct("<19sQ32s")
_MOST_PACKED = MOST_FRESH * PAGE + 64
_LONGEST_NUMBER = 9
_KINDS = 4
_MORE = 0x80
"""LEB128's mark on a digit that others follow."""


@enum.unique
class Kind(enum.IntEnum):
    """How a step gives its pages."""

    COPY = 0
    """As they are in the old file."""
    MOVE = 1
    """As they are, but for the first four bytes, the number of the next page of an overflow chain: it moves along."""
    FRESH = 2
    """Unpacked."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the delta makes: the bytes of the new file and their SHA-256."""

    length: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """The next ``count`` pages; ``source`` is the first page copied, or the first of the dictionary.

    ``dictionary`` is the dictionary's number of pages and ``packed`` what is unpacked, both for `Kind.FRESH` alone.
    """

    kind: Kind
    count: int
    source: int
    dictionary: int = 0
    packed: bytes = b""


class Pages:
    """The pages of an open file, read as they are needed; zeros follow a file that ends within a page."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = stream.seek(0, os.SEEK_END)
        self.count = -(-self._size // PAGE)

    def read(self, first: int, count: int) -> bytes:
        """Read ``count`` pages.

        Raises:
            IntegrityError: the file has no such pages.
        """
        if first < 0 or first + count > self.count:
            raise damaged("it reads where the version in use has nothing")
        self._stream.seek(first * PAGE)
        content = self._stream.read(count * PAGE)
        if len(content) != min(count * PAGE, self._size - first * PAGE):
            raise damaged("the version in use became shorter while it was read")
        return content.ljust(count * PAGE, b"\0")


def write_header(stream: BinaryIO, header: Header) -> None:
    """Begin a delta."""
    stream.write(_HEADER.pack(_MAGIC, header.length, header.sha256))


def read_header(stream: BinaryIO) -> Header:
    """Read the beginning of a delta.

    Raises:
        IntegrityError: it is none.
    """
    begin = stream.read(_HEADER.size)
    if len(begin) != _HEADER.size or not begin.startswith(_MAGIC):
        raise damaged("it does not begin as one")
    _, length, sha256 = _HEADER.unpack(begin)
    return Header(length, sha256)


class StepWriter:
    """Writes steps one after the other."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._expected = 0

    def write(self, step: Step) -> None:
        """Write the next step."""
        ahead = step.source - self._expected
        parts = [_number(step.count * _KINDS + step.kind), _number(ahead * 2 if ahead >= 0 else -ahead * 2 - 1)]
        if step.kind is Kind.FRESH:
            parts += [_number(step.dictionary), _number(len(step.packed)), step.packed]
        else:
            self._expected = step.source + step.count
        self._stream.write(b"".join(parts))


def read_steps(stream: BinaryIO, pages: int) -> Iterator[Step]:
    """Read steps until they have given ``pages`` pages, never one that would give more.

    Raises:
        IntegrityError: they end early, are garbled, or go on afterwards.
    """
    expected = 0
    while pages:
        step = _read_step(stream, expected)
        if not 0 < step.count <= pages:
            raise damaged("it gives more than it declares")
        pages -= step.count
        if step.kind is not Kind.FRESH:
            expected = step.source + step.count
        yield step
    if stream.read(1):
        raise damaged("it goes on after its end")


def moved(block: bytes, shift: int) -> bytes:
    """Pages of overflow chains that lie ``shift`` pages further on; the last page of a chain names no next one."""
    pages = bytearray(block)
    for start in range(0, len(pages), PAGE):
        if following := int.from_bytes(pages[start : start + NEXT]):
            pages[start : start + NEXT] = ((following + shift) % _LARGEST_NEXT).to_bytes(NEXT)
    return bytes(pages)


def damaged(reason: str) -> IntegrityError:
    """Say that a delta cannot be used."""
    return IntegrityError(
        f"The update is damaged or not meant for the version in use: {reason}.",
        next_step="Take the whole list instead; the list in use is unchanged.",
    )


def _read_step(stream: BinaryIO, expected: int) -> Step:
    count, number = divmod(_read_number(stream), _KINDS)
    ahead = _read_number(stream)
    source = expected + (-(ahead + 1) // 2 if ahead & 1 else ahead // 2)
    try:
        kind = Kind(number)
    except ValueError as error:
        raise damaged("it has a step of an unknown kind") from error
    if kind is not Kind.FRESH:
        return Step(kind, count, source)
    dictionary, length = _read_number(stream), _read_number(stream)
    if count > MOST_FRESH or dictionary > MOST_DICTIONARY or length > _MOST_PACKED:
        raise damaged("a step is too large")
    packed = stream.read(length)
    if len(packed) != length:
        raise damaged("it ends in the middle")
    return Step(kind, count, source, dictionary, packed)


def _number(value: int) -> bytes:
    digits = bytearray()
    while value >= _MORE:
        digits.append(value % _MORE | _MORE)
        value >>= 7
    digits.append(value)
    return bytes(digits)


def _read_number(stream: BinaryIO) -> int:
    value = 0
    for place in range(_LONGEST_NUMBER):
        digit = stream.read(1)
        if not digit:
            raise damaged("it ends in the middle")
        value |= digit[0] % _MORE << 7 * place
        if digit[0] < _MORE:
            return value
    raise damaged("a number is too long")
