"""Engines of the user's own are run from a local path, with the network shut to their libraries."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.discovery.errors import StructureError
from bencao.discovery.folding.alignment import single_sequence
from bencao.discovery.folding.engines import ENGINES, fold_elsewhere
from bencao.kernel.errors import EngineMissing

MINI = "NLYIQWLKDGGPSSGRPPPS"
WRITTEN = {
    "boltz": "out/boltz_results_target/predictions/target/target_model_0.pdb",
    "chai": "out/chai/pred.model_idx_0.cif",
    "esmfold": "out/target.pdb",
    "alphafold3": "out/target/target_model.cif",
    "openfold3": "out/target/seed_1/target_seed_1_sample_1_model.cif",
}
# Stands in for the engine: it writes down how it was called, and the structure where the real one puts it.
STAND_IN = """#!{python}
import json, os, pathlib, sys, gemmi
told = {{"argv": sys.argv[1:], "offline": os.environ.get("HF_HUB_OFFLINE"), "files": {{}}}}
for path in pathlib.Path().iterdir():
    if path.is_file():
        told["files"][path.name] = path.read_text()
pathlib.Path({log!r}).write_text(json.dumps(told))
chain = gemmi.Chain("A")
for number, name in enumerate({residues!r}, 1):
    residue = gemmi.Residue(); residue.name = name; residue.seqid = gemmi.SeqId(str(number))
    atom = gemmi.Atom(); atom.name = "CA"; atom.element = gemmi.Element("C"); atom.b_iso = 77.5
    atom.pos = gemmi.Position(3.8 * number, 0, 0); residue.add_atom(atom); chain.add_residue(residue)
model = gemmi.Model(1); model.add_chain(chain)
structure = gemmi.Structure(); structure.add_model(model); structure.setup_entities()
out = pathlib.Path({out!r}); out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(structure.make_pdb_string() if out.suffix == ".pdb" else structure.make_mmcif_document().as_string())
"""


def _installed(folder: Path, engine: str) -> tuple[Path, Path, Path]:
    home, weights, log = folder / "home", folder / "weights", folder / "told.json"
    (home / "bin").mkdir(parents=True)
    weights.mkdir()
    (home / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (home / "bin" / "python").chmod(0o755)
    program = home / ENGINES[engine].program if engine == "alphafold3" else home / "bin" / ENGINES[engine].program
    text = STAND_IN.format(python=sys.executable, log=str(log), residues=["ASN", "LEU"], out=WRITTEN[engine])
    program.write_text(text)
    program.chmod(0o755)
    return home, weights, log


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_an_engine_gets_the_sequence_and_its_structure_comes_back(tmp_path: Path, engine: str) -> None:
    home, weights, log = _installed(tmp_path, engine)
    pdb = fold_elsewhere(single_sequence(MINI), engine, home, weights)
    assert [line[17:20] for line in pdb.splitlines() if line.startswith("ATOM")] == ["ASN", "LEU"]
    assert "77.50" in pdb
    told = json.loads(log.read_text())
    assert told["offline"] == "1" and any(MINI in text for text in told["files"].values())
    assert not any("server" in word and "False" not in told["argv"] for word in told["argv"])


def test_what_the_engine_said_is_told_when_it_fails(tmp_path: Path) -> None:
    home, weights, _ = _installed(tmp_path, "boltz")
    (home / "bin" / "boltz").write_text("#!/bin/sh\necho no such device >&2\nexit 3\n")
    with pytest.raises(StructureError, match=r"code 3.*no such device"):
        fold_elsewhere(single_sequence(MINI), "boltz", home, weights)


def test_an_engine_that_is_not_there_names_the_install_step(bencao: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="pip install boltz"):
        fold_elsewhere(single_sequence(MINI), "boltz", tmp_path, tmp_path)
    (tmp_path / "mini.fasta").write_text(MINI)
    answer = bencao("discovery", "fold", "mini.fasta", "-o", "x.pdb", "--engine", "chai")
    assert answer.code == 2 and "--home" in answer.err and not (tmp_path / "x.pdb").exists()
