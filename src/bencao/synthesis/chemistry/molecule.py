"""Read the molecule a user gives: parse, strip counter-ions, refuse what cannot be planned."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from rdkit import Chem, rdBase
from rdkit.Chem.MolStandardize import rdMolStandardize

from bencao.kernel.errors import InputError
from bencao.synthesis.chemistry.memory import remembered
from bencao.synthesis.chemistry.template import parsed

MOST_HEAVY_ATOMS = 100

# What is stripped beside a parent, by name. Acids and ammonium are listed in their neutral form and
# compared without stereo, so that any ionisation of citrate or any tartrate is found.
COUNTER_IONS: dict[str, str] = {
    "ammonia": "N",
    "hydrofluoric acid": "F",
    "hydrochloric acid": "Cl",
    "hydrobromic acid": "Br",
    "hydriodic acid": "I",
    "sulfuric acid": "O=S(=O)(O)O",
    "nitric acid": "O=[N+]([O-])O",
    "phosphoric acid": "O=P(O)(O)O",
    "perchloric acid": "[O-][Cl+3]([O-])([O-])O",
    "carbonic acid": "O=C(O)O",
    "tetrafluoroborate": "F[B-](F)(F)F",
    "hexafluorophosphate": "F[P-](F)(F)(F)(F)F",
    "methanesulfonic acid": "CS(=O)(=O)O",
    "ethanesulfonic acid": "CCS(=O)(=O)O",
    "ethanedisulfonic acid": "O=S(=O)(O)CCS(=O)(=O)O",
    "isethionic acid": "O=S(=O)(O)CCO",
    "triflic acid": "O=S(=O)(O)C(F)(F)F",
    "benzenesulfonic acid": "O=S(=O)(O)c1ccccc1",
    "p-toluenesulfonic acid": "Cc1ccc(S(=O)(=O)O)cc1",
    "2-naphthalenesulfonic acid": "O=S(=O)(O)c1ccc2ccccc2c1",
    "camphorsulfonic acid": "CC1(C)C2CCC1(CS(=O)(=O)O)C(=O)C2",
    "trifluoroacetic acid": "O=C(O)C(F)(F)F",
    "formic acid": "O=CO",
    "acetic acid": "CC(=O)O",
    "glycolic acid": "O=C(O)CO",
    "lactic acid": "CC(O)C(=O)O",
    "oxalic acid": "O=C(O)C(=O)O",
    "malonic acid": "O=C(O)CC(=O)O",
    "succinic acid": "O=C(O)CCC(=O)O",
    "glutaric acid": "O=C(O)CCCC(=O)O",
    "adipic acid": "O=C(O)CCCCC(=O)O",
    "maleic or fumaric acid": "O=C(O)C=CC(=O)O",
    "malic acid": "O=C(O)CC(O)C(=O)O",
    "tartaric acid": "O=C(O)C(O)C(O)C(=O)O",
    "citric acid": "O=C(O)CC(O)(CC(=O)O)C(=O)O",
    "gluconic acid": "O=C(O)C(O)C(O)C(O)C(O)CO",
    "benzoic acid": "O=C(O)c1ccccc1",
    "salicylic acid": "O=C(O)c1ccccc1O",
    "1-hydroxy-2-naphthoic acid": "O=C(O)c1ccc2ccccc2c1O",
    "pamoic acid": "O=C(O)c1cc2ccccc2c(Cc2c(O)c(C(=O)O)cc3ccccc23)c1O",
    "dibenzoyltartaric acid": "O=C(OC(C(=O)O)C(OC(=O)c1ccccc1)C(=O)O)c1ccccc1",
    "triethylamine": "CCN(CC)CC",
    "dicyclohexylamine": "C1CCC(NC2CCCCC2)CC1",
    "diethylamine": "CCNCC",
    "ethanolamine": "NCCO",
    "tromethamine": "NC(CO)(CO)CO",
    "meglumine": "CNCC(O)C(O)C(O)C(O)CO",
    "choline": "C[N+](C)(C)CCO",
    "water": "O",
    "methanol": "CO",
    "ethanol": "CCO",
    "2-propanol": "CC(C)O",
    "propylene glycol": "CC(O)CO",
    "acetone": "CC(C)=O",
    "ethyl acetate": "CCOC(C)=O",
    "acetonitrile": "CC#N",
    "dimethyl sulfoxide": "CS(C)=O",
    "N,N-dimethylformamide": "CN(C)C=O",
    "tetrahydrofuran": "C1CCOC1",
    "1,4-dioxane": "C1COCCO1",
    "diethyl ether": "CCOCC",
    "dichloromethane": "ClCCl",
    "chloroform": "ClC(Cl)Cl",
    "toluene": "Cc1ccccc1",
}

# Elements a parent may hold: non-metals, and the half-metals of organic synthesis (B, Si, As, Se, Te).
_ORGANIC_ELEMENTS = frozenset({1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 33, 34, 35, 52, 53})
_ALKALI = frozenset({3, 11, 19, 37, 55})
_COUNTER_METALS = {
    3: "lithium",
    11: "sodium",
    12: "magnesium",
    19: "potassium",
    20: "calcium",
    30: "zinc",
    37: "rubidium",
    38: "strontium",
    55: "caesium",
    56: "barium",
}
_LARGEST_COUNTER_ION = 35
_LABELLED = Chem.MolFromSmarts("[!0*]")

# Ions whose charge is their structure: boranates, phosphorus(V) anions, carbanions and carbocations other
# than cyanide. Adding or taking a proton would make another compound of them.
_FIXED_CHARGE = Chem.MolFromSmarts("[#5-,#13-,#14-,#15-,#6+,$([#6-]);!$([#6-]#[#7,#8])]")
_CARBON_ION = Chem.MolFromSmarts("[#6+,$([#6-]);!$([#6-]#[#7,#8])]")
# The charges a neutral drawing may keep: nitro and N-oxide, azide, quaternary nitrogen.
_USUAL_CHARGES = Chem.MolFromSmarts(
    "[$([#7+H0])&!$([#7+]#*),$([O-][#7+]),$([N-]=[N+]=[#7]),$([N-][N+]#N),$([N+](#N)[N-])]"
)
# Spellings in which a molecule may need its counter-ions, charges, maps or alkali metals looked at.
_NEEDS_CARE = re.compile(r"[.+:-]|Li|Na|K|Rb|Cs")


class TargetError(InputError):
    """A molecule that cannot be planned.

    Attributes
    ----------
    code : str
        Short name of the fault, stable for programs.
    given, name : str
        The SMILES and the name as they were given.
    row : int
        Line of the file, from 1; 0 where the molecule came from no file.
    """

    code = "target"

    def __init__(
        self, cause: str, *, where: str = "", mend: str = "", given: str = "", name: str = "", row: int = 0
    ) -> None:
        super().__init__(cause, where=where, mend=mend)
        self.given = given
        self.name = name
        self.row = row

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.cause, self.where, self.mend, self.given, self.name, self.row)


def _rebuild(
    kind: type[TargetError], cause: str, where: str, mend: str, given: str, name: str, row: int
) -> TargetError:
    return kind(cause, where=where, mend=mend, given=given, name=name, row=row)


class EmptyTarget(TargetError):
    """Nothing where a SMILES was expected."""

    code = "empty"


class UnparsableSmiles(TargetError):
    """Text that is not one SMILES."""

    code = "unparsable"


class BadValence(TargetError):
    """A SMILES whose atoms have impossible valences or rings that cannot be aromatic."""

    code = "valence"


class RadicalError(TargetError):
    """A molecule with unpaired electrons."""

    code = "radical"


class WildcardError(TargetError):
    """A dummy atom, a query atom or a query bond: a pattern, not a molecule."""

    code = "wildcard"


class MixtureError(TargetError):
    """Several molecules, none of them a listed counter-ion or solvate."""

    code = "mixture"


class MetalError(TargetError):
    """A metal in the parent."""

    code = "metal"


class ChargeError(TargetError):
    """A carbanion or carbocation: half of an organometallic, not a substance."""

    code = "charge"


class NoCarbon(TargetError):
    """A parent without carbon."""

    code = "no-carbon"


class TooLarge(TargetError):
    """A parent of more than `MOST_HEAVY_ATOMS` heavy atoms."""

    code = "too-large"


@dataclass(frozen=True)
class Target:
    """A molecule fit to be planned.

    Attributes
    ----------
    smiles : str
        Canonical SMILES of the neutral parent.
    given : str
        The SMILES as it was given.
    warnings : tuple of str
        What was changed about it, and what the planner can do little about.
    name : str
        Name or number from the file; empty where it has none.
    row : int
        Line of the file, from 1; 0 where the molecule came from no file.
    """

    smiles: str
    given: str
    warnings: tuple[str, ...] = ()
    name: str = ""
    row: int = 0


def read_target(text: str, where: str = "") -> Target:
    """Read one molecule.

    Parameters
    ----------
    text : str
        SMILES.
    where : str
        File and row, for the error's sake.

    Returns
    -------
    Target
        Atom-map numbers are removed, listed counter-ions and solvates stripped, and acids and bases written
        uncharged, each with a warning. Isotope labels are part of the substance and stay, with a warning.

    Raises
    ------
    TargetError
        `EmptyTarget`, `UnparsableSmiles`, `BadValence`, `RadicalError`, `WildcardError`, `MixtureError`,
        `MetalError`, `ChargeError`, `NoCarbon` or `TooLarge`.

    Examples
    --------
    >>> target = read_target("CCN(CC)CC(=O)Nc1c(C)cccc1C.Cl")
    >>> target.smiles
    'CCN(CC)CC(=O)Nc1c(C)cccc1C'
    >>> target.warnings
    ('left out as counter-ion or solvate: hydrochloric acid',)
    """
    given = text.strip()
    try:
        molecule = _parse(given)
        _refuse_patterns(molecule)
        warnings = _label_warnings(molecule)
        parent, copies, left_out = _parent(_settled(molecule))
        _refuse_parent(parent)
    except TargetError as error:
        raise type(error)(error.cause, where=where, mend=error.mend, given=given) from None
    if copies > 1:
        warnings.append(f"given {copies} times over: planned once")
    if left_out:
        warnings.append(f"left out as counter-ion or solvate: {', '.join(left_out)}")
    neutral = _uncharged(parent)
    if canonical_smiles(neutral) != canonical_smiles(parent):
        warnings.append("acids and bases written uncharged")
    if charge := Chem.GetFormalCharge(neutral):
        warnings.append(f"the parent keeps its charge of {charge:+d}")
    return Target(canonical_smiles(neutral), given, tuple(warnings))


def read_targets(path: Path) -> Iterator[Target | TargetError]:
    """Read a file of molecules; a bad row is an answer among the others.

    Parameters
    ----------
    path : Path
        ``.smi`` or ``.smiles``: SMILES, then white space and a name where there is one; blank lines and lines
        that begin with ``#`` are passed over. ``.csv`` or ``.tsv``: a column ``smiles``, and ``name`` or ``id``
        where there is one, in any case of letters.

    Returns
    -------
    iterator of Target or TargetError
        In file order, each with its row (line of the file, from 1) and name.

    Raises
    ------
    InputError
        At once: file absent, unreadable, not UTF-8, of another suffix, without a column ``smiles``, or empty.
    """
    rows = _smiles_lines(path) if path.suffix.lower() in (".smi", ".smiles") else _table_rows(path)
    if not rows:
        raise InputError("no molecule in it", where=str(path), mend="give one SMILES a line")
    return (_read_row(path, *row) for row in rows)


def canonical_smiles(molecule: Chem.Mol) -> str:
    """Canonical SMILES that reads back to itself.

    RDKit's writer needs a second pass where stereo is perceived anew on reading; of a SMILES that never
    settles the least of the cycle is taken.
    """
    seen: list[str] = [Chem.MolToSmiles(molecule)]
    while True:
        again = Chem.MolToSmiles(_quietly(seen[-1]))
        if again in seen:
            return min(seen[seen.index(again) :])
        seen.append(again)


@remembered(200_000)
def inchikey(smiles: str) -> str:
    """Standard InChIKey of the neutral parent: what two drawings of one substance have in common.

    Parameters
    ----------
    smiles : str
        One molecule, or a salt; of a mixture without one parent the key of the whole is given.

    Returns
    -------
    str
        27 characters; empty for what InChI cannot name (dummy atoms, over 1,023 atoms).

    Raises
    ------
    UnparsableSmiles, BadValence, EmptyTarget

    Examples
    --------
    >>> inchikey("CC(=O)[O-].[Na+]") == inchikey("CC(=O)O")
    True
    """
    with rdBase.BlockLogs():
        return str(Chem.MolToInchiKey(neutral_parent(smiles)))  # type: ignore[no-untyped-call]


def neutral_parent(smiles: str) -> Chem.Mol:
    """The molecule without counter-ions, acids and bases uncharged; a mixture without one parent whole.

    Raises
    ------
    UnparsableSmiles, BadValence, EmptyTarget
    """
    if not _NEEDS_CARE.search(smiles):
        return parsed(smiles) or _parse(smiles)
    molecule = _settled(_parse(smiles))
    try:
        parent, _, _ = _parent(molecule)
    except MixtureError:
        return molecule
    return _uncharged(parent)


def unusual_charge(molecule: Chem.Mol) -> str:
    """The first charge or unpaired electron that a clean drawing would not hold.

    Parameters
    ----------
    molecule : Chem.Mol

    Returns
    -------
    str
        Such as ``charge on C`` or ``radical on O``; empty where every charge belongs to a nitro group, an
        N-oxide, an azide or a quaternary nitrogen.
    """
    usual = {match[0] for match in molecule.GetSubstructMatches(_USUAL_CHARGES, maxMatches=10_000)}
    for atom in molecule.GetAtoms():
        if atom.GetNumRadicalElectrons():
            return f"radical on {atom.GetSymbol()}"
        if atom.GetFormalCharge() and atom.GetIdx() not in usual:
            return f"charge on {atom.GetSymbol()}"
    return ""


def _parse(smiles: str) -> Chem.Mol:
    """Parse a SMILES, with RDKit's own words as the cause where it does not."""
    if not smiles:
        raise EmptyTarget("no SMILES", mend="give a molecule or leave the row out")
    if len(smiles.split()) > 1:
        raise UnparsableSmiles("white space within the SMILES", mend="give the SMILES alone, without extension or name")
    if ">" in smiles.replace("->", ""):
        raise UnparsableSmiles("a reaction where a molecule was expected", mend="give the product alone")
    with rdBase.BlockLogs(), rdBase.CaptureErrorLog() as log:
        molecule = Chem.MolFromSmiles(smiles)
        message = str(log.messages)
    if molecule is not None and molecule.GetNumAtoms():
        return molecule
    kind = BadValence if message and "SMILES Parse Error" not in message else UnparsableSmiles
    raise kind(f"RDKit cannot read the SMILES: {_rdkit_cause(message)}", mend="correct the SMILES")


