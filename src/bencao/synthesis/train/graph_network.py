"""Train the graph network, which says where a molecule is cut and by which local template; write it as ONNX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper
from torch import nn

from bencao.synthesis.chemistry.graph import ATOM_SLOTS, BOND_SLOTS, MolecularGraph
from bencao.synthesis.train.onnx_file import gelu, linear8, write_graph


@dataclass(frozen=True)
class GraphSettings:
    """Shape and schedule of the network.

    Attributes
    ----------
    width : int
        Of an atom's state.
    layers : int
        Rounds of messages.
    dropout : float
    batch : int
        Molecules a step.
    epochs : int
    rate : float
        Highest learning rate of the one-cycle schedule.
    decay : float
        Weight decay of AdamW.
    seed : int
    """

    width: int = 256
    layers: int = 6
    dropout: float = 0.1
    batch: int = 128
    epochs: int = 8
    rate: float = 1e-3
    decay: float = 0.01
    seed: int = 7


@dataclass(frozen=True)
class Batch:
    """Several molecules as one graph.

    Attributes
    ----------
    atoms, bonds, ends : tensors of int64
        As `MolecularGraph`, one molecule after the other.
    owners : tensor of int64, shape (atoms,)
        Molecule of each atom.
    molecules : int
    """

    atoms: torch.Tensor
    bonds: torch.Tensor
    ends: torch.Tensor
    owners: torch.Tensor
    molecules: int


def joined(graphs: Sequence[MolecularGraph]) -> Batch:
    """Put molecules side by side."""
    sizes = np.array([len(graph.atoms) for graph in graphs])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    ends = [graph.ends.astype(np.int64) + start for graph, start in zip(graphs, starts, strict=True)]
    return Batch(
        torch.from_numpy(np.concatenate([graph.atoms for graph in graphs]).astype(np.int64)),
        torch.from_numpy(np.concatenate([graph.bonds for graph in graphs]).astype(np.int64)),
        torch.from_numpy(np.concatenate(ends, axis=1)),
        torch.from_numpy(np.repeat(np.arange(len(graphs)), sizes)),
        len(graphs),
    )


class SiteNetwork(nn.Module):
    """Message passing over bonds (Hu et al., ICLR 2020, the GINE layer), one state an atom at its end.

    A molecule's probability is shared among its atoms, an atom's among the local templates.
    """

    def __init__(self, settings: GraphSettings, templates: int) -> None:
        super().__init__()
        width = settings.width
        self.atom = nn.Embedding(ATOM_SLOTS, width)
        self.bond = nn.Embedding(BOND_SLOTS, width)
        nn.init.normal_(self.atom.weight, std=0.3)
        nn.init.normal_(self.bond.weight, std=0.3)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(settings.layers))
        self.firsts = nn.ModuleList(nn.Linear(width, width) for _ in range(settings.layers))
        self.seconds = nn.ModuleList(nn.Linear(width, width) for _ in range(settings.layers))
        self.norm = nn.LayerNorm(width)
        self.whole = nn.Linear(width, width)
        self.ends = nn.Linear(2 * width, width)
        self.norm_end = nn.LayerNorm(width)
        self.site = nn.Linear(width, 1)
        self.out = nn.Linear(width, templates)
        self.drop = nn.Dropout(settings.dropout)

    def states(self, batch: Batch) -> torch.Tensor:
        """State of each atom, shape (atoms, width)."""
        state = _hot(batch.atoms, ATOM_SLOTS) @ self.atom.weight
        bonds = _hot(batch.bonds, BOND_SLOTS) @ self.bond.weight
        source, target = batch.ends
        for norm, first, second in zip(self.norms, self.firsts, self.seconds, strict=True):
            normed = norm(state)
            messages = nn.functional.relu(normed.index_select(0, source) + bonds)
            heard = torch.zeros_like(normed).index_add(0, target, messages)
            with torch.autocast("cpu", torch.bfloat16):
                step = second(nn.functional.gelu(first(normed + heard)))
            state = state + step.float()
        state = self.norm(state)
        counts = torch.bincount(batch.owners, minlength=batch.molecules).unsqueeze(1)
        mean = torch.zeros(batch.molecules, state.shape[1]).index_add(0, batch.owners, state) / counts
        whole = nn.functional.gelu(self.whole(mean))
        both = self.ends(torch.cat([state, whole.index_select(0, batch.owners)], dim=1))
        return self.drop(nn.functional.gelu(self.norm_end(both)))


def _hot(slots: torch.Tensor, width: int) -> torch.Tensor:
    """1 in each row's slots; times a table this is the sum of its rows, and its gradient a product, not a scatter."""
    return torch.zeros(len(slots), width).scatter_(1, slots, 1.0)


