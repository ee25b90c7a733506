"""Apply a retro template to a molecule, with the origin of every atom."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rdchiral import rdchiralReactants, rdchiralReaction, rdchiralRun
from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

rdBase.DisableLog("rdApp.*")

_MAX_OUTCOMES = 60
_MAX_PATTERNS = 4


@lru_cache(maxsize=100_000)
def canonical(smiles: str) -> str:
    """Canonical SMILES after one more reading, so that every way to a molecule ends in one text; empty if invalid."""
    molecule = Chem.MolFromSmiles(smiles)
    return "" if molecule is None else Chem.MolToSmiles(molecule)


def canonical_set(smiles: str) -> str:
    """Canonical SMILES of several molecules, sorted, joined by ``.``; empty if one is invalid."""
    parts = [canonical(part) for part in smiles.split(".")]
    return ".".join(sorted(parts)) if all(parts) else ""


@dataclass(frozen=True)
class Outcome:
    """Reactants that a retro template gives.

    Attributes
    ----------
    reactants : str
        Canonical SMILES, sorted, joined by ``.``.
    molecules : tuple of rdkit Mol
        The reactants, in the order of the template; atom map i + 1 marks atom i of the product, 0 an atom that
        is not in the product.
    """

    reactants: str
    molecules: tuple[Chem.Mol, ...] = field(compare=False, repr=False)


class PreparedMolecule:
    """A molecule made ready for many templates.

    Parameters
    ----------
    smiles : str
        Canonical SMILES of one molecule.
    """

    def __init__(self, smiles: str) -> None:
        self.smiles = smiles
        self.molecule = Chem.MolFromSmiles(smiles)
        if self.molecule is None:
            raise ValueError(f"not a valid SMILES: {smiles}")
        self.stereo_atoms = stereo_atoms(self.molecule)

    @cached_property
    def for_rdchiral(self) -> rdchiralReactants:
        return rdchiralReactants(self.smiles)

    @cached_property
    def rdchiral_order(self) -> tuple[int, ...]:
        """Atom index in `molecule` of each atom of `for_rdchiral`, by its map number less one."""
        theirs = self.for_rdchiral.reactants
        match = theirs.GetSubstructMatch(self.molecule, useChirality=True) or theirs.GetSubstructMatch(self.molecule)
        order = [0] * self.molecule.GetNumAtoms()
        for ours, other in enumerate(match):
            order[theirs.GetAtomWithIdx(other).GetAtomMapNum() - 1] = ours
        return tuple(order)


def stereo_atoms(molecule: Chem.Mol) -> frozenset[int]:
    """Indices of tetrahedral centres and of the ends of double bonds that carry stereo, and their neighbours."""
    centres: set[int] = set()
    for atom in molecule.GetAtoms():
        if atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED:
            centres.add(atom.GetIdx())
            centres.update(neighbour.GetIdx() for neighbour in atom.GetNeighbors())
    for bond in molecule.GetBonds():
        if bond.GetStereo() > Chem.BondStereo.STEREOANY:
            for atom in (bond.GetBeginAtom(), bond.GetEndAtom()):
                centres.add(atom.GetIdx())
                centres.update(neighbour.GetIdx() for neighbour in atom.GetNeighbors())
    return frozenset(centres)


class RetroTemplate:
    """A retro template, compiled on first use.

    Parameters
    ----------
    smarts : str
        ``product>>reactants``.
    """

    def __init__(self, smarts: str) -> None:
        self.smarts = smarts
        self.has_stereo = any(mark in smarts for mark in "@/\\")
        self._forward: dict[int, tuple[rdChemReactions.ChemicalReaction, ...]] = {}

    @cached_property
    def backward(self) -> rdChemReactions.ChemicalReaction:
        product, _, reactants = self.smarts.partition(">>")
        whole = f"({product})" if "." in product else product  # several sites, one molecule
        reaction = rdChemReactions.ReactionFromSmarts(f"{whole}>>{reactants}")
        reaction.Initialize()
        return reaction

    def forward_for(self, reactants: int) -> tuple[rdChemReactions.ChemicalReaction, ...]:
        """The reversed template for a number of reactants.

        Where the template names more reactants than there are (a ring closed by one molecule at both ends), its
        patterns are grouped in every way that gives the number.
        """
        if reactants not in self._forward:
            product, _, left = self.smarts.partition(">>")
            ways = _groupings(left.split("."), reactants)
            reactions = [rdChemReactions.ReactionFromSmarts(f"{way}>>{product}") for way in ways]
            for reaction in reactions:
                reaction.Initialize()
            self._forward[reactants] = tuple(reactions)
        return self._forward[reactants]

    @cached_property
    def backward_rdchiral(self) -> rdchiralReaction:
        return rdchiralReaction(self.smarts)

    @cached_property
    def forward_rdchiral(self) -> rdchiralReaction:
        product, _, reactants = self.smarts.partition(">>")
        return rdchiralReaction(f"{reactants}>>{product}")

    def apply(self, product: PreparedMolecule) -> list[Outcome]:
        """Reactant sets that this template gives for a product.

        Where neither the template nor the atoms it touches carry stereo, RDKit's own engine does it; else
        RDChiral does (Coley et al., J. Chem. Inf. Model. 2019, 59, 2529).

        Returns
        -------
        list of Outcome
            Each reactant set once, by SMILES; those that contain the product, or do not parse, are left out.
        """
        raw = self.backward.RunReactant(product.molecule, 0)
        if not raw:
            return []
        if self.has_stereo or (product.stereo_atoms and _touches(raw, product.stereo_atoms)):
            outcomes = self._apply_with_stereo(product)
        else:
            plain = [_plain_outcome(molecules) for molecules in raw[:_MAX_OUTCOMES]]
            if any(outcome is None for outcome in plain):  # a fragment was copied twice: RDChiral joins it
                outcomes = self._apply_with_stereo(product)
            else:
                outcomes = [outcome for outcome in plain if outcome is not None]
        unique = {outcome.reactants: outcome for outcome in reversed(outcomes) if outcome.reactants}
        return [unique[key] for key in sorted(unique) if product.smiles not in key.split(".")]

    def _apply_with_stereo(self, product: PreparedMolecule) -> list[Outcome]:
        try:
            _, mapped = rdchiralRun(self.backward_rdchiral, product.for_rdchiral, return_mapped=True)
        except Exception:  # the engine raises many kinds on odd valences; such a template gives nothing
            return []
        outcomes = []
        for text, _changed in mapped.values():
            molecules = [Chem.MolFromSmiles(part) for part in text.split(".")]
            if any(molecule is None for molecule in molecules):
                continue
            for molecule in molecules:
                for atom in molecule.GetAtoms():
                    number = atom.GetAtomMapNum()
                    known = 0 < number <= len(product.rdchiral_order)
                    atom.SetAtomMapNum(product.rdchiral_order[number - 1] + 1 if known else 0)
            outcomes.append(Outcome(canonical_set(".".join(map(_unmapped, molecules))), tuple(molecules)))
        return outcomes


def _groupings(patterns: list[str], groups: int) -> list[str]:
    """Every way to part the patterns of a reaction's left side into groups, each written as one reactant."""
    if not groups <= len(patterns) <= _MAX_PATTERNS:
        return []
    ways: list[list[list[str]]] = [[]]
    for pattern in patterns:
        ways = [
            [*way[:place], [*way[place], pattern], *way[place + 1 :]] if place < len(way) else [*way, [pattern]]
            for way in ways
            for place in range(min(len(way) + 1, groups))
        ]
    return [
        ".".join(group[0] if len(group) == 1 else f"({'.'.join(group)})" for group in way)
        for way in ways
        if len(way) == groups
    ]


