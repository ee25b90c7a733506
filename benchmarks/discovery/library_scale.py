"""What a library of millions costs before it is docked: CPU seconds and memory of each stage, and how they grow.

python benchmarks/discovery/library_scale.py LIBRARY [--sizes 1000,10000] [--whole 100000] [--scored 1000]
    [--exact 500] [--ray 10000] [--screen 1000000] [--dock PROTEIN LIGAND] [--docked 10] [--exhaustiveness 8]
    [--json] [--predictions FILE]

The first n molecules of LIBRARY are taken (`million_molecules.py` makes one whose beginning is a sample of the
whole). One process; a thousand molecules are read and go through the stages, then the next. `cheap` are parsing,
descriptors, ECFP4, ten queries by similarity, and the surrogate of a large library (fitted on --scored molecules, here
on their logP, and asked for all); `all` adds the standard form with its SMILES, and alerts (PAINS, Brenk, QED's), for
sizes up to --whole. The figures for a million are those of the largest size carried on in a straight line; `exponent`
is the slope of log CPU on log n. Peaks of memory are of the whole process until that size was done. The standard forms
and alerts of the first --exact molecules are compared with RDKit's, whose cost is told beside. --ray N compares the
properties of N molecules made on a local Ray cluster with those made on one process. --screen N gives the most memory
of the process that leads a screen of N rows: what the filter says of 1,000 molecules, repeated under names of their
own, is put together, the surrogate of a large library chooses 24, a stand-in scores them, and each row's fate is told.
--dock docks --docked molecules, for molecules a core-hour.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import functools
import hashlib
import itertools
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rdkit import Chem
from rdkit.Chem import QED
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams
from rdkit.Chem.MolStandardize import rdMolStandardize
from rdkit.Chem.rdMolDescriptors import CalcCrippenDescriptors
from showing import show

from bencao.discovery.active.large import PrintProcess, Prints, describe_molecule
from bencao.discovery.docking.docking import Docked, Pose, dock
from bencao.discovery.errors import MoleculeError
from bencao.discovery.funnel.plan import Bounds, Effort
from bencao.discovery.funnel.results import fates
from bencao.discovery.funnel.screening import Screened
from bencao.discovery.funnel.sieve import Sifted, gather, sift_row
from bencao.discovery.funnel.worth import dock_worth
from bencao.discovery.molecules.alerts import Alerts, find_alerts
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.lipophilicity import logp_and_refractivity
from bencao.discovery.molecules.properties import molecule_properties
from bencao.discovery.molecules.reading import LibraryRow, read_library
from bencao.discovery.molecules.standardising import standard_parent
from bencao.discovery.similarity.tanimoto import tanimoto
from bencao.kernel.files import write_text

_CHEAP = ("parse", "descriptors_and_ecfp4", "similarity", "surrogate")
_DEAR = ("standardise", "alerts")
_QUERIES = 10
_TOGETHER = 1000
_LOGP = 1  # its place among the descriptors


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--scored", type=int, default=1000)
    parser.add_argument("--exact", type=int, default=500)
    parser.add_argument("--whole", type=int, default=100_000)
    parser.add_argument("--ray", type=int, default=0)
    parser.add_argument("--screen", type=int, default=0)
    parser.add_argument("--dock", type=Path, nargs=2, metavar=("PROTEIN", "LIGAND"))
    parser.add_argument("--docked", type=int, default=10)
    parser.add_argument("--exhaustiveness", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    sizes = sorted(int(size) for size in arguments.sizes.split(","))
    runs = []
    for size in sizes:
        runs.append(measure(arguments.library, size, arguments.scored, size <= arguments.whole))
        print(json.dumps(runs[-1]), file=sys.stderr, flush=True)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(run) + "\n" for run in runs))
    figures = summary(runs)
    rows = list(itertools.islice(read_library(arguments.library), max(arguments.exact, arguments.ray, 1000)))
    figures |= compare_with_rdkit(rows[: arguments.exact]) if arguments.exact else {}
    figures |= compare_ray(rows[: arguments.ray]) if arguments.ray else {}
    figures |= lead_screen(rows[:1000], arguments.screen) if arguments.screen else {}
    figures |= dock_some(rows, *arguments.dock, arguments.docked, arguments.exhaustiveness) if arguments.dock else {}
    show(figures, arguments.json, "{:,.4g}".format)


def measure(library: Path, size: int, scored: int, whole: bool) -> dict[str, float]:
    """CPU seconds of each stage, and the most memory used by its end, GB."""
    found: dict[str, float] = collections.defaultdict(float)

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        answer = work()
        found[name] += time.process_time() - began
        return answer

    find_alerts(Chem.MolFromSmiles("C"))  # the catalogues are read once a process, in a second
    rows = itertools.islice(read_library(library), size)
    packed = bytearray()
    while some := timed("parse", lambda: _parsed(rows)):
        packed += timed("descriptors_and_ecfp4", lambda: b"".join(map(describe_molecule, some)))
        if whole:
            timed("standardise", lambda: [_standard(one) for one in some])
            timed("alerts", lambda: [find_alerts(one) for one in some])
    prints = timed("descriptors_and_ecfp4", functools.partial(Prints.of_bytes, packed))
    del packed
    bits = np.bitwise_count(prints.bits).sum(axis=1, dtype=np.uint16)
    timed("similarity", lambda: [tanimoto(prints.bits, bits, query) for query in prints.bits[:_QUERIES]])
    known = prints.of_places(slice(0, scored))
    values = known.descriptors[:, _LOGP].astype(float)
    timed("surrogate", lambda: PrintProcess(known, values).predict(prints))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"n": len(prints), "peak_gb": peak, **found}


def _parsed(rows: Iterator[LibraryRow]) -> list[Chem.Mol]:
    """The molecules of the next rows; none at the end."""
    molecules: list[Chem.Mol] = []
    for row in rows:
        with contextlib.suppress(MoleculeError):
            molecules.append(row.molecule())
        if len(molecules) == _TOGETHER:
            break
    return molecules


def _standard(molecule: Chem.Mol) -> str:
    try:
        return str(Chem.MolToSmiles(standard_parent(molecule)))
    except MoleculeError:
        return ""


def summary(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of the largest run with each stage; minutes for a million; how cost grows with size."""
    figures = {"n": runs[-1]["n"], "peak_gb": runs[-1]["peak_gb"]}
    for group, names in (("cheap", _CHEAP), ("all", (*_CHEAP, *_DEAR))):
        those = [run for run in runs if all(name in run for name in names)]
        if not those:
            continue
        last = those[-1]
        figures |= {f"{name}_ms_a_molecule": last[name] / last["n"] * 1e3 for name in names}
        seconds = [sum(run[name] for name in names) for run in those]
        figures[f"{group}_n"] = last["n"]
        figures[f"{group}_cpu_minutes_a_million"] = seconds[-1] / last["n"] * 1e6 / 60
        if len(those) > 1:
            slope = np.polyfit(np.log([run["n"] for run in those]), np.log(seconds), 1)[0]
            figures[f"{group}_exponent"] = float(slope)
        for run, taken in zip(those, seconds, strict=True):
            figures[f"{group}_cpu_s_of_{run['n']:.0f}"] = taken
    figures |= {f"peak_gb_of_{run['n']:.0f}": run["peak_gb"] for run in runs}
    return figures


