"""Bytes on their way out: gzip members that are the same each time, and streams that count and hash."""

import hashlib
import struct
import zlib
from typing import IO

# RFC 1952: deflate, no flags, no time, no name, of an unknown system.
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LEVEL = 6


def member(data: bytes) -> bytes:
    """One gzip member (RFC 1952) with nothing in it but the data: the same bytes wherever the same zlib packs it."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(data) + packer.flush()
    return _HEAD + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


class Counted:
    """A stream that is written to, its length and SHA-256."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._hash = out, hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Writes; gives where the data begins."""
        at = self.size
        self._out.write(data)
        self._hash.update(data)
        self.size += len(data)
        return at

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()
