"""Run one step of a route forwards, and say what does not hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from rdchiral import extract_from_reaction
from rdkit import Chem

from bencao.synthesis.audit.mapping import MappingFault, given_mapping, guessed_mapping
from bencao.synthesis.chemistry.forward import forward_check
from bencao.synthesis.chemistry.template import Outcome, PreparedMolecule, RetroTemplate, atoms_of, canonical
from bencao.synthesis.route import ForwardVerdict

Kind = Literal[
    "unreadable",
    "molecule",
    "charge",
    "cycle",
    "target",
    "loose",
    "stock",
    "reactants",
    "mapping",
    "balance",
    "template",
    "forward",
    "stereo",
    "selectivity",
    "idle",
    "change",
    "precedent",
]
Severity = Literal["error", "warning"]

MappedBy = Literal["mapping", "template", "common substructure"]
RunBy = Literal["template", "extracted", "not run"]

# Reported reactions change up to four bonds between heavy atoms, seldom six; more than ten are no single step.
_MANY_BONDS = 6
_MOST_BONDS = 10


@dataclass(frozen=True)
class Fault:
    """Something that does not hold in a step; see `Finding` for its fields."""

    kind: Kind
    severity: Severity
    cause: str
    mend: str


@dataclass(frozen=True)
class Replay:
    """A step that was run forwards.

    Attributes
    ----------
    mapped_by : {"mapping", "template", "common substructure"}
        Where the origin of the atoms was taken from: the file's mapping, the file's template, or a guess.
    run_by : {"template", "extracted", "not run"}
        Whether it was run with the file's template or with one extracted from the mapping.
    template : str
        What it was run with.
    verdict : ForwardVerdict
    bonds_changed : int
        Bonds between heavy atoms that are made or broken.
    faults : tuple of Fault
    """

    mapped_by: MappedBy
    run_by: RunBy
    template: str
    verdict: ForwardVerdict
    bonds_changed: int
    faults: tuple[Fault, ...]


def replay(smiles: str, reactants: str, template: str = "", mapped: str = "") -> Replay:
    """Map a step, run it forwards, and account for its atoms, bonds and stereo.

    Parameters
    ----------
    smiles : str
        Canonical SMILES of the product, one molecule.
    reactants : str
        Canonical SMILES, sorted, joined by ``.``.
    template : str
        Retro template in SMARTS; without it one is extracted from the mapping (Coley et al., J. Chem. Inf. Model.
        2019, 59, 2529), and then says only that the change can be written as a rule.
    mapped : str
        Atom-mapped reaction SMILES in either direction; without it the template maps the step, else the common
        substructures do.

    Returns
    -------
    Replay
    """
    product = PreparedMolecule(smiles)
    faults: list[Fault] = []
    rule = _rule(template, faults)
    mapped_by, outcome = _origins(product, reactants, rule, mapped, faults)
    contributing, idle = _contributing(outcome)
    if idle:
        mend = "list it as a reagent, or correct the step"
        faults.append(Fault("idle", "warning", f"{', '.join(idle)} gives no atom to the product", mend))
    if missing := _missing(product, outcome):
        faults.append(missing)
        verdict = forward_check(RetroTemplate(">>"), outcome, product)  # says which atom, and runs nothing
        return Replay(mapped_by, "not run", "", verdict, 0, tuple(faults))
    changed = _bonds_changed(product.molecule, contributing.molecule)
    if changed > _MANY_BONDS:
        cause = f"{changed} bonds between heavy atoms change in one step"
        faults.append(Fault("change", "warning", cause, "look whether it is several steps, or wrongly mapped"))
    run_by, used, verdict = _run(product, outcome, contributing, rule, changed, faults)
    faults += _stereo_faults(product, outcome, verdict)
    return Replay(mapped_by, run_by, used, verdict, changed, tuple(faults))


def _rule(template: str, faults: list[Fault]) -> RetroTemplate | None:
    if not template:
        return None
    sides = template.split(">>")
    try:
        rule = RetroTemplate(">>".join(_without_brackets(side) for side in sides))
        if len(sides) == 2 and rule.backward.GetNumReactantTemplates() and rule.backward.GetNumProductTemplates():
            return rule
    except (ValueError, RuntimeError):
        pass
    faults.append(Fault("template", "error", "the template cannot be read", "give product>>reactants in SMARTS"))
    return None


def _without_brackets(side: str) -> str:
    """A side of a template without the brackets that group all of it."""
    depth = 0
    for place, letter in enumerate(side):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return side[1:-1] if side.startswith("(") and place == len(side) - 1 else side
    return side


def _origins(
    product: PreparedMolecule, reactants: str, rule: RetroTemplate | None, mapped: str, faults: list[Fault]
) -> tuple[MappedBy, Outcome]:
    """The origin of the product's atoms, from the best source there is."""
    if mapped:
        try:
            return "mapping", given_mapping(mapped, product, reactants)
        except MappingFault as error:
            mend = error.mend or "map the step's own molecules"
            faults.append(Fault("mapping", "error", error.cause, mend))
    if rule:
        for outcome in rule.apply(product):
            if outcome.reactants == reactants:
                return "template", outcome
        cause = "the template, laid on the product, does not give these reactants"
        faults.append(Fault("template", "error", cause, "give the template that the step was made with"))
    cause = "no atom mapping: mapped by common substructures, which is a guess"
    faults.append(Fault("mapping", "warning", cause, "give a mapping or a template with the step"))
    return "common substructure", guessed_mapping(product, reactants)