def compare_with_rdkit(rows: Sequence[LibraryRow]) -> dict[str, float]:
    """Molecules whose alerts, standard form or logP differ from RDKit's, and what RDKit takes for the same."""
    catalogues = []
    for name in ("PAINS", "BRENK"):
        wanted = FilterCatalogParams()
        wanted.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, name))
        catalogues.append(FilterCatalog(wanted))
    left = iter(rows)
    molecules = [one for some in iter(lambda: _parsed(left), []) for one in some]
    began = time.process_time()
    expected = []
    for molecule in molecules:
        names = [tuple(sorted({one.GetDescription() for one in of.GetMatches(molecule)})) for of in catalogues]
        counted = sum(molecule.HasSubstructMatch(alert) for alert in QED.StructuralAlerts)
        expected.append(Alerts(names[0], names[1], counted))
    theirs = time.process_time() - began
    different = sum(find_alerts(one) != told for one, told in zip(molecules, expected, strict=True))
    began = time.process_time()
    standard = [Chem.MolToSmiles(rdMolStandardize.ChargeParent(one)) for one in molecules]
    standardiser = time.process_time() - began
    forms = [_standard(one) for one in molecules]
    logp = [(logp_and_refractivity(one), CalcCrippenDescriptors(one)) for one in molecules]
    return {
        "compared": len(molecules),
        "standard_different_from_rdkit": sum(one != other for one, other in zip(forms, standard, strict=True) if one),
        "rdkit_standardise_ms_a_molecule": standardiser / len(molecules) * 1e3,
        "logp_farthest_from_rdkit": max(abs(own[part] - other[part]) for own, other in logp for part in (0, 1)),
        "alerts_different_from_rdkit": different,
        "rdkit_alerts_ms_a_molecule": theirs / len(molecules) * 1e3,
    }


def compare_ray(rows: Sequence[LibraryRow]) -> dict[str, float]:
    """Whether properties made on a local Ray cluster are those made on one process, by SHA-256."""
    told = []
    for ray in (None, "local"):
        answers = each_row(molecule_properties, rows, workers=1 if ray is None else 2, ray=ray, progress=False)
        told.append(hashlib.sha256("".join(f"{answer}\n" for _, answer in answers).encode()).hexdigest())
    return {"ray_compared": len(rows), "ray_same_bytes": float(told[0] == told[1])}


def lead_screen(rows: Sequence[LibraryRow], count: int) -> dict[str, float]:
    """What the filter takes, and the process that leads a screen, filter and docking out: CPU seconds, most memory."""
    told = []
    began = time.process_time()
    for row in rows:
        with contextlib.suppress(MoleculeError):
            told.append(sift_row(Bounds(), row))
    sifting = (time.process_time() - began) / len(rows)

    def answers() -> Iterator[tuple[LibraryRow, Sifted]]:
        for number in range(count):
            one = told[number % len(told)]
            own = f"{one.parent}.{number:07d}"
            yield (
                LibraryRow(number + 2, own, f"molecule-{number}"),
                one._replace(parent=own, seen=bytes(bytearray(one.seen))),
            )

    def stand_in(ligands: Sequence[tuple[str, str]], checkpoint: Path) -> list[Docked]:
        return [Docked(name, smiles, 1, (Pose(-float(len(smiles)), 0, ""),)) for name, smiles in ligands]

    began = time.process_time()
    sieved = gather(answers())
    found = dock_worth(sieved.candidates, stand_in, Effort(most=24, best=10), Path(), sieved.prints, large=0)
    screened = Screened(sieved.stages, None, (), sieved.candidates, found, sieved.dropped)
    written = sum(1 for _ in fates(screened))
    return {
        "screen_rows": written,
        "screen_candidates": len(sieved.candidates),
        "screen_filter_ms_a_molecule": sifting * 1e3,
        "screen_cpu_s": time.process_time() - began,
        "screen_peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def dock_some(
    rows: Sequence[LibraryRow], protein: Path, ligand: Path, count: int, exhaustiveness: int
) -> dict[str, float]:
    """Molecules of 18 to 28 heavy atoms a core-hour, preparation of the receptor in, checks of poses out."""
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
