"""How a fitted panel of assays did on the scaffolds that each of its models had not seen.

python benchmarks/discovery/admet_parts.py PANEL.npz [--level 0.9] [--json] [--predictions FILE]

PANEL is what training/discovery_admet.py writes, as src/bencao/discovery/models/admet/tox21.npz. It holds what each
substance was given by models fitted without its part of the scaffolds and one more. A part is judged with the scores of
the other parts alone: how often the set holds the class, and the area under the ROC curve, within the domain (`near`)
and outside (`far`). Peer in the same run: similarity (ECFP4, Tanimoto) to the nearest active outside the part, less
that to the nearest inactive. Intervals are Student's over the parts. It costs seconds, since nothing is fitted again;
benchmarks/discovery/admet.py learns anew from a table instead.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu
from scipy.stats import t as student
from showing import show, write_scored

from bencao.discovery.admet.conformal import class_p
from bencao.discovery.admet.estimating import NEAR
from bencao.discovery.admet.panel import Panel, unpacked
from bencao.kernel.errors import InputError

Floats = NDArray[np.float64]


def main() -> None:
    """Judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--level", type=float, default=0.9)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    panel = unpacked(arguments.panel)
    if not panel.classes:
        raise InputError("a panel of values", where=str(arguments.panel), mend="give one of classes")
    figures, rows = judged(panel, arguments.level)
    write_scored(arguments.predictions, [("task", "key", "part", "measured", "score", "active", "inactive"), *rows])
    show(figures, arguments.json)


def judged(panel: Panel, level: float) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Figures of all tasks together and of each, and what was judged."""
    likeness = similarities(panel)
    told: dict[str, list[list[float]]] = {}
    figures: dict[str, Any] = {"n": len(panel.keys), "parts": panel.parts, "level": level}
    counts, shares = np.zeros((2, panel.parts, 2)), []
    rows: list[tuple[Any, ...]] = []
    for task, name in enumerate(panel.tasks):
        truth, score = panel.values[:, task], panel.held[:, task].astype(np.float64)
        usual = p_values(panel, task)
        own = np.where(truth == 1, usual[:, 0], usual[:, 1]) > 1 - level
        known = np.isfinite(truth)
        shares.append(((usual > 1 - level).sum(axis=1) == 1)[known].mean())
        near, peer = nearest(panel, task, likeness)
        for label, kind in ((1, "active"), (0, "inactive")):
            figures |= {f"n_{kind}_{name}": int((truth == label).sum())}
            figures |= {f"coverage_{kind}_{name}": float(own[truth == label].mean())}
            for part in range(panel.parts):
                there = (truth == label) & (panel.fold == part)
                counts[label, part] += own[there].sum(), there.sum()
        kinds = (("roc_auc", score, known), ("peer_roc_auc", peer, known), ("roc_auc_near", score, known & near))
        for key, value, chosen in (*kinds, ("roc_auc_far", score, known & ~near)):
            areas = [area(truth, value, chosen & (panel.fold == part)) for part in range(panel.parts)]
            told.setdefault(key, []).append(areas)
            figures |= over_parts(f"{key}_{name}", areas)
        listed = zip(panel.keys, panel.fold, truth, score, usual, known, strict=True)
        rows += [(name, key.decode(), *map(float, (f, y, s, *p))) for key, f, y, s, p, there in listed if there]
    for label, kind in ((1, "active"), (0, "inactive")):
        figures |= {f"values_{kind}": int(counts[label, :, 1].sum())}
        held = over_parts(f"coverage_{kind}", (counts[label, :, 0] / counts[label, :, 1]).tolist())
        figures |= held | {f"coverage_{kind}": float(counts[label, :, 0].sum() / counts[label, :, 1].sum())}
    figures["single_class"] = float(np.mean(shares))
    for key, areas_of in told.items():
        figures |= over_parts(key, np.nanmean(areas_of, axis=0).tolist())
    return figures, rows


def p_values(panel: Panel, task: int) -> Floats:
    """Of each substance how usual it is among actives and inactives of the other parts, shape (substances, 2)."""
    found = np.full((len(panel.keys), 2), np.nan)
    held, values = panel.held[:, task].astype(np.float64), panel.values[:, task]
    for part in range(panel.parts):
        inside = panel.fold == part
        inactives, actives = (np.sort(held[~inside & (values == label)]) for label in (0, 1))
        for place in np.flatnonzero(inside & np.isfinite(values)):
            score = float(held[place])
            found[place] = class_p(score, actives, active=True), class_p(score, inactives, active=False)
    return found


def similarities(panel: Panel) -> NDArray[np.float32]:
    """Tanimoto similarity of all pairs; -1 within a part."""
    bits = np.unpackbits(panel.prints.view(np.uint8), axis=1).astype(np.float32)
    sizes = bits.sum(axis=1)
    common = bits @ bits.T
    found = common / np.maximum(sizes[:, None] + sizes[None] - common, 1)
    found[panel.fold[:, None] == panel.fold[None]] = -1
    return found


def nearest(panel: Panel, task: int, likeness: NDArray[np.float32]) -> tuple[NDArray[np.bool_], Floats]:
    """Whether each substance is within the domain of those outside its part, and the peer's score."""
    truth = panel.values[:, task]
    active, inactive = (likeness[:, truth == label].max(axis=1) for label in (1, 0))
    return likeness.max(axis=1) >= NEAR, (active - inactive).astype(np.float64)


def area(truth: NDArray[np.float32], score: Floats, chosen: NDArray[np.bool_]) -> float:
    """Area under the ROC curve; NaN where a class is missing."""
    active, inactive = score[chosen & (truth == 1)], score[chosen & (truth == 0)]
    if not len(active) or not len(inactive):
        return float("nan")
    return float(mannwhitneyu(active, inactive).statistic) / (len(active) * len(inactive))


def over_parts(name: str, values: list[float]) -> dict[str, float]:
    """Mean over the parts with Student's 95 % interval."""
    known = np.array([one for one in values if np.isfinite(one)])
    if len(known) < 2:
        return {name: float(known.mean()) if len(known) else float("nan")}
    mean = float(known.mean())
    half = float(student.ppf(0.975, len(known) - 1) * known.std(ddof=1) / len(known) ** 0.5)
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}


if __name__ == "__main__":
    main()
