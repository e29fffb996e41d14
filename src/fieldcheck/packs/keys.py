"""Keys: ed25519 pairs, the private half sealed with a passphrase.

``NAME.key.json`` stays with its holder; ``NAME.pub.json`` goes to whoever prepares the root. A passphrase is
stretched with scrypt (RFC 7914), the key sealed with ChaCha20-Poly1305 (RFC 8439).
"""

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError
from securesystemslib.signer import CryptoSigner, Key, SSlibKey

from fieldcheck.errors import InputError, IntegrityError, UsageError
from fieldcheck.files import write_whole

SHORTEST_PASSPHRASE = 12
PRIVATE_SUFFIX = ".key.json"
PUBLIC_SUFFIX = ".pub.json"
SCRYPT_N = 1 << 17
"""Cost of trying one passphrase: 128 MiB of memory and about half a second."""

_SCRYPT_R = 8
_MOST_MEMORY = 1 << 30
_MOST_BYTES = 20_000
_KEY_BYTES = 32
_NONCE_BYTES = 12


class _Sealed(BaseModel):
    """A private key as it is kept; ``public`` is sealed with it, so that it cannot be swapped."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public: dict[str, object]
    scrypt_n: Annotated[int, Field(ge=1 << 10, le=1 << 19)]
    salt: Base64Bytes
    nonce: Base64Bytes
    sealed: Base64Bytes


def create_key(folder: Path, name: str, passphrase: str, scrypt_n: int = SCRYPT_N) -> Path:
    """Make a key pair and write both halves.

    Returns:
        The file of the public half.

    Raises:
        UsageError: a file of that name is there, or the passphrase is too short.
        StorageError: the folder cannot be written.
    """
    private, public = folder / f"{name}{PRIVATE_SUFFIX}", folder / f"{name}{PUBLIC_SUFFIX}"
    for path in (private, public):
        if path.exists():
            raise UsageError(f"{path} is there already.", next_step="Give the key another name, or another --out.")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UsageError(
            f"The passphrase has fewer than {SHORTEST_PASSPHRASE} characters.",
            next_step="Use several words, and write them down where only the key's holder can read them.",
        )
    key = Ed25519PrivateKey.generate()
    half = SSlibKey.from_crypto(key.public_key())
    said = {"keyid": half.keyid, **half.to_dict()}
    write_whole(private, json.dumps(_seal(key.private_bytes_raw(), said, passphrase, scrypt_n), indent=1).encode())
    write_whole(public, json.dumps(said, indent=1).encode())
    return public


def load_signer(path: Path, passphrase: str) -> CryptoSigner:
    """Open a private key.

    Raises:
        InputError: the file is no private key.
        IntegrityError: the passphrase is not the key's, or the file was changed.
    """
    try:
        kept = _Sealed.model_validate_json(_read(path))
    except ValidationError as error:
        raise _no_key(path, PRIVATE_SUFFIX) from error
    cipher = ChaCha20Poly1305(_stretched(passphrase, kept.salt, kept.scrypt_n))
    try:
        raw = cipher.decrypt(kept.nonce, kept.sealed, _canonical(kept.public))
    except (InvalidTag, ValueError) as error:
        raise IntegrityError(
            f"{path.name} does not open with this passphrase.",
            next_step="Type the passphrase again; without it nobody can open the key.",
        ) from error
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(raw), _public(kept.public, path))


def read_public(path: Path) -> SSlibKey:
    """Read a public key.

    Raises:
        InputError: the file is no public key.
    """
    try:
        said = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise _no_key(path, PUBLIC_SUFFIX) from error
    return _public(said, path)


def _public(said: object, path: Path) -> SSlibKey:
    try:
        if not isinstance(said, dict):
            raise _no_key(path, PUBLIC_SUFFIX)
        rest = dict(said)
        key = Key.from_dict(rest.pop("keyid"), rest)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_key(path, PUBLIC_SUFFIX) from error
    if not isinstance(key, SSlibKey) or key.keytype != "ed25519":
        raise _no_key(path, PUBLIC_SUFFIX)
    return key


def _seal(raw: bytes, said: dict[str, object], passphrase: str, scrypt_n: int) -> dict[str, object]:
    salt, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
    sealed = ChaCha20Poly1305(_stretched(passphrase, salt, scrypt_n)).encrypt(nonce, raw, _canonical(said))
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return {
        "public": said,
        "scrypt_n": scrypt_n,
        **{name: base64.b64encode(value).decode() for name, value in parts.items()},
    }


def _stretched(passphrase: str, salt: bytes, scrypt_n: int) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, n=scrypt_n, r=_SCRYPT_R, p=1, maxmem=_MOST_MEMORY, dklen=_KEY_BYTES
    )


def _canonical(said: dict[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True).encode()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_MOST_BYTES)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.", next_step="Name the key's file."
        ) from error


def _no_key(path: Path, suffix: str) -> InputError:
    kind = "private" if suffix == PRIVATE_SUFFIX else "public"
    return InputError(f"{path} is no {kind} key.", next_step=f"Name a file that ends with {suffix}.")
