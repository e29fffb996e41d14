"""The device's key: an Ed25519 key pair (RFC 8032) in the data folder, made on first use.

A key's name is the public key itself in hexadecimal, so that a signature can be verified from the log alone.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldcheck.errors import IntegrityError
from fieldcheck.files import flush_folder, storage_errors

KEY_NAME = "casebook-key.pem"
NEXT_KEY_NAME = "casebook-key-next.pem"

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A private key that can sign."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public key, 32 bytes in hexadecimal."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The signature, 64 bytes in hexadecimal."""
        return self.private.sign(message).hex()


def make_key(path: Path) -> DeviceKey:
    """Make a key and keep it at ``path``, readable by its owner only where the system knows owners.

    Raises:
        StorageError: it cannot be written.
    """
    key = DeviceKey(Ed25519PrivateKey.generate())
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with storage_errors(path.parent):
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _OWNER_ONLY)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise
        flush_folder(path.parent)
    return key


def read_key(path: Path) -> DeviceKey | None:
    """The key at ``path``, or None where there is no such file.

    Raises:
        IntegrityError: the file is there and is no such key.
    """
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise _no_key(path) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise _no_key(path)
    return DeviceKey(private)


def is_signed(message: bytes, signature: str, public: str) -> bool:
    """Whether the holder of a public key signed a message."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True


def public_pem(public: str) -> bytes:
    """A public key as other programs read it."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _no_key(path: Path) -> IntegrityError:
    return IntegrityError(
        f"{path} cannot be read as the key of a casebook.",
        next_step="Bring the file back from a backup; without it nothing can be added to this casebook.",
    )