def _rdkit_cause(message: str) -> str:
    """First line of RDKit's log, without time stamp and prefix."""
    line = message.strip().splitlines()[0] if message.strip() else "no atoms"
    line = line.split("] ", 1)[-1] if line.startswith("[") else line
    return line.removeprefix("SMILES Parse Error: ").strip()


def _quietly(smiles: str) -> Chem.Mol:
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(smiles)


def _settled(molecule: Chem.Mol) -> Chem.Mol:
    """A copy without atom maps, alkali metals set free from O, N, S and halogen, in canonical atom order."""
    editable = Chem.RWMol(molecule)
    for atom in editable.GetAtoms():
        atom.SetAtomMapNum(0)
        if atom.GetAtomicNum() in _ALKALI:
            _set_free(editable, atom)
    return _quietly(canonical_smiles(editable.GetMol()))


def _set_free(molecule: Chem.RWMol, metal: Chem.Atom) -> None:
    for bond in list(metal.GetBonds()):
        anion = bond.GetOtherAtom(metal)
        if anion.GetAtomicNum() in (7, 8, 9, 16, 17, 35, 53):
            molecule.RemoveBond(metal.GetIdx(), anion.GetIdx())
            anion.SetFormalCharge(anion.GetFormalCharge() - 1)
            metal.SetFormalCharge(metal.GetFormalCharge() + 1)


