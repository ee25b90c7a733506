"""Learn conditions from records: classes, tables of counts, and the network; then write the model folder."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from bencao.kernel import models
from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes, write_text
from bencao.synthesis.conditions.change import LEVELS, Change, UnreadableReaction, change_of
from bencao.synthesis.conditions.chemicals import spelled
from bencao.synthesis.conditions.demands import demands_of
from bencao.synthesis.conditions.model import CONDITIONS_NAME, ConditionWeights
from bencao.synthesis.conditions.roles import roles_of
from bencao.synthesis.conditions.tables import CountTable
from bencao.synthesis.route import REACTION_CLASSES, EvidenceLevel
from bencao.synthesis.train.condition_records import ConditionRecord, Fold

Report = Callable[[str], None]
Arrays = dict[str, NDArray[np.generic]]
_CLASSES = len(REACTION_CLASSES) - 1


@dataclass(frozen=True)
class ConditionSettings:
    """Shape and schedule.

    Attributes
    ----------
    slots, width : int
        Hashed input slots and width of the network's one hidden layer.
    least : int
        Smallest number of reactions of a reagent or solvent set that can be answered.
    least_of_key : int
        Smallest number of reactions of a key that is kept in the tables.
    kept : float
        Share of the features that each reaction keeps in a step of the training.
    dropout : float
    epochs, class_epochs, batch : int
    rate, class_rate : float
        Highest learning rates of the one-cycle schedules.
    decay : float
        Weight decay of AdamW.
    seed : int
    weights : ConditionWeights
    """

    slots: int = 8_192
    width: int = 160
    least: int = 3
    least_of_key: int = 2
    kept: float = 0.5
    dropout: float = 0.3
    epochs: int = 10
    class_epochs: int = 6
    batch: int = 512
    rate: float = 3e-3
    class_rate: float = 3e-2
    decay: float = 0.05
    seed: int = 7
    weights: ConditionWeights = field(default_factory=ConditionWeights)


@dataclass(frozen=True)
class Learned:
    """A record as the training sees it.

    Attributes
    ----------
    record : ConditionRecord
    change : Change
    reported : frozenset of str or None
        Reagents with catalysts, as reported, salts merged; None where nothing is reported, not even a solvent.
    acting : frozenset of str or None
        What is learned of them, see `Demands.completed`; None where they cannot be all that was used.
    solvents : frozenset of str
    """

    record: ConditionRecord
    change: Change
    reported: frozenset[str] | None
    acting: frozenset[str] | None
    solvents: frozenset[str]


def learnable(records: Sequence[ConditionRecord], report: Report = print) -> list[Learned]:
    """Read what each record changes and what it was run with; records that cannot be read are left out."""
    reasons: Counter[str] = Counter()
    found: list[Learned] = []
    for record in records:
        try:
            change = change_of(record.mapped)
        except UnreadableReaction as reason:
            reasons[str(reason)] += 1
            continue
        roles = roles_of(filter(None, record.beside.split(".")))
        reported = roles.acting if roles.acting or roles.solvents else None
        acting: frozenset[str] | None = None
        if reported is not None:
            reactants = {spelled(part) for part in record.reactants.split(".")}
            acting = demands_of(record.mapped).completed(reported, reactants)
            reasons["reagents incomplete"] += acting is None
        found.append(Learned(record, change, reported, acting, roles.solvents))
    report(f"{len(found)} of {len(records)} records can be read {dict(reasons)}")
    return found


def train_conditions(
    learned: Sequence[Learned],
    out: Path,
    *,
    folds: tuple[Fold, ...] = ("train", "tune"),
    settings: ConditionSettings | None = None,
    sources: Sequence[models.TrainingSource] = (),
    script: str = "training/synthesis_conditions.py",
    made: date | None = None,
    report: Report = print,
) -> Path:
    """Train on some folds and write the model folder.

    Parameters
    ----------
    learned : sequence of Learned
    out : Path
    folds : tuple of str
        What is learned from.
    settings : ConditionSettings, optional
    sources : sequence of TrainingSource
        For the card.
    script : str
    made : date, optional
        Today where not given.
    report : callable
        Gets a line a step.

    Returns
    -------
    Path
        `out`, with ``network.npz``, ``tables.npz``, ``sets.json`` and the card.

    Raises
    ------
    InputError
        Too few records to learn from.
    """
    settings = settings or ConditionSettings()
    inside = [one for one in learned if one.record.fold in folds]
    classed = [one for one in inside if one.record.reaction_class]
    used = [one for one in inside if one.acting is not None or one.solvents]
    if len(used) < 2 or not classed:
        raise InputError(f"{len(used)} records with reagents and {len(classed)} of known class", mend="give more")
    torch.manual_seed(settings.seed)
    classes = _fit_classes(classed, settings, report)
    slots = [one.change.slots(settings.slots) for one in used]
    known = np.array([one.record.reaction_class for one in used])
    told = np.where(known > 0, known, 1 + _logits(classes, slots).argmax(axis=1))
    vocabularies = {"acting": _sets([one.acting for one in used if one.acting is not None], settings.least)}
    vocabularies["solvents"] = _sets([one.solvents for one in used], settings.least)
    places = {side: {members: index for index, members in enumerate(sets)} for side, sets in vocabularies.items()}
    labels = {
        "acting": np.array([-1 if one.acting is None else places["acting"].get(one.acting, -1) for one in used]),
        "solvents": np.array([places["solvents"].get(one.solvents, -1) for one in used]),
    }
    sizes = {side: len(sets) for side, sets in vocabularies.items()}
    report(f"{len(used)} records with reagents; sets that can be answered: {sizes}")
    network = _fit_network(slots, labels, sizes, settings, report)
    out.mkdir(parents=True, exist_ok=True)
    _write_arrays(out / "network.npz", {**_packed_network(network), **_packed_classes(classes)})
    _write_arrays(out / "tables.npz", _tables(used, told, labels, sizes, settings))
    sets = {side: [sorted(members) for members in found] for side, found in vocabularies.items()}
    write_text(out / "sets.json", json.dumps({**sets, "weights": asdict(settings.weights)}, ensure_ascii=False) + "\n")
    models.write_card(
        out,
        CONDITIONS_NAME,
        version=(made or date.today()).isoformat(),
        task="atom-mapped reaction in, ranked sets of reagents, catalysts and solvents out",
        files=["network.npz", "tables.npz", "sets.json"],
        trained_on=sources,
        split=(
            "a fifth of the records, by the Murcko scaffold of the product, was kept out of training and is what the "
            "figures are of; products marked product_in_valid and the 5,000 development products of the one-step "
            "model were kept out of both"
        ),
        figures={},
        script=script,
        made=made or date.today(),
        limits=(
            "What patents report beside like reactions, work-up included: no amounts, temperature, time, order of "
            "addition or yield. Rare catalysts and ligands, and chiral ones, are mostly missing."
        ),
    )
    return out


def _sets(found: Sequence[frozenset[str]], least: int) -> list[frozenset[str]]:
    """The sets that were reported often enough, commonest first."""
    counts = Counter(found)
    kept = [members for members, count in counts.items() if count >= least]
    return sorted(kept, key=lambda members: (-counts[members], sorted(members)))


def _bags(rows: Sequence[NDArray[np.int64]]) -> tuple[torch.Tensor, torch.Tensor]:
    starts = np.cumsum([0, *map(len, rows[:-1])])
    return torch.from_numpy(np.concatenate(rows)), torch.from_numpy(starts)


def _fit_classes(classed: Sequence[Learned], settings: ConditionSettings, report: Report) -> nn.EmbeddingBag:
    """Multinomial logistic regression of the reaction class on the features, without a constant."""
    bag = nn.EmbeddingBag(settings.slots, _CLASSES, mode="sum")
    nn.init.zeros_(bag.weight)
    rows = [one.change.slots(settings.slots) for one in classed]
    truth = torch.tensor([one.record.reaction_class - 1 for one in classed])

    def loss(picked: NDArray[np.int64]) -> torch.Tensor:
        logits = bag(*_bags([rows[index] for index in picked]))
        return nn.functional.cross_entropy(logits, truth[picked])

    _descend(bag, loss, len(rows), (settings.class_epochs, settings.class_rate), settings, report, "classes")
    return bag


def _logits(bag: nn.EmbeddingBag, rows: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
    with torch.no_grad():
        found: NDArray[np.float32] = bag(*_bags(rows)).numpy()
    return found


class ConditionNetwork(nn.Module):
    """Bag of surroundings, one hidden layer, a logit for each reagent set and each solvent set."""

    def __init__(self, settings: ConditionSettings, sizes: dict[str, int]) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(settings.slots, settings.width, mode="sum")
        nn.init.normal_(self.bag.weight, std=0.1)
        self.norm = nn.LayerNorm(settings.width)
        self.drop = nn.Dropout(settings.dropout)
        self.heads = nn.ModuleDict({side: nn.Linear(settings.width, size) for side, size in sizes.items()})

    def forward(self, slots: torch.Tensor, starts: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits of both heads, each of shape (reactions, sets)."""
        hidden = self.drop(nn.functional.gelu(self.norm(self.bag(slots, starts)), approximate="tanh"))
        return {side: head(hidden) for side, head in self.heads.items()}


