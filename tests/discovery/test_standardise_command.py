"""A library in one form, from the command line."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem

from bencao.discovery import LibraryRow, read_library
from bencao.discovery.errors import LibraryError, MoleculeError
from bencao.discovery.molecules.standardising import standardise


def test_each_row_is_standard_or_says_what_is_wrong(bencao: Callable[..., Any]) -> None:
    Path("library.smi").write_text("CC(=O)[O-].[Na+] acetate\nnonsense bad\nc1ccccc1\nO water\n")
    answer = bencao("discovery", "standardise", "library.smi", "-o", "standard.csv", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out) == {"rows": 4, "standardised": 2, "changed": 1, "refused": 2}
    rows = list(csv.DictReader(Path("standard.csv").read_text().splitlines()))
    assert [row["smiles"] for row in rows] == ["CC(=O)O", "", "c1ccccc1", ""]
    assert [row["error"] for row in rows] == ["", "MoleculeError", "", "MoleculeError"]


def test_the_same_table_at_any_number_of_workers(bencao: Callable[..., Any]) -> None:
    Path("library.smi").write_text("".join(f"{'C' * length}[O-] {length}\n" for length in range(1, 30)) * 20)
    for workers in ("1", "2"):
        assert bencao("discovery", "standardise", "library.smi", "-o", f"{workers}.csv", "--workers", workers).code == 0
    assert Path("1.csv").read_bytes() == Path("2.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("library.xyz", b"C", "suffix"),
        ("library.csv", b"id,structur\n1,C\n", "no column"),
        ("library.smi.gz", b"no gzip", "gzip"),
        ("library.smi.gz", gzip.compress(b"CCO\n" * 9999, mtime=0)[:40], "cut off"),
        ("library.smi", b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_file_of_another_form_is_refused_in_one_line(
    bencao: Callable[..., Any], name: str, content: bytes, said: str
) -> None:
    Path(name).write_bytes(content)
    answer = bencao("discovery", "standardise", name, "-o", "standard.csv")
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1
    assert "LibraryError" in answer.err
    assert said in answer.err
    assert not Path("standard.csv").exists()


def test_an_sd_file_is_read_with_its_bad_records(tmp_path: Path) -> None:
    path = tmp_path / "two.sdf"
    good = Chem.MolToMolBlock(Chem.MolFromSmiles("CCO"))
    path.write_text(f"{good}$$$$\n{good.replace(' O ', ' Q9')}$$$$\n{good}$$$$\n")
    assert [row.smiles for row in read_library(path)] == ["CCO", "", "CCO"]


@pytest.mark.parametrize("smiles", ["", "C" * 151, "C[Mg]Br.[Pt](Cl)Cl", "[Na+].[Cl-]", "C(C)(C)(C)(C)C"])
def test_what_is_no_ligand_is_refused(smiles: str) -> None:
    with pytest.raises(MoleculeError, match="row 7"):
        standardise(LibraryRow(7, smiles))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(LibraryError, match="nowhere"):
        list(read_library("nowhere.smi"))
