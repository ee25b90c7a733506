"""How well a property is predicted on scaffolds that were not seen, and how often its intervals hold the truth.

python benchmarks/discovery/admet.py FILE [--task COLUMN …] [--level 0.9] [--seeds 3] [--held 5] [--json]
python benchmarks/discovery/admet.py FILE --task COLUMN … --shipped solubility [--json]

FILE is a table with a column smiles. Without --task its columns that hold only 0, 1 and blanks are the tasks, or else
the one called "measured …". Substances are merged by the first block of the InChIKey. In each of --seeds rounds whole
scaffolds are dealt to five parts; each part (the first --held) is predicted by a panel that was learned from the
other four, with its own held-out errors. With --shipped the panel of the package is judged instead, on the substances
of FILE that it was not trained on, task by task in the panel's order. `near` and `far` are within and outside its
domain. Peers in the same run: the mean and a straight line in the four descriptors of ESOL (Delaney 2004), fitted
anew; logistic regression on ECFP4. Intervals (95 %) are from scaffolds drawn again with replacement. --predictions
FILE writes every prediction.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import Crippen, Descriptors, rdMolDescriptors
from scipy.stats import rankdata
from showing import show, write_scored

from bencao.discovery.admet.estimating import estimates
from bencao.discovery.admet.learning import learn
from bencao.discovery.admet.measured import Measured, read_measured
from bencao.discovery.admet.panel import Panel, shipped
from bencao.discovery.admet.scaffolds import scaffold_folds
from bencao.discovery.molecules.reading import read_library
from bencao.kernel.errors import InputError

_DRAWS = 100
# What is kept of an estimate, in this order.
_FIELDS = ("value", "low", "high", "active", "inactive", "near", "similarity", "peer", "mean")
Floats = NDArray[np.float64]
Figure = Callable[[Floats, Floats], float]


def main() -> None:
    """Learn, predict, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--task", action="append", default=[])
    parser.add_argument("--level", type=float, default=0.9)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--held", type=int, choices=range(1, 6), default=5)
    parser.add_argument("--shipped")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    measured = read_measured(arguments.file, arguments.task or tasks_of(arguments.file))
    if arguments.shipped:
        measured, found = of_shipped(measured, shipped(arguments.shipped), arguments.level)
    else:
        rounds = range(1, arguments.seeds + 1)
        found = np.array([one_round(measured, seed, arguments.level, arguments.held) for seed in rounds])
    figures = {"splits": 0 if arguments.shipped else arguments.held * arguments.seeds, "level": arguments.level}
    figures |= judged(measured, found, arguments.level)
    if arguments.predictions:
        write_scored(arguments.predictions, predicted(measured, found))
    show(figures, arguments.json)


def tasks_of(path: Path) -> list[str]:
    """Columns of classes, or the one of a measured value."""
    cells: dict[str, set[str]] = {}
    for row in read_library(path):
        for name, cell in row.fields.items():
            cells.setdefault(name, set()).add(cell)
    classes = [name for name, found in cells.items() if {"0", "1"} <= found <= {"0", "1", "0.0", "1.0", ""}]
    found = classes or [name for name in cells if name.startswith("measured")]
    if not found:
        raise InputError("no column of classes, none called measured", where=str(path), mend="name one with --task")
    return found


def one_round(measured: Measured, seed: int, level: float, parts: int) -> Floats:
    """Substances of the parts predicted without their scaffolds, shape (tasks, substances, fields); else NaN."""
    fold = scaffold_folds(measured.scaffolds, 5, seed + 1000)
    found = np.full((len(measured.tasks), len(fold), len(_FIELDS)), np.nan)
    for part in range(parts):
        seen, unseen = measured.part(fold != part), measured.part(fold == part)
        panel = learn(seen, seed)
        if {one.key for one in seen.substances} & {one.key for one in unseen.substances}:
            raise AssertionError("a substance on both sides")
        found[:, fold == part, :7] = estimated(panel, unseen, level)
        found[:, fold == part, 7:] = np.moveaxis(peers(seen, unseen), 2, 1)
    return found


def of_shipped(measured: Measured, panel: Panel, level: float) -> tuple[Measured, Floats]:
    """The substances that a panel was not trained on, with its estimates and no peers."""
    if len(panel.tasks) != len(measured.tasks):
        raise InputError(f"{len(measured.tasks)} tasks, the panel has {', '.join(panel.tasks)}", mend="name as many")
    new = measured.part(np.array([one.key.encode() not in panel.places for one in measured.substances]))
    if not new.substances:
        raise InputError("every substance is in the training set", mend="give others")
    found = np.full((1, len(new.tasks), len(new.substances), len(_FIELDS)), np.nan)
    found[0, :, :, :7] = estimated(panel, new, level)
    return new, found