def _touches(raw: tuple[tuple[Chem.Mol, ...], ...], centres: frozenset[int]) -> bool:
    """Whether a template atom of any outcome lies on a stereo element of the product."""
    return any(
        atom.HasProp("old_mapno") and atom.HasProp("react_atom_idx") and atom.GetIntProp("react_atom_idx") in centres
        for molecules in raw
        for molecule in molecules
        for atom in molecule.GetAtoms()
    )


def _plain_outcome(molecules: tuple[Chem.Mol, ...]) -> Outcome | None:
    """An outcome of RDKit's engine; None where an atom of the product stands in two fragments."""
    seen: set[int] = set()
    for molecule in molecules:
        for atom in molecule.GetAtoms():
            index = atom.GetIntProp("react_atom_idx") if atom.HasProp("react_atom_idx") else -1
            if index in seen and index >= 0:
                return None
            seen.add(index)
            atom.SetAtomMapNum(index + 1)
        try:
            Chem.SanitizeMol(molecule)
        except (Chem.KekulizeException, Chem.AtomValenceException, Chem.MolSanitizeException):
            return Outcome("", ())
    return Outcome(canonical_set(".".join(map(_unmapped, molecules))), molecules)


def _unmapped(molecule: Chem.Mol) -> str:
    bare = Chem.Mol(molecule)
    for atom in bare.GetAtoms():
        atom.SetAtomMapNum(0)
    return str(Chem.MolToSmiles(bare))
