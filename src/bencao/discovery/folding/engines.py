"""Other folding engines, where the user has installed them: run from a local path, never through the network."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import gemmi

from bencao.discovery.errors import StructureError
from bencao.discovery.folding.alignment import AMINO_ACIDS, Alignment
from bencao.kernel.errors import EngineMissing

# What keeps their libraries from fetching weights or alignments.
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "WANDB_MODE": "disabled"}
_TOLD = 400


@dataclass(frozen=True)
class Engine:
    """How an engine is called.

    Attributes
    ----------
    program : str
        File that must be in the installation's folder, or in its ``bin``.
    install : str
        What to do where it is not.
    command : callable (program, folder, weights, alignment) -> list of str
        Writes the engine's input into the folder and gives the command; results go to ``folder/out``.
    found : str
        Pattern of the best structure under ``folder/out``.
    """

    program: str
    install: str
    command: Callable[[Path, Path, Path, Alignment], list[str]]
    found: str


def fold_elsewhere(alignment: Alignment, engine: str, home: Path, weights: Path) -> str:
    """Fold by an engine of the user's own.

    Parameters
    ----------
    alignment : Alignment
        Given whole to the engines that read one; ESMFold takes the first sequence.
    engine : str
        A key of `ENGINES`.
    home : Path
        Folder of the installation: an environment, or AlphaFold 3's checkout.
    weights : Path
        Folder (OpenFold 3: file) of the parameters.

    Returns
    -------
    str
        The structure as PDB, with the engine's confidence where the B factor stands.

    Raises
    ------
    EngineMissing
        Where the program or the weights are not there.
    StructureError
        Where the engine failed or left no structure; with the end of what it said.
    """
    told = ENGINES[engine]
    places = (home.resolve() / told.program, home.resolve() / "bin" / told.program)
    program = next((path for path in places if path.is_file()), None)
    if program is None:
        raise EngineMissing(f"{engine}: no {told.program} in the folder that was named", mend=told.install)
    if not weights.exists():
        raise EngineMissing(f"{engine}: no weights where they were said to be", mend=told.install)
    with tempfile.TemporaryDirectory(prefix="bencao-fold-") as name:
        folder = Path(name)
        (folder / "out").mkdir()
        command = told.command(program, folder, weights.resolve(), alignment)
        ended = subprocess.run(
            command, cwd=folder, env={**os.environ, **_OFFLINE}, capture_output=True, text=True, errors="replace"
        )
        written = sorted((folder / "out").rglob(told.found))
        if ended.returncode or not written:
            said = (ended.stderr or ended.stdout).strip()[-_TOLD:]
            raise StructureError(
                f"{engine} ended with code {ended.returncode} and {len(written)} structures: {said}",
                where=alignment.name,
                mend=f"run {told.program} by hand to see what it lacks",
            )
        structure = gemmi.read_structure(str(written[0]))
    structure.shorten_chain_names()
    return str(structure.make_pdb_string())


def _a3m(alignment: Alignment) -> str:
    letters = AMINO_ACIDS + "-"
    rows = ("".join(letters[place] for place in row) for row in alignment.rows)
    return "".join(f">{number}\n{row}\n" for number, row in enumerate(rows))


def _boltz(program: Path, folder: Path, weights: Path, alignment: Alignment) -> list[str]:
    """Boltz-2: docs/prediction.md of its repository."""
    (folder / "target.a3m").write_text(_a3m(alignment))
    protein = {"id": "A", "sequence": alignment.sequence, "msa": str(folder / "target.a3m")}
    (folder / "target.yaml").write_text(json.dumps({"version": 1, "sequences": [{"protein": protein}]}))
    options = ["--out_dir", "out", "--cache", str(weights), "--output_format", "pdb", "--override"]
    return [str(program), "predict", "target.yaml", *options]


def _chai(program: Path, folder: Path, weights: Path, alignment: Alignment) -> list[str]:
    """Chai-1, which finds its weights by an environment variable."""
    (folder / "target.fasta").write_text(f">protein|name=A\n{alignment.sequence}\n")
    return ["env", f"CHAI_DOWNLOADS_DIR={weights}", str(program), "fold", "target.fasta", "out/chai"]


def _esmfold(program: Path, folder: Path, weights: Path, alignment: Alignment) -> list[str]:
    (folder / "target.fasta").write_text(f">target\n{alignment.sequence}\n")
    return [str(program), "-i", "target.fasta", "-o", "out", "--model-dir", str(weights), "--cpu-only"]


def _alphafold3(program: Path, folder: Path, weights: Path, alignment: Alignment) -> list[str]:
    """AlphaFold 3 without its search: docs/input.md of its repository."""
    protein = {"id": "A", "sequence": alignment.sequence, "templates": [], "pairedMsa": ""}
    protein["unpairedMsa"] = _a3m(alignment)
    job = {
        "name": "target",
        "modelSeeds": [1],
        "sequences": [{"protein": protein}],
        "dialect": "alphafold3",
        "version": 1,
    }
    (folder / "target.json").write_text(json.dumps(job))
    options = ["--json_path=target.json", f"--model_dir={weights}", "--output_dir=out", "--norun_data_pipeline"]
    python = program.parent / "bin" / "python"
    return [str(python if python.is_file() else "python3"), str(program), *options]


def _openfold3(program: Path, folder: Path, weights: Path, alignment: Alignment) -> list[str]:
    """OpenFold 3: its input format reference."""
    (folder / "colabfold_main.a3m").write_text(_a3m(alignment))
    chain = {"molecule_type": "protein", "chain_ids": ["A"], "sequence": alignment.sequence}
    chain["main_msa_file_paths"] = [str(folder / "colabfold_main.a3m")]
    (folder / "target.json").write_text(json.dumps({"queries": {"target": {"chains": [chain]}}}))
    options = ["--query-json", "target.json", "--inference-ckpt-path", str(weights), "--output-dir", "out"]
    return [str(program), "predict", *options, "--use-msa-server", "False", "--use-templates", "False"]


ENGINES = {
    "boltz": Engine(
        "boltz", "pip install boltz in an environment of its own; put its weights there", _boltz, "*_model_0.pdb"
    ),
    "chai": Engine("chai-lab", "pip install chai_lab in an environment of its own", _chai, "pred.model_idx_0.cif"),
    "esmfold": Engine("esm-fold", "pip install 'fair-esm[esmfold]' in an environment of its own", _esmfold, "*.pdb"),
    "alphafold3": Engine(
        "run_alphafold.py", "check out AlphaFold 3, ask for its weights", _alphafold3, "target_model.cif"
    ),
    "openfold3": Engine(
        "run_openfold", "pip install openfold3 in an environment of its own", _openfold3, "*_model.cif"
    ),
}
