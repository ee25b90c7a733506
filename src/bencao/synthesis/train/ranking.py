"""Make the ranker: which of the candidates of a molecule was reported, learned from the development products."""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from bencao.kernel.files import write_bytes
from bencao.synthesis.chemistry.template import canonical_set
from bencao.synthesis.ensemble.ranker import FEATURES, OF_THE_STEP, UseTable
from bencao.synthesis.train.reactions import CleanReaction

_MOST_USES = 65_535


@dataclass(frozen=True)
class RankingSettings:
    """Shape and schedule of the ranker.

    Attributes
    ----------
    hidden : int
        Hidden units of one member.
    members : int
        Networks whose scores are averaged; together they are one network of as many times the hidden units.
    epochs : int
    batch : int
        Reactions a step.
    rate, decay : float
        Of AdamW.
    kept_back : float
        Share of the products on which the temperature is set.
    seed : int
    """

    hidden: int = 48
    members: int = 4
    epochs: int = 60
    batch: int = 64
    rate: float = 3e-3
    decay: float = 1e-2
    kept_back: float = 0.2
    seed: int = 7


@dataclass(frozen=True)
class Example:
    """The candidates of a reported reaction.

    Attributes
    ----------
    features : ndarray of float32, shape (candidates, features)
    right : int
        The reported set; -1 where it is not among them.
    """

    features: NDArray[np.float32]
    right: int


def count_reactants(reactions: Iterable[CleanReaction]) -> UseTable:
    """In how many reactions each reactant is used."""
    uses: Counter[int] = Counter()
    for reaction in reactions:
        uses.update({zlib.crc32(part.encode()) for part in canonical_set(reaction.reactants).split(".")})
    keys = sorted(uses)
    return UseTable(
        np.array(keys, dtype=np.uint32), np.array([min(uses[key], _MOST_USES) for key in keys], dtype=np.uint16)
    )


def fit_ranker(
    examples: Sequence[Example], settings: RankingSettings, report: Callable[[str], None]
) -> dict[str, NDArray[np.float32]]:
    """Weights of the ranker.

    Each member learns from other four fifths of the examples, by the likelihood of the reported set among all
    candidates and "none of these". Then one temperature is set so that the fifth that a member has not seen is as
    likely as can be.

    Parameters
    ----------
    examples : sequence of Example
        In an order that has nothing to do with the chemistry.
    settings : RankingSettings
    report : callable
        Gets a line a member.

    Returns
    -------
    dict of ndarray
        As `Ranker` reads them.
    """
    every = np.concatenate([example.features for example in examples])
    mean, scale = every.mean(axis=0), every.std(axis=0) + 1e-6
    reported = np.concatenate([np.arange(len(one.features)) == one.right for one in examples])
    scaled = [torch.from_numpy((example.features - mean) / scale) for example in examples]
    right = torch.tensor([example.right for example in examples])
    table = nn.utils.rnn.pad_sequence(scaled, batch_first=True)
    counts = torch.tensor([len(part) for part in scaled])
    right = torch.where(right < 0, table.shape[1], right)  # the last column stands for "none"
    folds = np.arange(len(examples)) % round(1 / settings.kept_back)
    members, scores = [], []
    for number in range(settings.members):
        kept_back = torch.from_numpy(folds == number % round(1 / settings.kept_back))
        member = _fit_member(table, counts, right, ~kept_back, settings, settings.seed + number)
        with torch.no_grad():
            scores.append((_scores(member, table[kept_back], counts[kept_back]), right[kept_back]))
            loss = nn.functional.cross_entropy(*scores[-1])
            first = (scores[-1][0].argmax(dim=1) == scores[-1][1]).float().mean()
        report(f"member {number + 1}: loss {loss:.4f}, first right {100 * first:.2f} % of {len(right)} / 5 kept back")
        members.append(member)
    temperature = _temperature(scores)
    report(f"temperature {temperature:.3f}")
    share = 1 / (settings.members * temperature)
    feasible, offset = fit_feasibility((every - mean)[:, OF_THE_STEP] / scale[list(OF_THE_STEP)], reported)
    packed = {
        "feasible": feasible,
        "offset": np.array(offset),
        "mean": mean,
        "scale": scale,
        "hidden": np.concatenate([member[0].detach().numpy() for member in members], axis=1),
        "bias": np.concatenate([member[1].detach().numpy() for member in members]),
        "out": np.concatenate([member[2].detach().numpy() for member in members]) * share,
        "none": np.array(sum(float(member[3].detach()) for member in members) * share),
    }
    return {name: array.astype(np.float32) for name, array in packed.items()}


def fit_feasibility(scaled: NDArray[np.float32], reported: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Logistic regression of "reported" among steps that apply, both kinds weighing the same.

    Parameters
    ----------
    scaled : ndarray, shape (candidates, features of the step)
    reported : ndarray of bool, shape (candidates,)

    Returns
    -------
    weights, offset
    """
    table, right = torch.from_numpy(scaled.astype(np.float64)), torch.from_numpy(reported.astype(np.float64))
    share = right.mean()
    weight = torch.where(right > 0, 0.5 / share, 0.5 / (1 - share))
    unknown = torch.zeros(scaled.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([unknown], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        logits = table @ unknown[:-1] + unknown[-1]
        loss = nn.functional.binary_cross_entropy_with_logits(logits, right, weight=weight)
        loss = loss + 1e-4 * (unknown[:-1] ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    found = unknown.detach().numpy()
    return found[:-1], float(found[-1])


Member = list[torch.Tensor]


def _scores(member: Member, table: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    hidden, bias, out, none = member
    scores = torch.tanh(table @ hidden + bias) @ out
    absent = torch.arange(table.shape[1]) >= counts.unsqueeze(1)
    return torch.cat([scores.masked_fill(absent, -1e9), none.expand(len(table), 1)], dim=1)


def _fit_member(
    table: torch.Tensor,
    counts: torch.Tensor,
    right: torch.Tensor,
    learned: torch.Tensor,
    settings: RankingSettings,
    seed: int,
) -> Member:
    generator = torch.Generator().manual_seed(seed)
    width = len(FEATURES)
    member = [
        torch.randn(width, settings.hidden, generator=generator) / width**0.5,
        torch.zeros(settings.hidden),
        torch.randn(settings.hidden, generator=generator) / settings.hidden**0.5,
        torch.zeros(1),
    ]
    for tensor in member:
        tensor.requires_grad_()
    rows = torch.nonzero(learned).squeeze(1)
    steps = settings.epochs * -(-len(rows) // settings.batch)
    optimizer = torch.optim.AdamW(member, lr=settings.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(settings.epochs):
        for picked in rows[torch.randperm(len(rows), generator=generator)].split(settings.batch):
            loss = nn.functional.cross_entropy(_scores(member, table[picked], counts[picked]), right[picked])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return member


def _temperature(scores: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> float:
    def loss(temperature: float) -> float:
        return sum(float(nn.functional.cross_entropy(some / temperature, right)) for some, right in scores)

    best: float = min(np.linspace(0.6, 1.6, 101).tolist(), key=loss)
    return best


def write_ranker(path: Path, weights: dict[str, NDArray[np.float32]], uses: UseTable) -> None:
    """Write weights and use table; the same arrays give the same bytes."""
    packed = io.BytesIO()
    steps = np.diff(uses.keys, prepend=np.uint32(0))
    arrays: dict[str, Any] = {**weights, "steps": steps, "uses": uses.uses}
    np.savez_compressed(packed, **arrays)
    write_bytes(path, packed.getvalue())
