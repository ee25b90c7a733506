"""Writes our default stock as SMILES, for planners that know no InChIKeys.

python benchmarks/synthesis/stock_smiles.py ../shared/data/synthesis/reactions.tsv.xz stock.smi

The stock itself ships as keys only. A key that no reactant of the table has, nor the list of commodities, is left out
and counted.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from command import run
from rdkit import rdBase

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.synthesis.chemistry.molecule import inchikey
from bencao.synthesis.chemistry.template import canonical, parsed
from bencao.synthesis.stock import SHIPPED_STOCK, KeyTier, Stock
from bencao.synthesis.train.reactions import read_reactions, unmapped_smiles


def molecules(table: Path) -> Iterator[str]:
    """SMILES without maps of all that stands left of an arrow, then of the commodities; some more than once."""
    for row in read_reactions(table):
        left = row.smiles.split(" ")[0].rpartition(">")[0].replace(">", ".")
        yield from filter(None, left.split("."))
    with (SHIPPED_STOCK / "commodity.tsv").open(encoding="utf-8", newline="") as handle:
        yield from (row["smiles"] for row in csv.DictReader(handle, delimiter="\t"))


def stock_smiles(stock: Stock, table: Path) -> list[str]:
    """One canonical SMILES for each key of the stock's tiers that can be found, sorted."""
    tiers = [tier for tier in stock.tiers if isinstance(tier, KeyTier)]
    largest = max(tier.largest for tier in tiers)
    found: dict[str, str] = {}
    seen: set[str] = set()
    for text in molecules(table):
        if text in seen:
            continue
        seen.add(text)
        molecule = parsed(text)
        if molecule is None or molecule.GetNumHeavyAtoms() > largest:
            continue
        smiles = canonical(unmapped_smiles(molecule))
        if smiles in seen:
            continue
        seen.add(smiles)
        try:
            key = inchikey(smiles)
        except InputError:
            continue
        if key and any(tier.find(key, smiles) for tier in tiers):
            found.setdefault(key, smiles)
    return sorted(found.values())


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reactions", type=Path, help="table of reactions that the stock was derived from")
    parser.add_argument("out", type=Path, help=".smi to write")
    arguments = parser.parse_args()
    stock = Stock.default()
    with rdBase.BlockLogs():
        smiles = stock_smiles(stock, arguments.reactions)
    write_text(arguments.out, "".join(f"{one}\n" for one in smiles))
    keys = sum(len(tier) for tier in stock.tiers if isinstance(tier, KeyTier))
    print(f"{len(smiles)} molecules of {keys} keys", file=sys.stderr)


if __name__ == "__main__":
    run(main)
