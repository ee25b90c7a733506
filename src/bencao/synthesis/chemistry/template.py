"""Apply a retro template to a molecule, with the origin of every atom."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations

from rdchiral import rdchiralReactants, rdchiralReaction, rdchiralRun
from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

from bencao.synthesis.chemistry.memory import remembered

rdBase.DisableLog("rdApp.*")

_MAX_OUTCOMES = 60
_MAX_PATTERNS = 4


@remembered(2_000)
def parsed(smiles: str) -> Chem.Mol | None:
    """The molecule of a SMILES, or None; not to be changed, for it is kept for who asks next."""
    return Chem.MolFromSmiles(smiles)


@remembered(100_000)
def canonical(smiles: str) -> str:
    """Canonical SMILES after one more reading, so that every way to a molecule ends in one text; empty if invalid."""
    molecule = parsed(smiles)
    return "" if molecule is None else Chem.MolToSmiles(molecule)


def canonical_set(smiles: str) -> str:
    """Canonical SMILES of several molecules, sorted, joined by ``.``; empty if one is invalid."""
    parts = [canonical(part) for part in smiles.split(".")]
    return ".".join(sorted(parts)) if all(parts) else ""


class Outcome:
    """Reactants that a retro template gives.

    Parameters
    ----------
    reactants : str
        Canonical SMILES, sorted, joined by ``.``.
    raw : rdkit Mol
        The reactants in one: with atom maps, or as RDKit's engine left them.
    """

    def __init__(self, reactants: str, raw: Chem.Mol) -> None:
        self.reactants = reactants
        self._raw = raw

    @cached_property
    def molecule(self) -> Chem.Mol:
        """The reactants; atom map i + 1 marks atom i of the product, 0 an atom that is not in the product."""
        for atom in atoms_of(self._raw):
            if atom.HasProp("react_atom_idx"):
                atom.SetAtomMapNum(atom.GetIntProp("react_atom_idx") + 1)
        Chem.SanitizeMol(self._raw)
        return self._raw

    @cached_property
    def origins(self) -> tuple[int, ...]:
        """Atom map of each atom of `molecule`."""
        return tuple(atom.GetAtomMapNum() for atom in atoms_of(self.molecule))


def atoms_of(molecule: Chem.Mol) -> list[Chem.Atom]:
    """The atoms in order; several times quicker than iterating over ``GetAtoms()``."""
    return [molecule.GetAtomWithIdx(index) for index in range(molecule.GetNumAtoms())]


class PreparedMolecule:
    """A molecule made ready for many templates.

    Parameters
    ----------
    smiles : str
        Canonical SMILES of one molecule.
    """

    def __init__(self, smiles: str) -> None:
        self.smiles = smiles
        molecule = parsed(smiles)
        if molecule is None:
            raise ValueError(f"not a valid SMILES: {smiles}")
        self.molecule = molecule
        # Only marks in the text make stereo; looking at every atom takes as long as reading it.
        self.stereo_centres = frozenset(
            atom.GetIdx()
            for atom in (atoms_of(molecule) if "@" in smiles else ())
            if atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED
        )
        self.stereo_bonds = frozenset(
            frozenset((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()))
            for bond in (molecule.GetBonds() if "/" in smiles or "\\" in smiles else ())
            if bond.GetStereo() > Chem.BondStereo.STEREOANY
        )

    @property
    def has_stereo(self) -> bool:
        return bool(self.stereo_centres or self.stereo_bonds)

    @cached_property
    def elements(self) -> tuple[int, ...]:
        """Atomic number of each atom."""
        return tuple(atom.GetAtomicNum() for atom in atoms_of(self.molecule))

    @cached_property
    def numbered(self) -> str:
        """SMILES in which atom i has atom map i + 1."""
        numbered = Chem.Mol(self.molecule)
        for atom in atoms_of(numbered):
            atom.SetAtomMapNum(atom.GetIdx() + 1)
        return Chem.MolToSmiles(numbered)

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
        # In brackets, the sites of one molecule may be several, and a ring that opens is not copied twice.
        reaction = rdChemReactions.ReactionFromSmarts(f"({product})>>({reactants})")
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
            # A template that names an atom twice among its reactants cannot be run forwards.
            self._forward[reactants] = tuple(reaction for reaction in reactions if reaction.IsInitialized())
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

        A template with stereo is applied by RDChiral (Coley et al., J. Chem. Inf. Model. 2019, 59, 2529), any other
        by RDKit's own engine under RDChiral's rule for the stereo of the product.

        Returns
        -------
        list of Outcome
            Each reactant set once, by SMILES; those that contain the product, or do not parse, are left out.
        """
        try:
            raw = self.backward.RunReactants((product.molecule,), maxProducts=_MAX_OUTCOMES)
        except RuntimeError:  # RDKit's engine gives up on a few templates with directed bonds; they give nothing
            return []
        if not raw:
            return []
        if self.has_stereo:
            outcomes = self._apply_with_stereo(product)
        else:
            kept = (self._joined(whole, product) for (whole,) in raw if not self._flattens(whole, product))
            texts = {Chem.MolToSmiles(whole): whole for whole in kept}
            outcomes = [Outcome(canonical_set(text), whole) for text, whole in texts.items()]
        unique = {outcome.reactants: outcome for outcome in reversed(outcomes) if outcome.reactants}
        return [unique[key] for key in sorted(unique) if product.smiles not in key.split(".")]

    @cached_property
    def _anchor(self) -> int:
        """Lowest map of the product side: the atom by which `apply_at` says where the template lies."""
        return min(atom.GetAtomMapNum() for atom in atoms_of(self.backward.GetReactantTemplate(0)))

    def apply_at(self, product: PreparedMolecule, atoms: frozenset[int] | None = None) -> list[tuple[int, Outcome]]:
        """Reactant sets that this template gives, each with the atom of the product on which it was laid.

        Parameters
        ----------
        product : PreparedMolecule
        atoms : frozenset of int, optional
            Where it may be laid; anywhere if not given.

        Returns
        -------
        list of (int, Outcome)
            A reactant set may stand there several times, on other atoms.
        """
        try:
            raw = self.backward.RunReactants((product.molecule,), maxProducts=_MAX_OUTCOMES)
        except RuntimeError:  # as in `apply`
            return []
        found: dict[tuple[int, str], Chem.Mol] = {}
        for (whole,) in raw:
            atom = _places(whole)[self._anchor][0]
            if (atoms is None or atom in atoms) and not self._flattens(whole, product):
                joined = self._joined(whole, product)
                found[atom, Chem.MolToSmiles(joined)] = joined
        outcomes = [(atom, Outcome(canonical_set(text), whole)) for (atom, text), whole in found.items()]
        return [
            (atom, outcome)
            for atom, outcome in outcomes
            if outcome.reactants and product.smiles not in outcome.reactants.split(".")
        ]

    @cached_property
    def _full_centres(self) -> frozenset[int]:
        """Maps of the product-side atoms that could have shown tetrahedral stereo, as three neighbours are named."""
        pattern = self.backward.GetReactantTemplate(0)
        return frozenset(atom.GetAtomMapNum() for atom in atoms_of(pattern) if atom.GetDegree() >= 3) - {0}

    @cached_property
    def _full_bonds(self) -> tuple[tuple[int, int], ...]:
        """Maps of the ends of product-side double bonds that could have shown stereo."""
        pattern = self.backward.GetReactantTemplate(0)
        return tuple(
            (bond.GetBeginAtom().GetAtomMapNum(), bond.GetEndAtom().GetAtomMapNum())
            for bond in pattern.GetBonds()
            if bond.GetBondType() == Chem.BondType.DOUBLE
            and bond.GetBeginAtom().GetDegree() > 1
            and bond.GetEndAtom().GetDegree() > 1
        )

    def _flattens(self, whole: Chem.Mol, product: PreparedMolecule) -> bool:
        """Whether the template is laid on stereo that it could have named and does not.

        The rule is RDChiral's: such a template was learned where there was no stereo, and says nothing here.
        """
        if not product.has_stereo:
            return False
        origin = {number: begin for number, (begin, _) in _places(whole).items()}
        return any(origin.get(number) in product.stereo_centres for number in self._full_centres) or any(
            frozenset((origin.get(one), origin.get(other))) in product.stereo_bonds for one, other in self._full_bonds
        )

    @cached_property
    def _gained_bonds(self) -> int:
        """Number of named bonds by which the reactants exceed the product."""
        reactants = self.backward.GetProducts()
        product = self.backward.GetReactantTemplate(0)
        return int(sum(pattern.GetNumBonds() for pattern in reactants) - product.GetNumBonds())

    @cached_property
    def _unbound(self) -> tuple[tuple[int, int], ...]:
        """Pairs of maps between which the template's product side names no bond."""
        pattern = self.backward.GetReactantTemplate(0)
        mapped = [atom for atom in atoms_of(pattern) if atom.GetAtomMapNum()]
        return tuple(
            (one.GetAtomMapNum(), other.GetAtomMapNum())
            for one, other in combinations(mapped, 2)
            if pattern.GetBondBetweenAtoms(one.GetIdx(), other.GetIdx()) is None
        )

    def _joined(self, whole: Chem.Mol, product: PreparedMolecule) -> Chem.Mol:
        """The reactants with every bond of the product that closes a small ring over the template.

        Such a bond lies between two template atoms without being named; where they stand in two reactant patterns,
        RDKit's engine leaves it out, and one molecule falls in two.
        """
        if whole.GetNumBonds() == product.molecule.GetNumBonds() + self._gained_bonds:
            return whole
        places = _places(whole)
        missing = []
        for one, other in self._unbound:
            if one in places and other in places:
                (origin, begin), (second, end) = places[one], places[other]
                bond = product.molecule.GetBondBetweenAtoms(origin, second)
                if bond is not None and whole.GetBondBetweenAtoms(begin, end) is None:
                    missing.append((begin, end, bond.GetBondType()))
        if not missing:
            return whole
        joined = Chem.RWMol(whole)
        for begin, end, kind in missing:
            joined.AddBond(begin, end, kind)
        return joined.GetMol()

    def _apply_with_stereo(self, product: PreparedMolecule) -> list[Outcome]:
        try:
            _, mapped = rdchiralRun(self.backward_rdchiral, product.for_rdchiral, return_mapped=True)
        except Exception:  # the engine raises many kinds on odd valences; such a template gives nothing
            return []
        outcomes = []
        for plain, (text, _changed) in mapped.items():
            whole = Chem.MolFromSmiles(text)
            if whole is None:
                continue
            for atom in atoms_of(whole):
                number = atom.GetAtomMapNum()
                known = 0 < number <= len(product.rdchiral_order)
                atom.SetAtomMapNum(product.rdchiral_order[number - 1] + 1 if known else 0)
            outcomes.append(Outcome(canonical_set(plain), whole))
        return outcomes


def _places(whole: Chem.Mol) -> dict[int, tuple[int, int]]:
    """Where the template's atoms lie, by their map: index in the product, index in the reactants."""
    return {
        atom.GetIntProp("old_mapno"): (atom.GetIntProp("react_atom_idx"), atom.GetIdx())
        for atom in atoms_of(whole)
        if atom.HasProp("old_mapno") and atom.HasProp("react_atom_idx")
    }


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
