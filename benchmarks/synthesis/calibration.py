"""Do the probabilities mean what they say: is a proposal of probability 0.3 the reported one in 30 of 100 cases?

python benchmarks/synthesis/calibration.py PREDICTIONS.jsonl [--reported TABLE] [--json] [--predictions FILE]

The event is "this proposal equals the reported reactant set", counted over every proposal of every reaction; with
``--reported``, "equals a reactant set that the table reports for this product", over every proposal of every product.
The reference is the forecast that knows the rank alone.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from command import run
from numpy.typing import NDArray
from predictions import Predicted, read_predictions

from bencao.kernel.files import write_text
from bencao.synthesis.chemistry.template import canonical_set
from bencao.synthesis.train.reactions import read_reactions, try_clean

BINS = 15
BAR = 0.25  # the skill aimed at
_DRAWS = 100
_SHARPEST = 8.0

Floats = NDArray[np.float64]


def reported_sets(table: Path) -> dict[str, frozenset[str]]:
    """All reactant sets of each product that a reaction table marks ``product_in_valid``, both canonical."""
    found: dict[str, set[str]] = defaultdict(set)
    for raw in read_reactions(table):
        if raw.held_out and not isinstance(clean := try_clean(raw), str):
            found[canonical_set(clean.product)].add(canonical_set(clean.reactants))
    return {product: frozenset(sets) for product, sets in found.items()}


def once_a_product(predicted: Sequence[Predicted]) -> list[Predicted]:
    """The first reaction of each product, for all have the same proposals."""
    return list({one.product: one for one in reversed(predicted)}.values())[::-1]


def events(
    predicted: Sequence[Predicted], reported: Mapping[str, frozenset[str]] | None = None
) -> tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Of every proposal: its probability, whether it is a reported set, its rank, and its reaction."""
    known = reported or {}
    rows = [
        (chance, text == one.truth or text in known.get(one.product, ()), rank, place)
        for place, one in enumerate(predicted)
        for rank, (text, chance) in enumerate(one.proposals)
    ]
    chances, right, ranks, owners = (np.array(column) for column in zip(*rows, strict=True))
    return chances.astype(float), right.astype(float), ranks, owners


def bins(chances: Floats, right: Floats) -> list[tuple[int, float, float]]:
    """Bins of equal mass: number of proposals, mean probability, share of reported ones."""
    order = np.argsort(chances, kind="stable")
    return [(len(part), float(chances[part].mean()), float(right[part].mean())) for part in np.array_split(order, BINS)]


def expected_error(chances: Floats, right: Floats) -> float:
    """Expected calibration error over the bins (Naeini et al., AAAI 2015, with bins of equal mass)."""
    parts = bins(chances, right)
    return sum(size * abs(mean - share) for size, mean, share in parts) / sum(size for size, _, _ in parts)


def brier_skill(chances: Floats, right: Floats, ranks: NDArray[np.int64]) -> float:
    """1 less the Brier score over that of a forecast that knows the rank alone.

    That forecast is the share of reported sets at each rank in these very data: the best that the rank can do.
    """
    by_rank = np.bincount(ranks, weights=right) / np.maximum(np.bincount(ranks), 1)
    return float(1 - np.mean((chances - right) ** 2) / np.mean((by_rank[ranks] - right) ** 2))


def promised_skill(chances: Floats, ranks: NDArray[np.int64]) -> float:
    """The Brier skill over rank alone to be expected of probabilities that are exactly right."""
    counts = np.bincount(ranks)
    by_rank = np.bincount(ranks, weights=chances) / np.maximum(counts, 1)
    by_rank_alone = float(np.sum(counts * by_rank * (1 - by_rank)))
    return 1 - float(np.sum(chances * (1 - chances))) / by_rank_alone if by_rank_alone else 0.0


def sharpened(chances: Floats, owners: NDArray[np.int64], power: float) -> Floats:
    """The probabilities of each reaction raised to a power, that of "none of these" with them, and brought to 1."""
    none = np.maximum(1 - np.bincount(owners, weights=chances), 0)
    whole = none**power + np.bincount(owners, weights=chances**power)
    return chances**power / whole[owners]


