"""The extraction model while it learns: a small BERT encoder with one CRF layer of tags for each role."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bencao.safety.intake.extraction.tagging import MAY_FOLLOW, MAY_START, TAGS

FORBIDDEN = -1e4


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019)."""

    def __init__(self, width: int, inner: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        query, key, value = (
            part(x).view(batch, length, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3) / (width // self.heads) ** 0.5 + mask
        share = functional.dropout(scores.softmax(-1), self.dropout, self.training)
        mixed = (share @ value).transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(x + functional.dropout(self.out(mixed), self.dropout, self.training))
        inner = self.down(functional.gelu(self.up(x), approximate="tanh"))
        return self.norm2(x + functional.dropout(inner, self.dropout, self.training))


class Tagger(nn.Module):
    """Scores of tags for each word and role."""

    def __init__(self, vocabulary: int, roles: int, *, layers: int = 6, width: int = 384, dropout: float = 0.1) -> None:
        super().__init__()
        self.roles, self.dropout = roles, dropout
        self.pieces = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(512, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, 4 * width, 12, dropout) for _ in range(layers))
        self.head = nn.Linear(width, roles * len(TAGS))
        self.moves = nn.Parameter(torch.zeros(roles, len(TAGS), len(TAGS)))
        may = torch.tensor(MAY_FOLLOW)
        self.register_buffer("barred", torch.where(may, 0.0, FORBIDDEN))
        self.register_buffer("barred_first", torch.where(torch.tensor(MAY_START), 0.0, FORBIDDEN))

    def forward(self, ids: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
        """Scores, (batch, words, roles, tags), of padded pieces (batch, pieces) at the words' first pieces."""
        mask = torch.where(ids == 0, FORBIDDEN, 0.0)[:, None, None, :]
        x = self.norm(self.pieces(ids) + self.places(torch.arange(ids.shape[1], device=ids.device)))
        x = functional.dropout(x, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask.to(x.dtype))
        x = x.gather(1, first[:, :, None].expand(-1, -1, x.shape[2]))
        x = functional.dropout(x, self.dropout, self.training)
        return self.head(x).float().unflatten(-1, (self.roles, len(TAGS)))

    def transitions(self) -> torch.Tensor:
        return self.moves + self.barred


def read_weights(folder: Path) -> dict[str, np.ndarray]:
    """Read a ``model.safetensors`` file: a JSON head that says where each array lies."""
    raw = (folder / "model.safetensors").read_bytes()
    size = int.from_bytes(raw[:8], "little")
    arrays = {}
    for name, told in json.loads(raw[8 : 8 + size]).items():
        if name != "__metadata__" and told["dtype"] == "F32":
            start, end = told["data_offsets"]
            arrays[name] = np.frombuffer(raw[8 + size + start : 8 + size + end], np.float32).reshape(told["shape"])
    return arrays


def load_encoder(tagger: Tagger, folder: Path) -> None:
    """Start a tagger from a trained BERT encoder."""
    arrays = {name: torch.tensor(value) for name, value in read_weights(folder).items()}
    into: dict[str, torch.Tensor] = {
        "pieces.weight": arrays["embeddings.word_embeddings.weight"],
        # The second sentence's mark is never used: the first's is added to every place.
        "places.weight": arrays["embeddings.position_embeddings.weight"]
        + arrays["embeddings.token_type_embeddings.weight"][0],
    }
    names = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "out": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense",
        "down": "output.dense", "norm2": "output.LayerNorm",
    }  # fmt: skip
    for kind in ("weight", "bias"):
        into[f"norm.{kind}"] = arrays[f"embeddings.LayerNorm.{kind}"]
        for number in range(len(tagger.layers)):
            for ours, theirs in names.items():
                into[f"layers.{number}.{ours}.{kind}"] = arrays[f"encoder.layer.{number}.{theirs}.{kind}"]
    wrong = tagger.load_state_dict(into, strict=False)
    assert not wrong.unexpected_keys
    assert all(name.split(".")[0] in ("head", "moves", "barred", "barred_first") for name in wrong.missing_keys)


def crf_loss(tagger: Tagger, scores: torch.Tensor, tags: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Negative log-likelihood of tags (batch, words, roles) for each sentence and role, (batch, roles)."""
    moves = tagger.transitions()
    _, words, roles, _ = scores.shape
    inside = torch.arange(words)[None, :] < lengths[:, None]
    alpha = scores[:, 0] + tagger.barred_first
    for place in range(1, words):
        step = torch.logsumexp(alpha[..., :, None] + moves, dim=-2) + scores[:, place]
        alpha = torch.where(inside[:, place, None, None], step, alpha)
    total = torch.logsumexp(alpha, -1)
    own = scores.gather(3, tags[..., None]).squeeze(3) * inside[..., None]
    role = torch.arange(roles)
    moved = moves[role, tags[:, :-1], tags[:, 1:]] * inside[:, 1:, None]
    return total - own.sum(1) - moved.sum(1)
