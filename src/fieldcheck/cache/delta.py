"""Deltas: what turns one version of a list file into another, byte for byte.

List files are SQLite files of pages of 4,096 bytes. What a photo needs lies mostly on overflow pages, whose first four
bytes name the next page of their chain; all else on them stays as it is when a row moves. So pages are found again by
what follows those four bytes, and the rest of the new file is packed with the old pages most like it as a dictionary.
"""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from fieldcheck.cache.delta_format import (
    PAGE,
    RAW,
    Header,
    Kind,
    Pages,
    Step,
    StepWriter,
    damaged,
    moved,
    read_header,
    read_steps,
    write_header,
)
from fieldcheck.files import sha256_of, storage_errors

_AT_ONCE = 256
"""Pages that are held in memory."""


def make_delta(old: Path, new: Path, out: Path) -> None:
    """Write at ``out`` what turns the file ``old`` into ``new``.

    The same two files always give the same delta, and it is tried before this returns. Memory is bounded by about a
    hundred bytes a page.

    Raises:
        IntegrityError: a file was changed in the meantime.
        StorageError: the delta cannot be written.
    """
    from fieldcheck.cache.delta_making import make_steps

    with storage_errors(out.parent), old.open("rb") as before:
        with new.open("rb") as after, out.open("wb") as stream:
            write_header(stream, Header(new.stat().st_size, bytes.fromhex(sha256_of(new))))
            writer = StepWriter(stream)
            for step in make_steps(Pages(before), Pages(after)):
                writer.write(step)
        with out.open("rb") as stream:
            for _ in _blocks(read_header(stream), stream, Pages(before)):
                pass


def apply_delta(old: Path, delta: Path, out: Path, *, max_bytes: int | None = None, sha256: str = "") -> None:
    """Write at ``out`` the file that ``delta`` makes of ``old``; nothing stays there if it cannot be made.

    Args:
        old: the version that there is.
        delta: what `make_delta` wrote, or anything else.
        out: where the new version is written; what was there is lost.
        max_bytes: the most that the new version may hold, where that is known.
        sha256: the SHA-256 that the new version must have, where that is known.

    Raises:
        IntegrityError: the delta is damaged, was made from another file, or makes another or a larger one.
        StorageError: the new version cannot be written.
    """
    with storage_errors(out.parent):
        try:
            with delta.open("rb") as stream, old.open("rb") as before, out.open("wb") as written:
                header = read_header(stream)
                _refuse(header, max_bytes, sha256)
                for block in _blocks(header, stream, Pages(before)):
                    written.write(block)
        except BaseException:
            with suppress(OSError):
                out.unlink(missing_ok=True)
            raise


def _refuse(header: Header, max_bytes: int | None, sha256: str) -> None:
    if max_bytes is not None and header.length > max_bytes:
        raise damaged("its result is larger than it may be")
    if sha256 and header.sha256.hex() != sha256:
        raise damaged("its result is another version")


def _blocks(header: Header, stream: BinaryIO, before: Pages) -> Iterator[bytes]:
    """The new file, in blocks of at most `_AT_ONCE` pages; raises at its end where it is not what was declared."""
    page, digest = 0, hashlib.sha256()
    for step in read_steps(stream, -(-header.length // PAGE)):
        given = _unpacked(step, before) if step.kind is Kind.FRESH else _copied(step, before, page)
        for pages in given:
            block = pages[: header.length - page * PAGE]
            digest.update(block)
            yield block
            page += len(pages) // PAGE
    if digest.digest() != header.sha256:
        raise damaged("its result is not what it declares")


def _copied(step: Step, before: Pages, page: int) -> Iterator[bytes]:
    shift = page - step.source if step.kind is Kind.MOVE else 0
    for done in range(0, step.count, _AT_ONCE):
        block = before.read(step.source + done, min(_AT_ONCE, step.count - done))
        yield moved(block, shift) if shift else block


def _unpacked(step: Step, before: Pages) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(RAW, zdict=before.read(step.source, step.dictionary))
    try:
        block = unpacker.decompress(step.packed, step.count * PAGE)
    except zlib.error as error:
        raise damaged("pages cannot be unpacked") from error
    if len(block) != step.count * PAGE:
        raise damaged("pages are missing")
    yield block
