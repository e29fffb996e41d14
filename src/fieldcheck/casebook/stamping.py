"""Timestamps (RFC 3161): an authority outside of the device says when the head of the log was what it is.

Needs the extra ``timestamp``. What an authority signs is the SHA-256 that reports print as the head.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from fieldcheck.cache.latest_time import in_utc
from fieldcheck.casebook.entry import Entry, Kind
from fieldcheck.casebook.head import Head
from fieldcheck.casebook.log import Casebook
from fieldcheck.casebook.verifying import Finding, Outcome, Stamp
from fieldcheck.errors import InputError, NotFoundError, SourceError, UsageError
from fieldcheck.sync.hosts import declared_hosts

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

    from fieldcheck.sync.fetch import Fetcher

MOST_BYTES = 1_000_000

_QUERY = "application/timestamp-query"
_REPLY = "application/timestamp-reply"


def stamp(book: Casebook, url: str, roots: Sequence[x509.Certificate], fetcher: "Fetcher") -> tuple[Head, str]:
    """Have an authority stamp the head, verify its answer, and log it.

    Returns:
        The head that was stamped, and the authority's time (ISO 8601, UTC).

    Raises:
        UsageError: the extra is not installed, or the address is not one of https.
        NotFoundError: nothing was logged yet.
        SourceError: the authority did not answer, or with something else than a timestamp of this head.
    """
    _need_extra()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    from fieldcheck.sync.fetch import Wanted

    last = book.store.last()
    if last is None:
        raise NotFoundError("The casebook is empty.", next_step="Log a check with `fieldcheck check … --case REF`.")
    query = TimestampRequestBuilder().data(last.link).hash_algorithm(HashAlgorithm.SHA256)
    request = query.cert_request(cert_request=True).nonce(nonce=True).build()
    wanted = Wanted(types=frozenset({_REPLY}), max_bytes=MOST_BYTES)
    answer = fetcher.post(url, request.as_bytes(), _QUERY, declared_hosts([_origin(url)]), wanted)
    response = _decoded(answer)
    if response is None or not _is_issued(response, last.hash, roots, request.nonce):
        raise SourceError(
            "The answer is no timestamp of this casebook by an authority that you trust. Nothing was logged.",
            next_step="Give the authority's own root certificate with --tsa-root, or ask another authority.",
        )
    at = _time(response)
    _log(book, last, url, at, answer)
    return last.head, at


def read_roots(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file.

    Raises:
        InputError: it cannot be read, or holds none.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} holds no certificate that can be read: {error}.", next_step="Give a file in PEM format."
        ) from error


def judge_stamps(outcome: Outcome, roots: Sequence[x509.Certificate]) -> tuple[str, ...]:
    """Verify the timestamps of a log, adding to the outcome's findings; says what each one shows."""
    if outcome.stamps and find_spec("rfc3161_client") is None:
        return (f"Timestamps were not verified ({len(outcome.stamps):,}): install fieldcheck[timestamp].",)
    return tuple(_judged(outcome, roots))


def _judged(outcome: Outcome, roots: Sequence[x509.Certificate]) -> Iterator[str]:
    for entry in outcome.stamps:
        response = _decoded(_token(entry))
        if response is None or not _is_of(response, entry.hash):
            outcome.findings.append(Finding(entry.seq, "its timestamp is not that of the entry that it names"))
        elif not roots:
            yield f"The timestamp in entry {entry.seq} says {_time(response)}. Who gave it: add --tsa-root FILE."
        elif _is_issued(response, entry.hash, roots):
            yield f"The timestamp in entry {entry.seq} says {_time(response)}, by the authority that you trust."
        else:
            outcome.findings.append(Finding(entry.seq, "its timestamp is not by the authority that you trust"))


def _log(book: Casebook, stamped: Entry, url: str, at: str, answer: bytes) -> None:
    token = base64.b64encode(answer).decode()
    said = {"action": f"timestamp of entry {stamped.seq}: {at}", "stamped": stamped.seq, "tsa": url, "token": token}
    book.add(Kind.TIMESTAMP, "", said)


def _is_of(response: "TimeStampResponse", head: str) -> bool:
    return response.tst_info.message_imprint.message.hex() == head


def _is_issued(
    response: "TimeStampResponse", head: str, roots: Sequence[x509.Certificate], nonce: int | None = None
) -> bool:
    """Whether an authority below these roots stamped this head."""
    from rfc3161_client import VerificationError, VerifierBuilder

    try:
        return VerifierBuilder(roots=list(roots), nonce=nonce).build().verify(response, bytes.fromhex(head))
    except (VerificationError, ValueError, AssertionError):
        return False


def _decoded(answer: bytes) -> "TimeStampResponse | None":
    """A timestamp that was granted, or None."""
    from rfc3161_client import decode_timestamp_response

    try:
        response = decode_timestamp_response(answer)
        _time(response)
    except (ValueError, TypeError):
        return None
    return response


def _token(stamp_entry: Stamp) -> bytes:
    try:
        return base64.b64decode(str(stamp_entry.said.get("token")), validate=True)
    except (ValueError, binascii.Error):
        return b""


def _time(response: "TimeStampResponse") -> str:
    return in_utc(response.tst_info.gen_time)


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme not in {"https", "http"} or not rest:
        raise UsageError(f"{url[:100]!r} is no address.", next_step="Write it as https://tsa.example.org/tsr.")
    return f"{scheme}://{rest.partition('/')[0]}"


def _need_extra() -> None:
    if find_spec("rfc3161_client") is None:
        raise UsageError(
            "Timestamps need the extra `timestamp`.", next_step="Install it with: pip install 'fieldcheck[timestamp]'."
        )
