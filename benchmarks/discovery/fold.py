"""Fold chains from their sequence (or an alignment) and compare with the structure that is known.

python benchmarks/discovery/fold.py STRUCTURE[:CHAIN] [STRUCTURE[:CHAIN] ...] [--alignments FOLDER] [--seed 1]
    [--workers 2] [--predictions FILE] [--json]

STRUCTURE is PDB or mmCIF; of it only the sequence of the residues seen is used for folding. An alignment is taken from
FOLDER where it has NAME.a3m for a structure NAME. `tm` is the median TM-score with a 95 % bootstrap interval over the
chains; `confidence_spearman` says whether the predicted confidence ranks it (from three chains on).
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
from scipy.stats import spearmanr
from tm_score import tm_score

from bencao.discovery.folding.alignment import Alignment, read_alignment, single_sequence
from bencao.discovery.folding.folding import fold
from bencao.discovery.receptor.structure import read_structure
from bencao.kernel.errors import BencaoError
from bencao.kernel.files import write_text


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("structures", nargs="+", metavar="STRUCTURE[:CHAIN]")
    parser.add_argument("--alignments", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--predictions", type=Path, help="JSON lines, one a chain; structures beside it as PDB")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = []
    for told in arguments.structures:
        rows.append(scored(told, arguments.alignments, arguments.seed, arguments.workers, arguments.predictions))
        if not arguments.json:
            print("  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    figures = summary(rows, arguments.seed)
    print(json.dumps(figures) if arguments.json else "  ".join(f"{key} {value}" for key, value in figures.items()))


def scored(told: str, alignments: Path | None, seed: int, workers: int, predictions: Path | None) -> dict[str, Any]:
    """One chain folded and compared."""
    path, _, chain = told.partition(":")
    name = Path(path).name.split(".")[0] + chain
    began, spent = time.perf_counter(), _cpu_seconds()
    try:
        sequence, native = native_chain(Path(path), chain)
        relatives = alignments / f"{name}.a3m" if alignments else None
        given: Alignment
        given = read_alignment(relatives) if relatives and relatives.is_file() else single_sequence(sequence, name)
        folded = fold(given, seed=seed, workers=workers)
    except BencaoError as error:
        return {"chain": name, "error": str(error)}
    row = {
        "chain": name,
        "residues": len(sequence),
        "relatives": folded.relatives,
        "tm": round(tm_score(folded.ca, native), 4),
        "confidence": round(folded.trust, 4),
        "cpu_seconds": round(_cpu_seconds() - spent, 1),
        "seconds": round(time.perf_counter() - began, 1),
    }
    if predictions is not None:
        with predictions.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
        write_text(predictions.with_name(f"{name}.pdb"), folded.pdb)
    return row


def native_chain(path: Path, chain: str) -> tuple[str, Any]:
    """Sequence and Cα of a chain, the first where none is named."""
    structure = read_structure(path)
    wanted = chain or structure.chains[0]
    residues = [residue for residue in structure.residues if residue.chain == wanted and "CA" in residue.atoms]
    # A modified residue counts as the one it came from.
    letters = [gemmi.find_tabulated_residue(residue.name).one_letter_code.upper() for residue in residues]
    places = np.array([residue.coordinates[residue.atoms.index("CA")] for residue in residues])
    return "".join(letters), places


def summary(rows: list[dict[str, Any]], seed: int) -> dict[str, Any]:
    """Figures over the chains."""
    fine = [row for row in rows if "error" not in row]
    scores = np.array([row["tm"] for row in fine])
    figures: dict[str, Any] = {"n": len(rows), "folded": len(fine), "seed": seed}
    if not len(scores):
        return figures
    drawn = np.random.default_rng(seed).choice(scores, size=(2_000, len(scores)))
    low, high = np.percentile(np.median(drawn, axis=1), [2.5, 97.5])
    figures |= {
        "tm": round(float(np.median(scores)), 4),
        "tm_low": round(float(low), 4),
        "tm_high": round(float(high), 4),
        "cpu_seconds_most": max(row["cpu_seconds"] for row in fine),
    }
    for row in fine:
        figures[f"tm_{row['chain']}"] = row["tm"]
        figures[f"confidence_{row['chain']}"] = row["confidence"]
    if len(scores) >= 3:
        ranks = spearmanr([row["confidence"] for row in fine], scores).statistic
        figures["confidence_spearman"] = round(float(ranks), 4)
    return figures


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
