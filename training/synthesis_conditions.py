"""Make the shipped model of conditions.

python training/synthesis_conditions.py [--reactions TABLE] [--ord LIST] [--records FILE] [--out DIR] [--tune]
python training/synthesis_conditions.py --figures FILE.json

The records are gathered and mapped once, into the file that ``benchmarks/synthesis/conditions.py`` reads; where it
exists it is taken as it is. With --tune the model is trained without the fold for tuning, which the benchmark can then
score with ``--fold tune``. The second line writes what the benchmark measured of the finished model into its card.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bencao.kernel.models import ModelFigure, TrainingSource, add_figures
from bencao.synthesis.conditions.model import CONDITIONS_NAME, SHIPPED_CONDITIONS
from bencao.synthesis.train.condition_records import Fold, condition_records, read_records, write_records
from bencao.synthesis.train.conditions import learnable, train_conditions

DATA = Path(__file__).parents[2] / "shared" / "data" / "synthesis"
SCRIPT = "training/synthesis_conditions.py"
FROM = {
    "uspto": ("D. Lowe, Chemical reactions from US patents (1976-Sep2016), the subsets that keep reagents", "CC0"),
    "ord": ("Open Reaction Database, USPTO rows with conditions, through a package of MIT licence", "CC BY-SA 4.0"),
}

FIGURES = (
    "reagents_top1",
    "reagents_top3",
    "reagents_top10",
    "baseline_reagents_top3",
    "reagents_gain",
    "complete_reagents_top3",
    "solvent_top3",
    "solvent_set_top3",
    "ord_solvent_top3",
    "ord_filed_solvent_top3",
    "ord_solvent_set_top3",
    "class",
)


def measured(path: Path) -> dict[str, ModelFigure]:
    """The figures of the benchmark, as figures of a card."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {
        key: ModelFigure(value=found[key], n=found[f"{key}_n"], interval=(found[f"{key}_low"], found[f"{key}_high"]))
        for key in FIGURES
    }


def main() -> None:
    """Gather the records and train, or enter figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--reactions", type=Path, default=DATA / "reactions.tsv.xz")
    options.add_argument("--ord", type=Path, default=DATA / "pathfinder_ord_uspto_10k_conditions.json.gz")
    options.add_argument("--records", type=Path, default=Path("condition_records.tsv.xz"))
    options.add_argument("--out", type=Path, default=SHIPPED_CONDITIONS)
    options.add_argument("--tune", action="store_true", help="leave the fold for tuning out of the training")
    options.add_argument("--figures", type=Path, help="enter these into the card instead of training")
    chosen = options.parse_args()
    if chosen.figures:
        add_figures(chosen.out, CONDITIONS_NAME, measured(chosen.figures))
        return
    if not chosen.records.exists():
        write_records(condition_records(chosen.reactions, chosen.ord), chosen.records)
    records = read_records(chosen.records)
    folds: tuple[Fold, ...] = ("train",) if chosen.tune else ("train", "tune")
    sources = [
        TrainingSource(
            source=name,
            licence=licence,
            rows=sum(bool(one.beside) and one.collection == key and one.fold in folds for one in records),
        )
        for key, (name, licence) in FROM.items()
    ]
    train_conditions(learnable(records), chosen.out, folds=folds, sources=sources, script=SCRIPT)


if __name__ == "__main__":
    main()
