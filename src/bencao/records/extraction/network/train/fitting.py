"""Fits one network; a pure function of records and seed, so that several are fitted at once by `kernel.compute`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from bencao.records.extraction.entity import Span
from bencao.records.extraction.network.corpus import Labelled
from bencao.records.extraction.network.pieces import Vocabulary, padded, pieces_of
from bencao.records.extraction.network.tags import tags_of, to_tags
from bencao.records.extraction.network.train.network import chain_loss, new_network, training_scores, weights_of

_BATCH, _RATE, _WARM_UP, _EPOCHS = 2_400, 3e-3, 60, 10
_LEAST_STEPS = 600  # few records are read more often
# Share of entities that an epoch replaces by others of their label; the last epochs read the records as they are.
_REPLACED, _PLAIN_EPOCHS = 0.2, 2


@dataclass(frozen=True)
class Task:
    """What one network is fitted to.

    Attributes
    ----------
    documents : tuple of Labelled
    labels : tuple of str
    vocabulary : Vocabulary
    seed : int
    """

    documents: tuple[Labelled, ...]
    labels: tuple[str, ...]
    vocabulary: Vocabulary
    seed: int


@dataclass(frozen=True)
class _Piece:
    numbers: NDArray[np.int64]
    tags: NDArray[np.int64]


def fit(task: Task) -> dict[str, NDArray[np.float32]]:
    """Weights of a network fitted to the records, by name.

    Adam on the likelihood of whole tag sequences; in each epoch a share of the entities is replaced by others of their
    label (Dai & Adel, COLING 2020, "mention replacement"). One thread, so the same task gives the same weights.
    """
    torch.set_num_threads(1)
    torch.manual_seed(task.seed)
    torch.use_deterministic_algorithms(True)
    draw = np.random.default_rng(task.seed)
    names = tags_of(task.labels)
    network = new_network(task.vocabulary, len(names))
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=1e-2, betas=(0.9, 0.98))
    mentions = _mentions(task.documents)
    place = {name: number for number, name in enumerate(names)}
    a_pass = len(_batches(_pieces(task, task.documents, place), draw))
    epochs = max(_EPOCHS, math.ceil(_LEAST_STEPS / a_pass))
    steps, step = epochs * a_pass, 0
    for epoch in range(epochs):
        rate = _REPLACED if epoch < epochs - _PLAIN_EPOCHS else 0.0
        documents = [_replaced(document, mentions, rate, draw) for document in task.documents]
        for batch in _batches(_pieces(task, documents, place), draw):
            for group in optimiser.param_groups:
                group["lr"] = (
                    _RATE
                    * min(1, (step + 1) / _WARM_UP)
                    * (0.02 + 0.49 * (1 + math.cos(math.pi * min(1, step / steps))))
                )
            numbers, lengths = padded([piece.numbers for piece in batch])
            tags = np.zeros(numbers.shape[:2], dtype=np.int64)
            for row, piece in enumerate(batch):
                tags[row, : len(piece.tags)] = piece.tags
            inside = torch.as_tensor(np.arange(numbers.shape[1]) < lengths[:, None])
            scores = training_scores(network, torch.as_tensor(numbers))
            loss = chain_loss(network, scores, torch.as_tensor(tags), inside)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            step += 1
    return weights_of(network)


def _mentions(documents: Sequence[Labelled]) -> dict[str, list[str]]:
    mentions: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        for span in document.spans:
            mentions[span.kind].append(document.text[span.start : span.end])
    return mentions


def _replaced(document: Labelled, mentions: dict[str, list[str]], rate: float, draw: np.random.Generator) -> Labelled:
    if not rate:
        return document
    parts: list[str] = []
    spans: list[Span] = []
    place = length = 0
    for span in document.spans:
        if span.start < place:
            continue
        between, mention = document.text[place : span.start], document.text[span.start : span.end]
        if draw.random() < rate:
            mention = mentions[span.kind][draw.integers(len(mentions[span.kind]))]
        length += len(between)
        spans.append(Span(length, length + len(mention), span.kind))
        parts += [between, mention]
        length += len(mention)
        place = span.end
    return Labelled("".join([*parts, document.text[place:]]), tuple(spans))


def _pieces(task: Task, documents: Sequence[Labelled], place: dict[str, int]) -> list[_Piece]:
    pieces = []
    for document in documents:
        tags = np.array([place[tag] for tag in to_tags(len(document.text), document.spans)], dtype=np.int64)
        for left, right in pieces_of(document.text):
            pieces.append(_Piece(task.vocabulary.encode(document.text[left:right]), tags[left:right]))
    return pieces


def _batches(pieces: Sequence[_Piece], draw: np.random.Generator) -> list[list[_Piece]]:
    """Pieces of like length together, `_BATCH` characters at a time, in random order."""
    order = sorted(draw.permutation(len(pieces)).tolist(), key=lambda place: len(pieces[place].tags) // 30)
    batches: list[list[_Piece]] = [[]]
    for place in order:
        if sum(len(piece.tags) for piece in batches[-1]) >= _BATCH:
            batches.append([])
        batches[-1].append(pieces[place])
    return [batches[number] for number in draw.permutation(len(batches))]
