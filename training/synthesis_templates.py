"""Make the shipped one-step model.

python training/synthesis_templates.py [--reactions TABLE] [--out DIR]
python training/synthesis_templates.py --figures FILE.json

The second line writes what ``benchmarks/synthesis/single_step.py --json`` measured of the finished model into its card.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bencao.kernel.models import ModelFigure, add_figures
from bencao.synthesis.proposer import MODEL_NAME, SHIPPED_MODEL, Weights
from bencao.synthesis.train.network import NetworkSettings
from bencao.synthesis.train.pipeline import Source, TrainingSettings, train

REACTIONS = Path(__file__).parents[2] / "shared" / "data" / "synthesis" / "reactions.tsv.xz"
SOURCE = Source("D. Lowe, Chemical reactions from US patents (1976-Sep2016), nine public subsets", "CC0")
# Chosen on the development products: see benchmarks/synthesis/README.md.
SETTINGS = TrainingSettings(
    development=5_000,
    classified=True,
    favour=3.0,
    minimum=(5, 2),
    network=NetworkSettings(epochs=8),
    weights=Weights(),
)


def measured(path: Path) -> dict[str, ModelFigure]:
    """The accuracies of a single-step benchmark, as figures of a card."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {
        f"uspto50k_valid_{key}": ModelFigure(
            value=found[key], n=found["n"], interval=(found[f"{key}_low"], found[f"{key}_high"])
        )
        for key in ("top1", "top3", "top5", "top10", "top20", "top50")
    }


def main() -> None:
    """Run the pipeline with the settings above, or enter figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--reactions", type=Path, default=REACTIONS)
    options.add_argument("--out", type=Path, default=SHIPPED_MODEL)
    options.add_argument("--figures", type=Path, help="enter these into the card instead of training")
    chosen = options.parse_args()
    if chosen.figures:
        add_figures(chosen.out, MODEL_NAME, measured(chosen.figures))
        return
    train(chosen.reactions, chosen.out, settings=SETTINGS, source=SOURCE, script="training/synthesis_templates.py")


if __name__ == "__main__":
    main()
