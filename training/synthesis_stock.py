"""Derive the shipped stock from patent reactions, the PaRoutes keys and the reviewed commodity list.

Run as ``python training/synthesis_stock.py``; it writes ``src/bencao/synthesis/models/stock/``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from math import inf
from pathlib import Path

import numpy as np

from bencao.kernel.files import write_bytes
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.synthesis.chemistry.molecule import TargetError, inchikey, neutral_parent, unusual_charge
from bencao.synthesis.stock import graph_number, packed
from bencao.synthesis.train.reactions import CleanReaction, deduplicate, funnel, read_reactions, try_clean

ROOT = Path(__file__).resolve().parents[1]
STOCK = ROOT / "src/bencao/synthesis/models/stock"
DATA = ROOT.parent / "shared/data/synthesis"

# A building block is small, and patents start from it more than once; what is smaller needs fewer witnesses.
BUILDING_BLOCK_RULES = ((20, 3), (10, 2))  # (heavy atoms at most, distinct reactions at least)

CONTENT = {
    "building-block": " or ".join(
        f"reactants of {most} heavy atoms at most in {least} reactions or more" for most, least in BUILDING_BLOCK_RULES
    ),
    "commodity": "a reviewed list of everyday laboratory chemicals",
    "paroutes": "the union of the PaRoutes stocks n1 and n5, keys as published",
    "seen": "every other reactant, late intermediates among them: no list of building blocks",
}

# Uses, then heavy atoms and number of the graph, by InChIKey; distinct reactants left out, by reason.
Counted = tuple[Counter[str], dict[str, int], dict[str, int | None], Counter[str]]


@dataclass(frozen=True)
class Reactant:
    """The neutral parent of what reactions start from.

    Attributes
    ----------
    key : str
        Standard InChIKey; empty where it is no clean molecule.
    heavy_atoms : int
    graph : int or None
        See `graph_number`.
    fault : str
        Why it is left out of every tier; empty where it is not.
    """

    key: str
    heavy_atoms: int
    graph: int | None = None
    fault: str = ""


def describe(smiles: str) -> Reactant:
    """Key and size of the neutral parent of one reactant."""
    try:
        parent = neutral_parent(smiles)
    except TargetError as error:
        return Reactant("", 0, fault=error.code)
    if fault := unusual_charge(parent):
        return Reactant("", 0, fault=fault.split()[0])
    key = inchikey(smiles)
    return Reactant(key, parent.GetNumHeavyAtoms(), graph_number(smiles), "" if key else "no InChIKey")


def shippable(reactions: Iterable[CleanReaction]) -> list[CleanReaction]:
    """Mapped reactions whose product, stereo ignored, belongs to no measuring split."""
    reactions = list(reactions)
    held_out = {reaction.product_flat for reaction in reactions if reaction.held_out}
    return [reaction for reaction in reactions if reaction.mapped and reaction.product_flat not in held_out]


def count_uses(reactions: Iterable[CleanReaction], describe_all: Callable[[list[str]], Iterable[Reactant]]) -> Counted:
    """In how many distinct reactions each molecule serves.

    Parameters
    ----------
    reactions : iterable of CleanReaction
        Deduplicated.
    describe_all : callable
        `describe` over a list, in order.

    Returns
    -------
    uses : Counter
        By InChIKey of the neutral parent.
    heavy_atoms, graphs : dict
        By InChIKey.
    faults : Counter
        Number of distinct reactants left out, by reason.
    """
    sets = [frozenset(reaction.reactants.split(".")) for reaction in reactions]
    spellings = sorted(frozenset().union(*sets))
    reactants = dict(zip(spellings, describe_all(spellings), strict=True))
    uses = Counter(key for one in sets for key in {reactants[smiles].key for smiles in one} - {""})
    heavy_atoms = {one.key: one.heavy_atoms for one in reactants.values() if one.key}
    graphs = one_graph_each(reactants.values())
    return uses, heavy_atoms, graphs, Counter(one.fault for one in reactants.values() if one.fault)


def one_graph_each(reactants: Iterable[Reactant]) -> dict[str, int | None]:
    """The number of the graph by InChIKey.

    Raises
    ------
    ValueError
        Two spellings of one key that differ in it: the number would not stand for the key.
    """
    graphs: dict[str, int | None] = {}
    for one in reactants:
        if one.key and graphs.setdefault(one.key, one.graph) != one.graph:
            raise ValueError(f"{one.key} is drawn with two graphs")
    return graphs


def is_building_block(heavy_atoms: int, uses: int) -> bool:
    """Whether a molecule belongs to the default tier."""
    return any(heavy_atoms <= most and uses >= least for most, least in BUILDING_BLOCK_RULES)


def read_commodities(path: Path) -> list[Reactant]:
    """The reviewed commodity chemicals."""
    with path.open(encoding="utf-8", newline="") as handle:
        listed = [row["smiles"] for row in csv.DictReader(handle, delimiter="\t")]
    return [
        Reactant(inchikey(smiles), neutral_parent(smiles).GetNumHeavyAtoms(), graph_number(smiles)) for smiles in listed
    ]


def read_paroutes(folder: Path) -> list[str]:
    """Union of the InChIKeys of the PaRoutes stocks n1 and n5."""
    keys: set[str] = set()
    for name in ("n1", "n5"):
        with gzip.open(folder / f"paroutes_{name}_stock_inchikeys.txt.gz", "rt") as handle:
            keys.update(line.strip() for line in handle if line.strip())
    return sorted(keys)


def write_tier(
    path: Path, keys: Iterable[str], uses: Counter[str], largest: float, graphs: frozenset[int] | None = None
) -> int:
    """Write the keys of a tier, sorted, with their uses, size and graphs; the same tier gives the same bytes."""
    ordered = sorted(set(keys))
    known = {} if graphs is None else {"graphs": np.array(sorted(graphs), dtype=np.uint32)}
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        keys=packed(ordered),
        uses=np.array([uses.get(key, 0) for key in ordered], dtype=np.uint32),
        largest=np.float64(largest),
        **known,
    )
    write_bytes(path, stream.getvalue())
    return len(ordered)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of reactions.tsv.xz and the PaRoutes keys")
    parser.add_argument("--out", type=Path, default=STOCK, help="folder that holds commodity.tsv; the tiers go there")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with ProcessPoolExecutor(arguments.workers) as pool:
        rows = list(read_reactions(arguments.data / "reactions.tsv.xz"))
        clean, _ = funnel(pool.map(try_clean, rows, chunksize=2000))
        distinct = deduplicate(clean)
        kept = shippable(distinct)
        counted = count_uses(kept, lambda spellings: pool.map(describe, spellings, chunksize=2000))
    steps = {
        "rows": len(rows),
        "usable rows": len(clean),
        "distinct reactions": len(distinct),
        "mapped reactions counted": len(kept),
    }
    for step, count in steps.items():
        print(f"{step:25} {count:7}")
    write_stock(arguments.out, arguments.data, steps, counted)


def write_stock(out: Path, data: Path, steps: dict[str, int], counted: Counted) -> None:
    """Write every tier with the card that says what it is made from."""
    uses, heavy_atoms, graphs, faults = counted
    blocks = {key for key in uses if is_building_block(heavy_atoms[key], uses[key])}
    commodities = read_commodities(out / "commodity.tsv")
    sizes = heavy_atoms | {one.key: one.heavy_atoms for one in commodities}
    numbers = graphs | one_graph_each(commodities)
    tiers = {
        "building-block": blocks,
        "commodity": {one.key for one in commodities},
        "paroutes": set(read_paroutes(data)),
        "seen": set(uses) - blocks - {one.key for one in commodities},
    }
    left_out = {f"reactants left out: {fault}": count for fault, count in sorted(faults.items())}
    funnel_figures = {**steps, "distinct reactants": len(uses), **left_out}
    for name, keys in tiers.items():
        # The keys of PaRoutes come without molecules, so their sizes and graphs are not known.
        known = (
            frozenset(number for key in keys if (number := numbers[key]) is not None) if keys <= set(numbers) else None
        )
        write_tier(out / f"{name}.npz", keys, uses, max(sizes.get(key, inf) for key in keys), known)
        figures = {"molecules": len(keys)} | (funnel_figures if name in ("building-block", "seen") else {})
        write_card(
            out,
            name,
            version="1",
            task="starting materials by standard InChIKey of the neutral parent, each with the number of distinct "
            f"mapped patent reactions it serves in; holds {CONTENT[name]}",
            files=[f"{name}.npz"] + (["commodity.tsv"] if name == "commodity" else []),
            trained_on=_sources(name, len(keys), steps["mapped reactions counted"]),
            split="reactions whose product, stereo ignored, is in the valid or test split of USPTO-50k are left out",
            figures={figure: ModelFigure(value=value) for figure, value in figures.items()},
            script="training/synthesis_stock.py",
            made=date.today(),
            limits="says what patents started from, not what is on sale; uses count reactions, not patents",
        )
        print(f"{name:15} {len(keys):7}")


def _sources(tier: str, molecules: int, reactions: int) -> list[TrainingSource]:
    patents = TrainingSource(
        source="D. Lowe, Chemical reactions from US patents (1976-Sep2016)", licence="CC0", rows=reactions
    )
    if tier == "commodity":
        return [
            TrainingSource(source="commodity.tsv, written for Bencao", licence="Apache-2.0", rows=molecules),
            patents,
        ]
    if tier == "paroutes":
        paroutes = "PaRoutes, S. Genheden and E. Bjerrum, Digital Discovery 2022, 1, 527"
        return [TrainingSource(source=paroutes, licence="Apache-2.0", rows=molecules), patents]
    return [patents]


if __name__ == "__main__":
    main()