def _uncharged(molecule: Chem.Mol) -> Chem.Mol:
    """Acids and bases with their protons; charges that are structure stay."""
    if not any(atom.GetFormalCharge() for atom in molecule.GetAtoms()):
        return molecule
    if molecule.HasSubstructMatch(_FIXED_CHARGE):
        return molecule
    with rdBase.BlockLogs():
        neutral = rdMolStandardize.Uncharger(canonicalOrder=True).uncharge(molecule)
    return _quietly(canonical_smiles(neutral))


def _parent(molecule: Chem.Mol) -> tuple[Chem.Mol, int, list[str]]:
    """The one molecule beside counter-ions and solvates, how often it stands there, and what was left out."""
    parts = Chem.GetMolFrags(molecule, asMols=True)
    if len(parts) == 1:
        return molecule, 1, []
    names = [_counter_ion(part) for part in parts]
    candidates = [part for name, part in zip(names, parts, strict=True) if not name]
    if not candidates:  # all of it is listed, such as sodium acetate: the acid or the solvent is meant
        candidates = [part for part in parts if not _is_metal_ion(part)]
        candidates = [part for part in candidates if _has_carbon(part)] or candidates
    spellings = {canonical_smiles(_uncharged(part)) for part in candidates}
    if len(spellings) != 1:
        listed = ", ".join(sorted(spellings)) or "only metal ions"
        raise MixtureError(f"not one molecule but {listed}", mend="give one molecule; listed counter-ions may stay")
    left_out = {name for name, part in zip(names, parts, strict=True) if not any(part is c for c in candidates)}
    return candidates[0], len(candidates), sorted(left_out)


