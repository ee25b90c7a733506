"""Clean reaction records: roles, canonical forms, duplicates, and the split by product."""

from __future__ import annotations

import csv
import hashlib
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from rdkit import Chem, rdBase

rdBase.DisableLog("rdApp.*")

# Counter-ions and small molecules that patents file beside the product of a reaction.
_BESIDE_PRODUCT = frozenset(
    [
        "Cl",
        "Br",
        "I",
        "O",
        "N",
        "[Cl-]",
        "[Br-]",
        "[I-]",
        "[Na+]",
        "[K+]",
        "[Li+]",
        "[NH4+]",
        "O=C(O)C(F)(F)F",
        "O=C([O-])C(F)(F)F",
        "O=CO",
        "O=C[O-]",
        "CC(=O)O",
        "CC(=O)[O-]",
        "O=S(=O)(O)O",
        "CS(=O)(=O)O",
        "O=C(O)C(=O)O",
        "O=C(O)/C=C/C(=O)O",
        "O=C(O)/C=C\\C(=O)O",
    ]
)


@dataclass(frozen=True)
class RawReaction:
    """One row of a reaction table, as it was read.

    Attributes
    ----------
    row : int
        Line of the file, the header being line 1.
    source : str
        Name of the collection the row came from.
    reaction_class : int
        Reaction class 1 to 10 (Schneider et al., J. Chem. Inf. Model. 2016, 56, 2336), 0 if unknown.
    held_out : bool
        True where the table marks the product as belonging to a measuring split.
    mapped : bool
        True where the reaction carries atom-map numbers.
    smiles : str
        ``reactants>reagents>product`` or ``reactants(.reagents)>>product``.
    """

    row: int
    source: str
    reaction_class: int
    held_out: bool
    mapped: bool
    smiles: str


@dataclass(frozen=True)
class CleanReaction:
    """One distinct reaction.

    Attributes
    ----------
    row, source, reaction_class, held_out
        As in `RawReaction`, of the first row that held this reaction.
    product : str
        Canonical SMILES, stereo kept, no atom maps.
    product_flat : str
        Canonical SMILES of the product without stereo: what a split goes by.
    reactants : str
        Canonical SMILES of the molecules that give atoms to the product, sorted, joined by ``.``.
    reagents : str
        The other molecules on the left and in the middle field, sorted, joined by ``.``.
    mapped : str
        ``reactants>>product`` with atom maps, or empty where the row has none.
    count : int
        Number of rows that held this reaction.
    """

    row: int
    source: str
    reaction_class: int
    held_out: bool
    product: str
    product_flat: str
    reactants: str
    reagents: str
    mapped: str
    count: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """What makes two rows the same reaction: reactant set and product."""
        return self.reactants, self.product


class UnusableReaction(ValueError):
    """A row that cannot be used; the message is the reason."""


def read_reactions(path: Path) -> Iterator[RawReaction]:
    """Read a reaction table.

    Parameters
    ----------
    path : Path
        Tab-separated, optionally ``.xz``. Column ``reaction`` is required; ``source``, ``class``,
        ``atom_mapped`` (0/1) and ``product_in_valid`` (0/1) are used where present.

    Yields
    ------
    RawReaction
        In file order.

    Raises
    ------
    ValueError
        If there is no column ``reaction``.
    """
    handle: TextIO
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open(encoding="utf-8") as handle:
        table = csv.DictReader(handle, delimiter="\t")
        if "reaction" not in (table.fieldnames or []):
            raise ValueError(f"{path}: line 1: no column 'reaction' among {table.fieldnames}; name it so")
        for line, row in enumerate(table, start=2):
            smiles = row["reaction"] or ""
            mapped = row.get("atom_mapped")
            yield RawReaction(
                row=line,
                source=row.get("source") or path.name,
                reaction_class=_class_number(row.get("class")),
                held_out=row.get("product_in_valid") == "1",
                mapped=mapped == "1" if mapped in ("0", "1") else ":1]" in smiles,
                smiles=smiles,
            )


def _class_number(text: str | None) -> int:
    head = (text or "").split(".")[0]
    return int(head) if head.isdigit() and 1 <= int(head) <= 10 else 0


@lru_cache(maxsize=200_000)
def _canonical(smiles: str) -> str:
    """Canonical SMILES of one molecule without maps; empty if it does not parse."""
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or molecule.GetNumAtoms() == 0:
        return ""
    return unmapped_smiles(molecule)


def unmapped_smiles(molecule: Chem.Mol, stereo: bool = True) -> str:
    """Canonical SMILES of a copy of `molecule` without its atom maps."""
    bare = Chem.Mol(molecule)
    for atom in bare.GetAtoms():
        atom.SetAtomMapNum(0)
    text = Chem.MolToSmiles(bare, isomericSmiles=stereo)
    # A second pass settles the few molecules whose perceived stereo changes with the maps gone.
    again = Chem.MolFromSmiles(text)
    return text if again is None else Chem.MolToSmiles(again, isomericSmiles=stereo)


