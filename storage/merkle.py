"""Hashes, roots and proofs of RFC 6962, section 2.1, verified as RFC 9162, section 2.1, says.

Leaves and interior nodes can never be taken for one another. A proof is a row of 32-byte hashes, innermost first.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache

# MTH(D[low:high]) of a tree whose leaves lie elsewhere.
Subtree = Callable[[int, int], bytes]


def leaf(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data), 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size`, which is 2 or more: where a tree parts."""
    return 1 << ((size - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes; of none, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return node(root(leaves[:middle]), root(leaves[middle:]))


def of(leaves: Sequence[bytes]) -> Subtree:
    """The subtrees over leaf hashes held in memory, as RFC 6962 divides a tree. Each is made once, so that all paths
    together take no more hashing than the root."""

    @cache
    def subtree(low: int, high: int) -> bytes:
        if high - low < 2:
            return root(leaves[low:high])
        middle = low + split(high - low)
        return node(subtree(low, middle), subtree(middle, high))

    return subtree


def inclusion(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]): what proves that leaf `index` (from 0) is in the tree of `size` leaves.

    Raises IndexError where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"a tree of {size} leaves has no leaf {index}")
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
    return path[::-1]


def consistency(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """PROOF(old, D[new]): what proves that the tree of `old` leaves is the beginning of that of `new`.

    Empty where old is 0 or new. Raises IndexError where old is above new.
    """
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {old} leaves is no beginning of one of {new}")
    low, high, proof, whole = 0, new, [], True
    while old and old != high:
        middle = low + split(high - low)
        if old <= middle:
            proof.append(subtree(middle, high))
            high = middle
        else:
            proof.append(subtree(low, middle))
            low, whole = middle, False
    return [*([] if whole else [subtree(low, high)]), *reversed(proof)]


def includes(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], head: bytes) -> bool:
    """True where the path leads from leaf `index` to the head of a tree of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == head


def extends(old: int, new: int, proof: Sequence[bytes], old_head: bytes, new_head: bytes) -> bool:
    """True where the proof shows the old tree to be the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 < old < new:
        whole = old_head == new_head if old == new else old_head == root([])
        return whole and not proof and 0 <= old <= new
    steps = list(proof) if old & (old - 1) else [old_head, *proof]
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node(step, before), node(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_head and after == new_head
