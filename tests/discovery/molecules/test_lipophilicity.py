"""logP and refractivity are RDKit's, with hydrogens of every kind; the standard form is what RDKit's rules give."""

from __future__ import annotations

import pytest
from rdkit import Chem, rdBase
from rdkit.Chem import rdMolDescriptors
from rdkit.Chem.MolStandardize import rdMolStandardize

from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.lipophilicity import logp_and_refractivity
from bencao.discovery.molecules.standardising import standard_parent

KINDS = [
    *("CCO", "Oc1ccccc1", "CC(=O)O", "OC(=N)N", "OC=C", "OC#C", "CON", "NO", "On1cccc1", "ON=C", "OO", "OCl", "OSC"),
    *("CS", "c1cc[nH]c1", "NCC", "C[NH3+]", "OB(O)c1ccccc1", "OP(=O)(O)O", "OS(=O)(=O)C", "[SiH3]C", "O", "[OH-]"),
    *("[2H]C", "C[13CH3]", "[H][H]", "C[SH2+]", "NS(=O)(=O)c1ccc(N)cc1", "CN1CCN(c2ccccc2)CC1", "O=c1cc[nH]c(=O)[nH]1"),
]
DRAWN = [
    *("CS(C)=O", "CN(=O)=O", "C[N+](=O)[O-]", "[O-]c1ccccc1", "C[NH3+].[Cl-]", "CC(=O)O[Na]", "CC.CCC", "CN=[N+]=[N-]"),
    *(
        "C[S+](C)[O-]",
        "CS(C)(=O)=O",
        "C[n+]1ccccc1",
        "CP(C)(C)=O",
        "CSC",
        "c1ccsc1",
        "F[C@H](Cl)Br",
        "C/C=C/C",
        "CN(C)C=O",
    ),
    *(
        "O=n1ccccc1",
        "CC[N+]#N",
        "NC(=[NH2+])N",
        "[2H]OC",
        "CI(=O)=O",
        "OB(O)C",
        "CN(C)(C)=O",
        "OCC[N+](C)(C)CC([O-])=O",
    ),
]


@pytest.mark.parametrize("smiles", KINDS)
def test_hydrogens_that_are_counted_give_what_drawn_ones_do(smiles: str) -> None:
    own, drawn = (Chem.MolFromSmiles(smiles) for _ in range(2))
    expected = rdMolDescriptors.CalcCrippenDescriptors(drawn)
    assert logp_and_refractivity(own) == pytest.approx(expected, abs=1e-9)
    assert rdMolDescriptors.CalcCrippenDescriptors(own) == expected, "nothing wrong is left in RDKit's memory"


@pytest.mark.parametrize("smiles", [*KINDS, *DRAWN])
def test_what_is_taken_for_standard_is_what_the_rules_leave_as_it_is(smiles: str) -> None:
    molecule = Chem.MolFromSmiles(smiles)
    with rdBase.BlockLogs():
        expected = Chem.MolToSmiles(rdMolStandardize.ChargeParent(Chem.Mol(molecule)))
    try:
        assert Chem.MolToSmiles(standard_parent(molecule)) == expected
    except MoleculeError as error:
        assert "carbon" in error.cause or "metal" in error.cause
