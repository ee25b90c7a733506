"""Reactions that every chemist knows, atom-mapped by hand, with what leaves in each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownReaction:
    """A mapped reaction ``reactants>>product``, its molecules without maps, and the formulas of what leaves."""

    mapped: str
    product: str
    reactants: str
    leaving: tuple[str, ...]


KNOWN = {
    "amide": KnownReaction(
        "[CH3:1][C:2](=[O:3])O.[NH2:4][c:5]1[cH:6][cH:7][cH:8][cH:9][cH:10]1"
        ">>[CH3:1][C:2](=[O:3])[NH:4][c:5]1[cH:6][cH:7][cH:8][cH:9][cH:10]1",
        "CC(=O)Nc1ccccc1",
        "CC(=O)O.Nc1ccccc1",
        ("HO",),
    ),
    "Suzuki coupling": KnownReaction(
        "Br[c:1]1[cH:2][cH:3][n:4][cH:5][cH:6]1.OB(O)[c:7]1[cH:8][cH:9][c:10]([F:13])[cH:11][cH:12]1"
        ">>[c:1]1(-[c:7]2[cH:8][cH:9][c:10]([F:13])[cH:11][cH:12]2)[cH:2][cH:3][n:4][cH:5][cH:6]1",
        "Fc1ccc(-c2ccncc2)cc1",
        "Brc1ccncc1.OB(O)c1ccc(F)cc1",
        ("BH2O2", "Br"),
    ),
    "substitution with inversion": KnownReaction(
        "[CH3:1][C@@H:2](OS(C)(=O)=O)[C:3](=[O:4])[O:5][CH3:6].[NH2:7][CH2:8][c:9]1[cH:10][cH:11][cH:12][cH:13][cH:14]1"
        ">>[CH3:1][C@H:2]([NH:7][CH2:8][c:9]1[cH:10][cH:11][cH:12][cH:13][cH:14]1)[C:3](=[O:4])[O:5][CH3:6]",
        "COC(=O)[C@H](C)NCc1ccccc1",
        "COC(=O)[C@@H](C)OS(C)(=O)=O.NCc1ccccc1",
        ("CH3O3S",),
    ),
    "Boc protection": KnownReaction(
        "[NH2:1][CH2:2][c:3]1[cH:4][cH:5][cH:6][cH:7][cH:8]1.CC(C)(C)OC(=O)O[C:9](=[O:10])[O:11][C:12]([CH3:13])([CH3:14])[CH3:15]"
        ">>[NH:1]([CH2:2][c:3]1[cH:4][cH:5][cH:6][cH:7][cH:8]1)[C:9](=[O:10])[O:11][C:12]([CH3:13])([CH3:14])[CH3:15]",
        "CC(C)(C)OC(=O)NCc1ccccc1",
        "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C.NCc1ccccc1",
        ("C5H9O3",),
    ),
    "Boc removal": KnownReaction(
        "CC(C)(C)OC(=O)[N:1]1[CH2:2][CH2:3][N:4]([c:5]2[cH:6][cH:7][cH:8][cH:9][cH:10]2)[CH2:11][CH2:12]1"
        ">>[NH:1]1[CH2:2][CH2:3][N:4]([c:5]2[cH:6][cH:7][cH:8][cH:9][cH:10]2)[CH2:11][CH2:12]1",
        "c1ccc(N2CCNCC2)cc1",
        "CC(C)(C)OC(=O)N1CCN(c2ccccc2)CC1",
        ("C5H9O2",),
    ),
    "reductive amination": KnownReaction(
        "O=[CH:1][c:2]1[cH:3][cH:4][cH:5][cH:6][cH:7]1.[NH:8]1[CH2:9][CH2:10][O:11][CH2:12][CH2:13]1"
        ">>[CH2:1]([c:2]1[cH:3][cH:4][cH:5][cH:6][cH:7]1)[N:8]1[CH2:9][CH2:10][O:11][CH2:12][CH2:13]1",
        "c1ccc(CN2CCOCC2)cc1",
        "C1COCCN1.O=Cc1ccccc1",
        ("O",),
    ),
    "Hantzsch thiazole": KnownReaction(
        "Br[CH2:1][C:2](=O)[c:3]1[cH:4][cH:5][cH:6][cH:7][cH:8]1.[NH2:9][C:10](=[S:11])[CH3:12]"
        ">>[cH:1]1[c:2](-[c:3]2[cH:4][cH:5][cH:6][cH:7][cH:8]2)[n:9][c:10]([CH3:12])[s:11]1",
        "Cc1nc(-c2ccccc2)cs1",
        "CC(N)=S.O=C(CBr)c1ccccc1",
        ("Br", "O"),
    ),
    "piperidine from a dibromide": KnownReaction(
        "Br[CH2:1][CH2:2][CH2:3][CH2:4][CH2:5]Br.[NH2:6][c:7]1[cH:8][cH:9][cH:10][cH:11][cH:12]1"
        ">>[CH2:1]1[CH2:2][CH2:3][CH2:4][CH2:5][N:6]1[c:7]1[cH:8][cH:9][cH:10][cH:11][cH:12]1",
        "c1ccc(N2CCCCC2)cc1",
        "BrCCCCCBr.Nc1ccccc1",
        ("Br", "Br"),
    ),
    "ester hydrolysis": KnownReaction(
        "C[O:1][C:2](=[O:3])[c:4]1[cH:5][cH:6][cH:7][cH:8][cH:9]1>>[OH:1][C:2](=[O:3])[c:4]1[cH:5][cH:6][cH:7][cH:8][cH:9]1",
        "O=C(O)c1ccccc1",
        "COC(=O)c1ccccc1",
        ("CH3",),
    ),
}
NAMES = tuple(KNOWN)
