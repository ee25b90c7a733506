"""A target drawn so that its bonds can be pointed at, each by the name that constraints know it by."""

from __future__ import annotations

from rdkit import Chem

from bencao.synthesis.chemistry.molecule import Target
from bencao.synthesis.constraints.settings import bond_in_words
from bencao.synthesis.page.depiction import depict, laid_out
from bencao.synthesis.page.picture import document

_REACH = 15.0  # width around a bond in which a click means it


def bonds_svg(target: Target) -> str:
    """Draw a target, each bond that can be named under a broad unseen line.

    Parameters
    ----------
    target : Target

    Returns
    -------
    str
        An SVG document. The lines have class ``bond`` and in ``data-bond`` the bond as ``--freeze`` takes it, by the
        atoms of the SMILES as it was given.
    """
    molecule = laid_out(Chem.MolFromSmiles(target.smiles))
    drawing = depict(molecule)
    names = _names(target, molecule)
    lines = []
    for bond in molecule.GetBonds():
        ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if name := names.get(ends):
            (x, y), (to_x, to_y) = (drawing.places[end] for end in ends)
            lines.append(
                f'<line class="bond" data-bond="{name}" x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
                f' stroke="#000000" stroke-opacity="0" stroke-width="{_REACH:g}" stroke-linecap="round"/>'
            )
    # Below the drawing, so that a lock is seen as a mark behind the bond.
    return document("".join(lines) + f'<g pointer-events="none">{drawing.body}</g>', drawing.width, drawing.height)


def _names(target: Target, molecule: Chem.Mol) -> dict[tuple[int, int], str]:
    """Name of each bond of a molecule that has one in the SMILES as it was given."""
    given = Chem.MolFromSmiles(target.given)
    maps = [atom.GetAtomMapNum() for atom in given.GetAtoms()]
    numbers = maps if any(maps) else list(range(1, len(maps) + 1))
    for atom in given.GetAtoms():
        atom.SetAtomMapNum(0)
    place = given.GetSubstructMatch(molecule, useChirality=True)
    if not place:
        return {}
    named = {}
    for bond in molecule.GetBonds():
        ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        first, second = sorted(numbers[place[end]] for end in ends)
        if first:
            named[ends] = bond_in_words((first, second))
    return named