def _counter_ion(part: Chem.Mol) -> str:
    """Name of a listed counter-ion or solvate, or the empty string."""
    if _is_metal_ion(part):
        return _COUNTER_METALS[part.GetAtomWithIdx(0).GetAtomicNum()]
    if part.GetNumAtoms() > _LARGEST_COUNTER_ION:
        return ""
    neutral = _uncharged(part)
    if neutral.HasSubstructMatch(_LABELLED):
        return ""
    return _listed().get(Chem.MolToSmiles(neutral, isomericSmiles=False), "")


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    return {
        Chem.MolToSmiles(_uncharged(Chem.MolFromSmiles(smiles)), isomericSmiles=False): name
        for name, smiles in COUNTER_IONS.items()
    }


def _is_metal_ion(part: Chem.Mol) -> bool:
    return part.GetNumAtoms() == 1 and part.GetAtomWithIdx(0).GetAtomicNum() in _COUNTER_METALS


def _has_carbon(molecule: Chem.Mol) -> bool:
    return any(atom.GetAtomicNum() == 6 for atom in molecule.GetAtoms())


def _label_warnings(molecule: Chem.Mol) -> list[str]:
    warnings = []
    if any(atom.GetAtomMapNum() for atom in molecule.GetAtoms()):
        warnings.append("atom-map numbers removed")
    if labels := sorted({f"{a.GetIsotope()}{a.GetSymbol()}" for a in molecule.GetAtoms() if a.GetIsotope()}):
        warnings.append(f"isotope labels kept ({', '.join(labels)}): few labelled starting materials are in stock")
    return warnings