def estimated(panel: Panel, unseen: Measured, level: float) -> Floats:
    """Of each task and substance the first seven fields."""
    rows = [
        [[np.nan if (value := getattr(one, name)) is None else float(value) for name in _FIELDS[:7]] for one in told]
        for told in (estimates(panel, substance, level) for substance in unseen.substances)
    ]
    return np.swapaxes(np.array(rows), 0, 1)


def peers(seen: Measured, unseen: Measured) -> Floats:
    """What the peer and the mean predict, shape (tasks, 2, unseen)."""
    from sklearn.linear_model import LinearRegression, LogisticRegression

    columns = _bits if seen.classes else _esol
    tables = [columns(one) for one in (seen, unseen)]
    found = np.empty((len(seen.tasks), 2, len(unseen.substances)))
    for task in range(len(seen.tasks)):
        values = seen.values[:, task]
        known = np.isfinite(values)
        if seen.classes:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = LogisticRegression(C=0.1, solver="liblinear", class_weight="balanced")
                found[task, 0] = model.fit(tables[0][known], values[known]).predict_proba(tables[1])[:, 1]
        else:
            found[task, 0] = LinearRegression().fit(tables[0][known], values[known]).predict(tables[1])
        found[task, 1] = values[known].mean()
    return found


def _bits(measured: Measured) -> Any:
    from scipy.sparse import csr_matrix

    prints = np.array([one.print for one in measured.substances]).view(np.uint8)
    return csr_matrix(np.unpackbits(prints, axis=1, bitorder="little").astype(np.float64))


def _esol(measured: Measured) -> Floats:
    """Crippen's logP, weight, rotatable bonds, share of aromatic atoms."""
    rows = []
    for one in measured.substances:
        molecule = Chem.MolFromSmiles(one.smiles)
        aromatic = sum(atom.GetIsAromatic() for atom in molecule.GetAtoms()) / molecule.GetNumHeavyAtoms()
        turning = rdMolDescriptors.CalcNumRotatableBonds(molecule)
        rows.append([Crippen.MolLogP(molecule), Descriptors.MolWt(molecule), turning, aromatic])
    return np.array(rows, dtype=np.float64)


def judged(measured: Measured, found: Floats, level: float) -> dict[str, Any]:
    """Figures of all tasks; `found` has the shape (rounds, tasks, substances, fields)."""
    truth = measured.values.astype(np.float64)
    known = np.isfinite(truth.T) & np.isfinite(found[..., 0])
    ever = known.any(axis=0)
    figures: dict[str, Any] = {"n": int(ever.any(axis=0).sum()), "values": int(ever.sum())}
    figures |= {"refused": measured.refused, "merged": measured.merged, "scaffolds": len(set(measured.scaffolds))}
    again = _drawn_again(measured.scaffolds)
    held, width = _held(truth, found, measured.classes, level)
    figures |= _interval("coverage", lambda rows: float(np.nanmean(held[:, :, rows])), again)
    near = found[..., 5] == 1
    for name, inside in (("near", near), ("far", ~near)):
        counted = inside & known
        figures[f"share_{name}"] = float(counted.sum() / known.sum())
        if counted.any():
            shown = np.where(counted, held, np.nan)
            figures |= _interval(f"coverage_{name}", lambda rows, h=shown: float(np.nanmean(h[:, :, rows])), again)
    if measured.classes:
        figures["single_class"] = float(np.nanmean(np.where(known, width, np.nan)))
        for label, name in ((1, "active"), (0, "inactive")):
            shown = np.where(np.equal(truth.T, label), held, np.nan)
            figures |= _interval(f"coverage_{name}", lambda rows, h=shown: float(np.nanmean(h[:, :, rows])), again)
    else:
        figures |= _interval("width", lambda rows: float(np.nanmean(width[:, :, rows])), again)
    if len(measured.tasks) > 1:
        figures |= _by_task(measured, truth, held)
    return figures | _errors(measured, truth, found, again)


