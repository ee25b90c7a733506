"""Groups that have misled assays or harmed: RDKit's catalogues, matched where a molecule could hold them at all."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rdkit import Chem
from rdkit.Chem import QED
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

from bencao.discovery.molecules.patterns import Screen

# Where a pickled molecule begins in what RDKit writes of a catalogue's entry, and the text of its length before it.
_PICKLE = bytes.fromhex("efbeadde")


@dataclass(frozen=True)
class Alerts:
    """Alerts of a molecule, by name and in alphabetical order.

    Attributes
    ----------
    pains : tuple of str
        Patterns that often interfere with assays (Baell and Holloway, J. Med. Chem. 2010, 53, 2719).
    brenk : tuple of str
        Groups unwanted in leads (Brenk et al., ChemMedChem 2008, 3, 435).
    qed : int
        How many of the groups that count against drug-likeness (Bickerton et al., Nat. Chem. 2012, 4, 90).
    """

    pains: tuple[str, ...]
    brenk: tuple[str, ...]
    qed: int


def find_alerts(molecule: Chem.Mol) -> Alerts:
    """Alerts of a molecule, the same as RDKit's catalogues give.

    Parameters
    ----------
    molecule : Mol
        Without explicit hydrogens.

    Returns
    -------
    Alerts

    Examples
    --------
    >>> find_alerts(Chem.MolFromSmiles("O=Cc1ccccc1"))
    Alerts(pains=(), brenk=('aldehyde',), qed=1)
    """
    screen, patterns, names = _catalogues()
    found = {catalogue: set[str]() for catalogue in ("PAINS", "BRENK", "QED")}
    for place in screen.candidates(molecule):
        if molecule.HasSubstructMatch(patterns[place]):
            for catalogue, name in names[place]:
                found[catalogue].add(name)
    return Alerts(tuple(sorted(found["PAINS"])), tuple(sorted(found["BRENK"])), len(found["QED"]))


@functools.cache
def _catalogues() -> tuple[Screen, list[Chem.Mol], list[list[tuple[str, str]]]]:
    """The patterns, each once, and where each stands: catalogue and name."""
    patterns: dict[str, Chem.Mol] = {}
    names: dict[str, list[tuple[str, str]]] = {}
    for catalogue, name, pattern in _entries():
        key = Chem.MolToSmarts(pattern)
        patterns.setdefault(key, pattern)
        names.setdefault(key, []).append((catalogue, name))
    return Screen(list(patterns.values())), list(patterns.values()), list(names.values())


def _entries() -> Iterator[tuple[str, str, Chem.Mol]]:
    for name in ("PAINS", "BRENK"):
        wanted = FilterCatalogParams()
        wanted.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, name))
        catalogue = FilterCatalog(wanted)
        for place in range(catalogue.GetNumEntries()):
            entry = catalogue.GetEntryWithIdx(place)
            yield name, entry.GetDescription(), _pattern(entry)
    for place, alert in enumerate(QED.StructuralAlerts):
        yield "QED", str(place), alert


def _pattern(entry: Any) -> Chem.Mol:
    """Pattern of an entry, which RDKit gives only in its serialised form."""
    text = entry.Serialize()
    start = text.index(_PICKLE)
    return Chem.Mol(text[start : start + int(text[:start].split()[-1])])
