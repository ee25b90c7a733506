"""Train the network that reads the tokens about a finding, and give its weights as the package loads them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from bencao.records.extraction.assertion import STATUSES
from bencao.records.extraction.context.clues import MARKS
from bencao.records.extraction.context.reading.reader import LAYERS, LENGTH
from bencao.records.extraction.context.reading.tokens import STATIC, Vectors
from bencao.records.extraction.context.reading.window import CLAUSES, PLACES, SIDE, Window

WIDTH, HIDDEN = 64, 64
RATE, BATCH = 3e-3, 48  # windows of a batch
# Shares of tokens, of tokens' own vectors, of windows' marks and of rules that are not shown.
HIDDEN_TOKEN, HIDDEN_OWN, HIDDEN_MARKS, HIDDEN_RULE = 0.08, 0.2, 0.35, 0.5
LEAST_WORDINGS = 5  # in which a word must stand to have a vector of its own
BARE, SWAPPED = 0.3, 0.4  # shares of findings shown without their words, and with another finding's


@dataclass(frozen=True)
class Example:
    """A window about a finding, what the rules say of it, its status, and which finding of which wording it is."""

    window: Window
    told: int
    status: int
    finding: str
    language: str


class Words:
    """All words met, as rows of what is known of each."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors, self._rows, self._seen, self._words = vectors, {}, [], []

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """Rows of words; new ones are worked out."""
        for word in words:
            if word not in self._rows:
                self._rows[word] = len(self._seen)
                self._seen.append(self._vectors.of(word))
                self._words.append(word)
        return np.array([self._rows[word] for word in words], np.int64)

    def word(self, row: int) -> str:
        """The word of a row."""
        return self._words[row]

    def table(self) -> torch.Tensor:
        """All rows, (words, STATIC)."""
        return torch.from_numpy(np.array(self._seen))


class Net(nn.Module):
    """Each token as numbers, convolutions that halve the window, an answer of its middle."""

    def __init__(self, own: int) -> None:
        super().__init__()
        self.own = nn.Parameter(torch.zeros(own, WIDTH))
        self.static = nn.Linear(STATIC, WIDTH)
        self.places = nn.Parameter(torch.randn(PLACES, WIDTH) * 0.3)
        self.clauses = nn.Parameter(torch.randn(CLAUSES, WIDTH) * 0.3)
        self.marks = nn.Linear(MARKS, WIDTH, bias=False)
        self.finding = nn.Parameter(torch.randn(1 + len(STATUSES), WIDTH) * 0.3)
        self.inward = nn.Linear(WIDTH, HIDDEN)
        self.layers = nn.ModuleList(nn.Linear(3 * HIDDEN, HIDDEN) for _ in range(LAYERS))
        self.norms = nn.ModuleList(nn.LayerNorm(HIDDEN) for _ in range(LAYERS))
        self.dropout = nn.Dropout(0.25)
        self.answer = nn.Linear(HIDDEN + len(STATUSES), len(STATUSES))

    def forward(self, static, own, places, clauses, marks, operation, told, inside):
        """All (b, LENGTH, …) but operation (b,) and told (b, statuses)."""
        kept = self.own * (torch.rand(len(self.own), 1) > HIDDEN_OWN) if self.training else self.own
        seen = self.static(static) + kept[own] + self.places[places] + self.clauses[clauses] + self.marks(marks)
        if self.training:
            shown = torch.rand(*places.shape, 1) > HIDDEN_TOKEN
            shown[:, SIDE] = True
            seen = seen * shown
        finding = torch.cat([operation[:, None], told], 1) @ self.finding
        seen = torch.cat([seen[:, :SIDE], (seen[:, SIDE] + finding)[:, None], seen[:, SIDE + 1 :]], 1)
        state = torch.relu(self.inward(self.dropout(seen))) * inside
        for layer, norm in zip(self.layers, self.norms, strict=True):
            triples = torch.cat([state[:, :-2:2], state[:, 1:-1:2], state[:, 2::2]], 2)
            state = norm(state[:, 1:-1:2] + self.dropout(torch.relu(layer(triples))))
        return self.answer(torch.cat([self.dropout(state[:, 0]), told], 1))

    def weights(self) -> dict[str, np.ndarray]:
        """As `reader_of` takes them."""
        with torch.no_grad():
            found = {
                "own": self.own,
                "static": self.static.weight.T,
                "bias": self.static.bias,
                "places": self.places,
                "clauses": self.clauses,
                "marks": self.marks.weight.T,
                "finding": self.finding,
                "inward": self.inward.weight.T,
                "inward_bias": self.inward.bias,
                "answer": self.answer.weight.T,
                "answer_bias": self.answer.bias,
            }
            for number, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
                found[f"weights{number}"] = layer.weight.T
                found[f"bias{number}"] = layer.bias
                found[f"scale{number}"], found[f"shift{number}"] = norm.weight, norm.bias
            return {name: np.ascontiguousarray(value.numpy(), np.float32) for name, value in found.items()}


