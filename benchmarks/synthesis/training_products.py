"""Finds which molecules stand as products in a reaction table, stereo ignored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rdkit import Chem, rdBase

from bencao.synthesis.train.reactions import read_reactions, unmapped_smiles

# An atom in a bracket, an aliphatic or an aromatic one: what a formula without hydrogen can be counted from.
_ATOM = re.compile(r"\[\d*([A-Za-z][a-z]?)[^\]]*\]|(Br|Cl|[BCNOPSFI]|[bcnops])")

Formula = tuple[tuple[str, int], ...]


def which_are_products(molecules: Iterable[str], table: Path) -> set[str]:
    """Those of some molecules that a table has as a product.

    Parameters
    ----------
    molecules : iterable of str
        Canonical SMILES.
    table : Path
        See `read_reactions`; rows with ``product_in_valid`` = 1 are passed over, as training passes over them.

    Returns
    -------
    set of str
        In the spelling given.
    """
    wanted: dict[Formula, dict[str, set[str]]] = {}
    for smiles in molecules:
        flat = _flat(smiles)
        if flat:
            wanted.setdefault(heavy_formula(smiles), {}).setdefault(flat, set()).add(smiles)
    found: set[str] = set()
    for row in read_reactions(table):
        if row.held_out:
            continue
        for part in row.smiles.split(" ")[0].rpartition(">")[2].split("."):
            candidates = wanted.get(heavy_formula(part))
            if candidates:  # reading a molecule is dear: only one of the right formula is read
                found |= candidates.get(_flat(part), set())
    return found


def heavy_formula(smiles: str) -> Formula:
    """Heavy atoms by element, counted off the text of a SMILES."""
    counts: Counter[str] = Counter()
    for bracket, bare in _ATOM.findall(smiles):
        counts[(bracket or bare).capitalize()] += 1
    del counts["H"]
    return tuple(sorted(counts.items()))


def _flat(smiles: str) -> str:
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
    return "" if molecule is None else unmapped_smiles(molecule, stereo=False)