def _refuse_patterns(molecule: Chem.Mol) -> None:
    """Refuse queries, and what holds no carbon in any part."""
    if any(atom.GetAtomicNum() == 0 or atom.HasQuery() for atom in molecule.GetAtoms()):
        raise WildcardError("a dummy or query atom", mend="give one definite molecule")
    if any(bond.HasQuery() for bond in molecule.GetBonds()):
        raise WildcardError("a query bond", mend="give one definite molecule")
    if not _has_carbon(molecule):
        raise NoCarbon("no carbon in it", mend="give an organic molecule")


def _refuse_parent(parent: Chem.Mol) -> None:
    """Refuse a parent that cannot be planned."""
    if metals := sorted({a.GetSymbol() for a in parent.GetAtoms() if a.GetAtomicNum() not in _ORGANIC_ELEMENTS}):
        raise MetalError(f"a metal in the molecule: {', '.join(metals)}", mend="give an organic molecule")
    for atom in parent.GetAtoms():
        if atom.GetNumRadicalElectrons():
            raise RadicalError(
                f"unpaired electrons on {atom.GetSymbol()}", mend="write its hydrogens, such as [CH3] as C"
            )
    if parent.HasSubstructMatch(_CARBON_ION):
        raise ChargeError("a charged carbon that no proton neutralises", mend="write the neutral molecule")
    if not _has_carbon(parent):
        raise NoCarbon("no carbon beside the counter-ions", mend="give an organic molecule")
    if parent.GetNumHeavyAtoms() > MOST_HEAVY_ATOMS:
        raise TooLarge(
            f"{parent.GetNumHeavyAtoms()} heavy atoms, {MOST_HEAVY_ATOMS} at most", mend="plan a fragment of it"
        )


