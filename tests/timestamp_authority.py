"""A timestamp authority (RFC 3161) on this machine: it answers queries with tokens signed by its own certificate."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TIME = datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC)

_SHA256 = "2.16.840.1.101.3.4.2.1"
_ECDSA_SHA256 = "1.2.840.10045.4.3.2"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE, _DIGEST, _SIGNING_CERTIFICATE = (
    "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47",
)  # fmt: skip
_POLICY = "1.2.3.4.1"


@dataclass
class Authority:
    """A root certificate, a certificate for time stamping below it, and how to answer a query."""

    root: x509.Certificate
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    url: str = ""
    imprint: bytes = b""
    """Stamped in place of what is asked for, where it is set."""

    @classmethod
    def make(cls) -> "Authority":
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = _certificate("Test root", "Test root", root_key, root_key, is_root=True)
        return cls(root, _certificate("Test authority", "Test root", key, root_key, is_root=False), key)

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)

    def answer(self, query: bytes) -> bytes:
        """The response to a query (RFC 3161, 2.4.2)."""
        imprint, nonce = _asked(query)
        info = _sequence(
            _integer(1), _oid(_POLICY), _sequence(_algorithm(_SHA256), _der(0x04, self.imprint or imprint)),
            _integer(7), _der(0x18, TIME.strftime("%Y%m%d%H%M%SZ").encode()), nonce,
        )  # fmt: skip
        return _sequence(_sequence(_integer(0)), self._token(info))

    def _token(self, info: bytes) -> bytes:
        own = self.certificate.public_bytes(serialization.Encoding.DER)
        signing = _sequence(_sequence(_sequence(_der(0x04, hashlib.sha256(own).digest()))))
        attributes = sorted(
            _sequence(_oid(name), _der(0x31, value))
            for name, value in (
                (_CONTENT_TYPE, _oid(_TST_INFO)),
                (_DIGEST, _der(0x04, hashlib.sha256(info).digest())),
                (_SIGNING_CERTIFICATE, signing),
            )
        )
        signed = _der(0x31, *attributes)
        signer = _sequence(
            _integer(1),
            _sequence(self.certificate.issuer.public_bytes(), _integer(self.certificate.serial_number)),
            _algorithm(_SHA256),
            _der(0xA0, *attributes),
            _algorithm(_ECDSA_SHA256),
            _der(0x04, self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
        )
        data = _sequence(
            _integer(3),
            _der(0x31, _algorithm(_SHA256)),
            _sequence(_oid(_TST_INFO), _der(0xA0, _der(0x04, info))),
            _der(0xA0, own),
            _der(0x31, signer),
        )
        return _sequence(_oid(_SIGNED_DATA), _der(0xA0, data))


@contextmanager
def serve(authority: Authority) -> Iterator[Authority]:
    """Let an authority answer on 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, *, is_root: bool
) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    builder = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TIME - timedelta(days=30))
        .not_valid_after(TIME + timedelta(days=3_650))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    )
    if not is_root:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(signer, hashes.SHA256())


def _asked(query: bytes) -> tuple[bytes, bytes]:
    """The imprint of a query, and its nonce as DER; in a query of SHA-256 they follow one another."""
    start = query.index(b"\x04\x20") + 2
    nonce = query[start + 32 :]
    if nonce[0] != 0x02:
        raise ValueError("a query without a nonce")
    return query[start : start + 32], nonce[: 2 + nonce[1]]


def _der(tag: int, *parts: bytes) -> bytes:
    """One value in DER (X.690)."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(size)]) + size + body


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, *parts)


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    body = bytes([40 * first + second])
    for part in rest:
        digits = [part & 0x7F]
        while part := part >> 7:
            digits.append(part & 0x7F | 0x80)
        body += bytes(reversed(digits))
    return _der(0x06, body)


def _algorithm(dotted: str) -> bytes:
    return _sequence(_oid(dotted))
