"""A library of any size for `library_scale.py`, made from the public data at hand; the same for the same seed.

python benchmarks/discovery/million_molecules.py DATA -o LIBRARY.smi.gz [--molecules 1000000] [--seed 1]

DATA is the folder of the development data. Of the molecules about 5 % are Enamine's (MolPAL's docked library), 1 %
Tox21's, half are reactants and products of patents (USPTO), and the rest are analogues of these: a hydrogen of an
aromatic ring is replaced by a small group, in the text, which costs next to nothing. No two SMILES are the same, but in
symmetrical rings an analogue may be drawn twice. They come in random order, so that the first n are a sample.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import itertools
import lzma
import random
import re
from collections.abc import Iterator
from pathlib import Path

from rdkit import Chem, rdBase

from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.reading import read_library
from bencao.kernel.files import writing

_GROUPS = ("F", "Cl", "C", "OC", "C#N", "N", "O", "C(F)(F)F")
_SHARES = {"enamine": 0.05, "tox21": 0.01, "uspto": 0.5, "analogue": 0.44}
_LARGEST = 60  # heavy atoms
_PLACE = re.compile("(?<=c)c(?=c)")  # it has two neighbours, so a hydrogen
_ATOM_MAP = re.compile(r":\d+\]")


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--molecules", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    found = molecules(arguments.data, arguments.seed)
    with rdBase.BlockLogs(), writing(arguments.out) as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        text = io.TextIOWrapper(packed, encoding="utf-8")
        for number, (smiles, source) in enumerate(itertools.islice(found, arguments.molecules)):
            text.write(f"{smiles} {source}-{number}\n")
        text.flush()
        text.detach()


def molecules(data: Path, seed: int) -> Iterator[tuple[str, str]]:
    """Distinct molecules and the source of each, without end as long as analogues are found."""
    draw = random.Random(seed)
    sources = {
        "enamine": _library(data / "discovery" / "molpal_Enamine50k_scores.csv.gz", draw),
        "tox21": _library(data / "discovery" / "deepchem_tox21.csv.gz", draw),
        "uspto": _reactions(data / "synthesis" / "reactions.tsv.xz", draw),
    }
    seen: set[str] = set()
    parents: list[str] = []
    while True:
        source = draw.choices(list(_SHARES), list(_SHARES.values()))[0]
        molecule = next(sources[source], None) if source in sources else None
        if molecule is not None:
            smiles = Chem.MolToSmiles(molecule) if 5 <= molecule.GetNumHeavyAtoms() <= _LARGEST else ""
        else:
            source, smiles = "analogue", _analogue(draw.choice(parents), draw) if parents else ""
        if smiles and smiles not in seen:
            seen.add(smiles)
            if source != "analogue":
                parents.append(smiles)
            yield smiles, source


def _library(path: Path, draw: random.Random) -> Iterator[Chem.Mol]:
    rows = list(read_library(path))
    draw.shuffle(rows)
    for row in rows:
        try:
            yield row.molecule()
        except MoleculeError:
            continue


def _reactions(path: Path, draw: random.Random) -> Iterator[Chem.Mol]:
    with lzma.open(path, "rt", encoding="utf-8", newline="") as stream:
        reactions = [row["reaction"] for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    draw.shuffle(reactions)
    read = {""}  # the same reagents come again and again
    for reaction in reactions:
        for smiles in _ATOM_MAP.sub("]", reaction).replace(">", ".").split("."):
            if smiles not in read:
                read.add(smiles)
                if molecule := Chem.MolFromSmiles(smiles):
                    yield molecule


def _analogue(smiles: str, draw: random.Random) -> str:
    """The molecule with one hydrogen of an aromatic ring replaced; empty where it has none."""
    places = [place.end() for place in _PLACE.finditer(smiles)]
    if not places:
        return ""
    at = draw.choice(places)
    return f"{smiles[:at]}({draw.choice(_GROUPS)}){smiles[at:]}"


if __name__ == "__main__":
    main()
