"""Dock ligands from their SMILES back into the structure they came from.

python benchmarks/discovery/redock.py PROTEIN LIGAND.sdf [PROTEIN LIGAND.sdf ...] [--exhaustiveness 16] [--seed 1]
    [--workers 2] [--predictions FILE] [--json]

PROTEIN is PDB or mmCIF, LIGAND.sdf the ligand as it is bound: of it only the place (for the box) and the SMILES are
used. `rmsd` is that of the best pose, over the molecule's symmetries; `rmsd_best` the nearest of all poses. With
several complexes `rmsd` is the median; `share` counts those at 2 Å or less that pass every check of PoseBusters, with a
95 % interval after Wilson.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from pathlib import Path
from typing import Any

from rdkit import Chem

from bencao.discovery.docking.checks import check_pose
from bencao.discovery.docking.docking import Docked, dock
from bencao.discovery.docking.rmsd import symmetric_rmsd
from bencao.discovery.docking.site import read_ligand
from bencao.discovery.docking.vina import Search
from bencao.discovery.receptor.box import box_around
from bencao.discovery.receptor.preparing import prepare_receptor


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="PROTEIN LIGAND.sdf")
    parser.add_argument("--exhaustiveness", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if len(arguments.files) % 2:
        parser.error("give a ligand for each protein")
    pairs = list(zip(arguments.files[::2], arguments.files[1::2], strict=True))
    search = Search(exhaustiveness=arguments.exhaustiveness, seed=arguments.seed)
    rows = [redocked(protein, ligand, search, arguments.workers, arguments.predictions) for protein, ligand in pairs]
    figures = summary(rows, search)
    if arguments.json:
        print(json.dumps(figures))
        return
    for row in rows:
        print(
            "  ".join(
                f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items()
            )
        )
    print("  ".join(f"{key} {value}" for key, value in figures.items()))


def redocked(protein: Path, ligand: Path, search: Search, workers: int, predictions: Path | None) -> dict[str, Any]:
    """One complex: prepared, docked from SMILES, compared."""
    began = time.perf_counter()
    bound = read_ligand(ligand)
    places = bound.GetConformer().GetPositions()
    receptor = prepare_receptor(protein, ligand=places)
    smiles = Chem.MolToSmiles(bound)
    entry = [(ligand.stem, smiles)]
    (answer,) = dock(receptor, entry, box_around(places), search=search, workers=workers, progress=False)
    if not isinstance(answer, Docked):
        return {
            "ligand": ligand.stem,
            "error": f"{answer.kind}: {answer.cause}",
            "rmsd": math.inf,
            "checks_passed": False,
        }
    far = [symmetric_rmsd(pose.molecule, bound) for pose in answer.poses]
    failed = [check.name for check in check_pose(answer.poses[0].molecule, receptor) if not check.passed]
    if predictions is not None:
        with predictions.open("a", encoding="utf-8") as stream:
            for rank, (pose, gap) in enumerate(zip(answer.poses, far, strict=True), 1):
                told = "".join(f">  <{key}>\n{value}\n\n" for key, value in (("rank", rank), ("rmsd", gap)))
                stream.write(f"{pose.block.rstrip()}\n{told}$$$$\n")
    return {
        "ligand": ligand.stem,
        "rmsd": far[0],
        "rmsd_best": min(far),
        "score": answer.score,
        "shapes": answer.shapes,
        "checks_passed": not failed,
        "checks_failed": " ".join(failed),
        "seconds": time.perf_counter() - began,
    }


def summary(rows: list[dict[str, Any]], search: Search) -> dict[str, Any]:
    """Flat figures of all complexes."""
    fine = sum(row["rmsd"] <= 2 and row["checks_passed"] for row in rows)
    low, high = wilson(fine, len(rows))
    return {
        "n": len(rows),
        "rmsd": statistics.median(row["rmsd"] for row in rows),
        "rmsd_best": statistics.median(row.get("rmsd_best", math.inf) for row in rows),
        "checks_passed": all(row["checks_passed"] for row in rows),
        "checks_failed": " ".join(row.get("checks_failed", "") for row in rows).strip(),
        "share": fine / len(rows),
        "share_low": low,
        "share_high": high,
        "seconds": sum(row.get("seconds", 0.0) for row in rows),
        "exhaustiveness": search.exhaustiveness,
        "seed": search.seed,
    }


def wilson(successes: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, J. Am. Stat. Assoc. 1927, 22, 209)."""
    z, share = 1.959964, successes / n
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


if __name__ == "__main__":
    main()
