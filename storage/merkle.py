"""Hashes of RFC 6962, section 2.1: leaves and interior nodes can never be taken for one another."""

import hashlib
from collections.abc import Sequence


def leaf(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data), 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes; of none, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()
