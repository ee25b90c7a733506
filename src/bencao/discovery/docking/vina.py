"""AutoDock Vina through its Python bindings: the receptor is read once, then ligand after ligand is docked."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bencao.discovery.errors import LigandError
from bencao.kernel.errors import EngineMissing

if TYPE_CHECKING:
    from bencao.discovery.receptor.box import Box

SCORING = ("vina", "vinardo")


@dataclass(frozen=True)
class Search:
    """How thoroughly to search.

    Attributes
    ----------
    exhaustiveness : int
        Independent Monte Carlo runs a ligand, shared by its starting shapes.
    poses : int
        At most so many a conformer, within `window` kcal/mol of the best.
    window : float
    seed : int
        1 or more; Vina takes 0 for a random one.
    scoring : {"vina", "vinardo"}
    """

    exhaustiveness: int = 8
    poses: int = 9
    window: float = 3.0
    seed: int = 1
    scoring: str = "vina"


class VinaEngine:
    """A receptor with its grid maps, ready for ligands.

    Parameters
    ----------
    receptor : str
        PDBQT.
    box : Box
    search : Search

    Raises
    ------
    EngineMissing
        Where Vina is not installed.

    Notes
    -----
    Eberhardt et al., J. Chem. Inf. Model. 2021, 61, 3891; Trott, Olson, J. Comput. Chem. 2010, 31, 455. One thread: a
    worker docks a ligand, so that the answer does not depend on how many workers there are.
    """

    def __init__(self, receptor: str, box: Box, search: Search) -> None:
        try:
            from vina import Vina
        except ImportError as error:
            raise EngineMissing("AutoDock Vina is not installed", mend="pip install 'bencao[discovery]'") from error
        self._search = search
        self._vina: Any = Vina(sf_name=search.scoring, cpu=1, seed=search.seed, verbosity=0)
        with tempfile.TemporaryDirectory(prefix="bencao-dock-") as folder:
            path = Path(folder) / "receptor.pdbqt"
            path.write_text(receptor, encoding="ascii")
            self._vina.set_receptor(str(path))
        self._vina.compute_vina_maps(center=list(box.center), box_size=list(box.size))

    def dock(self, ligand: str, shapes: int = 1) -> tuple[str, tuple[float, ...]]:
        """Dock one conformer.

        Parameters
        ----------
        ligand : str
            PDBQT.
        shapes : int
            Conformers of the ligand among which the runs are shared.

        Returns
        -------
        str
            Poses as a PDBQT of models, best first.
        tuple of float
            Their scores in kcal/mol.

        Raises
        ------
        LigandError
            Where Vina finds no pose, or cannot read the ligand.
        """
        try:
            self._vina.set_ligand_from_string(ligand)
            self._vina.dock(exhaustiveness=-(-self._search.exhaustiveness // shapes), n_poses=self._search.poses)
            limits = {"n_poses": self._search.poses, "energy_range": self._search.window}
            text = self._vina.poses(**limits)
            scores = tuple(float(row[0]) for row in self._vina.energies(**limits))
        except (RuntimeError, TypeError, ValueError) as error:
            raise LigandError(
                f"Vina could not dock it: {error}", mend="look at the molecule, or enlarge the box"
            ) from error
        if not scores:
            raise LigandError("Vina found no pose", mend="enlarge the box")
        return str(text), scores
