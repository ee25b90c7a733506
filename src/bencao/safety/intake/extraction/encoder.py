"""The trained encoder in NumPy: BERT's layers (Devlin et al. 2019), then scores of tags for each word and role.

Weights are stored as whole numbers of few bits with a step for each row."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.kernel.errors import ModelError
from bencao.kernel.files import write_bytes

Array = npt.NDArray[np.float32]
_EPSILON = 1e-12
_STEP = "|step"


@dataclass(frozen=True)
class Encoder:
    """An encoder's arrays by name, and what follows from their shapes.

    Attributes
    ----------
    arrays : mapping of str to array
        ``pieces`` (vocabulary, width), ``places`` (places, width), of each layer ``N.query`` and so on with
        ``.bias``, ``head`` (roles * tags, width), ``moves`` (roles, tags, tags).
    layers, heads : int
    """

    arrays: Mapping[str, Array]
    layers: int
    heads: int

    @property
    def longest(self) -> int:
        """Most pieces that it reads at once."""
        return int(self.arrays["places"].shape[0])

    def scores(self, ids: tuple[int, ...], first: tuple[int, ...]) -> Array:
        """Scores of tags.

        Parameters
        ----------
        ids : tuple of int
            Pieces of one sentence, at most `longest`.
        first : tuple of int
            Where each word begins among them.

        Returns
        -------
        array, shape (words, roles, tags)
        """
        x = self._normed(self.arrays["pieces"][list(ids)] + self.arrays["places"][: len(ids)], "norm")
        for layer in range(self.layers):
            x = self._normed(x + self._attended(x, layer), f"{layer}.norm1")
            inner = _gelu(self._linear(x, f"{layer}.up"))
            x = self._normed(x + self._linear(inner, f"{layer}.down"), f"{layer}.norm2")
        roles, tags, _ = self.arrays["moves"].shape
        return self._linear(x[list(first)], "head").reshape(len(first), roles, tags)

    def _linear(self, x: Array, name: str) -> Array:
        return x @ self.arrays[name].T + self.arrays[f"{name}.bias"]

    def _normed(self, x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + _EPSILON)
        normed: Array = centred / spread * self.arrays[name] + self.arrays[f"{name}.bias"]
        return normed

    def _attended(self, x: Array, layer: int) -> Array:
        length, width = x.shape
        size = width // self.heads
        query, key, value = (
            self._linear(x, f"{layer}.{part}").reshape(length, self.heads, size).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        weights = query @ key.transpose(0, 2, 1) * np.float32(size**-0.5)
        weights = np.exp(weights - weights.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        return self._linear((weights @ value).transpose(1, 0, 2).reshape(length, width), f"{layer}.out")


def _gelu(x: Array) -> Array:
    """GELU in its tanh form (Hendrycks and Gimpel 2016), as it was trained."""
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    result: Array = np.float32(0.5) * x * (1 + np.tanh(inner))
    return result


def pack(arrays: Mapping[str, npt.NDArray[Any]], steps: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Make what is stored: whole numbers coded by Huffman for arrays that have steps, half precision for the rest.

    Parameters
    ----------
    arrays : mapping of str to array
    steps : mapping of str to array, shape (rows, 1)
        Size of one whole number in each row of the array of that name.
    """
    stored: dict[str, npt.NDArray[Any]] = {}
    for name, array in arrays.items():
        if name in steps:
            step = steps[name].astype(np.float16)
            codes = np.clip(np.rint(array / step.astype(np.float32)), -127, 127).astype(np.int8)
            # No stretch of weights repeats: looking for one costs bytes.
            coder = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
            stored[name] = np.frombuffer(coder.compress(codes.tobytes()) + coder.flush(), np.uint8)
            stored[name + _STEP] = step
        else:
            stored[name] = array.astype(np.float16)
    return stored


def unpack(stored: Mapping[str, npt.NDArray[Any]]) -> dict[str, Array]:
    """Arrays in single precision from what `pack` stored."""
    arrays: dict[str, Array] = {}
    for name in stored:
        if name + _STEP in stored:
            step = stored[name + _STEP].astype(np.float32)
            codes = np.frombuffer(zlib.decompress(stored[name].tobytes()), np.int8)
            arrays[name] = codes.reshape(len(step), -1).astype(np.float32) * step
        elif not name.endswith(_STEP):
            arrays[name] = stored[name].astype(np.float32)
    return arrays


def read_encoder(path: str | os.PathLike[str]) -> Encoder:
    """Read an encoder.

    Raises
    ------
    ModelError
        Where the file is not one.
    """
    try:
        with np.load(Path(path), allow_pickle=False) as stored:
            told = {name: stored[name] for name in stored.files}
        heads = int(told.pop("heads"))
        arrays = unpack(told)
        layers = sum(name.endswith(".query") for name in arrays)
        return Encoder(arrays, layers, heads)
    except (OSError, ValueError, KeyError, zlib.error) as error:
        raise ModelError(f"not an encoder: {error}", where=str(path), mend="install the package again") from error


def write_encoder(
    path: str | os.PathLike[str],
    arrays: Mapping[str, npt.NDArray[Any]],
    steps: Mapping[str, npt.NDArray[Any]],
    heads: int,
) -> None:
    """Write an encoder so that `read_encoder` reads it; `arrays` and `steps` as in `pack`."""
    stream = io.BytesIO()
    stored: dict[str, Any] = {"heads": np.int64(heads), **pack(arrays, steps)}
    np.savez(stream, allow_pickle=False, **stored)
    write_bytes(path, stream.getvalue())