def _fit_network(
    rows: Sequence[NDArray[np.int64]],
    labels: dict[str, NDArray[np.int64]],
    sizes: dict[str, int],
    settings: ConditionSettings,
    report: Report,
) -> ConditionNetwork:
    network = ConditionNetwork(settings, sizes)
    truth = {side: torch.from_numpy(found) for side, found in labels.items()}
    draw = np.random.default_rng(settings.seed)

    def loss(picked: NDArray[np.int64]) -> torch.Tensor:
        thinned = [_thinned(rows[index], settings.kept, draw) for index in picked]
        total = torch.zeros(())
        for side, logits in network(*_bags(thinned)).items():
            wanted = truth[side][picked]
            if bool((wanted >= 0).any()):
                total = total + nn.functional.cross_entropy(logits, wanted, ignore_index=-1)
        return total

    _descend(network, loss, len(rows), (settings.epochs, settings.rate), settings, report, "network")
    network.eval()
    return network


def _thinned(row: NDArray[np.int64], share: float, draw: np.random.Generator) -> NDArray[np.int64]:
    kept = row[draw.random(len(row)) < share]
    return kept if len(kept) else row[:1]


def _descend(
    module: nn.Module,
    loss: Callable[[NDArray[np.int64]], torch.Tensor],
    number: int,
    schedule_of: tuple[int, float],
    settings: ConditionSettings,
    report: Report,
    name: str,
) -> None:
    """Minimise a loss over batches of row numbers; `schedule_of` is the number of epochs and the highest rate."""
    epochs, rate = schedule_of
    optimizer = torch.optim.AdamW(module.parameters(), lr=rate, weight_decay=settings.decay)
    steps = -(-number // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=steps * epochs, pct_start=0.15)
    order = np.random.default_rng(settings.seed)
    for epoch in range(epochs):
        rows = order.permutation(number)
        total = 0.0
        for step in range(steps):
            found = loss(rows[step * settings.batch : (step + 1) * settings.batch])
            optimizer.zero_grad(set_to_none=True)
            found.backward()
            nn.utils.clip_grad_norm_(module.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            total += float(found.detach())
        report(f"{name}, epoch {epoch + 1}/{epochs}: mean loss {total / steps:.4f}")


def _tables(
    used: Sequence[Learned],
    classes: NDArray[np.int64],
    labels: dict[str, NDArray[np.int64]],
    sizes: dict[str, int],
    settings: ConditionSettings,
) -> Arrays:
    """Counts of the sets under each key of each level, and of the solvents beside each reagent set."""
    arrays: Arrays = {}
    keys: dict[EvidenceLevel, list[int]] = {"class": classes.tolist()}
    for place, level in enumerate(LEVELS):
        keys[level] = [one.change.keys[place] for one in used]
    for side, found in labels.items():
        for level, values in keys.items():
            pairs = [(key, label) for key, label in zip(values, found.tolist(), strict=True) if label >= 0]
            arrays |= CountTable.count(pairs, sizes[side], settings.least_of_key).packed(f"{side}_{level}")
        arrays[f"{side}_all"] = np.bincount(found[found >= 0], minlength=sizes[side]).astype(np.uint32)
    both = (labels["acting"] >= 0) & (labels["solvents"] >= 0)
    together = zip(labels["acting"][both].tolist(), labels["solvents"][both].tolist(), strict=True)
    return arrays | CountTable.count(together, sizes["solvents"]).packed("together")


def _packed_network(network: ConditionNetwork) -> Arrays:
    state = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    arrays: Arrays = {"gain": state["norm.weight"], "shift": state["norm.bias"]}
    weights = {"bag": "bag.weight", "acting": "heads.acting.weight", "solvents": "heads.solvents.weight"}
    for name, key in weights.items():
        arrays[name], arrays[f"{name}_scale"] = _quantised(state[key])
    for side in ("acting", "solvents"):
        arrays[f"{side}_bias"] = state[f"heads.{side}.bias"]
    return arrays


def _packed_classes(bag: nn.EmbeddingBag) -> Arrays:
    """Whole numbers of one scale for all, as only the largest sum counts."""
    weight = bag.weight.detach().numpy()
    return {"class": np.round(weight / np.abs(weight).max() * 32_767).astype(np.int16)}


def _quantised(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric int8 with one scale a row."""
    scale = np.maximum(np.abs(weight).max(axis=1), 1e-8) / 127.0
    return np.round(weight / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def _write_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]  # the stubs take the names for options
    write_bytes(path, packed.getvalue())
