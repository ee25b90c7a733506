"""Run a step forwards: does it give the product back, with its stereo and all its atoms?"""

from __future__ import annotations

from collections import Counter
from itertools import chain, permutations

from rdchiral import rdchiralReactants, rdchiralRun
from rdkit import Chem

from bencao.synthesis.chemistry.template import Outcome, PreparedMolecule, RetroTemplate, atoms_of, canonical, parsed
from bencao.synthesis.route import ForwardVerdict, Stereo

_MAX_FORWARD = 60
_MAX_ORDERS = 6


def forward_check(
    template: RetroTemplate, outcome: Outcome, product: PreparedMolecule, anywhere: bool = True
) -> ForwardVerdict:
    """Run the reversed template on the proposed reactants and account for every atom.

    Parameters
    ----------
    template : RetroTemplate
    outcome : Outcome
        What `template` gave for `product`.
    product : PreparedMolecule
    anywhere : bool
        Whether the forward run may take place anywhere on the reactants, so that its outcomes are counted; otherwise
        only on the atoms where the template was laid, and its outcomes are 0. A local template fits in many places,
        and their number says nothing.

    Returns
    -------
    ForwardVerdict
        ``ok`` only if the forward run gives the product with its stereo, and every heavy atom of the product
        comes from exactly one reactant atom of the same element. Where atoms are unaccounted for, the step is not
        run: its outcomes are 0 and it has no mapped reaction.
    """
    try:
        leaving = _leaving_fragments(outcome)
    except Chem.MolSanitizeException:  # the text of the reactants can be read, but not with the template's hydrogens
        return ForwardVerdict(ok=False, reason="the template leaves an impossible valence", outcomes=0)
    if reason := _atom_fault(outcome, product):
        return ForwardVerdict(ok=False, reason=reason, outcomes=0, stereo="unspecified", leaving=leaving, mapped="")
    products = set() if anywhere else _run_in_place(template, outcome)
    if product.smiles not in products:
        products |= _run_forward(template, outcome, product)
    flat = {_flat(smiles) for smiles in products}
    stereo: Stereo = "unspecified"
    if product.smiles in products:
        stereo = "kept" if product.has_stereo else "unspecified"
    elif _flat(product.smiles) in flat:
        stereo = "lost"
        reason = "the forward run gives the product without its stereo"
    else:
        reason = "the forward run does not give the product"
    mapped = f"{Chem.MolToSmiles(outcome.molecule)}>>{product.numbered}"
    counted = len(flat) if anywhere else 0
    return ForwardVerdict(not reason, reason, outcomes=counted, stereo=stereo, leaving=leaving, mapped=mapped)


def _flat(smiles: str) -> str:
    """SMILES without stereo marks, canonical."""
    if not any(mark in smiles for mark in "@/\\"):
        return smiles
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        return smiles
    return canonical(Chem.MolToSmiles(molecule, isomericSmiles=False))


def _atom_fault(outcome: Outcome, product: PreparedMolecule) -> str:
    origins = Counter(outcome.origins)
    for atom, number in zip(atoms_of(outcome.molecule), outcome.origins, strict=True):
        if number and product.elements[number - 1] != atom.GetAtomicNum():
            return "atom changes its element"
    for number, element in enumerate(product.elements, start=1):
        if element > 1 and (found := origins[number]) != 1:
            symbol = product.molecule.GetAtomWithIdx(number - 1).GetSymbol()
            return f"atom {number} ({symbol}) of the product has {found} origins"
    return ""


def _leaving_fragments(outcome: Outcome) -> tuple[str, ...]:
    """Formulas of the connected pieces of the reactants that carry no map, sorted."""
    formulas: list[str] = []
    molecule = outcome.molecule
    loose = {index for index, number in enumerate(outcome.origins) if not number}
    while loose:
        piece = [loose.pop()]
        for index in piece:
            for neighbour in molecule.GetAtomWithIdx(index).GetNeighbors():
                if neighbour.GetIdx() in loose:
                    loose.remove(neighbour.GetIdx())
                    piece.append(neighbour.GetIdx())
        formulas.append(_hill([molecule.GetAtomWithIdx(index) for index in piece]))
    return tuple(sorted(formulas))


def _hill(atoms: list[Chem.Atom]) -> str:
    """Hill formula (carbon, hydrogen, then by letter) of some atoms with their hydrogens."""
    counts: Counter[str] = Counter()
    for atom in atoms:
        counts[atom.GetSymbol()] += 1
        counts["H"] += atom.GetTotalNumHs()
    first = [symbol for symbol in ("C", "H") if counts["C"]]
    order = first + sorted(symbol for symbol in counts if symbol not in first)
    return "".join(f"{symbol}{counts[symbol] if counts[symbol] > 1 else ''}" for symbol in order if counts[symbol])


def _run_forward(template: RetroTemplate, outcome: Outcome, product: PreparedMolecule) -> set[str]:
    """Canonical SMILES of all products the reversed template gives."""
    reactants = [found for found in map(parsed, outcome.reactants.split(".")) if found is not None]
    products = {
        smiles for reaction in template.forward_for(len(reactants)) for smiles in _run_plain(reaction, reactants)
    }
    if product.smiles not in products and len(reactants) == 1:
        # RDChiral knows more of stereo than RDKit's engine, but takes one reactant only.
        try:
            found = rdchiralRun(template.forward_rdchiral, rdchiralReactants(outcome.reactants))
        except Exception:  # the engine raises many kinds on odd valences; such a step gives nothing
            found = []
        products |= {canonical(part) for text in found for part in text.split(".")} - {""}
    return products


def _run_in_place(template: RetroTemplate, outcome: Outcome) -> set[str]:
    """Canonical SMILES of the products that the reversed template gives on the atoms that it changed."""
    reactants = list(Chem.GetMolFrags(outcome.molecule, asMols=True))
    for atom in chain.from_iterable(map(atoms_of, reactants)):
        # The engine names the template's number of each atom that the template made or changed.
        if atom.GetAtomMapNum() and not atom.HasProp("old_mapno"):
            atom.SetProp("_protected", "1")
        atom.SetAtomMapNum(0)
    return {smiles for reaction in template.forward_for(len(reactants)) for smiles in _run_plain(reaction, reactants)}


def _run_plain(reaction: Chem.rdChemReactions.ChemicalReaction, reactants: list[Chem.Mol]) -> set[str]:
    products: set[str] = set()
    for place, order in enumerate(permutations(reactants)):
        if place >= _MAX_ORDERS:
            break
        if not all(
            reactant.HasSubstructMatch(reaction.GetReactantTemplate(number)) for number, reactant in enumerate(order)
        ):
            continue
        try:
            outcomes = reaction.RunReactants(order, maxProducts=_MAX_FORWARD)
        except RuntimeError:  # RDKit's engine gives up on a few templates with directed bonds; they give nothing
            continue
        # Texts of equal matches are equal before anything is sanitised: each is read once.
        texts = {Chem.MolToSmiles(molecule) for found in outcomes for molecule in found}
        products.update(map(canonical, texts))
    return products - {""}