def loss_of(
    network: SiteNetwork, batch: Batch, reactions: torch.Tensor, places: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Loss of the place, and of the template at its place.

    Parameters
    ----------
    network : SiteNetwork
    batch : Batch
    reactions : tensor of int64, shape (n,)
        Molecule of each right place.
    places : tensor of int64, shape (n,)
        Its atom; equal places of one reaction stand one after the other.
    labels : tensor of int64, shape (n,)
        Its template.
    """
    states = network.states(batch)
    scores = network.site(states).squeeze(1)
    top = torch.full((batch.molecules,), -torch.inf).scatter_reduce(0, batch.owners, scores.detach(), "amax")
    weights = torch.exp(scores - top[batch.owners])
    total = torch.zeros(batch.molecules).index_add(0, batch.owners, weights)
    right = torch.zeros(batch.molecules).index_add(0, reactions, weights[places])
    site_loss = -(right / total).clamp_min(1e-12).log().mean()
    with torch.autocast("cpu", torch.bfloat16):
        logits = network.out(states[places])
    losses = nn.functional.cross_entropy(logits.float(), labels, reduction="none")
    counts = torch.bincount(reactions, minlength=batch.molecules)
    return site_loss, (losses / counts[reactions]).sum() / batch.molecules


def fit(
    graphs: Sequence[MolecularGraph],
    molecules: NDArray[np.int64],
    places: Sequence[tuple[int, ...]],
    labels: NDArray[np.int64],
    templates: int,
    settings: GraphSettings,
    report: Callable[[str], None],
    checkpoint: Path | None = None,
) -> SiteNetwork:
    """Train the network.

    Parameters
    ----------
    graphs : sequence of MolecularGraph
        Of the products.
    molecules : ndarray of int64, shape (n,)
        Product of each reaction, as its place in `graphs`.
    places : sequence of n tuples
        Atoms on which the template can be laid; at least one.
    labels : ndarray of int64, shape (n,)
        Local template of each reaction.
    templates : int
    settings : GraphSettings
    report : callable
        Gets one line an epoch.
    checkpoint : Path, optional
        Written after every epoch; training goes on from it where it exists.

    Returns
    -------
    SiteNetwork
        In evaluation mode.
    """
    torch.manual_seed(settings.seed)
    shuffle = np.random.default_rng(settings.seed)
    network = SiteNetwork(settings, templates)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    steps = -(-len(labels) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=steps * settings.epochs, pct_start=0.1
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
        sums = np.zeros(2)
        for step in range(steps):
            picked = order[step * settings.batch : (step + 1) * settings.batch]
            chosen = [graphs[molecules[row]] for row in picked]
            starts = np.concatenate([[0], np.cumsum([len(graph.atoms) for graph in chosen])[:-1]])
            counts = [len(places[row]) for row in picked]
            reactions = np.repeat(np.arange(len(picked)), counts)
            atoms = np.concatenate([np.array(places[row]) for row in picked]) + starts[reactions]
            site_loss, template_loss = loss_of(
                network,
                joined(chosen),
                torch.from_numpy(reactions),
                torch.from_numpy(atoms),
                torch.from_numpy(labels[picked][reactions]),
            )
            optimizer.zero_grad(set_to_none=True)
            (site_loss + template_loss).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            schedule.step()
            sums += float(site_loss.detach()), float(template_loss.detach())
            if (step + 1) % 200 == 0:
                site, template = sums / (step + 1)
                report(f"epoch {epoch + 1} step {step + 1}/{steps}: site {site:.4f}, template {template:.4f}")
        site, template = sums / steps
        report(f"epoch {epoch + 1}/{settings.epochs}: mean loss of the site {site:.4f}, of the template {template:.4f}")
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


def export_onnx(network: SiteNetwork, path: Path) -> None:
    """Write the network for one molecule, with int8 weights.

    Inputs are ``atoms`` int64 (a, 9), ``bonds`` int64 (b, 4), ``source`` int64 (b,) and ``into`` float32 (a, b), 1
    where a bond goes to an atom. Outputs are ``sites`` float32 (a,) and ``templates`` float32 (a, templates), before
    softmax.

    Parameters
    ----------
    network : SiteNetwork
    path : Path
        Written under a temporary name, then renamed.
    """
    state = {name: tensor.detach().float().numpy() for name, tensor in network.state_dict().items()}
    width = state["atom.weight"].shape[1]
    constants = {"atom": state["atom.weight"], "bond": state["bond.weight"]}
    constants["second_axis"] = np.array([1], dtype=np.int64)
    node = helper.make_node

    def normed(before: str, after: str, norm: str) -> NodeProto:
        constants[f"{after}_gain"], constants[f"{after}_shift"] = state[f"{norm}.weight"], state[f"{norm}.bias"]
        return node("LayerNormalization", [before, f"{after}_gain", f"{after}_shift"], [after], epsilon=1e-5)

    def linear(before: str, after: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> NodeProto:
        made = linear8(before, after, weight, bias)
        constants.update(made.constants)
        return made.node

    def layer(before: str, after: str, name: str) -> NodeProto:
        return linear(before, after, state[f"{name}.weight"], state[f"{name}.bias"])

    nodes = [
        node("Gather", ["atom", "atoms"], ["atom_rows"], axis=0),
        node("ReduceSum", ["atom_rows", "second_axis"], ["state0"], keepdims=0),
        node("Gather", ["bond", "bonds"], ["bond_rows"], axis=0),
        node("ReduceSum", ["bond_rows", "second_axis"], ["bond_states"], keepdims=0),
    ]
    layers = len(network.firsts)
    for number in range(layers):
        nodes += [
            normed(f"state{number}", f"normed{number}", f"norms.{number}"),
            node("Gather", [f"normed{number}", "source"], [f"from{number}"], axis=0),
            node("Add", [f"from{number}", "bond_states"], [f"along{number}"]),
            node("Relu", [f"along{number}"], [f"message{number}"]),
            node("MatMul", ["into", f"message{number}"], [f"heard{number}"]),
            node("Add", [f"normed{number}", f"heard{number}"], [f"taken{number}"]),
            layer(f"taken{number}", f"first{number}", f"firsts.{number}"),
            *gelu(f"first{number}", f"bent{number}"),
            layer(f"bent{number}", f"second{number}", f"seconds.{number}"),
            node("Add", [f"state{number}", f"second{number}"], [f"state{number + 1}"]),
        ]
    ends = state["ends.weight"]
    nodes += [
        normed(f"state{layers}", "state", "norm"),
        node("ReduceMean", ["state"], ["mean"], axes=[0], keepdims=1),
        layer("mean", "whole_raw", "whole"),
        *gelu("whole_raw", "whole"),
        linear("state", "own", ends[:, :width], state["ends.bias"]),
        linear("whole", "shared", ends[:, width:], np.zeros(width, dtype=np.float32)),
        node("Add", ["own", "shared"], ["both"]),
        normed("both", "both_normed", "norm_end"),
        *gelu("both_normed", "ended"),
        layer("ended", "site_column", "site"),
        node("Squeeze", ["site_column", "second_axis"], ["sites"]),
        layer("ended", "templates", "out"),
    ]
    write_graph(
        path,
        "sites",
        nodes,
        [
            ("atoms", TensorProto.INT64, ["a", 9]),
            ("bonds", TensorProto.INT64, ["b", 4]),
            ("source", TensorProto.INT64, ["b"]),
            ("into", TensorProto.FLOAT, ["a", "b"]),
        ],
        [("sites", ["a"]), ("templates", ["a", state["out.bias"].shape[0]])],
        constants,
    )