def _contributing(outcome: Outcome) -> tuple[Outcome, tuple[str, ...]]:
    """The reactants that give atoms, and the SMILES of those that do not."""
    giving, idle = [], []
    for part in Chem.GetMolFrags(outcome.molecule, asMols=True):
        if any(atom.GetAtomMapNum() for atom in atoms_of(part)):
            giving.append(part)
        else:
            idle.append(canonical(Chem.MolToSmiles(part)))
    if not idle or not giving:
        return outcome, tuple(sorted(idle))
    left = Counter(outcome.reactants.split(".")) - Counter(idle)
    whole = giving[0]
    for part in giving[1:]:
        whole = Chem.CombineMols(whole, part)
    return Outcome(".".join(sorted(left.elements())), whole), tuple(sorted(idle))


def _missing(product: PreparedMolecule, outcome: Outcome) -> Fault | None:
    """The atoms of the product that come from nowhere."""
    mapped = {atom.GetAtomMapNum() for atom in atoms_of(outcome.molecule)}
    atoms = [atom for atom in atoms_of(product.molecule) if atom.GetAtomicNum() > 1 and atom.GetIdx() + 1 not in mapped]
    if not atoms:
        return None
    counted = Counter(atom.GetSymbol() for atom in atoms)
    elements = ", ".join(f"{count} {symbol}" for symbol, count in sorted(counted.items()))
    places = ", ".join(f"{atom.GetSymbol()}{atom.GetIdx() + 1}" for atom in atoms)
    cause = f"{elements} of the product without origin ({places})"
    return Fault("balance", "error", cause, "add the reactant that brings them")


def _bonds_changed(product: Chem.Mol, reactants: Chem.Mol) -> int:
    """Bonds between heavy atoms that are in one of the two only."""
    after = {frozenset((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())) for bond in _heavy_bonds(product)}
    before, leaving = set(), 0
    for bond in _heavy_bonds(reactants):
        ends = frozenset((bond.GetBeginAtom().GetAtomMapNum() - 1, bond.GetEndAtom().GetAtomMapNum() - 1))
        if -1 not in ends:
            before.add(ends)
        elif len(ends) == 2:
            leaving += 1
    return len(after ^ before) + leaving


def _heavy_bonds(molecule: Chem.Mol) -> list[Chem.Bond]:
    return [
        bond
        for bond in molecule.GetBonds()
        if min(bond.GetBeginAtom().GetAtomicNum(), bond.GetEndAtom().GetAtomicNum()) > 1
    ]


