"""The network: embeddings of characters and pairs, a bidirectional LSTM, and a chain of tags trained as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from bencao.records.extraction.network.pieces import SHAPES, Vocabulary
from bencao.records.extraction.network.train.vectors import shipped_characters

# Sizes and rates were chosen by cross-validation within the training records of cEHRNER.
_CHARACTER, _PAIR, _SHAPE, _HIDDEN = 64, 48, 8, 176
_DROPOUT_IN, _DROPOUT_OUT, _UNKNOWN_RATE = 0.3, 0.5, 0.1


@dataclass(frozen=True)
class Network:
    """The parts that are trained.

    Attributes
    ----------
    parts : torch.nn.ModuleDict
        character, pair, shape: embeddings; recurrent: LSTM; out: linear.
    transitions, first : torch.nn.Parameter
        Scores of one tag after another, shape (tags, tags), and of the first tag, shape (tags,).
    """

    parts: Any
    transitions: Any
    first: Any

    def parameters(self) -> list[Any]:
        """All that is trained."""
        return [*self.parts.parameters(), self.transitions, self.first]


def new_network(vocabulary: Vocabulary, tags: int) -> Network:
    """A network with random weights (`torch.manual_seed` decides which) but for the characters that have a vector."""
    nn = torch.nn
    characters, pairs = len(vocabulary.characters) + 2, len(vocabulary.pairs) + 2
    parts = nn.ModuleDict(
        {
            "character": nn.Embedding(characters, _CHARACTER, padding_idx=0),
            "pair": nn.Embedding(pairs, _PAIR, padding_idx=0),
            "shape": nn.Embedding(SHAPES, _SHAPE, padding_idx=0),
            "recurrent": nn.LSTM(_CHARACTER + 2 * _PAIR + _SHAPE, _HIDDEN, bidirectional=True, batch_first=True),
            "out": nn.Linear(2 * _HIDDEN, tags),
        }
    )
    for name in ("character", "pair"):
        parts[name].weight.data.mul_(0.3)
    start = shipped_characters()
    start.fill(parts["character"].weight.data.numpy(), vocabulary.characters)
    start.fill_pairs(parts["pair"].weight.data.numpy(), vocabulary.pairs)
    return Network(parts, nn.Parameter(torch.zeros(tags, tags)), nn.Parameter(torch.zeros(tags)))


def training_scores(network: Network, numbers: Any) -> Any:
    """Scores of each tag with dropout; some characters and pairs are made unknown.

    Parameters
    ----------
    network : Network
    numbers : torch.Tensor of int64, shape (pieces, length, 4)

    Returns
    -------
    torch.Tensor of float32, shape (pieces, length, tags)
    """
    parts, functional = network.parts, torch.nn.functional
    columns = list(numbers.unbind(2))
    for place in range(3):
        hidden = (torch.rand(columns[place].shape) < _UNKNOWN_RATE) & (columns[place] > 0)
        columns[place] = torch.where(hidden, torch.ones_like(columns[place]), columns[place])
    character, before, after, shape = columns
    read = torch.cat(
        [parts["character"](character), parts["pair"](before), parts["pair"](after), parts["shape"](shape)], 2
    )
    cells, _ = parts["recurrent"](functional.dropout(read, _DROPOUT_IN))
    return parts["out"](functional.dropout(cells, _DROPOUT_OUT))


def chain_loss(network: Network, scores: Any, tags: Any, inside: Any) -> Any:
    """Mean over characters of minus the log-likelihood of the tags (Lafferty et al., ICML 2001).

    Parameters
    ----------
    network : Network
    scores : torch.Tensor of float32, shape (pieces, length, tags)
    tags : torch.Tensor of int64, shape (pieces, length)
    inside : torch.Tensor of bool, shape (pieces, length)
        False where a piece has ended.
    """
    total = network.first + scores[:, 0]
    for step in range(1, scores.shape[1]):
        onward = torch.logsumexp(total.unsqueeze(2) + network.transitions, 1) + scores[:, step]
        total = torch.where(inside[:, step : step + 1], onward, total)
    held = inside.float()
    right = (scores.gather(2, tags.unsqueeze(2)).squeeze(2) * held).sum(1) + network.first[tags[:, 0]]
    right = right + (network.transitions[tags[:, :-1], tags[:, 1:]] * held[:, 1:]).sum(1)
    return (torch.logsumexp(total, 1) - right).sum() / held.sum()


def weights_of(network: Network) -> dict[str, NDArray[np.float32]]:
    """The weights by name, for `graph.graph_of`, with the transitions as the recogniser reads them."""

    def array(tensor: Any) -> NDArray[np.float32]:
        return np.asarray(tensor.detach().numpy(), dtype=np.float32)

    parts = network.parts
    weights = {name: array(parts[name].weight) for name in ("character", "pair", "shape")}
    recurrent = parts["recurrent"]
    for direction, ending in (("forward", ""), ("backward", "_reverse")):
        weights[f"input_{direction}"] = array(getattr(recurrent, f"weight_ih_l0{ending}"))
        weights[f"recurrent_{direction}"] = array(getattr(recurrent, f"weight_hh_l0{ending}"))
        both = getattr(recurrent, f"bias_ih_l0{ending}") + getattr(recurrent, f"bias_hh_l0{ending}")
        weights[f"bias_{direction}"] = array(both)
    weights |= {"out": array(parts["out"].weight), "out_bias": array(parts["out"].bias)}
    weights["transitions"] = np.concatenate([array(network.transitions), array(network.first)[None]])
    return weights
