"""Numbers that describe a molecule as a whole, all of them computed in RDKit's compiled part."""

from __future__ import annotations

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors


def descriptors(molecule: Chem.Mol) -> list[float]:
    """Size, polarity, shape of the graph, and surface areas by kind of atom: 93 numbers.

    Crippen's logP and refractivity, polar and Labute surface, connectivity and shape indices (Hall and Kier, Rev.
    Comput. Chem. 1991, 2, 367), molecular quantum numbers (Nguyen et al., ChemMedChem 2009, 4, 1803), and van der
    Waals surface split by contribution to logP, refractivity and charge (Labute, J. Mol. Graph. Model. 2000, 18, 464).

    Parameters
    ----------
    molecule : Mol

    Returns
    -------
    list of float, length 93
        Not finite where RDKit has no charge for an atom.
    """
    of = rdMolDescriptors
    return [
        *(of.CalcExactMolWt(molecule), *of.CalcCrippenDescriptors(molecule), of.CalcTPSA(molecule)),
        *(of.CalcLabuteASA(molecule), of.CalcNumRotatableBonds(molecule), of.CalcFractionCSP3(molecule)),
        *(of.CalcChi0v(molecule), of.CalcChi1v(molecule), of.CalcChi2v(molecule), of.CalcChi3v(molecule)),
        *(of.CalcKappa1(molecule), of.CalcKappa2(molecule), of.CalcKappa3(molecule), of.CalcPhi(molecule)),
        *of.MQNs_(molecule),
        *of.SlogP_VSA_(molecule),
        *of.SMR_VSA_(molecule),
        *of.PEOE_VSA_(molecule),
    ]
