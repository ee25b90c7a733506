"""How acidic or basic a molecule's groups are in water: typical values by group, and what stands beside an amine."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from rdkit import Chem


@dataclass(frozen=True)
class Group:
    """An acid or base: the atom that takes up or gives off the proton is the first of the pattern."""

    name: str
    pattern: str
    pka: float
    charge: int


@dataclass(frozen=True)
class Site:
    """A group of a molecule.

    Attributes
    ----------
    name : str
    atom : int
        That takes up or gives off the proton.
    charge : int
        +1 of a base that has taken one up, -1 of an acid that has given one off.
    pka : float
        Where no other group is charged.
    """

    name: str
    atom: int
    charge: int
    pka: float


_NO_ACCEPTOR = "!$(N-[!#6;!#1]);!$(N-[#6]=,:,#[*])"
_AMINE = f"[NX3;+0;{_NO_ACCEPTOR}]"
_FREE = "[NX3;+0;!$(N-C=[O,S]);!$(N-S);!$(N-[NX3+](=O)[O-]);!$(N-C#N)]"
# Values in water near 25 °C: CRC Handbook of Chemistry and Physics, dissociation constants of organic acids and bases;
# Perrin, Dempsey, Serjeant, pKa Prediction for Organic Acids and Bases, 1981; of groups of drugs Manallack, Perspect.
# Med. Chem. 2007, 1, 25. A group claims its atom from those below it.
GROUPS = (
    Group("acylguanidine", f"[NX2]=[CX3]({_FREE})[NX3;$(N-C=O)]", 8.0, 1),
    Group("2,6-dihaloarylguanidine", "[NX2;$(N-c1c([F,Cl,Br])cccc1[F,Cl,Br])]=[CX3]([NX3])[NX3]", 8.1, 1),
    Group("2,6-dihaloarylguanidine", "[NX2]=[CX3]([NX3])[NX3;$(N-c1c([F,Cl,Br])cccc1[F,Cl,Br])]", 8.1, 1),
    Group("arylguanidine", f"[NX2;!$(N-C=[O,S]);!$(N-S);!$(N-C#N)]=[CX3]({_FREE})[NX3;$(N-c)]", 9.5, 1),
    Group("arylguanidine", f"[NX2;$(N-c)]=[CX3]({_FREE}){_FREE}", 9.5, 1),
    Group("guanidine", f"[NX2;!$(N~[!#6;!#1]);!$(N-C=[O,S]);!$(N-C#N)]=[CX3]({_FREE}){_FREE}", 13.0, 1),
    Group("amidine", f"[NX2;!$(N~[!#6;!#1]);!$(N-C=[O,S])]=[CX3;$(C[#6]),$([CH])]{_FREE}", 11.5, 1),
    Group("isothiourea", f"[NX2;!$(N~[!#6;!#1]);!$(N-C=[O,S])]=[CX3]([SX2]){_FREE}", 9.5, 1),
    Group("sulfonic acid", "[OX2H1;$(OS(=O)(=O)[#6,#8])]", -1.0, -1),
    Group("phosphoric acid", "[OX2H1;$(OP=O)]", 2.0, -1),
    Group("trifluoroacetic acid", "[OX2H1;$(O[CX3](=O)C(F)F)]", 0.7, -1),
    Group("2-oxo acid", "[OX2H1;$(O[CX3](=O)C=O)]", 2.5, -1),
    Group("salicylic acid", "[OX2H1;$(O[CX3](=O)c:c[OX2H1])]", 3.0, -1),
    Group("2-hetero acid", "[OX2H1;$(O[CX3](=O)[CX4][#8,F,Cl,Br])]", 3.3, -1),
    Group("aromatic acid", "[OX2H1;$(O[CX3](=O)c)]", 4.1, -1),
    Group("carboxylic acid", "[OX2H1;$(O[CX3](=O)[#6,#1])]", 4.7, -1),
    Group("thiocarboxylic acid", "[SX2H1;$(SC=O)]", 3.4, -1),
    Group("acyl sulfonamide", "[NX3H1;$(N(C=O)S(=O)(=O))]", 4.5, -1),
    Group("heteroaryl sulfonamide", "[NX3H1;$(N(S(=O)(=O))c[n,o,s])]", 6.3, -1),
    Group("heteroaryl sulfonamide", "[NX3H1;$(N(S(=O)(=O))c:[n,o,s])]", 6.3, -1),
    Group("perfluoroalkyl sulfonamide", "[NX3;H1,H2;$(NS(=O)(=O)C(F)(F)F)]", 5.5, -1),
    Group("sulfonanilide", "[NX3H1;$(N(S(=O)(=O))c)]", 8.5, -1),
    Group("sulfonamide", "[NX3H2;$(NS(=O)(=O)c)]", 10.0, -1),
    Group("tetrazole", "[nH1;$(n1nnnc1),$(n1nncn1)]", 4.9, -1),
    Group("benzotriazole", "[nH1;$(n1nncc1)]", 8.8, -1),
    Group("thiazolidinedione", "[NX3H1;$(N1C(=O)SCC1=O),$(N1C(=O)S[#6]C1=O)]", 6.5, -1),
    Group("barbiturate", "[NX3H1;$(N1C(=O)[NX3]C(=O)CC1=O)]", 7.8, -1),
    Group("hydantoin", "[NX3H1;$(N1C(=O)NCC1=O)]", 8.8, -1),
    Group("imide", "[NX3H1;R;$(N(C=O)C=O)]", 9.7, -1),
    Group("hydroxamic acid", "[OX2H1;$(O[NX3]C=O)]", 8.8, -1),
    Group("vinylogous acid", "[OX2H1;$(O-C=C-C=O);$(O-[C;R])]", 4.7, -1),
    Group("4-hydroxy-2-pyranone", "[OX2H1;$(Oc:c:c(=O):[o,n])]", 4.9, -1),
    Group("dinitrophenol", "[OX2H1;$(Oc1c([NX3+](=O)[O-])cc([NX3+](=O)[O-])cc1)]", 4.1, -1),
    Group("nitrophenol", "[OX2H1;$(Oc1ccc([NX3+](=O)[O-])cc1),$(Oc1c([NX3+](=O)[O-])cccc1)]", 7.2, -1),
    Group("dihalophenol", "[OX2H1;$(Oc1c([F,Cl,Br,I])cccc1[F,Cl,Br,I])]", 7.0, -1),
    Group("2-halophenol", "[OX2H1;$(Oc1c([F,Cl,Br,I])cccc1)]", 8.5, -1),
    Group("acylphenol", "[OX2H1;$(Oc1ccc([CX3](=O))cc1),$(Oc1ccc(C#N)cc1)]", 8.0, -1),
    Group("phenol", "[OX2H1;$(O-c1ccccc1)]", 9.9, -1),
    Group("thiophenol", "[SX2H1;$(S-c)]", 6.5, -1),
    Group("thiol", "[SX2H1;$(S-[CX4])]", 9.8, -1),
    Group("aminoacridine", "[nX2]1c2ccccc2c([NX3;!$(N-C=O);!$(N-S)])c2ccccc21", 9.9, 1),
    Group("2,4-diaminopyrimidine", "[nX2]1c([NX3])nc([NX3])cc1", 7.2, 1),
    Group("2,4-diaminopyrimidine", "[nX2]1c([NX3;!$(N-C=O);!$(N-S)])nc([NX3;!$(N-C=O);!$(N-S)])c[c]1", 7.2, 1),
    Group("4-aminopyridine", "[nX2;!$(n1c([F,Cl,Br])cccc1)]1ccc([NX3;!$(N-C=O);!$(N-S);!$(N(-c)-c)])cc1", 9.0, 1),
    Group("4-anilinopyridine", "[nX2]1ccc([NX3;!$(N-C=O);!$(N-S)])cc1", 7.2, 1),
    Group("4-aminopyrimidine", "[nX2;!$(n:n)]1cnc([NX3;!$(N-C=O);!$(N-S);!$(N(-c)-c)])cc1", 5.6, 1),
    Group("aminopyrimidine", "[nX2]1c([NX3;!$(N-C=O);!$(N-S)])nccc1", 3.5, 1),
    Group(
        "2-aminopyridine",
        "[nX2;!$(n:n);!$(n:c:n);!$(n1c([F,Cl,Br])cccc1)]1c([NX3;!$(N-C=O);!$(N-S);!$(N(-c)-c)])cccc1",
        6.8,
        1,
    ),
    Group("2-aminothiazole", "[nX2]1c([NX3;!$(N-C=O);!$(N-S)])scc1", 5.3, 1),
    Group("2-aminobenzimidazole", "[nX2]1c([NX3;!$(N-C=O);!$(N-S)])[nX3]c2ccccc12", 7.4, 1),
    Group("2-aminoimidazole", "[nX2]1c([NX3;!$(N-C=O);!$(N-S)])[nX3]cc1", 8.4, 1),
    Group("poor imidazole", "[nX2]1c[nX3]cc1[$([NX3+](=O)[O-]),$(C#N),$(C=O),$([F,Cl,Br,I])]", 3.0, 1),
    Group("poor imidazole", "[nX2]1c[nX3]c([$([NX3+](=O)[O-]),$(C#N),$(C=O),$([F,Cl,Br,I])])c1", 3.0, 1),
    Group("benzimidazole", "[nX2]1c[nX3]c2aaaac12", 5.4, 1),
    Group("N-arylimidazole", "[nX2]1c[nX3](-c)cc1", 5.8, 1),
    Group("alkylimidazole", "[nX2]1c[nX3]c([CX4])c1", 7.5, 1),
    Group("alkylimidazole", "[nX2]1c([CX4])[nX3]cc1", 7.6, 1),
    Group("imidazole", "[nX2]1c[nX3]cc1", 7.0, 1),
    Group("imidazopyridine", "[nX2]1c2ccccn2cc1", 6.6, 1),
    Group(
        "poor pyridine",
        "[nX2;!$(n:n);!$(n:c:n);!$(n:c:c:n);$(n:c[F,Cl,Br,I,$(C#N),$(C=O),$([NX3+])])]1[c]cccc1",
        0.5,
        1,
    ),
    Group(
        "poor pyridine",
        "[nX2;!$(n:n);!$(n:c:n);!$(n:c:c:n);$(n:c:c[F,Cl,Br,I,$(C#N),$(C=O),$([NX3+])])]1[c]cccc1",
        2.8,
        1,
    ),
    Group("pyridine", "[nX2;!$(n:n);!$(n:c:n);!$(n1ccncc1)]1[c]cccc1", 5.2, 1),
    Group("aromatic amine", "[NX3;+0;$(N-c);!$(N-C=[O,S,N]);!$(N-[!#6;!#1]);!$(N(-c)-c);!$(N-c:[nX2])]", 4.6, 1),
)

# How an amine's pKa falls with what it bears (after Perrin, Dempsey and Serjeant, ch. 5; a carbon further away counts
# for four tenths). Each pattern begins with the carbon on the nitrogen, or the second, that bears it.
_AMMONIUM = {0: 9.25, 1: 10.6, 2: 11.1, 3: 10.3}
_ON_FIRST = (
    ("[$([#6]-C#N)]", 5.4),
    ("[$([#6]-C(F)(F)F)]", 5.0),
    ("[$([#6]-[CX3](=O)[#8,#6])]", 3.0),
    ("[$([#6]-[CX3](=[O,S])[#7])]", 2.6),
    ("[$([#6]-[SX4](=O)=O)]", 4.0),
    ("[$([#6]-C#C)]", 2.4),
    ("[$([#6]-[c;$(c:[n,o,s]),$(c:c:[nX2])])]", 1.9),
    ("[$([#6]-c)]", 1.4),
    ("[$([#6]-C=C)]", 1.1),
    ("[$([#6]-[OX2])]", 3.0),
)
_ON_SECOND = (
    ("[OX2]", 1.2),
    ("[$([SX4](=O)=O)]", 2.4),
    ("[SX2]", 0.9),
    ("[$([NX3]-C=[O,S]),$([NX3]-S)]", 1.5),
    ("[$([NX3]-c)]", 1.1),
    ("[NX3;+0]", 0.9),
    ("[F]", 1.7),
    ("[Cl,Br]", 1.2),
    ("[$(C#N)]", 2.6),
    ("[$([CX3]=O)]", 1.1),
    ("[c]", 0.7),
)


def sites(molecule: Chem.Mol) -> tuple[Site, ...]:
    """Acids and bases of a molecule, by atom.

    Parameters
    ----------
    molecule : Mol
        An atom that is drawn charged is no site.

    Returns
    -------
    tuple of Site

    Notes
    -----
    Typical values, not predictions: they are within a unit or so of what is measured for simple molecules and may be
    further off for crowded or unusual ones.

    Examples
    --------
    >>> [(one.name, one.pka) for one in sites(Chem.MolFromSmiles("C1COCCN1"))]
    [('amine', 8.7)]
    """
    found: dict[int, Site] = {}
    for group, pattern in _patterns():
        for match in molecule.GetSubstructMatches(pattern):
            atom = molecule.GetAtomWithIdx(match[0])
            if atom.GetFormalCharge() == 0 and match[0] not in found:
                found[match[0]] = Site(group.name, match[0], group.charge, group.pka)
    (amine,) = _smarts((_AMINE,))
    for (place,) in molecule.GetSubstructMatches(amine):
        found.setdefault(place, Site("amine", place, 1, _amine_pka(molecule, place)))
    return tuple(found[place] for place in sorted(found))


def _amine_pka(molecule: Chem.Mol, place: int) -> float:
    nitrogen = molecule.GetAtomWithIdx(place)
    carbons = [one for one in nitrogen.GetNeighbors() if one.GetAtomicNum() == 6]
    pka = _AMMONIUM[len(carbons)]
    first = _matches(molecule, _ON_FIRST)
    second = _matches(molecule, _ON_SECOND)
    for carbon in carbons:
        pka -= first.get(carbon.GetIdx(), 0.0)
        for further in carbon.GetNeighbors():
            if further.GetIdx() == place or str(further.GetHybridization()) != "SP3" or further.GetAtomicNum() != 6:
                continue
            if _fluorinated(further):
                continue
            pka -= sum(
                second.get(one.GetIdx(), 0.0)
                for one in further.GetNeighbors()
                if one.GetIdx() not in (carbon.GetIdx(), place)
            )
    return round(pka, 2)


def _fluorinated(carbon: Chem.Atom) -> bool:
    """Whether it is a trifluoromethyl carbon, which is counted as a whole."""
    return bool(sum(one.GetAtomicNum() == 9 for one in carbon.GetNeighbors()) == 3)


def _matches(molecule: Chem.Mol, effects: tuple[tuple[str, float], ...]) -> dict[int, float]:
    """What each atom that bears, or is, a group takes off; the first pattern that it matches counts."""
    found: dict[int, float] = {}
    for pattern, (_, effect) in zip(_smarts(tuple(text for text, _ in effects)), effects, strict=True):
        for (place,) in molecule.GetSubstructMatches(pattern):
            found.setdefault(place, effect)
    return found


@functools.cache
def _patterns() -> tuple[tuple[Group, Chem.Mol], ...]:
    return tuple((group, Chem.MolFromSmarts(group.pattern)) for group in GROUPS)


@functools.cache
def _smarts(patterns: tuple[str, ...]) -> tuple[Chem.Mol, ...]:
    return tuple(Chem.MolFromSmarts(pattern) for pattern in patterns)
