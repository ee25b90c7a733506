"""What a library of millions costs before it is docked: CPU seconds and memory of each stage, and how they grow.

python benchmarks/discovery/library_scale.py LIBRARY [--sizes 1000,10000] [--scored 1000] [--exact 500]
    [--memory 1000000] [--ray] [--dock PROTEIN LIGAND] [--docked 3] [--exhaustiveness 8] [--json] [--predictions FILE]

The first n molecules of LIBRARY are taken (`million_molecules.py` makes one whose beginning is a sample of the
whole). One process; each stage runs over all molecules before the next begins. `cheap` are parsing, descriptors,
ECFP4, ten queries by similarity, and the surrogate of a large library (fitted on --scored molecules, here on their
logP, and asked for all); `all` adds the standard form with its SMILES, and alerts (PAINS, Brenk, QED's). The figures
for a million are those of the largest size carried on in a straight line; `exponent` is the slope of log CPU on log
n. The alerts of the first --exact molecules are compared with RDKit's catalogues, whose cost is told beside. --memory
packs so many fingerprints and descriptors, those of 300 molecules repeated, and predicts them from 100: the most
memory that the surrogate's library takes. --ray compares the properties made on a local Ray cluster with those made
on one process. --dock docks --docked molecules, for molecules a core-hour.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rdkit import Chem
from rdkit.Chem import QED
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams
from showing import show

from bencao.discovery.active.large import PrintProcess, Prints, describe_row
from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.alerts import Alerts, find_alerts
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.properties import molecule_properties
from bencao.discovery.molecules.reading import LibraryRow, read_library
from bencao.discovery.molecules.standardising import standard_parent
from bencao.discovery.similarity.tanimoto import tanimoto
from bencao.kernel.files import write_text

_CHEAP = ("parse", "descriptors_and_ecfp4", "similarity", "surrogate")
_QUERIES = 10
_LOGP = 1  # its place among the descriptors


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--scored", type=int, default=1000)
    parser.add_argument("--exact", type=int, default=500)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--ray", action="store_true")
    parser.add_argument("--dock", type=Path, nargs=2, metavar=("PROTEIN", "LIGAND"))
    parser.add_argument("--docked", type=int, default=3)
    parser.add_argument("--exhaustiveness", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    sizes = sorted(int(size) for size in arguments.sizes.split(","))
    runs = [measure(arguments.library, size, arguments.scored) for size in sizes]
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(run) + "\n" for run in runs))
    figures = summary(runs)
    rows = list(itertools.islice(read_library(arguments.library), arguments.exact))
    figures |= compare_alerts(rows) if rows else {}
    figures |= fill_memory(rows, arguments.memory) if arguments.memory else {}
    figures |= compare_ray(rows) if arguments.ray else {}
    figures |= dock_some(rows, *arguments.dock, arguments.docked, arguments.exhaustiveness) if arguments.dock else {}
    show(figures, arguments.json, "{:,.4g}".format)


def measure(library: Path, size: int, scored: int) -> dict[str, float]:
    """CPU seconds of each stage, and the most memory used until its end, GB."""
    found: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        answer = work()
        found[name] = time.process_time() - began
        found[f"{name}_peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        return answer

    def readable() -> list[LibraryRow]:
        return [row for row in itertools.islice(read_library(library), size) if _is_molecule(row)]

    find_alerts(Chem.MolFromSmiles("C"))  # the catalogues are read once a process, in a second
    rows = timed("parse", readable)
    # It parses again, as every stage of the product does that is given a row; the parsing is taken off.
    prints = timed("descriptors_and_ecfp4", lambda: Prints.of([describe_row(row) for row in rows]))
    found["descriptors_and_ecfp4"] = max(0.0, found["descriptors_and_ecfp4"] - found["parse"])
    bits = np.bitwise_count(prints.bits).sum(axis=1, dtype=np.uint16)
    timed("similarity", lambda: [tanimoto(prints.bits, bits, query) for query in prints.bits[:_QUERIES]])
    known = prints.of_places(slice(0, scored))
    values = known.descriptors[:, _LOGP].astype(float)
    timed("surrogate", lambda: PrintProcess(known, values).predict(prints))
    timed("standardise", lambda: sum(_standard(row) for row in rows))
    found["standardise"] = max(0.0, found["standardise"] - found["parse"])
    timed("alerts", lambda: sum(bool(find_alerts(row.molecule()).pains) for row in rows))
    found["alerts"] = max(0.0, found["alerts"] - found["parse"])
    return {"n": len(rows), **found}


def _is_molecule(row: LibraryRow) -> bool:
    try:
        row.molecule()
    except MoleculeError:
        return False
    return True


def _standard(row: LibraryRow) -> bool:
    try:
        return bool(Chem.MolToSmiles(standard_parent(row.molecule())))
    except MoleculeError:
        return False


def summary(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of the largest run; minutes for a million; how cost grows with size."""
    last = runs[-1]
    figures = {"n": last["n"]}
    for name in (*_CHEAP, "standardise", "alerts"):
        figures[f"{name}_ms_a_molecule"] = last[name] / last["n"] * 1e3
        figures[f"{name}_peak_gb"] = last[f"{name}_peak_gb"]
    totals = {
        "cheap": [sum(run[name] for name in _CHEAP) for run in runs],
        "all": [sum(run[name] for name in (*_CHEAP, "standardise", "alerts")) for run in runs],
    }
    figures["peak_gb"] = last["alerts_peak_gb"]
    for name, seconds in totals.items():
        figures[f"{name}_cpu_minutes_a_million"] = seconds[-1] / last["n"] * 1e6 / 60
        if len(runs) > 1:
            slope = np.polyfit(np.log([run["n"] for run in runs]), np.log(seconds), 1)[0]
            figures[f"{name}_exponent"] = float(slope)
    return figures


