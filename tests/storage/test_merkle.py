"""The tree of RFC 6962: the vectors that Certificate Transparency's own code is tested with, and a naive tree."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import merkle

# The eight leaves and their trees, as in the tests of certificate-transparency and of transparency-dev/merkle.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B, C = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
D, E = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
)
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSIONS = {
    (0, 1): [],
    (0, 8): [A, B, C],
    (5, 8): [D, E, ROOTS[3]],
    (2, 3): [ROOTS[1]],
    (1, 5): [ROOTS[0], B, D],
}
CONSISTENCIES = {(1, 1): [], (1, 8): [A, B, C], (6, 8): [F, E, ROOTS[3]], (2, 5): [B, D]}

LEAVES = [merkle.leaf(data) for data in INPUTS]


def naive(leaves: list[bytes]) -> bytes:
    """MTH as the RFC writes it, with nothing of ours."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def test_the_known_roots() -> None:
    assert [merkle.root(LEAVES[:size]).hex() for size in range(1, 9)] == ROOTS
    assert merkle.root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_the_known_inclusion_proofs(index: int, size: int) -> None:
    path = merkle.inclusion(merkle.of(LEAVES), index, size)
    assert [one.hex() for one in path] == INCLUSIONS[index, size]
    assert merkle.includes(LEAVES[index], index, size, path, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
def test_the_known_consistency_proofs(old: int, new: int) -> None:
    proof = merkle.consistency(merkle.of(LEAVES), old, new)
    assert [one.hex() for one in proof] == CONSISTENCIES[old, new]
    assert merkle.extends(old, new, proof, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]))


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf(number.to_bytes(4, "big")) for number in range(count)]


def test_every_leaf_of_every_small_tree_is_proved_and_nothing_else() -> None:
    for size in range(1, 34):
        made = leaves(size)
        head = naive(made)
        assert merkle.root(made) == head
        for index in range(size):
            path = merkle.inclusion(merkle.of(made), index, size)
            assert merkle.includes(made[index], index, size, path, head)
            assert not merkle.includes(merkle.leaf(b"other"), index, size, path, head)
            assert not merkle.includes(made[index], index, size, path, merkle.leaf(b"other"))
            assert not merkle.includes(made[index], index, size, [*path, head], head)
            others = (other for other in range(size) if other != index)
            assert not any(merkle.includes(made[index], other, size, path, head) for other in others)
            if path:
                assert not merkle.includes(made[index], index, size, path[1:], head)
                assert not merkle.includes(made[index], index, size, path[:-1], head)


def test_every_beginning_of_every_small_tree_is_proved_and_nothing_else() -> None:
    made = leaves(33)
    heads = [naive(made[:size]) for size in range(34)]
    for new in range(34):
        for old in range(new + 1):
            proof = merkle.consistency(merkle.of(made), old, new)
            assert merkle.extends(old, new, proof, heads[old], heads[new])
            assert merkle.extends(old, new, proof, merkle.leaf(b"x"), heads[new]) is False
            assert merkle.extends(old, new, [*proof, heads[new]], heads[old], heads[new]) is False
            if proof:
                assert not merkle.extends(old, new, proof[:-1], heads[old], heads[new])
                assert not merkle.extends(old, new, proof, heads[old], merkle.leaf(b"x"))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 700), st.data())
def test_a_forked_tree_is_never_consistent(size: int, data: st.DataObject) -> None:
    """A leaf below the old size is another: no proof made over the new tree leads to the old head."""
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    made = leaves(size)
    forked = [*made[:changed], merkle.leaf(b"forged"), *made[changed + 1 :]]
    proof = merkle.consistency(merkle.of(forked), old, size)
    assert not merkle.extends(old, size, proof, naive(made[:old]), naive(forked))
    assert merkle.extends(old, size, proof, naive(forked[:old]), naive(forked))
    assert len(proof) <= 2 * size.bit_length()


def test_what_no_tree_has_is_refused() -> None:
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(IndexError):
            merkle.inclusion(merkle.of(LEAVES), index, size)
        assert not merkle.includes(LEAVES[0], index, size, [], LEAVES[0])
    for old, new in ((4, 3), (-1, 3)):
        with pytest.raises(IndexError):
            merkle.consistency(merkle.of(LEAVES), old, new)
        assert not merkle.extends(old, new, [], LEAVES[0], LEAVES[0])


def test_a_tree_is_no_larger_one_with_its_nodes_for_leaves() -> None:
    """Leaves and nodes have different first bytes (RFC 6962, section 2.1): two levels cannot be mistaken."""
    pairs = [merkle.node(one, two) for one, two in list(pairwise(LEAVES))[::2]]
    assert merkle.root(pairs) == merkle.root(LEAVES)  # given as leaf hashes, they are what they are
    assert merkle.root([merkle.leaf(one) for one in pairs]) != merkle.root(LEAVES)
