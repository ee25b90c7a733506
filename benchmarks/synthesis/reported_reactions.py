"""Reads reported reactions from a CSV of columns class, id and rxn_smiles, the form of USPTO-50k."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rdkit import Chem, rdBase

from bencao.synthesis.chemistry.molecule import read_table
from bencao.synthesis.chemistry.template import canonical_set
from bencao.synthesis.train.reactions import unmapped_smiles

Item = TypeVar("Item")


@dataclass(frozen=True)
class ReportedReaction:
    """A row of the file.

    Attributes
    ----------
    row : int
        Line of the file, from 1.
    name : str
        Column ``id``, else the row.
    reaction_class : str
        Column ``class`` as it stands; never an input of a model.
    rxn_smiles : str
    """

    row: int
    name: str
    reaction_class: str
    rxn_smiles: str


def read_reported(path: Path) -> list[ReportedReaction]:
    """All rows, in file order; a row that is no reaction is told apart only when it is used."""
    return [
        ReportedReaction(
            number, row.get("id") or f"row {number}", row.get("class") or "unknown", row.get("rxn_smiles", "")
        )
        for number, row in read_table(path, needs=("rxn_smiles",))
    ]


def seeded_sample(items: Sequence[Item], number: int | None, seed: int) -> list[Item]:
    """`number` of the items, drawn without replacement and in their own order; all where there are no more."""
    if number is None or number >= len(items):
        return list(items)
    return [items[index] for index in sorted(random.Random(seed).sample(range(len(items)), number))]


def product_and_reactants(rxn_smiles: str) -> tuple[str, str]:
    """Product and reactant set of a reported reaction, canonical, without atom maps, stereo kept.

    The reactants are the molecules on the left that have a mapped atom; all of them where none has.

    Parameters
    ----------
    rxn_smiles : str
        ``reactants>reagents>product`` or ``reactants>>product``.

    Returns
    -------
    product, reactants : str
        Sorted and joined by ``.`` where there are several molecules.

    Raises
    ------
    ValueError
        Not of that form, or a molecule does not parse.
    """
    fields = rxn_smiles.split(" ")[0].split(">")
    if len(fields) != 3:
        raise ValueError("not of the form reactants>reagents>product")
    left, right = (_molecules(fields[place]) for place in (0, 2))
    mapped = [molecule for molecule in left if any(atom.GetAtomMapNum() for atom in molecule.GetAtoms())]
    product, reactants = (
        canonical_set(".".join(map(unmapped_smiles, molecules))) for molecules in (right, mapped or left)
    )
    if not product or not reactants:
        raise ValueError("no reactant or no product")
    return product, reactants


def _molecules(field: str) -> list[Chem.Mol]:
    with rdBase.BlockLogs():
        molecules = [Chem.MolFromSmiles(part) for part in field.split(".") if part]
    if any(molecule is None for molecule in molecules):
        raise ValueError("a molecule does not parse")
    return molecules
