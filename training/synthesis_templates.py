"""Make the shipped one-step model: python training/synthesis_templates.py [--out DIR] [--workers N]."""

from __future__ import annotations

import argparse
from pathlib import Path

from bencao.synthesis.proposer import SHIPPED_MODEL, Weights
from bencao.synthesis.train import Source, TrainingSettings, train
from bencao.synthesis.train.network import NetworkSettings

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


def main() -> None:
    """Run the pipeline with the settings above."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reactions", type=Path, default=REACTIONS)
    options.add_argument("--out", type=Path, default=SHIPPED_MODEL)
    chosen = options.parse_args()
    train(chosen.reactions, chosen.out, settings=SETTINGS, source=SOURCE, script="training/synthesis_templates.py")


if __name__ == "__main__":
    main()
