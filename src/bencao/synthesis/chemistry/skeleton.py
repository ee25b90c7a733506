"""A number that every drawing of a substance shares, taken much quicker than its InChIKey."""

from __future__ import annotations

from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

from bencao.synthesis.chemistry.template import atoms_of

_RADIUS = 3
_SPHERES = rdFingerprintGenerator.GetMorganGenerator(
    radius=_RADIUS, useBondTypes=False, includeChirality=False, includeRedundantEnvironments=True
)
# InChI takes bonds to metals apart, and counts hydrogens that are drawn with those that are not.
_PLAIN = frozenset((5, 6, 7, 8, 9, 14, 15, 16, 17, 35, 53))


def skeleton_number(molecule: Chem.Mol) -> int | None:
    """Number of the graph of a molecule's heavy atoms, without bond orders, charges, hydrogens and stereo.

    Molecules of one InChIKey, or of one first block of it, have one number: tautomers and ions differ in what is left
    out only. Two molecules that share a number are mostly, but not always, of one graph.

    Parameters
    ----------
    molecule : rdkit Mol
        One connected molecule.

    Returns
    -------
    int or None
        In [0, 2**32); None where InChI may see other bonds than are drawn: a metal, a hydrogen drawn as an atom.

    Examples
    --------
    >>> hydroxypyridine, pyridone = map(Chem.MolFromSmiles, ("Oc1ccccn1", "O=c1cccc[nH]1"))
    >>> skeleton_number(hydroxypyridine) == skeleton_number(pyridone)
    True
    """
    invariants = []
    for atom in atoms_of(molecule):
        element = atom.GetAtomicNum()
        if element not in _PLAIN:
            return None
        invariants.append(8 * element + atom.GetDegree())
    counts = _SPHERES.GetSparseCountFingerprint(molecule, customAtomInvariants=invariants).GetNonzeroElements()
    # A sum does not depend on the order of the atoms; mixed first, so that it does depend on which spheres meet.
    return int(sum(count * (sphere * (sphere + 0x9E3779B1) % 0xFFFFFFFB) for sphere, count in counts.items()) % 2**32)
