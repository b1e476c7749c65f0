"""Signed notes (c2sp.org/signed-note): a text, an empty line, and a line a signature.

    — NAME BASE64(key id ‖ signature)

The signature is Ed25519 over the text with its last line end; the key id is the first four bytes of
SHA-256(NAME ‖ 0x0A ‖ 0x01 ‖ public key). Lines of signers that nobody here knows (witnesses) are left alone.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import IntegrityError

_LINE = re.compile("— (?P<name>[^\\s+]+) (?P<value>[A-Za-z0-9+/]+={0,2})")
_ED25519 = b"\x01"


def key_hash(name: str, public: Ed25519PublicKey) -> bytes:
    """The four bytes that a signature line begins with."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public.public_bytes_raw()).digest()[:4]


def sign(text: bytes, name: str, key: Ed25519PrivateKey) -> bytes:
    """The whole note. `text` ends with a line end and has no empty line; `name` has no space and no plus."""
    value = key_hash(name, key.public_key()) + key.sign(text)
    return text + f"\n— {name} {base64.b64encode(value).decode()}\n".encode()


def parts(note: bytes, where: str) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A note's text and its signatures: name, and key id with signature. Raises IntegrityError where it is none."""
    text, gap, tail = note.rpartition(b"\n\n")
    try:
        lines = tail.decode().split("\n")
        found = [_LINE.fullmatch(line) for line in lines[:-1]]
        if not gap or not found or lines[-1] or not all(found):
            raise ValueError("it does not end in signature lines")
        values = [(one["name"], base64.b64decode(one["value"], validate=True)) for one in found if one]
    except (ValueError, binascii.Error) as error:
        raise IntegrityError(f"{where}: no signed note: {error}") from error
    return text + b"\n", values


def open_note(note: bytes, name: str, keys: Iterable[Ed25519PublicKey], where: str) -> Ed25519PublicKey:
    """The first of the keys that signed the note under `name`. Raises IntegrityError where none did, and where one
    of them is named and its signature is wrong."""
    text, signatures = parts(note, where)
    for key in keys:
        known = key_hash(name, key)
        for signer, value in signatures:
            if (signer, value[:4]) == (name, known):
                try:
                    key.verify(value[4:], text)
                except InvalidSignature as error:
                    raise IntegrityError(f"{where}: its signature is not valid: it was changed") from error
                return key
    raise IntegrityError(
        f"{where}: not signed by a key that is trusted",
        hint="Give the public key that you were told outside of the bucket: tongjian verify --key PUBLIC.pem",
    )
