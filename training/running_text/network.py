"""Train the network that tags running text, and give its weights as the package loads them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from bencao.records.deidentify.finding.names.latin_model import TRIGRAMS
from bencao.records.deidentify.finding.running.tagger import DILATIONS
from bencao.records.deidentify.finding.running.tokens import CLASSES, CONTEXT, FLAGS, Tokens, features

WIDTH, HIDDEN = 48, 80
LISTS = (13, 14, 15, 16, 17, FLAGS - 8, FLAGS - 7, FLAGS - 6)  # flags that say a list holds the word
RATE, BATCH = 4e-3, 800  # tokens of a batch
NOTHING_FOUND, ONE_MISSED = 0.35, 0.2  # shares of pieces shown without the rules' spans, and of spans left out
UNKNOWN, HIDDEN_LIST, HIDDEN_TOKEN = 0.12, 0.2, 0.06  # shares of words, lists and tokens that are hidden
_MOST_TRIGRAMS = 16


@dataclass(frozen=True)
class Example:
    """Tokens of a piece: rows of their words in the table, and the class of each, -1 where either will do."""

    tokens: Tokens
    rows: np.ndarray
    classes: np.ndarray


class Words:
    """All words met, and what is known of each."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known, self._rows, self._seen = known, {}, []

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """Rows of words; new ones are worked out."""
        for word in words:
            if word not in self._rows:
                self._rows[word] = len(self._seen)
                self._seen.append(features(word, self._known))
        return np.array([self._rows[word] for word in words], np.int64)

    def table(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Flags (v, f), rows of own vectors (v,), trigrams (v, t) with -1 for none."""
        flags, own, trigrams = zip(*self._seen, strict=True)
        buckets = np.full((len(flags), _MOST_TRIGRAMS), -1, np.int64)
        for row, some in enumerate(trigrams):
            buckets[row, : len(some[:_MOST_TRIGRAMS])] = some[:_MOST_TRIGRAMS]
        return torch.tensor(flags, dtype=torch.float32), torch.tensor(own), torch.from_numpy(buckets)


class Net(nn.Module):
    """Each token as numbers, dilated convolutions over its neighbours, an answer for each class."""

    def __init__(self, vectors: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("pretrained", torch.from_numpy(vectors))
        self.own = nn.Linear(vectors.shape[1], WIDTH)
        self.flags = nn.Linear(FLAGS, WIDTH, bias=False)
        self.trigrams = nn.Parameter(torch.randn(TRIGRAMS, WIDTH) * 0.1)
        self.context = nn.Linear(CONTEXT, WIDTH, bias=False)
        self.found = nn.Parameter(torch.randn(len(CLASSES), WIDTH) * 0.3)
        self.inward = nn.Linear(WIDTH, HIDDEN)
        self.layers = nn.ModuleList(nn.Conv1d(HIDDEN, HIDDEN, 3, padding=far, dilation=far) for far in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(HIDDEN) for _ in DILATIONS)
        self.dropout = nn.Dropout(0.2)
        self.answer = nn.Linear(HIDDEN, len(CLASSES))

    def forward(self, table, rows, context, found, inside):
        """Rows (b, n), context (b, n, c), found (b, n), inside (b, n, 1) -> (b, n, classes)."""
        unique, places = torch.unique(rows, return_inverse=True)
        flags, own, trigrams = (part[unique] for part in table)
        vectors = self.pretrained[own]
        if self.training:
            vectors = vectors * (torch.rand(len(unique), 1) > UNKNOWN)
            flags = flags.clone()
            flags[:, LISTS] = flags[:, LISTS] * (torch.rand(len(unique), 1) > HIDDEN_LIST)
        there = (trigrams >= 0).unsqueeze(-1).float()
        parts = (self.trigrams[trigrams.clamp(min=0)] * there).sum(1) / there.sum(1).clamp(min=1)
        words = self.own(vectors) + self.flags(flags) + parts
        seen = words[places] + self.context(context) + self.found[found]
        if self.training:
            seen = seen * (torch.rand(*rows.shape, 1) > HIDDEN_TOKEN)
        state = torch.relu(self.inward(seen)) * inside
        for layer, norm in zip(self.layers, self.norms, strict=True):
            new = torch.relu(layer(state.transpose(1, 2)).transpose(1, 2))
            state = norm(state + self.dropout(new)) * inside
        return self.answer(self.dropout(state))

    def weights(self) -> dict[str, np.ndarray]:
        """As `tagger_of` takes them."""
        with torch.no_grad():
            own = self.pretrained @ self.own.weight.T
            found = {
                "own": own,
                "flags": self.flags.weight.T,
                "trigrams": self.trigrams,
                "context": self.context.weight.T,
                "found": self.found,
                "bias": self.own.bias,
                "inward": self.inward.weight.T,
                "inward_bias": self.inward.bias,
                "answer": self.answer.weight.T,
                "answer_bias": self.answer.bias,
            }
            for number, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
                found[f"weights{number}"] = layer.weight.permute(2, 1, 0)
                found[f"bias{number}"] = layer.bias
                found[f"scale{number}"], found[f"shift{number}"] = norm.weight, norm.bias
            return {name: np.ascontiguousarray(value.numpy(), np.float32) for name, value in found.items()}


def _batches(examples: Sequence[Example], draw: random.Random) -> list[list[Example]]:
    """Examples of about one length together, in any order."""
    order = sorted(examples, key=lambda one: len(one.rows) + draw.random() * 20)
    batches: list[list[Example]] = [[]]
    for one in order:
        if batches[-1] and len(one.rows) * (len(batches[-1]) + 1) > BATCH:
            batches.append([])
        batches[-1].append(one)
    draw.shuffle(batches)
    return batches


def _padded(examples: Sequence[Example], draw: random.Random) -> list[torch.Tensor]:
    longest = max(len(one.rows) for one in examples)
    shape = (len(examples), longest)
    rows, found, classes = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.full(shape, -1, np.int64)
    context, inside = np.zeros((*shape, CONTEXT), np.float32), np.zeros((*shape, 1), np.float32)
    for place, one in enumerate(examples):
        many = len(one.rows)
        rows[place, :many], classes[place, :many], inside[place, :many] = one.rows, one.classes, 1
        found[place, :many] = _partly_hidden(one.tokens.found, draw)
        context[place, :many] = one.tokens.context
        context[place, :many, -1] *= found[place, :many] > 0
    return [torch.from_numpy(part) for part in (rows, context, found, inside, classes)]


def _partly_hidden(found: np.ndarray, draw: random.Random) -> np.ndarray:
    """The rules' spans as they might be on notes that their author never saw: some are missing."""
    if draw.random() < NOTHING_FOUND:
        return np.zeros_like(found)
    kept = found.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], found, [0]])))
    for first, last in pairwise(edges):
        if draw.random() < ONE_MISSED:
            kept[first:last] = 0
    return kept


def train(examples: Sequence[Example], words: Words, vectors: np.ndarray, epochs: int, seed: int) -> Net:
    """Fit the network.

    Parameters
    ----------
    examples : sequence of Example
    words : Words
        That gave the examples' rows.
    vectors : (v, w) float32
        Of the words that have one, the first row for those that have none.
    epochs, seed : int
    """
    torch.manual_seed(seed)
    draw = random.Random(seed)
    net, table = Net(vectors), words.table()
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    steps = (len(_batches(examples, random.Random(seed))) + 8) * epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for epoch in range(epochs):
        total = 0.0
        batches = _batches(examples, draw)
        for batch in batches:
            rows, context, found, inside, classes = _padded(batch, draw)
            answers = net(table, rows, context, found, inside)
            loss = nn.functional.cross_entropy(answers.flatten(0, 1), classes.flatten(), ignore_index=-1)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / len(batches):.4f}", flush=True)
    return net.eval()