def needed(
    chances: Floats, ranks: NDArray[np.int64], owners: NDArray[np.int64], picked: NDArray[np.bool_]
) -> float | None:
    """Top-1 accuracy at which a model that is as sure of each reaction as this one, only more so, reaches the bar.

    The probabilities are sharpened until the skill over the picked proposals, were they exactly right, is `BAR`; the
    mean of the first ones is then the accuracy. None where no sharpening is enough.
    """

    for power in np.geomspace(1.0, _SHARPEST, 200):
        sharper = sharpened(chances, owners, float(power))
        if promised_skill(sharper[picked], ranks[picked]) >= BAR:
            return float(sharper[ranks == 0].sum() / (owners.max() + 1))
    return None


def figures(
    predicted: Sequence[Predicted], seed: int, reported: Mapping[str, frozenset[str]] | None = None
) -> dict[str, Any]:
    """The figures, over all proposals and over the first of each reaction; intervals by bootstrap over reactions."""
    chances, right, ranks, owners = events(predicted, reported)
    first = ranks == 0
    result: dict[str, Any] = {"n": len(predicted), "proposals": len(chances)}
    measures = {
        "ece": lambda picked: expected_error(chances[picked], right[picked]),
        "ece_first": lambda picked: expected_error(chances[picked & first], right[picked & first]),
        "brier_skill": lambda picked: brier_skill(chances[picked], right[picked], ranks[picked]),
        "brier_skill_first": lambda picked: brier_skill(
            chances[picked & first], right[picked & first], ranks[picked & first]
        ),
    }
    every = np.ones(len(chances), dtype=bool)
    result |= {name: round(measure(every), 5) for name, measure in measures.items()}
    for name, picked in (("", every), ("_first", first)):
        result[f"brier_skill{name}_promised"] = round(promised_skill(chances[picked], ranks[picked]), 5)
        top1 = needed(chances, ranks, owners, picked)
        result[f"top1_needed{name}"] = None if top1 is None else round(100 * top1, 1)
    draw = np.random.default_rng(seed)
    starts = np.searchsorted(owners, np.arange(len(predicted) + 1))
    skills = []
    for _ in range(_DRAWS):
        picks = draw.integers(len(predicted), size=len(predicted))
        rows = np.concatenate([np.arange(starts[pick], starts[pick + 1]) for pick in picks])
        skills.append(
            (expected_error(chances[rows], right[rows]), brier_skill(chances[rows], right[rows], ranks[rows]))
        )
    for name, column in zip(("ece", "brier_skill"), np.array(skills).T, strict=True):
        low, high = np.percentile(column, [2.5, 97.5])
        result |= {f"{name}_low": round(float(low), 5), f"{name}_high": round(float(high), 5)}
    return result | {"seed": seed}


def main() -> None:
    """Run on a file of predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what single_step.py --predictions wrote")
    parser.add_argument("--seed", type=int, default=7, help="of the intervals")
    parser.add_argument("--reported", type=Path, help="reaction table: any set it reports for the product counts")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write the bins of the reliability curve, one JSON a line")
    arguments = parser.parse_args()
    predicted, reported = read_predictions(arguments.file), None
    if arguments.reported:
        predicted, reported = once_a_product(predicted), reported_sets(arguments.reported)
    result = figures(predicted, arguments.seed, reported)
    curve = bins(*events(predicted, reported)[:2])
    if arguments.predictions:
        rows = [{"proposals": size, "probability": mean, "reported": share} for size, mean, share in curve]
        write_text(arguments.predictions, "".join(json.dumps(row) + "\n" for row in rows))
    if arguments.json:
        print(json.dumps(result))
        return
    print("proposals  mean probability  share reported")
    for size, mean, share in curve:
        print(f"{size:9}  {mean:16.4f}  {share:14.4f}")
    for name, value in result.items():
        print(f"{name:<28}{value}")


if __name__ == "__main__":
    run(main)
