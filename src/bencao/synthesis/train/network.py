"""Train the template-relevance network in PyTorch and write it as a small ONNX file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from torch import nn

from bencao.synthesis.train.onnx_file import gelu, linear8, quantised, write_graph


@dataclass(frozen=True)
class NetworkSettings:
    """Shape and schedule of the network (Segler and Waller, Chem. Eur. J. 2017, 23, 5966, with sparse input).

    Attributes
    ----------
    slots : int
        Hashed input slots, see `feature_ids`.
    wide, narrow : int
        Width of the first and of the last hidden layer.
    dropout : float
    batch : int
    epochs : int
    rate : float
        Highest learning rate of the one-cycle schedule.
    decay : float
        Weight decay of AdamW.
    smoothing : float
        Label smoothing.
    seed : int
    """

    slots: int = 16_384
    wide: int = 1_024
    narrow: int = 512
    dropout: float = 0.3
    batch: int = 1_024
    epochs: int = 12
    rate: float = 1.5e-3
    decay: float = 0.01
    smoothing: float = 0.0
    seed: int = 7


@dataclass(frozen=True)
class SparseRows:
    """Set slots of many molecules, one after the other.

    Attributes
    ----------
    slots : ndarray of uint16, shape (total,)
    starts : ndarray of int64, shape (molecules + 1,)
    """

    slots: NDArray[np.uint16]
    starts: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """Slots and offsets of some rows, as `torch.nn.EmbeddingBag` takes them."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        flat = self.slots[np.repeat(self.starts[rows], lengths) + within]
        return torch.from_numpy(flat.astype(np.int64)), torch.from_numpy(offsets[:-1])


class TemplateNetwork(nn.Module):
    """Bag of substructures, two hidden layers, one logit a template."""

    def __init__(self, settings: NetworkSettings, templates: int) -> None:  # templates of all heads
        super().__init__()
        self.bag = nn.EmbeddingBag(settings.slots, settings.wide, mode="sum")
        nn.init.normal_(self.bag.weight, std=0.1)
        self.norm_wide = nn.LayerNorm(settings.wide)
        self.middle = nn.Linear(settings.wide, settings.narrow)
        self.norm_narrow = nn.LayerNorm(settings.narrow)
        self.out = nn.Linear(settings.narrow, templates)
        self.drop = nn.Dropout(settings.dropout)

    def forward(self, slots: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        """Logits, shape (molecules, templates)."""
        hidden = self.drop(nn.functional.gelu(self.norm_wide(self.bag(slots, offsets))))
        hidden = self.drop(nn.functional.gelu(self.norm_narrow(self.middle(hidden))))
        with torch.autocast("cpu", torch.bfloat16):
            return self.out(hidden)


def fit(
    rows: SparseRows,
    molecules: NDArray[np.int64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float32],
    templates: list[int],
    settings: NetworkSettings,
    report: Callable[[str], None],
    checkpoint: Path | None = None,
) -> TemplateNetwork:
    """Train the network.

    Parameters
    ----------
    rows : SparseRows
    molecules : ndarray of int64, shape (n,)
        Row of the product of each reaction.
    labels : ndarray of int64, shape (n, heads)
        Template of each reaction in each head's table, -1 where it has none.
    weights : ndarray of float32, shape (n,)
        Weight of each reaction in the loss.
    templates : list of int
        Number of templates of each head.
    settings : NetworkSettings
    report : callable
        Gets one line an epoch.
    checkpoint : Path, optional
        Written after every epoch; training goes on from it where it exists.

    Returns
    -------
    TemplateNetwork
        In evaluation mode.
    """
    torch.manual_seed(settings.seed)
    shuffle = np.random.default_rng(settings.seed)
    network = TemplateNetwork(settings, sum(templates))
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    steps = -(-len(labels) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=steps * settings.epochs, pct_start=0.15
    )
    first = 0
    if checkpoint and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        first = state["epoch"] + 1
    for epoch in range(settings.epochs):
        order = shuffle.permutation(len(labels))
        if epoch < first:
            continue
        network.train()
        total = 0.0
        for step in range(steps):
            picked = order[step * settings.batch : (step + 1) * settings.batch]
            heads = network(*rows.take(molecules[picked])).float().split(templates, dim=1)
            weight = torch.from_numpy(weights[picked])
            loss = torch.zeros(())
            for head, logits in enumerate(heads):
                losses = nn.functional.cross_entropy(
                    logits,
                    torch.from_numpy(labels[picked, head]),
                    reduction="none",
                    ignore_index=-1,
                    label_smoothing=settings.smoothing,
                )
                loss = loss + (losses * weight).sum() / weight.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        report(f"epoch {epoch + 1}/{settings.epochs}: mean loss {total / steps:.4f}")
        if checkpoint:
            partial = checkpoint.with_suffix(".partial")
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(),
                    "epoch": epoch,
                },
                partial,
            )
            partial.replace(checkpoint)
    network.eval()
    return network


def export_onnx(network: TemplateNetwork, path: Path) -> None:
    """Write the network with int8 weights: input ``slots`` int64 (n,), output ``logits`` float32 (templates,).

    Parameters
    ----------
    network : TemplateNetwork
    path : Path
        Written under a temporary name, then renamed.
    """
    state = {name: tensor.detach().float().numpy() for name, tensor in network.state_dict().items()}
    bag, bag_scale = quantised(state["bag.weight"])
    middle = linear8("wide", "narrow_raw", state["middle.weight"], state["middle.bias"])
    out = linear8("narrow", "logits_row", state["out.weight"], state["out.bias"])
    constants = {
        "bag": bag,
        "bag_scale": bag_scale[:, None],
        **middle.constants,
        **out.constants,
        "wide_gain": state["norm_wide.weight"],
        "wide_shift": state["norm_wide.bias"],
        "narrow_gain": state["norm_narrow.weight"],
        "narrow_shift": state["norm_narrow.bias"],
        "first_axis": np.array([0], dtype=np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Gather", ["bag", "slots"], ["bag_rows"], axis=0),
        node("Gather", ["bag_scale", "slots"], ["row_scales"], axis=0),
        node("Cast", ["bag_rows"], ["bag_float"], to=TensorProto.FLOAT),
        node("Mul", ["bag_float", "row_scales"], ["rows"]),
        node("ReduceSum", ["rows", "first_axis"], ["sum"], keepdims=1),
        node("LayerNormalization", ["sum", "wide_gain", "wide_shift"], ["wide_normed"], epsilon=1e-5),
        *gelu("wide_normed", "wide"),
        middle.node,
        node("LayerNormalization", ["narrow_raw", "narrow_gain", "narrow_shift"], ["narrow_normed"], epsilon=1e-5),
        *gelu("narrow_normed", "narrow"),
        out.node,
        node("Squeeze", ["logits_row", "first_axis"], ["logits"]),
    ]
    write_graph(
        path,
        "template_relevance",
        nodes,
        [("slots", TensorProto.INT64, ["n"])],
        [("logits", [len(state["out.bias"])])],
        constants,
    )
