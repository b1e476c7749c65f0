"""Tokens: what somebody holds to show who they are. They are kept as their SHA-256 alone.

A token is 32 random bytes, so a plain hash is enough (nothing can be guessed, as with a password), and it is looked up
by its hash: how long that takes says nothing of the token.
"""

import hashlib
import secrets

_BYTES = 32
PERSONAL = "tj_"


def made(prefix: str = "") -> str:
    """A new one: letters, digits, `-` and `_`, which an address carries as they are."""
    return prefix + secrets.token_urlsafe(_BYTES)


def hashed(token: str) -> str:
    """64 hex digits, the same for the same token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_id() -> str:
    """An id for a row: 8 hex digits."""
    return secrets.token_hex(4)