def _run(
    product: PreparedMolecule,
    outcome: Outcome,
    contributing: Outcome,
    rule: RetroTemplate | None,
    changed: int,
    faults: list[Fault],
) -> tuple[RunBy, str, ForwardVerdict]:
    """Run the step with its own template, and where that fails with the one extracted from its mapping."""
    own = forward_check(rule, outcome, product) if rule else None
    if rule and own and not own.ok and contributing is not outcome:
        own = forward_check(rule, contributing, product)
    if rule and own and own.ok:
        return "template", rule.smarts, own
    # A rule extracted from a mapping can write any stereo; it is no answer to a template that does not keep it.
    lost = own is not None and own.stereo == "lost"
    smarts = _extracted(contributing, product) if changed <= _MOST_BONDS and not lost else ""
    if smarts:
        verdict = forward_check(RetroTemplate(smarts), contributing, product)
        if own and verdict.ok:
            cause = f"run with its own template, {own.reason}; the one extracted from its mapping does give the product"
            faults.append(Fault("template", "warning", cause, "look at the template"))
        if own is None or verdict.ok:
            faults += _forward_faults(verdict)
            return "extracted", smarts, verdict
    if rule and own:
        faults += _forward_faults(own)
        return "template", rule.smarts, own
    reason = f"{changed} bonds change" if changed > _MOST_BONDS else "no template can be extracted from its mapping"
    faults.append(Fault("forward", "error", f"the step cannot be run forwards: {reason}", "give it as single steps"))
    return "not run", "", ForwardVerdict(ok=False, reason=reason)


def _forward_faults(verdict: ForwardVerdict) -> list[Fault]:
    if verdict.ok:
        return []
    kind: Kind = "stereo" if verdict.stereo == "lost" else "forward"
    return [Fault(kind, "error", verdict.reason, "take another way to this product, or correct its drawing")]


def _extracted(outcome: Outcome, product: PreparedMolecule) -> str:
    """The retro template of a mapped step, or nothing."""
    try:
        found = extract_from_reaction(
            {"reactants": Chem.MolToSmiles(outcome.molecule), "products": product.numbered, "_id": 0}
        )
        smarts = str(found["reaction_smarts"])
        RetroTemplate(smarts).backward  # noqa: B018  # compiled here, so that what cannot be read is known here
    except Exception:  # the extractor raises many kinds; such a step has no template
        return ""
    return smarts


def _stereo_faults(product: PreparedMolecule, outcome: Outcome, verdict: ForwardVerdict) -> list[Fault]:
    """Selectivity, and stereo that is inverted, set or given away without a reason in the step."""
    faults = []
    if verdict.outcomes > 1:
        cause = f"the same rule gives {verdict.outcomes} products from these reactants"
        faults.append(Fault("selectivity", "warning", cause, "make sure that the right site reacts"))
    origin = {atom.GetAtomMapNum() - 1: atom for atom in atoms_of(outcome.molecule)}
    unset = Chem.ChiralType.CHI_UNSPECIFIED
    inverted = sorted(
        index + 1
        for index in product.stereo_centres
        if _is_inverted(product.molecule.GetAtomWithIdx(index), origin[index])
    )
    if inverted:
        cause = (
            f"the stereo of atom {', '.join(map(str, inverted))} of the product is inverted, and no bond to it changes"
        )
        faults.append(Fault("stereo", "error", cause, "correct the drawing of the product or of the reactant"))
    made = sorted(index + 1 for index in product.stereo_centres if origin[index].GetChiralTag() == unset)
    if made:
        cause = f"no reactant sets the stereo of atom {', '.join(map(str, made))} of the product"
        faults.append(Fault("stereo", "warning", cause, "choose a selective method, or part the isomers"))
    given_away = sorted(
        center.centeredOn + 1
        for center in Chem.FindPotentialStereo(product.molecule)
        if center.type == Chem.StereoType.Atom_Tetrahedral
        and center.specified == Chem.StereoSpecified.Unspecified
        and origin[center.centeredOn].GetChiralTag() != unset
    )
    if given_away:
        cause = f"the reactant sets the stereo of atom {', '.join(map(str, given_away))}, the product does not"
        faults.append(Fault("stereo", "warning", cause, "draw the stereo of the product"))
    return faults


def _is_inverted(here: Chem.Atom, there: Chem.Atom) -> bool:
    """Whether a centre has the same neighbours in product and reactant, in the opposite sense."""
    tags = (Chem.ChiralType.CHI_TETRAHEDRAL_CW, Chem.ChiralType.CHI_TETRAHEDRAL_CCW)
    after = [bond.GetOtherAtom(here).GetIdx() + 1 for bond in here.GetBonds()]
    before = [bond.GetOtherAtom(there).GetAtomMapNum() for bond in there.GetBonds()]
    if here.GetChiralTag() not in tags or there.GetChiralTag() not in tags or sorted(after) != sorted(before):
        return False
    order = [before.index(number) for number in after]
    odd = sum(one > other for one, other in combinations(order, 2)) % 2
    return (here.GetChiralTag() == there.GetChiralTag()) == bool(odd)