def _maps(molecule: Chem.Mol) -> set[int]:
    return {atom.GetAtomMapNum() for atom in molecule.GetAtoms()} - {0}


def _parse(smiles: str) -> Chem.Mol:
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        raise UnusableReaction("a molecule does not parse")
    return molecule


def clean_reaction(raw: RawReaction) -> CleanReaction:
    """Give each molecule its role and write the reaction canonically.

    A molecule is a reactant if it gives at least one mapped atom to the product; all else on the left
    and in the middle is a reagent. An unmapped row is taken at its word: left is reactants.

    Parameters
    ----------
    raw : RawReaction

    Returns
    -------
    CleanReaction

    Raises
    ------
    UnusableReaction
        Malformed row, several products, product among the reactants, a product of under four heavy atoms.
    """
    fields = raw.smiles.split(" ")[0].split(">")
    if len(fields) != 3:
        raise UnusableReaction("not of the form left>middle>right")
    left, middle, right = ([part for part in field.split(".") if part] for field in fields)
    product = _only_product(right)
    product_maps = _maps(product)
    if raw.mapped and not product_maps:
        raise UnusableReaction("marked as mapped, but the product has no maps")
    reactants: list[tuple[str, str]] = []
    reagents: list[str] = []
    for is_left, part in [(True, p) for p in left] + [(False, p) for p in middle]:
        if raw.mapped:
            molecule = _parse(part) if ":" in part else None
            gives = molecule is not None and bool(_maps(molecule) & product_maps)
        else:
            molecule, gives = None, is_left
        if gives:
            plain = unmapped_smiles(molecule) if molecule is not None else _canonical(part)
            if not plain:
                raise UnusableReaction("a molecule does not parse")
            reactants.append((plain, part))
        elif text := _canonical(part):
            reagents.append(text)
    if not reactants:
        raise UnusableReaction("no reactant")
    product_smiles = unmapped_smiles(product)
    reactants.sort()
    if product_smiles in {plain for plain, _ in reactants}:
        raise UnusableReaction("the product is among the reactants")
    if product.GetNumHeavyAtoms() < 4:
        raise UnusableReaction("a product of under four heavy atoms")
    mapped_product = Chem.MolToSmiles(product)
    return CleanReaction(
        row=raw.row,
        source=raw.source,
        reaction_class=raw.reaction_class,
        held_out=raw.held_out,
        product=product_smiles,
        product_flat=unmapped_smiles(product, stereo=False),
        reactants=".".join(plain for plain, _ in reactants),
        reagents=".".join(sorted(set(reagents))),
        mapped=".".join(part for _, part in reactants) + ">>" + mapped_product if raw.mapped else "",
    )


def _only_product(parts: list[str]) -> Chem.Mol:
    molecules = [_parse(part) for part in parts]
    if len(molecules) > 1:
        molecules = [m for m in molecules if unmapped_smiles(m) not in _BESIDE_PRODUCT]
    if len(molecules) != 1:
        raise UnusableReaction("not exactly one product")
    return molecules[0]


def try_clean(raw: RawReaction) -> CleanReaction | str:
    """`clean_reaction`, with the reason in place of a reaction that cannot be used."""
    try:
        return clean_reaction(raw)
    except UnusableReaction as reason:
        return str(reason)


def deduplicate(reactions: Iterable[CleanReaction]) -> list[CleanReaction]:
    """Keep each reaction once: mapped before unmapped, and a known class before an unknown one.

    Returns
    -------
    list of CleanReaction
        In order of first appearance, `count` summed, `held_out` true if any row was.
    """
    kept: dict[tuple[str, str], CleanReaction] = {}
    for reaction in reactions:
        earlier = kept.get(reaction.key)
        if earlier is None:
            kept[reaction.key] = reaction
            continue
        kept[reaction.key] = replace(
            earlier,
            mapped=earlier.mapped or reaction.mapped,
            reaction_class=earlier.reaction_class or reaction.reaction_class,
            held_out=earlier.held_out or reaction.held_out,
            reagents=max(earlier.reagents, reaction.reagents, key=len),
            count=earlier.count + 1,
        )
    return list(kept.values())


def split_of(product_flat: str) -> float:
    """Hash of a product, uniform in [0, 1): the same in every run and on every machine."""
    digest = hashlib.sha256(product_flat.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def development_products(products: Iterable[str], number: int = 5_000) -> set[str]:
    """The `number` products of lowest hash among `products` (stereo-free canonical SMILES)."""
    return set(sorted(set(products), key=lambda smiles: (split_of(smiles), smiles))[:number])


def funnel(outcomes: Iterable[CleanReaction | str]) -> tuple[list[CleanReaction], Counter[str]]:
    """Part the usable reactions from the reasons of the rest."""
    kept: list[CleanReaction] = []
    reasons: Counter[str] = Counter()
    for outcome in outcomes:
        if isinstance(outcome, str):
            reasons[outcome] += 1
        else:
            kept.append(outcome)
    return kept, reasons