def _read_row(path: Path, row: int, smiles: str, name: str) -> Target | TargetError:
    try:
        target = read_target(smiles, where=f"{path}: row {row}")
        if name.startswith("|"):
            raise UnparsableSmiles(
                "an extended SMILES", where=f"{path}: row {row}", mend="give it plain, without |...|", given=smiles
            )
        return replace(target, name=name, row=row)
    except TargetError as error:
        return type(error)(error.cause, where=error.where, mend=error.mend, given=error.given, name=name, row=row)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        cause = f"byte {error.start} is not UTF-8 text"
        raise InputError(cause, where=str(path), mend="save it as UTF-8 text") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), mend="check the path") from None


def _smiles_lines(path: Path) -> list[tuple[int, str, str]]:
    rows = []
    for number, line in enumerate(_read_text(path).splitlines(), start=1):
        fields = line.split(maxsplit=1)
        if fields and not line.startswith("#"):
            rows.append((number, fields[0], fields[1].strip() if len(fields) > 1 else ""))
    return rows


def _table_rows(path: Path) -> list[tuple[int, str, str]]:
    return [
        (number, row.get("smiles", ""), row.get("name") or row.get("id", ""))
        for number, row in read_table(path, needs=("smiles",))
    ]


def read_table(path: Path, needs: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV or TSV file by lower-case column name, blank rows left out.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.tsv``, UTF-8, with a header.
    needs : tuple of str
        Columns of which at least one must be there.

    Returns
    -------
    list of (int, dict)
        Line of the file (its last, where a row spans several) and the row; a missing field is empty.

    Raises
    ------
    InputError
    """
    delimiters = {".csv": ",", ".tsv": "\t"}
    if path.suffix.lower() not in delimiters:
        raise InputError(f"a file of suffix {path.suffix!r}", where=str(path), mend="use .csv, .tsv or .smi")
    reader = csv.reader(io.StringIO(_read_text(path), newline=""), delimiter=delimiters[path.suffix.lower()])
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        if not set(needs) & set(header):
            columns = ", ".join(filter(None, header)) or "none"
            raise InputError(f"no column {' or '.join(needs)} (columns: {columns})", where=f"{path}: row 1")
        lines = [(reader.line_num, [field.strip() for field in fields]) for fields in reader]
    except csv.Error as error:
        raise InputError(f"not a table ({error})", where=f"{path}: row {reader.line_num}") from None
    padding = [""] * len(header)
    return [(number, dict(zip(header, fields + padding, strict=False))) for number, fields in lines if any(fields)]
