"""The ledger's tree is that of RFC 6962: published vectors, and a reference written straight from the recursion."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.kernel.errors import LedgerError
from bencao.kernel.ledger import Entry, Ledger, canonical_json, leaf_hash, merkle, verify_consistency, verify_inclusion

# Test vectors of the Certificate Transparency project (merkletree tests: leaves, roots, paths, snapshot consistency).
LEAVES = [
    bytes.fromhex(data)
    for data in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
NODE = {
    "1": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "23": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "4": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "45": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "4567": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "67": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
}
INCLUSION = {
    (0, 1): [],
    (0, 8): [NODE["1"], NODE["23"], NODE["4567"]],
    (5, 8): [NODE["4"], NODE["67"], ROOTS[4]],
    (2, 3): [ROOTS[2]],
    (1, 5): [ROOTS[1], NODE["23"], NODE["4"]],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [NODE["1"], NODE["23"], NODE["4567"]],
    (6, 8): [NODE["45"], NODE["67"], ROOTS[4]],
    (2, 5): [NODE["23"], NODE["4"]],
}


class Tree:
    """Columns of a tree grown in pieces, and the reader over them that the ledger has over its table."""

    def __init__(self) -> None:
        self.columns: list[bytes] = []
        self.root = merkle.EMPTY_ROOT
        self.reads = 0

    def grow(self, leaves: list[bytes]) -> Tree:
        added, self.root = merkle.append_leaves(len(self.columns), map(leaf_hash, leaves), self.read)
        self.columns += added
        return self

    def read(self, level: int, position: int) -> bytes:
        self.reads += 1
        return self.columns[merkle.completing_leaf(level, position)][32 * level :][:32]


def naive_root(data: list[bytes]) -> bytes:
    """MTH, RFC 6962 section 2.1."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = naive_split(len(data))
    return hashlib.sha256(b"\x01" + naive_root(data[:k]) + naive_root(data[k:])).digest()


def naive_path(m: int, data: list[bytes]) -> list[bytes]:
    """PATH, RFC 6962 section 2.1.1."""
    if len(data) == 1:
        return []
    k = naive_split(len(data))
    if m < k:
        return [*naive_path(m, data[:k]), naive_root(data[k:])]
    return [*naive_path(m - k, data[k:]), naive_root(data[:k])]


def naive_proof(m: int, data: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF, RFC 6962 section 2.1.2."""
    if m == len(data):
        return [] if whole else [naive_root(data)]
    k = naive_split(len(data))
    if m <= k:
        return [*naive_proof(m, data[:k], whole), naive_root(data[k:])]
    return [*naive_proof(m - k, data[k:], False), naive_root(data[:k])]


def naive_split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert Tree().grow(LEAVES[:size]).root.hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    path = merkle.inclusion_path(index, size, Tree().grow(LEAVES).read)
    assert [node.hex() for node in path] == INCLUSION[index, size]
    assert verify_inclusion(leaf_hash(LEAVES[index]), index, size, path, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int) -> None:
    proof = merkle.consistency_path(old, size, Tree().grow(LEAVES).read)
    assert [node.hex() for node in proof] == CONSISTENCY[old, size]
    assert verify_consistency(old, bytes.fromhex(ROOTS[old]), size, bytes.fromhex(ROOTS[size]), proof)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_tree_grown_in_any_pieces_proves_what_the_rfc_says(data: st.DataObject) -> None:
    leaves = data.draw(st.lists(st.binary(max_size=3), min_size=1, max_size=70))
    cut = data.draw(st.integers(0, len(leaves)))
    tree = Tree().grow(leaves[:cut]).grow(leaves[cut:])
    size = data.draw(st.integers(1, len(leaves)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    known, root = leaves[:size], naive_root(leaves[:size])
    assert tree.root == naive_root(leaves)
    path = merkle.inclusion_path(index, size, tree.read)
    assert list(path) == naive_path(index, known)
    assert verify_inclusion(leaf_hash(known[index]), index, size, path, root)
    proof = merkle.consistency_path(old, size, tree.read)
    assert list(proof) == naive_proof(old, known)
    assert verify_consistency(old, naive_root(leaves[:old]), size, root, proof)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_changed_proof_is_believed(data: st.DataObject) -> None:
    leaves = [bytes([number]) for number in range(data.draw(st.integers(2, 40)))]
    size, tree, root = len(leaves), Tree().grow(leaves), naive_root(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    path, proof = merkle.inclusion_path(index, size, tree.read), merkle.consistency_path(old, size, tree.read)
    leaf, old_root = leaf_hash(leaves[index]), naive_root(leaves[:old])
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    assert not verify_inclusion(leaf_hash(b"forged"), index, size, path, root)
    assert not verify_inclusion(leaf, other, size, path, root)
    assert not verify_inclusion(leaf, index, size, path[:-1], root)
    assert not verify_inclusion(leaf, index, size, (*path, path[0]), root)
    assert not verify_consistency(old, naive_root([b"forged", *leaves[1:old]]), size, root, proof)
    assert not verify_consistency(old, old_root, size, naive_root([*leaves[:-1], b"forged"]), proof)
    assert not verify_consistency(old, old_root, size, root, (*proof, old_root))
    assert not verify_consistency(size + 1, old_root, size, root, proof)
    at = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    assert not verify_consistency(old, old_root, size, root, (*proof[:at], flipped, *proof[at + 1 :]))


def test_every_log_grew_from_the_empty_one() -> None:
    root = bytes.fromhex(ROOTS[8])
    assert verify_consistency(0, merkle.EMPTY_ROOT, 8, root, ())
    assert not verify_consistency(0, root, 8, root, ())


def test_proofs_read_a_logarithmic_number_of_hashes() -> None:
    tree = Tree().grow([b"%d" % number for number in range(5000)])
    for work in (
        lambda: merkle.inclusion_path(2345, 5000, tree.read),
        lambda: merkle.consistency_path(3333, 5000, tree.read),
        lambda: merkle.root_of(0, 5000, tree.read),
    ):
        tree.reads = 0
        work()
        assert tree.reads <= 3 * (5000).bit_length()


def test_a_ledger_proves_its_entries_and_its_growth(tmp_path: Path) -> None:
    entries = [Entry(f"command {number}", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z") for number in range(13)]
    texts = [canonical_json(entry.as_json()) for entry in entries]
    with Ledger(tmp_path, create=True) as ledger:
        ledger.append_many(entries[:6])
        old = ledger.head()
        ledger.append_many(entries[6:], batch=2)
        head = ledger.head()
        assert (head.size, head.root) == (13, naive_root(texts))
        assert all(
            verify_inclusion(leaf_hash(texts[number]), number, 13, ledger.inclusion_proof(number), head.root)
            for number in range(13)
        )
        assert verify_inclusion(ledger.leaf(2), 2, old.size, ledger.inclusion_proof(2, old.size), old.root)
        assert verify_consistency(old.size, old.root, 13, head.root, ledger.consistency_proof(old.size))
        for beyond in (
            lambda: ledger.inclusion_proof(13),
            lambda: ledger.consistency_proof(14),
            lambda: ledger.leaf(13),
        ):
            with pytest.raises(LedgerError):
                beyond()
