"""The tree over all ledger entries, kept as tiles so that no proof needs more than a few objects.

A tile of level L holds up to 256 hashes of 32 bytes, each the head of 256^L leaves; it grows until it is full and
is then never written again (after c2sp.org/tlog-tiles). Tiles can be made again from checkpoints and ledgers, and
are believed only as far as they lead to a signed head.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator

from domain.errors import IntegrityError, NotFound
from storage import keys, merkle
from storage.bucket import Bucket

WIDTH, HEIGHT = 256, 8
_HASH = 32
_CACHED = 512


def _cut(data: bytes) -> list[bytes]:
    return [data[at : at + _HASH] for at in range(0, len(data), _HASH)]


def _load(bucket: Bucket, level: int, number: int, width: int) -> list[bytes]:
    """The first `width` hashes of a tile. Raises IntegrityError where they are not there."""
    key = keys.tile(level, number)
    try:
        data = bucket.get(key).data
    except NotFound as error:
        raise IntegrityError(f"{key} is missing", hint="Make it again with: tongjian checkpoint --rebuild") from error
    if len(data) < width * _HASH:
        raise IntegrityError(f"{key}: {len(data)} bytes, not the {width * _HASH} that its place in the tree asks for")
    return _cut(data[: width * _HASH])


class Tiles:
    """The kept tree of the first `size` entries, or any beginning of it."""

    def __init__(self, bucket: Bucket, size: int) -> None:
        self._bucket, self.size = bucket, size
        self._cache: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def _tile(self, level: int, number: int) -> list[bytes]:
        place = level, number
        if place not in self._cache:
            width = min(WIDTH, (self.size >> HEIGHT * level) - WIDTH * number)
            self._cache[place] = _load(self._bucket, level, number, width)
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        self._cache.move_to_end(place)
        return self._cache[place]

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`, from 0."""
        return self._tile(0, index // WIDTH)[index % WIDTH]

    def subtree(self, low: int, high: int) -> bytes:
        """MTH(D[low:high]) of a subtree as RFC 6962 divides a tree. Raises IntegrityError where a tile is missing."""
        count = high - low
        if count & (count - 1):
            middle = low + merkle.split(count)
            return merkle.node(self.subtree(low, middle), self.subtree(middle, high))
        level, part = divmod(count.bit_length() - 1, HEIGHT)
        first = low >> HEIGHT * level
        place = first % WIDTH
        return merkle.root(self._tile(level, first // WIDTH)[place : place + (1 << part)])

    def root(self, size: int | None = None) -> bytes:
        """The head over the first `size` leaves, all unless said."""
        size = self.size if size is None else size
        return self.subtree(0, size) if size else merkle.root([])


class Growing:
    """The right edge of the tree, to which leaves are added; `close` writes it down."""

    def __init__(self, bucket: Bucket, size: int = 0) -> None:
        self._bucket, self.size = bucket, size
        self._edge = list(self._loaded())

    def _loaded(self) -> Iterator[list[bytes]]:
        """The unfinished tile of each level. Raises IntegrityError where one is missing."""
        level = 0
        while full := self.size >> HEIGHT * level:
            number, width = divmod(full, WIDTH)
            yield _load(self._bucket, level, number, width) if width else []
            level += 1

    @property
    def root(self) -> bytes:
        """The head over all leaves: each level's hashes with, behind them, what is left over below."""
        rest: list[bytes] = []
        for hashes in self._edge:
            if hashes or rest:
                rest = [merkle.root([*hashes, *rest])]
        return merkle.root(rest)

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self._append(leaf)

    def _append(self, leaf: bytes) -> None:
        self.size += 1
        level, found = 0, leaf
        while True:
            if level == len(self._edge):
                self._edge.append([])
            self._edge[level].append(found)
            if len(self._edge[level]) < WIDTH:
                return
            self._write(level)
            found, self._edge[level] = merkle.root(self._edge[level]), []
            level += 1

    def _write(self, level: int) -> None:
        number = ((self.size >> HEIGHT * level) - 1) // WIDTH
        self._bucket.put_derived(keys.tile(level, number), b"".join(self._edge[level]), "application/octet-stream")

    def close(self) -> None:
        """Writes the unfinished tiles. Raises EndpointDown."""
        for level, hashes in enumerate(self._edge):
            if hashes:
                self._write(level)
