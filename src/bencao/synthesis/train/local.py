"""Local templates: only the atoms that change; and on which atom of its product each reaction lays its own."""

from __future__ import annotations

import re

from rdkit import Chem

from bencao.synthesis.chemistry.template import PreparedMolecule, RetroTemplate, canonical_set

# In templates of rdchiral, the atoms that change carry their charge, those beside them do not.
_CHANGED = re.compile(r"[&;][+-]")
_STEREO = re.compile(r"@+(?:TH[12])?|[/\\]")


def local_template(general: str) -> str:
    """Cut a template of radius 1 down to the atoms that change, without stereo.

    The idea of a local template is that of Chen and Jung, JACS Au 2021, 1, 1612.

    Parameters
    ----------
    general : str
        ``product>>reactants``, as `extract` gives it.

    Returns
    -------
    str
        ``product>>reactants``; empty where nothing mapped changes.
    """
    sides = [Chem.MolFromSmarts(side) for side in _STEREO.sub("", general).split(">>")]
    if None in sides:
        return ""
    texts = [{atom.GetAtomMapNum(): atom.GetSmarts() for atom in side.GetAtoms()} for side in sides]
    product, reactants = texts
    changed = {
        number
        for number, text in product.items()
        if number
        and (_CHANGED.search(text) or _CHANGED.search(reactants.get(number, "")) or text != reactants.get(number))
    }
    return ">>".join(_only(side, changed) for side in sides) if changed else ""


def _only(side: Chem.Mol, changed: set[int]) -> str:
    """SMARTS of a side without the mapped atoms that do not change."""
    cut = Chem.RWMol(side)
    for atom in reversed(list(cut.GetAtoms())):
        if atom.GetAtomMapNum() and atom.GetAtomMapNum() not in changed:
            cut.RemoveAtom(atom.GetIdx())
    return str(Chem.MolToSmarts(cut))


def anchors(template: RetroTemplate, product: PreparedMolecule, reactants: str) -> tuple[int, ...]:
    """Atoms of a product on which a local template has to be laid to give the reported reactants.

    Parameters
    ----------
    template : RetroTemplate
    product : PreparedMolecule
    reactants : str
        Reported, canonical, sorted, joined by ``.``.

    Returns
    -------
    tuple of int
        Atom indices in `product`, several where symmetry makes them equal; where no outcome has the stereo of the
        report, those that are right but for it. Empty if the template does not give the reactants.
    """
    laid = template.apply_at(product)
    exact = {atom for atom, outcome in laid if outcome.reactants == reactants}
    if not exact:
        flat = _flat(reactants)
        exact = {atom for atom, outcome in laid if _flat(outcome.reactants) == flat}
    return tuple(sorted(exact))


def _flat(smiles: str) -> str:
    return canonical_set(_STEREO.sub("", smiles))
