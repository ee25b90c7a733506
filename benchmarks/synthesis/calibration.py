"""Do the probabilities mean what they say: is a proposal of probability 0.3 the reported one in 30 of 100 cases?

python benchmarks/synthesis/calibration.py PREDICTIONS.jsonl [--json] [--predictions FILE]

The event is "this proposal equals the reported reactant set", counted over every proposal of every reaction.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from command import run
from numpy.typing import NDArray
from predictions import Predicted, read_predictions

from bencao.kernel.files import write_text

BINS = 15
_DRAWS = 100

Floats = NDArray[np.float64]


def events(predicted: Sequence[Predicted]) -> tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Of every proposal: its probability, whether it is the reported set, its rank, and its reaction."""
    rows = [
        (chance, text == one.truth, rank, place)
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


def figures(predicted: Sequence[Predicted], seed: int) -> dict[str, Any]:
    """The figures, over all proposals and over the first of each reaction; intervals by bootstrap over reactions."""
    chances, right, ranks, owners = events(predicted)
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
    result |= {name: round(measure(np.ones(len(chances), dtype=bool)), 5) for name, measure in measures.items()}
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
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write the bins of the reliability curve, one JSON a line")
    arguments = parser.parse_args()
    predicted = read_predictions(arguments.file)
    result = figures(predicted, arguments.seed)
    curve = bins(*events(predicted)[:2])
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
        print(f"{name:<20}{value}")


if __name__ == "__main__":
    run(main)
