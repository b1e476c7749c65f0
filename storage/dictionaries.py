"""Dictionaries: what a site's records share, said once in a segment rather than in each of them.

A segment that has one begins with it, as "Zstandard Compression for WARC Files 1.0" of the IIPC (proposed) lays
down: a skippable frame of magic 0x184D2A5D that holds the dictionary (RFC 8878, section 5), itself compressed. Every
other frame of that segment then needs it, and names it by its number. Nothing is needed to read a segment but the
segment: `v1/dict` is for writers.
"""

import hashlib
import struct
from functools import cached_property

import zstandard

from domain.errors import IntegrityError

MAGIC = 0x184D2A5D
# Larger ones cost more than they save: measured with 256 KiB.
MAX_SIZE = 112 * 1024
_HEAD = struct.Struct("<II")
# What a program may choose from; lower and higher numbers are for a registry that there is not (RFC 8878, section 5).
_FIRST_ID, _IDS = 0x8000, 0x7FFF_FFFF - 0x8000
_SMALL = 22  # a content size, a checksum and a head: no frame of a dictionary is shorter


class Dictionary:
    """One dictionary. `data` is as zstd's trainer makes it, and as `v1/dict` keeps it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def shared(self) -> zstandard.ZstdCompressionDict:
        """For zstandard's compressors and decompressors."""
        return zstandard.ZstdCompressionDict(self.data, dict_type=zstandard.DICT_TYPE_FULLDICT)

    @property
    def id(self) -> int:
        """The number that frames made with it carry."""
        return int.from_bytes(self.data[4:8], "little")

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def frame(self) -> bytes:
        """What a segment that uses it begins with. The same bytes each time."""
        packed = zstandard.ZstdCompressor(level=19, write_checksum=True).compress(self.data)
        return _HEAD.pack(MAGIC, len(packed)) + packed


def numbered(data: bytes) -> Dictionary:
    """A trained dictionary with the number that its content gives it: 32768 to 2^31 - 1, the same for the same."""
    number = _FIRST_ID + int.from_bytes(hashlib.sha256(data[8:]).digest()[:8], "big") % _IDS
    return Dictionary(data[:4] + number.to_bytes(4, "little") + data[8:])


def length_in(head: bytes) -> int:
    """How many of a segment's first bytes are its dictionary, from its first eight; 0 where it has none."""
    if len(head) < _HEAD.size:
        return 0
    magic, size = _HEAD.unpack(head[: _HEAD.size])
    return _HEAD.size + int(size) if magic == MAGIC else 0


def dictionary_in(data: bytes, key: str) -> Dictionary | None:
    """The dictionary that a segment begins with, from its bytes or enough of its first ones; None where it has none.
    Raises IntegrityError."""
    length = length_in(data)
    if not length:
        return None
    if not _SMALL < length <= len(data):
        raise IntegrityError(f"{key}: truncated or damaged: its dictionary is not whole")
    return Dictionary(unpack(data[_HEAD.size : length], f"{key}: its dictionary"))


def needed_by(frame: bytes) -> int:
    """The number of the dictionary a frame was made with; 0 where it needs none, or is no frame."""
    try:
        return int(zstandard.get_frame_parameters(frame).dict_id)
    except zstandard.ZstdError:
        return 0


def unpack(frame: bytes, key: str, dictionary: Dictionary | None = None) -> bytes:
    """One record's bytes from its frame; the frame's own checksum is checked. Raises IntegrityError.

    Unpacked piece by piece: one flipped bit in a frame's head can claim any length, and memory for it.
    """
    try:
        unpacker = _unpacker(dictionary).decompressobj()
        record = unpacker.decompress(frame)
    except zstandard.ZstdError as error:
        raise IntegrityError(f"{key}: a frame cannot be unpacked: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise IntegrityError(f"{key}: a frame cannot be unpacked: it is not one whole frame")
    return record


def _unpacker(dictionary: Dictionary | None) -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(dict_data=dictionary.shared) if dictionary else zstandard.ZstdDecompressor()
