"""The Merkle tree of RFC 6962: hashes, tree heads, inclusion and consistency proofs over stored complete subtrees."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree ``position`` of ``2**level`` leaves; level 0 are the leaves."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Head of a tree without leaves (RFC 6962, section 2.1)."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of ``0x00 || data`` (RFC 6962, section 2.1).

    Parameters
    ----------
    data : bytes
        The entry as it is stored.

    Returns
    -------
    bytes
        32 bytes.
    """
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of ``0x01 || left || right`` (RFC 6962, section 2.1).

    Parameters
    ----------
    left, right : bytes
        Hashes of the two subtrees, 32 bytes each.

    Returns
    -------
    bytes
        32 bytes.
    """
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(start: int, stop: int, read: NodeReader) -> bytes:
    """Merkle tree hash of the leaves ``[start, stop)`` from O(log n) stored nodes (RFC 6962, section 2.1).

    Parameters
    ----------
    start, stop : int
        Range of leaves; `start` must be a multiple of the largest power of two that fits the range, as it is for
        every range that the recursion of RFC 6962 visits.
    read : NodeReader
        Reader of the complete subtrees.

    Returns
    -------
    bytes
        32 bytes.
    """
    if start == stop:
        return EMPTY_ROOT
    complete = []
    for level in reversed(range((stop - start).bit_length())):
        if (stop - start) >> level & 1:
            complete.append((level, start >> level))
            start += 1 << level
    root = read(*complete.pop())
    while complete:
        root = node_hash(read(*complete.pop()), root)
    return root


def append_leaves(size: int, leaves: Iterable[bytes], read: NodeReader) -> tuple[list[bytes], bytes]:
    """Grow a tree of `size` leaves.

    Parameters
    ----------
    size : int
        Number of leaves before.
    leaves : iterable of bytes
        Hashes of the new leaves, in order.
    read : NodeReader
        Reader of the complete subtrees of the tree before.

    Returns
    -------
    columns : list of bytes
        For each new leaf its hash, followed by those of the subtrees that it completes, smallest first: 32 bytes each.
    root : bytes
        Hash of the grown tree.
    """
    frontier = {level: read(level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1}
    columns = []
    for leaf in leaves:
        column = [leaf]
        while size >> len(column) - 1 & 1:
            column.append(node_hash(frontier[len(column) - 1], column[-1]))
        frontier[len(column) - 1] = column[-1]
        columns.append(b"".join(column))
        size += 1
    root = root_of(0, size, lambda level, _: frontier[level])
    return columns, root


def completing_leaf(level: int, position: int) -> int:
    """The leaf that completes a subtree, whose column `append_leaves` puts its hash in."""
    return (position + 1 << level) - 1


def column_height(leaf: int) -> int:
    """Number of hashes in the column of a leaf: one more than it has trailing ones in binary."""
    return (~leaf & leaf + 1).bit_length()


def inclusion_path(index: int, size: int, read: NodeReader) -> tuple[bytes, ...]:
    """Audit path of a leaf, lowest sibling first (PATH of RFC 6962, section 2.1.1).

    Parameters
    ----------
    index : int
        Leaf, ``0 <= index < size``.
    size : int
        Number of leaves of the tree that the path leads to.
    read : NodeReader
        Reader of the complete subtrees.

    Returns
    -------
    tuple of bytes
        At most ``ceil(log2(size))`` hashes.
    """
    return tuple(root_of(start, stop, read) for start, stop, _ in reversed(_siblings_of_leaf(index, size)))


def consistency_path(old_size: int, size: int, read: NodeReader) -> tuple[bytes, ...]:
    """Proof that a tree only grew, lowest subtree first (PROOF of RFC 6962, section 2.1.2).

    Parameters
    ----------
    old_size, size : int
        Leaves before and after, ``0 <= old_size <= size``. From an empty tree and to the same size the proof is empty.
    read : NodeReader
        Reader of the complete subtrees.

    Returns
    -------
    tuple of bytes
        At most ``ceil(log2(size)) + 1`` hashes.
    """
    if old_size == 0:
        return ()
    siblings, remainder = _siblings_of_prefix(old_size, size)
    proof = [root_of(start, stop, read) for start, stop, _ in siblings]
    if remainder is not None:
        proof.append(root_of(*remainder, read))
    return tuple(reversed(proof))


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether an audit path leads from a leaf to a tree head (RFC 6962, section 2.1.1).

    Parameters
    ----------
    leaf : bytes
        Leaf hash, 32 bytes (`leaf_hash` of the entry).
    index : int
        Number of the entry, from 0.
    size : int
        Number of entries under the head.
    path : sequence of bytes
        What `Ledger.inclusion_proof` gave.
    root : bytes
        Hash of the tree head.

    Returns
    -------
    bool
    """
    if not 0 <= index < size:
        return False
    siblings = _siblings_of_leaf(index, size)
    if len(siblings) != len(path):
        return False
    node = leaf
    for (_, _, on_the_right), sibling in zip(reversed(siblings), path, strict=True):
        node = node_hash(node, sibling) if on_the_right else node_hash(sibling, node)
    return node == root


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the old tree is the beginning of the new one (RFC 6962, section 2.1.2).

    Parameters
    ----------
    old_size, size : int
        Number of entries under either head.
    old_root, root : bytes
        Hashes of the two heads.
    proof : sequence of bytes
        What `Ledger.consistency_proof` gave.

    Returns
    -------
    bool
    """
    if not 0 <= old_size <= size:
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    siblings, remainder = _siblings_of_prefix(old_size, size)
    hashes = list(proof)
    if len(hashes) != len(siblings) + (remainder is not None):
        return False
    # A prefix that is one complete subtree is not repeated in the proof: the old head is its hash.
    old = new = old_root if remainder is None else hashes.pop(0)
    for (_, _, on_the_right), sibling in zip(reversed(siblings), hashes, strict=True):
        if on_the_right:
            new = node_hash(new, sibling)
        else:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
    return old == old_root and new == root


def _split(size: int) -> int:
    """Largest power of two smaller than `size` (k of RFC 6962, section 2.1)."""
    return 1 << (size - 1).bit_length() - 1


def _siblings_of_leaf(index: int, size: int) -> list[tuple[int, int, bool]]:
    """Ranges of leaves passed by on the way from the root to a leaf, each with whether it lies to the right."""
    start, stop, siblings = 0, size, []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            siblings.append((middle, stop, True))
            stop = middle
        else:
            siblings.append((start, middle, False))
            start = middle
    return siblings


def _siblings_of_prefix(old_size: int, size: int) -> tuple[list[tuple[int, int, bool]], tuple[int, int] | None]:
    """Ranges passed by on the way to the last subtree of the old tree, and that subtree.

    The subtree is None where it is the whole old tree (SUBPROOF with b true in RFC 6962, section 2.1.2).
    """
    start, stop, siblings = 0, size, []
    while stop != old_size:
        middle = start + _split(stop - start)
        if old_size <= middle:
            siblings.append((middle, stop, True))
            stop = middle
        else:
            siblings.append((start, middle, False))
            start = middle
    return siblings, (start, stop) if start else None
