"""The key that signs checkpoints: Ed25519, in a PEM file of its own; public keys that are trusted lie beside it."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from domain.errors import ConfigurationError, NotFound

_MAKE = "Make one with: tongjian doctor --make-key"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and where it lies."""

    private: Ed25519PrivateKey
    path: Path

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    @property
    def is_readable_by_others(self) -> bool:
        return bool(self.path.stat().st_mode & 0o077)


def key_id(public: Ed25519PublicKey) -> str:
    """A key's short name: the first 16 hex digits of SHA-256 over its 32 bytes."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def public_pem(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_file(path: Path) -> Path:
    """Where the public half of the key at `path` lies."""
    return path.with_suffix(".pub.pem")


def make(path: Path) -> Signer:
    """A new key at `path` (mode 600) and its public half beside it. Raises ConfigurationError where there is a key
    already, or no right to write."""
    signer = Signer(Ed25519PrivateKey.generate(), path)
    pem = signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        public_file(path).write_bytes(public_pem(signer.public))
    except FileExistsError as error:
        raise ConfigurationError(
            f"{path}: there is a key already, and it is not replaced",
            hint="To change keys, move it away and leave its .pub.pem there: earlier checkpoints are held against it.",
        ) from error
    except OSError as error:
        raise ConfigurationError(f"{path}: the key cannot be written: {error}") from error
    return signer


def load(path: Path) -> Signer:
    """The key at `path`. Raises NotFound where there is none, ConfigurationError where it is no Ed25519 key."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError as error:
        raise NotFound(f"{path}: there is no key to sign checkpoints with", hint=_MAKE) from error
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(f"{path}: no private key: {error}", hint=_MAKE) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(f"{path}: no Ed25519 key", hint=_MAKE)
    return Signer(key, path)


def load_public(pem: bytes, where: str) -> Ed25519PublicKey:
    """The public key that these bytes are. Raises ConfigurationError."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(f"{where}: no public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigurationError(f"{where}: no Ed25519 key")
    return key


def read_public(path: Path) -> Ed25519PublicKey:
    """The public key in a file. Raises ConfigurationError."""
    try:
        return load_public(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigurationError(f"{path}: the public key cannot be read: {error}") from error


def trusted(path: Path) -> tuple[Ed25519PublicKey, ...]:
    """The public keys beside the private key's place, today's first. Raises ConfigurationError."""
    found = sorted(path.parent.glob("*.pub.pem"), key=lambda other: (other != public_file(path), other))
    return tuple(read_public(other) for other in found)
