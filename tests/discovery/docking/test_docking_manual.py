"""The commands of docs/discovery.md on receptors and docking run as they stand there."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kinase_site import bound_ligand, write_site

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "discovery.md"


@pytest.mark.parametrize("heading", ["The receptor and its pockets", "Docking"])
def test_the_manuals_commands_run(
    bencao: Callable[..., object], shared_data: Path, tmp_path: Path, heading: str
) -> None:
    write_site(shared_data, tmp_path / "site.pdb")
    shutil.copyfile(bound_ligand(shared_data), tmp_path / "imatinib.sdf")
    (tmp_path / "ligands.smi").write_text("c1ccncc1 pyridine\n")
    section = MANUAL.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    commands = [shlex.split(line)[1:] for line in section.splitlines() if line.startswith("bencao discovery")]
    assert commands
    for command in commands:
        assert bencao(*command).code == 0, command
