"""The reviewed list of laboratory chemicals: role, names in English and Chinese, and every spelling of each."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log
from types import MappingProxyType
from typing import Literal

from rdkit import Chem, rdBase

from bencao.synthesis.chemistry.memory import remembered

Role = Literal["reagent", "catalyst", "ligand", "solvent", "workup"]

# Metals that turn over in the amounts patents use; iron, zinc, tin, manganese, chromium and the like are consumed.
_CATALYST_METALS = frozenset(["Pd", "Pt", "Ni", "Rh", "Ru", "Ir", "Os", "Au", "Cu", "Co", "Mo", "W"])


@dataclass(frozen=True)
class Chemical:
    """A chemical that reactions are run with.

    Attributes
    ----------
    smiles : str
        Canonical SMILES, a salt with all its ions.
    role : {"reagent", "catalyst", "ligand", "solvent", "workup"}
        A ligand counts as a catalyst where a catalyst's metal stands beside it, as a reagent elsewhere. What serves
        the work-up only (drying agents, brine, inert gas, charcoal) is left out of conditions.
    en, zh : str
        Names; the SMILES where the list has none.
    acts : frozenset of str
        What it can do: ``reductant``, ``oxidant``, ``acid`` (Lewis acids too), ``base``, ``activator`` (turns a
        carboxylic acid or an alcohol into what reacts).
    """

    smiles: str
    role: Role
    en: str
    zh: str
    acts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ChemicalList:
    """The list, ready to be asked.

    Attributes
    ----------
    by_smiles : mapping of str to Chemical
        Under every spelling.
    complexes : tuple of (frozenset of str, Chemical)
        What is recognised by all its fragments together, largest first.
    pairs : mapping of (str, str) to (Chemical, float)
        Salt of a cation and an anion, and the logarithm of how often that pair is seen where no other is possible.
    """

    by_smiles: Mapping[str, Chemical]
    complexes: tuple[tuple[frozenset[str], Chemical], ...]
    pairs: Mapping[tuple[str, str], tuple[Chemical, float]]

    def chemical(self, smiles: str) -> Chemical:
        """The chemical of a canonical SMILES; one that is not listed is a reagent, or a catalyst by its metal."""
        listed = self.by_smiles.get(smiles)
        if listed:
            return listed
        return Chemical(smiles, "catalyst" if has_catalyst_metal(smiles) else "reagent", smiles, smiles)


@remembered(100_000)
def spelled(smiles: str) -> str:
    """Canonical SMILES without double-bond stereo, which is left out of half of the azo esters and enones."""
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        return smiles
    for bond in molecule.GetBonds():
        bond.SetStereo(Chem.BondStereo.STEREONONE)
        bond.SetBondDir(Chem.BondDir.NONE)
    again = Chem.MolFromSmiles(Chem.MolToSmiles(molecule))
    return Chem.MolToSmiles(again) if again else smiles


@remembered(100_000)
def charge(smiles: str) -> int:
    """Net charge of a fragment."""
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
    return Chem.GetFormalCharge(molecule) if molecule else 0


@lru_cache(maxsize=10_000)
def has_catalyst_metal(smiles: str) -> bool:
    """Whether a chemical holds a metal that is used as a catalyst."""
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
    return molecule is not None and any(atom.GetSymbol() in _CATALYST_METALS for atom in molecule.GetAtoms())


@lru_cache(maxsize=1)
def chemical_list() -> ChemicalList:
    """The list of ``chemicals.tsv``, read once a process.

    A row whose English name an earlier row has is another spelling of that chemical.
    """
    by_name: dict[str, Chemical] = {}
    by_smiles: dict[str, Chemical] = {}
    complexes: list[tuple[frozenset[str], Chemical]] = []
    pairs: dict[tuple[str, str], tuple[Chemical, float]] = {}
    with files(__package__).joinpath("chemicals.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            smiles, acts = spelled(row["smiles"]), frozenset(row["acts"].split())
            one = by_name.setdefault(row["en"], Chemical(smiles, _role(row["role"]), row["en"], row["zh"], acts))
            by_smiles[smiles] = one
            parts = frozenset(smiles.split("."))
            charges = sorted((charge(part), part) for part in parts)
            if len(parts) == 2 and charges[0][0] < 0 < charges[1][0]:
                pairs[charges[1][1], charges[0][1]] = (one, log(1 + int(row["seen"])))
            elif len(parts) > 1:
                complexes.append((parts, one))
    complexes.sort(key=lambda entry: (-len(entry[0]), entry[1].smiles))
    return ChemicalList(MappingProxyType(by_smiles), tuple(complexes), MappingProxyType(pairs))


def _role(text: str) -> Role:
    for role in ("reagent", "catalyst", "ligand", "solvent", "workup"):
        if text == role:
            return role
    raise ValueError(f"chemicals.tsv: a role {text!r}")
