"""Fit the panels that `bencao discovery admet` ships.

python training/discovery_admet.py [--data ../shared/data/discovery] [--out FOLDER]
python training/discovery_admet.py --figures solubility=FILE.json tox21=FILE.json

The first fits; the second writes what benchmarks/discovery/admet.py measured into the card of the finished models.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu

from bencao.discovery.admet.learning import learn
from bencao.discovery.admet.measured import read_measured
from bencao.discovery.admet.panel import MODELS, NAME, Panel
from bencao.kernel.files import write_bytes
from bencao.kernel.models import ModelFigure, TrainingSource, add_figures, write_card

ROOT = Path(__file__).resolve().parents[1]
TOX21 = (
    *("NR-AR", "NR-AR-LBD", "NR-AhR", "NR-Aromatase", "NR-ER", "NR-ER-LBD", "NR-PPAR-gamma"),
    *("SR-ARE", "SR-ATAD5", "SR-HSE", "SR-MMP", "SR-p53"),
)
SETS = {
    "solubility": ("deepchem_delaney-processed.csv", {"logS": "measured log solubility in mols per litre"}),
    "tox21": ("deepchem_tox21.csv.gz", {task: task for task in TOX21}),
}
SOURCES = {
    "solubility": "Delaney, J. Chem. Inf. Comput. Sci. 2004, 44, 1000 (as DeepChem gives it)",
    "tox21": "Tox21 Data Challenge 2014, US NIH, EPA and FDA (as DeepChem gives it)",
}
KEPT = ("coverage", "coverage_active", "coverage_inactive", "width", "rmse", "roc_auc")


def held_figure(panel: Panel, task: int) -> ModelFigure:
    """Error, or area under the ROC curve, on scaffolds that the model had not seen."""
    held, values = panel.held[:, task].astype(float), panel.values[:, task].astype(float)
    known = np.isfinite(values)
    if not panel.classes:
        return ModelFigure(value=round(float(np.sqrt(np.mean((held - values)[known] ** 2))), 3), n=int(known.sum()))
    active, inactive = held[values == 1], held[values == 0]
    area = mannwhitneyu(active, inactive).statistic / (len(active) * len(inactive))
    return ModelFigure(value=round(float(area), 3), n=int(known.sum()))


def fit(data: Path, out: Path) -> None:
    """Write the panels and their card."""
    out.mkdir(parents=True, exist_ok=True)
    figures, sources = {}, []
    for name, (file, columns) in SETS.items():
        measured = read_measured(data / file, tuple(columns.values()))
        panel = learn(measured, tasks=tuple(columns))
        write_bytes(out / f"{name}.npz", panel.packed())
        sources.append(TrainingSource(source=SOURCES[name], licence="MIT", rows=len(measured.substances)))
        kind = "roc_auc" if panel.classes else "rmse"
        figures |= {f"{kind}, {task}": held_figure(panel, place) for place, task in enumerate(panel.tasks)}
        print(name, len(measured.substances), measured.refused, measured.merged)
    write_card(
        out,
        NAME,
        version="1",
        task="a molecule's descriptors to log10 of its solubility in water (mol/L) with an interval, and to how usual "
        "it is among the actives and the inactives of twelve assays of Tox21",
        files=[f"{name}.npz" for name in SETS],
        trained_on=sources,
        split="whole scaffolds in 10 (solubility) or 5 parts; each part is judged by models fitted without it; "
        "substances are merged by the first block of their InChIKey before that",
        figures=figures,
        script="training/discovery_admet.py",
        made=date.today(),
        limits="solubility of 1,115 mostly small molecules from several sources; Tox21 is of cells, not of people; "
        "an interval holds on the average over new scaffolds, not for each series",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/discovery")
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--figures", nargs="*", default=[], metavar="NAME=FILE")
    arguments = parser.parse_args()
    if not arguments.figures:
        fit(arguments.data, arguments.out)
    for told in arguments.figures:
        name, _, file = told.partition("=")
        found = json.loads(Path(file).read_text(encoding="utf-8"))
        kept = {
            f"{key} of {name}, {found.get('splits') or found['parts']} scaffold splits": ModelFigure(
                value=found[key], n=found["n"], interval=(found[f"{key}_low"], found[f"{key}_high"])
            )
            for key in KEPT
            if f"{key}_low" in found
        }
        add_figures(arguments.out, NAME, kept)


if __name__ == "__main__":
    main()
