"""Whether a pose is physically possible: the checks of PoseBusters."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rdkit
from rdkit import Chem, rdBase

from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel.errors import EngineMissing


@dataclass(frozen=True)
class Check:
    """A check and whether the pose passes it."""

    name: str
    passed: bool


def check_pose(pose: Chem.Mol, receptor: Receptor) -> tuple[Check, ...]:
    """Check a pose as PoseBusters does: chemistry, geometry, strain, distance to the receptor, overlap with it.

    Parameters
    ----------
    pose : Mol
        With hydrogens and one conformer.
    receptor : Receptor

    Returns
    -------
    tuple of Check

    Raises
    ------
    EngineMissing
        Where PoseBusters is not installed.

    Notes
    -----
    Buttenschoen, Morris, Deane, Chem. Sci. 2024, 15, 3130.
    """
    try:
        from posebusters import PoseBusters
    except ImportError as error:
        raise EngineMissing("PoseBusters is not installed", mend="pip install 'bencao[discovery]'") from error
    with tempfile.TemporaryDirectory(prefix="bencao-check-") as folder:
        path = Path(folder) / "receptor.pdb"
        path.write_text(receptor.pdb, encoding="ascii")
        with _rdkit_logging():
            table = PoseBusters(config="dock", max_workers=0).bust(pose, None, path)
    row = table.iloc[0]
    return tuple(Check(str(name), bool(value)) for name, value in row.items())


@contextlib.contextmanager
def _rdkit_logging() -> Iterator[None]:
    """PoseBusters sends RDKit's messages through Python for good, to the stderr of that moment, which may be closed."""
    rdBase.LogToPythonLogger()
    rdkit.log_handler.stream = sys.__stderr__
    try:
        yield
    finally:
        rdkit.log_handler.stream = sys.__stderr__
        rdBase.LogToCppStreams()