class Batches:
    """Draws batches of findings, changed a little each time."""

    def __init__(self, examples: Sequence[Example], words: Words, seed: int) -> None:
        self._examples, self._draw = examples, random.Random(seed)
        self._rows = [words.rows(one.window.words) for one in examples]
        self._table = words.table()
        self._groups: dict[str, list[int]] = {}
        for number, one in enumerate(examples):
            self._groups.setdefault(one.finding, []).append(number)
        self._names = {
            language: [
                row[one.window.finding]
                for one, row in zip(examples, self._rows, strict=True)
                if one.language == language and not one.window.operation
            ]
            for language in ("zh", "en")
        }
        frequent = self._frequent()
        self._own = np.zeros(len(self._table), np.int64)
        self._own[frequent] = np.arange(1, len(frequent) + 1)
        self.known = [words.word(row) for row in frequent]

    def __len__(self) -> int:
        return -(-len(self._groups) // BATCH)

    def _frequent(self) -> list[int]:
        where: dict[int, set[str]] = {}
        for one, row in zip(self._examples, self._rows, strict=True):
            for place, word in enumerate(row.tolist()):
                if place != one.window.finding:
                    where.setdefault(word, set()).add(one.finding.split("/")[0])
        return sorted(word for word, of in where.items() if len(of) >= LEAST_WORDINGS)

    def __iter__(self) -> Iterator[tuple[list[torch.Tensor], torch.Tensor]]:
        """One example of each finding of each wording, in any order: what `Net` takes, statuses."""
        chosen = [self._draw.choice(group) for group in self._groups.values()]
        self._draw.shuffle(chosen)
        for first in range(0, len(chosen), BATCH):
            batch = chosen[first : first + BATCH]
            yield self._padded(batch), torch.tensor([self._examples[number].status for number in batch])

    def _changed(self, number: int) -> np.ndarray:
        """Rows of a window's words, now and then with another finding of the language."""
        one, row = self._examples[number], self._rows[number]
        if not one.window.operation and self._draw.random() < SWAPPED:
            row = row.copy()
            row[one.window.finding] = self._draw.choice(self._names[one.language])
        return row

    def _padded(self, batch: Sequence[int]) -> list[torch.Tensor]:
        examples, rows = [self._examples[number] for number in batch], [self._changed(number) for number in batch]
        many = len(examples)
        places, clauses, words = np.zeros((3, many, LENGTH), np.int64)
        marks, inside = np.zeros((many, LENGTH, MARKS), np.float32), np.zeros((many, LENGTH, 1), np.float32)
        told = np.zeros((many, len(STATUSES)), np.float32)
        for number, (one, row) in enumerate(zip(examples, rows, strict=True)):
            there = slice(SIDE - one.window.finding, SIDE - one.window.finding + len(row))
            words[number, there], inside[number, there] = row, 1
            places[number, there], clauses[number, there] = one.window.places, one.window.clauses
            if self._draw.random() > HIDDEN_MARKS:
                marks[number, there] = one.window.marks
            if self._draw.random() > HIDDEN_RULE:
                told[number, one.told] = 1
        own = self._own[words] * inside[..., 0].astype(np.int64)
        own[:, SIDE] = 0
        static = self._table[torch.from_numpy(words)] * torch.from_numpy(inside)
        static[[self._draw.random() < BARE for _ in examples], SIDE] = 0
        operation = np.array([one.window.operation for one in examples], np.float32)
        return [static, *map(torch.from_numpy, (own, places, clauses, marks, operation, told, inside))]


def train(examples: Sequence[Example], words: Words, epochs: int, seed: int) -> tuple[Net, list[str]]:
    """Fit the network.

    Parameters
    ----------
    examples : sequence of Example
    words : Words
    epochs, seed : int

    Returns
    -------
    net : Net
    known : list of str
        Words with a vector of their own, the first in row 1.
    """
    torch.manual_seed(seed)
    batches = Batches(examples, words, seed)
    net = Net(len(batches.known) + 1)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.03)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=len(batches) * epochs)
    for epoch in range(epochs):
        total = 0.0
        for parts, wanted in batches:
            loss = nn.functional.cross_entropy(net(*parts), wanted, label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / len(batches):.4f}", flush=True)
    return net.eval(), batches.known
