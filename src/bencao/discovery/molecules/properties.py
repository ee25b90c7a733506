"""What a chemist looks at first: size, polarity, drug-likeness, and groups that have misled assays or harmed."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from rdkit.Chem import QED, rdMolDescriptors
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

from bencao.discovery.molecules.reading import LibraryRow


@dataclass(frozen=True)
class Properties:
    """Properties of a molecule.

    Attributes
    ----------
    weight : float
        Average molecular weight, g/mol.
    logp : float
        Of Wildman and Crippen, J. Chem. Inf. Comput. Sci. 1999, 39, 868.
    tpsa : float
        Topological polar surface, square angstrom (Ertl et al., J. Med. Chem. 2000, 43, 3714).
    donors, acceptors : int
        Of hydrogen bonds, as Lipinski counts them.
    rotatable : int
        Rotatable bonds.
    qed : float
        Drug-likeness in [0, 1] (Bickerton et al., Nat. Chem. 2012, 4, 90).
    pains : tuple of str
        Names of the patterns that it matches of those that often interfere with assays (Baell and Holloway, J. Med.
        Chem. 2010, 53, 2719).
    brenk : tuple of str
        The same of groups unwanted in leads (Brenk et al., ChemMedChem 2008, 3, 435).
    """

    weight: float
    logp: float
    tpsa: float
    donors: int
    acceptors: int
    rotatable: int
    qed: float
    pains: tuple[str, ...]
    brenk: tuple[str, ...]


def molecule_properties(row: LibraryRow) -> Properties:
    """Properties and alerts of a molecule as it is drawn.

    Parameters
    ----------
    row : LibraryRow

    Returns
    -------
    Properties

    Raises
    ------
    MoleculeError
        RDKit does not read it.

    Examples
    --------
    >>> molecule_properties(LibraryRow(1, "O=Cc1ccccc1")).brenk
    ('aldehyde',)
    """
    molecule = row.molecule()
    alerts = {
        name: tuple(sorted({entry.GetDescription() for entry in _catalogue(name).GetMatches(molecule)}))
        for name in ("PAINS", "BRENK")
    }
    return Properties(
        weight=rdMolDescriptors._CalcMolWt(molecule),
        logp=rdMolDescriptors.CalcCrippenDescriptors(molecule)[0],
        tpsa=rdMolDescriptors.CalcTPSA(molecule),
        donors=rdMolDescriptors.CalcNumLipinskiHBD(molecule),
        acceptors=rdMolDescriptors.CalcNumLipinskiHBA(molecule),
        rotatable=rdMolDescriptors.CalcNumRotatableBonds(molecule),
        qed=QED.qed(molecule),  # type: ignore[no-untyped-call]
        pains=alerts["PAINS"],
        brenk=alerts["BRENK"],
    )


@functools.cache
def _catalogue(name: str) -> FilterCatalog:
    wanted = FilterCatalogParams()
    wanted.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, name))
    return FilterCatalog(wanted)
