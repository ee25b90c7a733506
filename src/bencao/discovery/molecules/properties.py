"""What a chemist looks at first: size, polarity, drug-likeness, and groups that have misled assays or harmed."""

from __future__ import annotations

from dataclasses import dataclass

from rdkit import Chem
from rdkit.Chem import QED, rdMolDescriptors

from bencao.discovery.molecules.alerts import find_alerts
from bencao.discovery.molecules.lipophilicity import logp_and_refractivity
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
    return properties_of(row.molecule())


def properties_of(molecule: Chem.Mol) -> Properties:
    """The same of a molecule that has been read."""
    of, alerts = rdMolDescriptors, find_alerts(molecule)
    weight, tpsa = of._CalcMolWt(molecule), of.CalcTPSA(molecule)
    logp, rotatable = logp_and_refractivity(molecule)[0], of.CalcNumRotatableBonds(molecule)
    # What QED.properties would compute again, with alerts that are already known.
    counted = QED.QEDproperties(  # type: ignore[no-untyped-call]
        MW=weight,
        ALOGP=logp,
        HBA=sum(len(molecule.GetSubstructMatches(pattern)) for pattern in QED.Acceptors),
        HBD=of.CalcNumHBD(molecule),
        PSA=tpsa,
        ROTB=rotatable,  # the strict count, as QED asks for it
        AROM=len(Chem.GetSSSR(Chem.DeleteSubstructs(Chem.Mol(molecule), QED.AliphaticRings))),
        ALERTS=alerts.qed,
    )
    return Properties(
        weight=weight,
        logp=logp,
        tpsa=tpsa,
        donors=of.CalcNumLipinskiHBD(molecule),
        acceptors=of.CalcNumLipinskiHBA(molecule),
        rotatable=rotatable,
        qed=QED.qed(molecule, qedProperties=counted),  # type: ignore[no-untyped-call]
        pains=alerts.pains,
        brenk=alerts.brenk,
    )