def _held(truth: Floats, found: Floats, classes: bool, level: float) -> tuple[Floats, Floats]:
    """Whether interval or set holds the truth, and how wide it is (of a class: whether it is one class alone)."""
    wanted = truth.T
    if classes:
        own = np.where(wanted == 1, found[..., 3], found[..., 4])
        held, single = own > 1 - level, (found[..., 3] > 1 - level) != (found[..., 4] > 1 - level)
    else:
        held, single = (found[..., 1] <= wanted) & (wanted <= found[..., 2]), found[..., 2] - found[..., 1]
    return np.where(np.isfinite(wanted) & np.isfinite(found[..., 0]), held, np.nan), single.astype(np.float64)


def _errors(measured: Measured, truth: Floats, found: Floats, again: list[NDArray[np.int64]]) -> dict[str, Any]:
    """Error of each task, its peers', and within and outside the domain; the mean over tasks where there are more."""
    figure, name = (_auc, "roc_auc") if measured.classes else (_rmse, "rmse")
    columns = {name: 0, f"peer_{name}": 7} | ({} if measured.classes else {f"mean_{name}": 8})
    figures: dict[str, Any] = {}
    near = found[..., 5] == 1
    kinds = [(key, field, np.ones_like(near)) for key, field in columns.items()]
    kinds += [(f"{name}_near", 0, near), (f"{name}_far", 0, ~near)]
    for key, field, chosen in kinds:
        if np.isnan(found[..., field]).all():
            continue

        def over(rows: NDArray[np.int64], tasks: list[int], field: int = field, chosen: Any = chosen) -> float:
            told = [
                figure(np.where(chosen[turn, task, rows], truth[rows, task], np.nan), found[turn, task, rows, field])
                for turn in range(len(found))
                for task in tasks
            ]
            return float(np.nanmean(told))

        every = list(range(len(measured.tasks)))
        figures |= _interval(key, lambda rows, f=over, all_tasks=every: f(rows, all_tasks), again)
        if len(every) > 1 and field in (0, 7) and not key.endswith(("near", "far")):
            for task in every:
                figures |= _interval(f"{key}_{measured.tasks[task]}", lambda rows, f=over, t=task: f(rows, [t]), again)
    return figures


def _by_task(measured: Measured, truth: Floats, held: Floats) -> dict[str, Any]:
    """Coverage of each class of each task, and how many it has."""
    figures: dict[str, Any] = {}
    for task, told in enumerate(measured.tasks):
        for label, kind in ((1, "active"), (0, "inactive")) if measured.classes else ():
            own = truth[:, task] == label
            figures |= {f"coverage_{kind}_{told}": float(np.nanmean(held[:, task][:, own]))}
            figures |= {f"n_{kind}_{told}": int(np.isfinite(held[:, task][:, own]).any(axis=0).sum())}
    return figures


def _rmse(truth: Floats, told: Floats) -> float:
    return float(np.sqrt(np.nanmean((truth - told) ** 2))) if np.isfinite(truth).any() else np.nan


def _auc(truth: Floats, told: Floats) -> float:
    known = np.isfinite(truth) & np.isfinite(told)
    active = truth[known] == 1
    if not 0 < active.sum() < len(active):
        return np.nan
    ranks = rankdata(told[known])[active].sum()
    return float((ranks - active.sum() * (active.sum() + 1) / 2) / (active.sum() * (~active).sum()))


def _drawn_again(scaffolds: list[str]) -> list[NDArray[np.int64]]:
    """First all substances, then those of scaffolds drawn with replacement."""
    _, group = np.unique(scaffolds, return_inverse=True)
    members = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group))[:-1])
    random = np.random.default_rng(1)
    drawn = [random.integers(len(members), size=len(members)) for _ in range(_DRAWS)]
    return [np.arange(len(group)), *(np.concatenate([members[one] for one in draw]) for draw in drawn)]


def _interval(
    name: str, figure: Callable[[NDArray[np.int64]], float], again: list[NDArray[np.int64]]
) -> dict[str, float]:
    value, *others = [figure(rows) for rows in again]
    low, high = np.nanpercentile(others, [2.5, 97.5])
    return {name: value, f"{name}_low": float(low), f"{name}_high": float(high)}


def predicted(measured: Measured, found: Floats) -> list[tuple[Any, ...]]:
    """Every prediction beside what was measured."""
    rows: list[tuple[Any, ...]] = [("round", "task", "smiles", "measured", *_FIELDS)]
    for turn, told in enumerate(found, start=1):
        for task, name in enumerate(measured.tasks):
            for place, one in enumerate(measured.substances):
                value = float(measured.values[place, task])
                if np.isfinite(value):
                    rows.append((turn, name, one.smiles, value, *told[task, place].tolist()))
    return rows


if __name__ == "__main__":
    main()
