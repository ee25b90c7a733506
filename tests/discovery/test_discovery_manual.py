"""The commands of the manual run as they stand there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MANUAL = Path(__file__).parents[2] / "docs" / "discovery.md"
SMILES = ["CC(=O)Oc1ccccc1C(=O)O", "OC(=O)c1ccccc1O", "CCO", "c1ccncc1", "CC(=O)Nc1ccc(O)cc1", "nonsense"]


@pytest.mark.parametrize(
    "verbs",
    [("standardise",), ("ligands",), ("properties",), ("admet",), ("next",), ("index", "similar"), ("shape",)],
)
def test_the_manual_s_commands_run(bencao: Callable[..., Any], verbs: tuple[str, ...]) -> None:
    Path("library.smi").write_text("".join(f"{smiles} m{n}\n" for n, smiles in enumerate(SMILES)))
    scores = ["-7.1", "-6.0", "nan", "-4.4", "", ""]
    Path("library.csv").write_text("smiles,score\n" + "".join(map("{},{}\n".format, SMILES, scores)))
    blocks = re.findall(r"```sh\n(.*?)```", MANUAL.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("bencao discovery ")]
    wanted = [line for line in lines if line.split()[2] in verbs]
    assert [line.split()[2] for line in wanted] == list(verbs)
    for line in wanted:
        answer = bencao(*shlex.split(line)[1:])
        assert answer.code == 0, answer.err
