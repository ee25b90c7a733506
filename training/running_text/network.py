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
RATE, BATCH = 4e-3, 2000  # tokens of a batch
DROPPED = 0.2
_GAP = max(DILATIONS)  # rows of nothing between texts, so that none sees another
NOTHING_FOUND, ONE_MISSED = 0.35, 0.2  # shares of pieces shown without the rules' spans, and of spans left out
# Shares of words, lists and tokens that are hidden, and of pieces in which all that lists and models say of a place is.
UNKNOWN, HIDDEN_LIST, HIDDEN_TOKEN, HIDDEN_CONTEXT = 0.12, 0.2, 0.06, 0.15


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

    def table(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Flags (v, f), rows of own vectors (v,), where trigrams of each begin (v + 1,), trigrams (t,)."""
        flags, own, trigrams = zip(*self._seen, strict=True)
        starts = np.concatenate([[0], np.cumsum([len(some) for some in trigrams])])
        every = torch.tensor([one for some in trigrams for one in some], dtype=torch.long)
        return torch.tensor(flags, dtype=torch.float32), torch.tensor(own), torch.from_numpy(starts), every


class Net(nn.Module):
    """Each token as numbers, dilated convolutions over its neighbours, an answer for each class."""

    def __init__(self, vectors: np.ndarray) -> None:
        super().__init__()
        self.draw = np.random.default_rng(0)
        self.register_buffer("pretrained", torch.from_numpy(vectors))
        self.own = nn.Linear(vectors.shape[1], WIDTH)
        self.flags = nn.Linear(FLAGS, WIDTH, bias=False)
        self.trigrams = nn.Parameter(torch.randn(TRIGRAMS, WIDTH) * 0.1)
        self.context = nn.Linear(CONTEXT, WIDTH, bias=False)
        self.found = nn.Parameter(torch.randn(len(CLASSES), WIDTH) * 0.3)
        self.inward = nn.Linear(WIDTH, HIDDEN)
        self.layers = nn.ModuleList(nn.Linear(3 * HIDDEN, HIDDEN) for _ in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(HIDDEN) for _ in DILATIONS)
        self.answer = nn.Linear(HIDDEN, len(CLASSES))

    def words(self, table, rows):
        """Vectors of the words of a batch, shape (n, w); some of what is known of each is hidden in training."""
        unique, places = torch.unique(rows, return_inverse=True)
        flags, own, starts, trigrams = table
        vectors, flags = self.pretrained[own[unique]], flags[unique]
        if self.training:
            vectors = vectors * (torch.rand(len(unique), 1) > UNKNOWN)
            flags[:, LISTS] = flags[:, LISTS] * (torch.rand(len(unique), 1) > HIDDEN_LIST)
        many = starts[unique + 1] - starts[unique]
        some = many.nonzero().squeeze(1)
        ends = many[some].cumsum(0)
        each = torch.arange(int(ends[-1]) if len(some) else 0) + torch.repeat_interleave(
            starts[unique[some]] - ends + many[some], many[some]
        )
        parts = nn.functional.embedding_bag(trigrams[each], self.trigrams, ends - many[some], mode="mean")
        found = (self.own(vectors) + self.flags(flags)).index_add(0, some, parts)
        return found[places]

    def forward(self, table, rows, context, found, inside):
        """Rows (n,), context (n, c), found (n,), inside (n, 1), 0 between texts -> (n, classes)."""
        seen = self.words(table, rows) + self.context(context) + self.found[found]
        if self.training:
            seen = seen * (torch.rand(len(rows), 1) > HIDDEN_TOKEN)
        state = torch.relu(self.inward(seen)) * inside
        for far, layer, norm in zip(DILATIONS, self.layers, self.norms, strict=True):
            padded = nn.functional.pad(state, (0, 0, far, far))
            around = torch.cat([padded[: len(state)], state, padded[2 * far :]], dim=1)
            state = norm(state + self.dropped(torch.relu(layer(around)))) * inside
        return self.answer(self.dropped(state))

    def dropped(self, state):
        """Dropout whose draws cost little beside the products of matrices."""
        if not self.training:
            return state
        signs = np.frombuffer(self.draw.bytes(state.numel()), np.uint8) >= 256 * DROPPED
        return state * (torch.from_numpy(signs).view(state.shape).float() / (1 - DROPPED))

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
                found[f"weights{number}"] = layer.weight.T.reshape(3, HIDDEN, HIDDEN)
                found[f"bias{number}"] = layer.bias
                found[f"scale{number}"], found[f"shift{number}"] = norm.weight, norm.bias
            return {name: np.ascontiguousarray(value.numpy(), np.float32) for name, value in found.items()}


def _batches(examples: Sequence[Example], draw: random.Random) -> list[list[Example]]:
    """Examples in any order, some thousand tokens together."""
    batches: list[list[Example]] = [[]]
    held = 0
    for one in draw.sample(examples, len(examples)):
        if held > BATCH:
            batches.append([])
            held = 0
        batches[-1].append(one)
        held += len(one.rows)
    return batches


def _joined(examples: Sequence[Example], draw: random.Random) -> list[torch.Tensor]:
    """One example behind the other, with a gap between them."""
    length = sum(len(one.rows) + _GAP for one in examples)
    rows, found, classes = np.zeros(length, np.int64), np.zeros(length, np.int64), np.full(length, -1, np.int64)
    context, inside = np.zeros((length, CONTEXT), np.float32), np.zeros((length, 1), np.float32)
    start = 0
    for one in examples:
        part = slice(start, start + len(one.rows))
        rows[part], classes[part], inside[part] = one.rows, one.classes, 1
        found[part] = _partly_hidden(one.tokens.found, draw)
        context[part] = one.tokens.context
        if draw.random() < HIDDEN_CONTEXT:
            context[part, 2:-1] = 0
        context[part, -1] *= found[part] > 0
        start = part.stop + _GAP
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
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02, fused=True)
    steps = (len(_batches(examples, random.Random(seed))) + 8) * epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for epoch in range(epochs):
        total = 0.0
        batches = _batches(examples, draw)
        for batch in batches:
            *seen, classes = _joined(batch, draw)
            loss = nn.functional.cross_entropy(net(table, *seen), classes, ignore_index=-1)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / len(batches):.4f}", flush=True)
    return net.eval()
