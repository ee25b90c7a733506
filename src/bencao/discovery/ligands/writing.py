"""Prepared ligands as files: a table of all states, and an SD file of all shapes."""

from __future__ import annotations

from collections.abc import Iterator

from bencao.discovery.ligands.preparing import Prepared, State
from bencao.discovery.molecules.reading import LibraryRow
from bencao.kernel.errors import BencaoError

COLUMNS = (
    "row",
    "parent",
    "given",
    "standard",
    "tautomers",
    "stereoisomers",
    "capped",
    "state",
    "tautomer",
    "share",
    "charge",
    "smiles",
    "shapes",
    "error",
    "cause",
    "mend",
)


def parent_id(row: LibraryRow) -> str:
    """What the states of a row are known by: its name, else its number."""
    return row.name or f"row {row.row}"


def table_rows(row: LibraryRow, answer: Prepared | BencaoError) -> Iterator[tuple[object, ...]]:
    """A row for each state of a molecule, one with the error where there is none."""
    identity = (row.row, parent_id(row), row.smiles)
    if isinstance(answer, BencaoError):
        yield (*identity, *[""] * 10, answer.kind, answer.cause, answer.mend)
        return
    counts = (answer.parent, answer.tautomers, answer.stereoisomers, "yes" if answer.capped else "no")
    for state in answer.states:
        told = (state.number, state.tautomer, f"{state.share:.3f}", state.charge, state.smiles, len(state.blocks))
        error = (state.error.kind, state.error.cause, state.error.mend) if state.error else ("", "", "")
        yield (*identity, *counts, *told, *error)


def sd_records(row: LibraryRow, answer: Prepared | BencaoError) -> Iterator[str]:
    """A record for each shape of each state, named by its molecule."""
    if isinstance(answer, Prepared):
        for state in answer.states:
            for shape, (strain, block) in enumerate(zip(state.strains, state.blocks, strict=True), 1):
                yield _record(row, state, shape, strain, block)


def _record(row: LibraryRow, state: State, shape: int, strain: float, block: str) -> str:
    fields = {
        "parent": parent_id(row),
        "row": row.row,
        "state": state.number,
        "tautomer": state.tautomer,
        "share": f"{state.share:.3f}",
        "charge": state.charge,
        "smiles": state.smiles,
        "shape": shape,
        "strain_kcal_mol": f"{strain:.2f}",
    }
    title = " ".join(parent_id(row).split())[:80]
    told = "".join(f">  <{name}>\n{value}\n\n" for name, value in fields.items())
    return f"{title}\n{block.split(chr(10), 1)[1].rstrip()}\n{told}$$$$\n"
