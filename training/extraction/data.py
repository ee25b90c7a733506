"""Sentences as numbers for the tagger, in batches of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from bencao.safety.intake.extraction.corpus import Sentence
from bencao.safety.intake.extraction.tagging import tags_of
from bencao.safety.intake.extraction.wordpiece import Pieces, encode


@dataclass(frozen=True)
class Example:
    """A sentence's pieces and tags; `tags` has shape (words, roles)."""

    pieces: Pieces
    tags: np.ndarray


@dataclass(frozen=True)
class Batch:
    """Padded examples: ids (batch, pieces), first (batch, words), tags (batch, words, roles), lengths (batch,)."""

    ids: torch.Tensor
    first: torch.Tensor
    tags: torch.Tensor
    lengths: torch.Tensor


def vocabulary_of(folder: Path) -> dict[str, int]:
    """Pieces of the encoder with their numbers."""
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(pieces) if piece}


def examples_of(sentences: Sequence[Sentence], vocabulary: Mapping[str, int], roles: Sequence[str]) -> list[Example]:
    """Encode and tag sentences."""
    examples = []
    for sentence in sentences:
        pieces = encode(sentence.text, vocabulary)
        layers = [tags_of(pieces.words, [one.offsets for one in sentence.of(role)]) for role in roles]
        examples.append(Example(pieces, np.array(layers).T))
    return examples


def batches(examples: Sequence[Example], size: int, chance: random.Random) -> Iterator[Batch]:
    """All examples once, those of about one length together, in an order that differs each time."""
    order = sorted(range(len(examples)), key=lambda one: len(examples[one].pieces.ids) + chance.uniform(-4, 4))
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    chance.shuffle(groups)
    for group in groups:
        yield collate([examples[one] for one in group])


def collate(examples: Sequence[Example]) -> Batch:
    """Pad examples to the longest."""
    pieces = max(len(one.pieces.ids) for one in examples)
    words = max(len(one.pieces.words) for one in examples)
    ids = torch.zeros(len(examples), pieces, dtype=torch.long)
    first = torch.zeros(len(examples), words, dtype=torch.long)
    tags = torch.zeros(len(examples), words, examples[0].tags.shape[1], dtype=torch.long)
    for row, one in enumerate(examples):
        ids[row, : len(one.pieces.ids)] = torch.tensor(one.pieces.ids)
        first[row, : len(one.pieces.first)] = torch.tensor(one.pieces.first)
        tags[row, : len(one.tags)] = torch.from_numpy(one.tags)
    return Batch(ids, first, tags, torch.tensor([len(one.pieces.words) for one in examples]))
