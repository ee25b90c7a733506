"""ADMET-AI (Swanson et al., Bioinformatics 2024, 40, btae416) where the user has it in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bencao.kernel.errors import ComputeError, EngineMissing

INSTALL = "python3 -m venv FOLDER && FOLDER/bin/pip install admet-ai, then give --home FOLDER"
_TOLD = 400
_CHECK = "import importlib.metadata; print(importlib.metadata.version('admet-ai'))"
# Its models lie in its package. The table of DrugBank's molecules beside them is never read: its licence forbids it.
_PREDICT = """
import json, pathlib
from admet_ai import ADMETModel
smiles = json.loads(pathlib.Path("smiles.json").read_text())
found = ADMETModel(include_physchem=False, drugbank_path=None, num_workers=0).predict(smiles)
told = {str(name): [float(one) for one in found[name]] for name in found.columns}
pathlib.Path("found.json").write_text(json.dumps(told))
"""


def admet_ai_version(home: Path) -> str:
    """Version of ADMET-AI in an environment.

    Parameters
    ----------
    home : Path
        Folder of the environment.

    Returns
    -------
    str

    Raises
    ------
    EngineMissing
        Where there is no such environment, or ADMET-AI is not in it.
    """
    python = home.resolve() / "bin" / "python"
    if not python.is_file():
        raise EngineMissing("ADMET-AI: no bin/python in the folder that was named", mend=INSTALL)
    ended = subprocess.run([str(python), "-c", _CHECK], capture_output=True, text=True, errors="replace")
    if ended.returncode:
        raise EngineMissing("ADMET-AI is not in the environment that was named", mend=INSTALL)
    return ended.stdout.strip()


def predict_by_admet_ai(smiles: Sequence[str], home: Path) -> list[dict[str, float]]:
    """What ADMET-AI predicts of molecules: 41 endpoints, without intervals.

    Parameters
    ----------
    smiles : sequence of str
        Each read by RDKit.
    home : Path
        Folder of its environment.

    Returns
    -------
    list of dict of str to float
        For each molecule the endpoints by ADMET-AI's names: probabilities, or values in the units of its documentation.

    Raises
    ------
    EngineMissing
        As `admet_ai_version`.
    ComputeError
        Where it failed, with the end of what it said.
    """
    admet_ai_version(home)
    if not smiles:
        return []
    python = home.resolve() / "bin" / "python"
    with tempfile.TemporaryDirectory(prefix="bencao-admet-") as name:
        folder = Path(name)
        (folder / "smiles.json").write_text(json.dumps(list(smiles)))
        ended = subprocess.run(
            [str(python), "-c", _PREDICT],
            cwd=folder,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "WANDB_MODE": "disabled"},
            capture_output=True,
            text=True,
            errors="replace",
        )
        written = folder / "found.json"
        if ended.returncode or not written.is_file():
            said = ended.stderr.strip()[-_TOLD:]
            raise ComputeError(f"ADMET-AI ended with code {ended.returncode}: {said}", mend="run it by hand")
        found: dict[str, list[float]] = json.loads(written.read_text())
    if any(len(column) != len(smiles) for column in found.values()):
        raise ComputeError("ADMET-AI left molecules out", mend="see which of them it reads")
    return [{name: column[place] for name, column in found.items()} for place in range(len(smiles))]
