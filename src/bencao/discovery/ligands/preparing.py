"""A molecule made ready to be docked: its standard form, that form's states, and the shapes of each state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rdkit import Chem

from bencao.discovery.errors import LigandError
from bencao.discovery.ligands.conformers import conformers
from bencao.discovery.ligands.protomers import protomers
from bencao.discovery.ligands.stereoisomers import stereoisomers
from bencao.discovery.ligands.tautomers import tautomers
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.molecules.standardising import standard_parent
from bencao.kernel.errors import InputError


@dataclass(frozen=True)
class Preparation:
    """What is made of each molecule.

    Attributes
    ----------
    ph : float
    tautomers, protomers, stereoisomers : int
        At most so many: of the molecule, of each tautomer, and of each of these.
    states : int
        At most so many altogether, the tautomer drawn and the most frequent charge first.
    least : float
        Share at the pH below which a charge is left out.
    shapes : int
        Conformers of each state at most; 0 makes none.
    window : float
        Strain at most, kcal/mol above the lowest.
    apart : float
        Shapes nearer than this are one, ångström.
    seed : int

    Raises
    ------
    InputError
        A number that leaves nothing to do.
    """

    ph: float = 7.4
    tautomers: int = 4
    protomers: int = 4
    stereoisomers: int = 8
    states: int = 16
    least: float = 0.1
    shapes: int = 10
    window: float = 10.0
    apart: float = 0.5
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("tautomers", "protomers", "stereoisomers", "states", "seed"):
            if getattr(self, name) < 1:
                raise InputError(f"{getattr(self, name)} {name}", where=name, mend="give 1 or more")
        if self.shapes < 0 or not 0 <= self.least <= 1 or not -2 <= self.ph <= 16:
            raise InputError(
                f"{self.shapes} shapes, a share of {self.least}, pH {self.ph}",
                where="preparation",
                mend="give 0 shapes or more, a share from 0 to 1, a pH from -2 to 16",
            )


@dataclass(frozen=True)
class State:
    """A tautomer, charge and stereoisomer of a molecule.

    Attributes
    ----------
    number : int
        Of the molecule's states, from 1.
    smiles : str
    tautomer : int
        1 is the one drawn.
    share : float
        Of the tautomer's molecules at the pH that are so charged.
    charge : int
    strains : tuple of float
        Of its shapes, kcal/mol above the lowest.
    blocks : tuple of str
        The shapes as molfiles with hydrogens.
    error : LigandError or None
        Why there is no shape.
    """

    number: int
    smiles: str
    tautomer: int
    share: float
    charge: int
    strains: tuple[float, ...] = ()
    blocks: tuple[str, ...] = ()
    error: LigandError | None = None


@dataclass(frozen=True)
class Prepared:
    """A molecule with its states.

    Attributes
    ----------
    parent : str
        Standard form, as SMILES.
    tautomers : int
        Before the cap.
    stereoisomers : int
        That the drawing leaves open: 1 where it leaves none.
    capped : bool
        Whether a cap left states out.
    states : tuple of State
    """

    parent: str
    tautomers: int
    stereoisomers: int
    capped: bool
    states: tuple[State, ...]


def prepare_ligand(row: LibraryRow, preparation: Preparation | None = None) -> Prepared:
    """Standardise a molecule and make its tautomers, charges, stereoisomers and shapes.

    Parameters
    ----------
    row : LibraryRow
    preparation : Preparation, optional

    Returns
    -------
    Prepared

    Raises
    ------
    MoleculeError
        As `standardise`.

    Examples
    --------
    >>> told = Preparation(shapes=0)
    >>> [state.smiles for state in prepare_ligand(LibraryRow(1, "CC(O)C(=O)[O-].[Na+]"), told).states]
    ['C[C@@H](O)C(=O)[O-]', 'C[C@H](O)C(=O)[O-]']
    """
    told = preparation or Preparation()
    parent = standard_parent(row.molecule(), where=f"row {row.row}")
    drawn = tautomers(parent, told.tautomers)
    found: dict[str, State] = {}
    capped = drawn.found > len(drawn.smiles)
    for rank, smiles in enumerate(drawn.smiles, 1):
        for charged in protomers(Chem.MolFromSmiles(smiles), told.ph, least=told.least, most=told.protomers):
            forms = stereoisomers(Chem.MolFromSmiles(charged.smiles), told.stereoisomers)
            capped |= forms.capped
            for form in forms.smiles:
                found.setdefault(form, State(len(found) + 1, form, rank, charged.share, charged.charge))
    kept = tuple(found.values())[: told.states]
    return Prepared(
        Chem.MolToSmiles(parent),
        drawn.found,
        stereoisomers(parent, told.stereoisomers).possible,
        capped or len(found) > len(kept),
        tuple(_shaped(state, told) for state in kept) if told.shapes else kept,
    )


def _shaped(state: State, told: Preparation) -> State:
    """The state with its shapes, or with what went wrong."""
    try:
        found = conformers(state.smiles, most=told.shapes, window=told.window, apart=told.apart, seed=told.seed)
    except LigandError as error:
        return replace(state, error=error)
    shapes = found.GetConformers()
    return replace(
        state,
        strains=tuple(round(shape.GetDoubleProp("strain"), 2) for shape in shapes),
        blocks=tuple(str(Chem.MolToMolBlock(found, confId=shape.GetId())) for shape in shapes),
    )