def compare_alerts(rows: Sequence[LibraryRow]) -> dict[str, float]:
    """Molecules whose alerts differ from RDKit's, and what RDKit takes for the same."""
    catalogues = []
    for name in ("PAINS", "BRENK"):
        wanted = FilterCatalogParams()
        wanted.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, name))
        catalogues.append(FilterCatalog(wanted))
    molecules = [row.molecule() for row in rows if _is_molecule(row)]
    began = time.process_time()
    expected = []
    for molecule in molecules:
        names = [tuple(sorted({one.GetDescription() for one in of.GetMatches(molecule)})) for of in catalogues]
        counted = sum(molecule.HasSubstructMatch(alert) for alert in QED.StructuralAlerts)
        expected.append(Alerts(names[0], names[1], counted))
    theirs = time.process_time() - began
    different = sum(find_alerts(one) != told for one, told in zip(molecules, expected, strict=True))
    return {
        "alerts_compared": len(molecules),
        "alerts_different_from_rdkit": different,
        "rdkit_alerts_ms_a_molecule": theirs / len(molecules) * 1e3,
    }


def fill_memory(rows: Sequence[LibraryRow], molecules: int) -> dict[str, float]:
    """Most memory of the process, GB, with so many molecules in it."""
    real = [describe_row(row) for row in rows[:300] if _is_molecule(row)]
    packed = [bytes(bytearray(real[number % len(real)])) for number in range(molecules)]  # each a copy of its own
    prints = Prints.of(packed)
    del packed
    known = prints.of_places(slice(0, 100))
    PrintProcess(known, known.descriptors[:, _LOGP].astype(float)).predict(prints)
    return {"memory_molecules": molecules, "memory_peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def compare_ray(rows: Sequence[LibraryRow]) -> dict[str, float]:
    """Whether properties made on a local Ray cluster are those made on one process, by SHA-256."""
    told = []
    for ray in (None, "local"):
        answers = each_row(molecule_properties, rows, workers=1 if ray is None else 2, ray=ray, progress=False)
        told.append(hashlib.sha256("".join(f"{answer}\n" for _, answer in answers).encode()).hexdigest())
    return {"ray_compared": len(rows), "ray_same_bytes": float(told[0] == told[1])}


def dock_some(
    rows: Sequence[LibraryRow], protein: Path, ligand: Path, count: int, exhaustiveness: int
) -> dict[str, float]:
    """Molecules of 18 to 28 heavy atoms a core-hour, preparation of the receptor in, checks of poses out."""
    from bencao.discovery.docking.docking import dock
    from bencao.discovery.docking.site import read_ligand, site_box
    from bencao.discovery.docking.vina import Search
    from bencao.discovery.receptor.preparing import prepare_receptor

    places = read_ligand(ligand).GetConformer().GetPositions()
    receptor = prepare_receptor(protein, ligand=places)
    box = site_box(receptor, ligand=places)
    chosen = [(row.name, row.smiles) for row in rows if 18 <= row.molecule().GetNumHeavyAtoms() <= 28][:count]
    began = _children()
    answers = list(dock(receptor, chosen, box, search=Search(exhaustiveness=exhaustiveness), progress=False))
    return {
        "docked": len(answers),
        "exhaustiveness": exhaustiveness,
        "docked_a_core_hour": len(answers) / (_children() - began) * 3600,
    }


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
