"""Reading the body of an answer, unpacked, without ever holding more of it than is allowed."""

import zlib
from collections.abc import Iterable

from fieldcheck.errors import SourceError
from fieldcheck.sync.failures import BusyError

_GZIP = zlib.MAX_WBITS | 16


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """Join and unpack a body.

    Args:
        chunks: the body as it comes in.
        encoding: the answer's Content-Encoding; only gzip and none at all are understood.
        max_bytes: the most that the unpacked body may hold; unpacking stops there, not after.

    Raises:
        BusyError: a packed body ends in the middle.
        SourceError: the body is too large, is packed in another way, or cannot be unpacked.
    """
    if encoding.casefold() in {"", "identity"}:
        return _join(chunks, max_bytes)
    if encoding.casefold() == "gzip":
        return _unpack(chunks, max_bytes)
    raise _unusable(f"is packed in a way that was not asked for ({encoding[:40]!r})")


def _join(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        _refuse_more(len(body), max_bytes)
    return bytes(body)


def _unpack(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    body = bytearray()
    try:
        for chunk in chunks:
            body += unpacker.decompress(chunk, max_bytes + 1 - len(body))
            _refuse_more(len(body), max_bytes)
    except zlib.error as error:
        raise _unusable("cannot be unpacked") from error
    if not unpacker.eof:
        raise BusyError("The publisher's answer ends in the middle.")
    return bytes(body)


def _refuse_more(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise _unusable(f"is larger than {max_bytes:,} bytes")


def _unusable(reason: str) -> SourceError:
    return SourceError(f"The publisher's answer {reason}.", next_step="Try again later; the list in use is unchanged.")
