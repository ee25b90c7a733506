"""Reactions with what stood beside them: read, cleaned, mapped and split by the scaffold of the product."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import lzma
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Literal

from rdkit import Chem
from rdkit.Chem.Scaffolds import MurckoScaffold

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes
from bencao.synthesis.conditions.chemicals import charge, chemical_list, spelled
from bencao.synthesis.train.mapping import map_atoms
from bencao.synthesis.train.reactions import (
    CleanReaction,
    RawReaction,
    development_products,
    funnel,
    read_reactions,
    try_clean,
)

Report = Callable[[str], None]
Fold = Literal["train", "tune", "test"]

# Collections that keep what stands beside a reaction; the others were stripped of most of it.
KEEPING = ("uspto480k-", "uspto50k-class1.")
_COMMON = 0.01  # share of the records from which on a scaffold says nothing of a product: benzene, pyridine
_TEST, _TUNE = 0.2, 0.1
_DEVELOPMENT = 5_000  # products kept out of the one-step model for tuning, and so out of here


@dataclass(frozen=True)
class ConditionRecord:
    """A reaction as one collection reports it.

    Attributes
    ----------
    collection : str
        ``uspto`` or ``ord``.
    row : int
        Line of the reaction table, the header being 1, or place in the ORD list, from 0.
    mapped : str
        ``reactants>>product`` with atom maps.
    reactants, product : str
        Canonical SMILES, without maps.
    beside : str
        SMILES of the fragments that stand beside it, and of the ions among its reactants, joined by ``.``; empty
        where none is reported.
    solvent : str
        The first molecule that an ORD row files as a solvent and the reviewed list has as one; empty elsewhere.
    reaction_class : int
        1 to 10, or 0 where no collection says.
    fold : {"train", "tune", "test"}
    """

    collection: str
    row: int
    mapped: str
    reactants: str
    product: str
    beside: str
    solvent: str
    reaction_class: int
    fold: Fold

    @property
    def key(self) -> tuple[str, str]:
        """What makes two records the same reaction."""
        return self.reactants, self.product


def condition_records(reactions: Path, ord_list: Path | None, report: Report = print) -> list[ConditionRecord]:
    """Gather the records with reagents, and those of known class.

    Products marked ``product_in_valid`` and the development products of the one-step model are left out.

    Parameters
    ----------
    reactions : Path
        See `read_reactions`.
    ord_list : Path, optional
        Gzipped JSON list of reactions with ``reactants_smiles``, ``product_smiles`` and ``conditions``; they are mapped
        here, which takes the most of the time.
    report : callable
        Gets a line a step.

    Returns
    -------
    list of ConditionRecord
        Distinct, in the order of the tables.

    Raises
    ------
    EngineMissing
        RXNMapper is not installed.
    InputError
        A table cannot be read.
    """
    try:
        raw = [row for row in read_reactions(reactions) if row.held_out or row.reaction_class or _keeps(row.source)]
    except (OSError, ValueError) as error:
        raise InputError(str(error), where=str(reactions), mend="give a table with a column 'reaction'") from error
    clean, reasons = funnel(map(try_clean, raw))
    report(f"{len(raw)} rows of known class or with reagents, {len(clean)} usable {dict(reasons)}")
    classes = {one.key: one.reaction_class for one in clean if one.reaction_class}
    held = {one.product_flat for one in clean if one.held_out}
    classified = {one.product_flat for one in clean if one.reaction_class} - held
    closed = held | development_products(classified, _DEVELOPMENT)
    records = [_of_table(one, classes) for one in clean if one.mapped and one.product_flat not in closed]
    if ord_list:
        records += _of_ord(ord_list, classes, closed, report)
    distinct = {(one.key, one.beside, one.solvent, one.collection): one for one in reversed(records)}
    kept = _split(list(reversed(distinct.values())))
    report(
        f"{len(kept)} distinct records, {sum(bool(one.beside) for one in kept)} with reagents, none of {len(closed)}"
    )
    report(f"folds of those with reagents: {dict(Counter(one.fold for one in kept if one.beside))}")
    return kept


def _keeps(source: str) -> bool:
    return source.startswith(KEEPING)


def _of_table(one: CleanReaction, classes: dict[tuple[str, str], int]) -> ConditionRecord:
    beside = one.reagents if _keeps(one.source) else ""
    return ConditionRecord(
        collection="uspto",
        row=one.row,
        mapped=one.mapped,
        reactants=one.reactants,
        product=one.product,
        beside=".".join(filter(None, (beside, _ions(one.reactants)))) if beside else "",
        solvent="",
        reaction_class=classes.get(one.key, 0),
        fold="train",
    )


def _ions(reactants: str) -> str:
    """Ions among the reactants: their counter-ions stand beside the reaction, and make a salt with them."""
    return ".".join(part for part in reactants.split(".") if charge(part))


def _of_ord(
    path: Path, classes: dict[tuple[str, str], int], closed: set[str], report: Report
) -> Iterator[ConditionRecord]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as handle:
            rows = json.load(handle)
    except (OSError, ValueError) as error:
        raise InputError(str(error), where=str(path), mend="give the gzipped JSON list") from error
    texts = [f"{'.'.join(row['reactants_smiles'])}>>{row['product_smiles']}" for row in rows]
    raw = [RawReaction(place, "ord", 0, held_out=False, mapped=False, smiles=text) for place, text in enumerate(texts)]
    clean, reasons = funnel(map(try_clean, raw))
    first = {one.key: one for one in reversed(clean)}
    mapped, failed = funnel(map_atoms(list(first.values())))
    by_row = {one.row: one for one in mapped}
    report(f"{len(rows)} ORD rows, {len(clean)} usable {dict(reasons)}, {len(mapped)} distinct mapped {dict(failed)}")
    for one in clean:
        reaction = by_row.get(first[one.key].row)
        if reaction and reaction.product_flat not in closed:
            yield _with_conditions(replace(reaction, row=one.row), rows[one.row]["conditions"], classes)


def _with_conditions(
    one: CleanReaction, said: dict[str, str | list[str | None] | None], classes: dict[tuple[str, str], int]
) -> ConditionRecord:
    filed = [text for text in (said["solvent"], said["co_solvent"]) if isinstance(text, str)]
    listed = [text for text in said["reagents"] or () if text]
    beside = ".".join([*filed, *listed, *filter(None, (one.reagents,))])
    solvents = [spelled(text) for text in filed if chemical_list().chemical(spelled(text)).role == "solvent"]
    return ConditionRecord(
        collection="ord",
        row=one.row,
        mapped=one.mapped,
        reactants=one.reactants,
        product=one.product,
        beside=".".join(filter(None, (beside, _ions(one.reactants)))) if beside else "",
        solvent=solvents[0] if solvents else "",
        reaction_class=classes.get(one.key, 0),
        fold="train",
    )


def _split(records: list[ConditionRecord]) -> list[ConditionRecord]:
    """Give each record its fold by the Murcko scaffold of its product.

    Scaffolds go, by rising SHA-256, into the test until it has a fifth of the records with reagents, then a tenth for
    tuning. A product without rings is its own scaffold. A scaffold of over 1 % of the records stays in training: it
    would fill the test with what is everywhere.
    """
    scaffolds = {product: scaffold_of(product) for product in {one.product for one in records}}
    counts = Counter(scaffolds[one.product] for one in records if one.beside)
    total = counts.total()
    folds: dict[str, Fold] = {}
    filled = 0
    for scaffold in sorted(set(scaffolds.values()), key=lambda text: hashlib.sha256(text.encode()).hexdigest()):
        if counts[scaffold] > _COMMON * total:
            folds[scaffold] = "train"
            continue
        folds[scaffold] = "test" if filled < _TEST * total else "tune" if filled < (_TEST + _TUNE) * total else "train"
        filled += counts[scaffold]
    return [replace(one, fold=folds[scaffolds[one.product]]) for one in records]


def scaffold_of(product: str) -> str:
    """Murcko scaffold without stereo (Bemis and Murcko, J. Med. Chem. 1996, 39, 2887); without rings, the molecule."""
    molecule = Chem.MolFromSmiles(product)
    scaffold = MurckoScaffold.MurckoScaffoldSmiles(  # type: ignore[no-untyped-call]
        mol=molecule, includeChirality=False
    )
    return str(scaffold) or str(Chem.MolToSmiles(molecule, isomericSmiles=False))


def write_records(records: list[ConditionRecord], path: Path) -> None:
    """Write records as a tab-separated table, ``.xz``."""
    text = io.StringIO()
    table = csv.writer(text, delimiter="\t", lineterminator="\n")
    table.writerow([field.name for field in fields(ConditionRecord)])
    table.writerows(astuple(one) for one in records)
    write_bytes(path, lzma.compress(text.getvalue().encode(), preset=3))


def read_records(path: Path) -> list[ConditionRecord]:
    """Read what `write_records` wrote.

    Raises
    ------
    InputError
        The file is absent or of another form.
    """
    try:
        with lzma.open(path, "rt", encoding="utf-8", newline="") as handle:
            return [
                ConditionRecord(
                    **{**row, "row": int(row["row"]), "reaction_class": int(row["reaction_class"])}  # type: ignore[arg-type]
                )
                for row in csv.DictReader(handle, delimiter="\t")
            ]
    except (OSError, KeyError, TypeError, ValueError, lzma.LZMAError) as error:
        raise InputError(
            f"not a table of condition records: {error}",
            where=str(path),
            mend="write it with training/synthesis_conditions.py",
        ) from error
