"""What a screen is told: bounds of what is docked, how much is docked, how thoroughly. Quick to load."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bencao.discovery.docking.vina import Search
from bencao.kernel.errors import InputError

if TYPE_CHECKING:
    from rdkit import Chem

    from bencao.discovery.active.screening import Budget

# A batch below this costs more in starting than in docking.
_FEWEST = 4


@dataclass(frozen=True)
class Bounds:
    """Properties outside which a molecule is not docked.

    Attributes
    ----------
    weight : (float, float)
        g/mol.
    logp : (float, float)
    tpsa : float
        At most, square ångström.
    rotatable : int
        At most; Vina's search is seldom thorough beyond some 15 turnable bonds.
    pains : bool
        Whether a match of a PAINS pattern leaves a molecule out; else it is only told.

    Raises
    ------
    InputError
        Bounds that nothing can meet.
    """

    weight: tuple[float, float] = (150.0, 650.0)
    logp: tuple[float, float] = (-3.0, 7.0)
    tpsa: float = 200.0
    rotatable: int = 15
    pains: bool = False

    def __post_init__(self) -> None:
        for name in ("weight", "logp"):
            low, high = getattr(self, name)
            if not low < high:
                raise InputError(f"from {low:g} to {high:g}", where=name, mend="give the lower bound first")

    def broken(self, molecule: Chem.Mol, described: Sequence[float]) -> str:
        """The first property out of bounds; empty where there is none.

        Parameters
        ----------
        molecule : Mol
        described : sequence of float
            What `bencao.discovery.active.large.described` gives of it.
        """
        weight, logp, _, tpsa, _, _, turning, *_ = described
        if not self.weight[0] <= weight <= self.weight[1]:
            return "weight"
        if not self.logp[0] <= logp <= self.logp[1]:
            return "logp"
        if tpsa > self.tpsa:
            return "tpsa"
        if turning > self.rotatable and self._turns_too_much(molecule):  # the strict count is never the larger one
            return "rotatable"
        return "pains" if self.pains and _is_pains(molecule) else ""

    def _turns_too_much(self, molecule: Chem.Mol) -> bool:
        from rdkit.Chem.rdMolDescriptors import CalcNumRotatableBonds

        return int(CalcNumRotatableBonds(molecule)) > self.rotatable


def _is_pains(molecule: Chem.Mol) -> bool:
    from bencao.discovery.molecules.alerts import find_alerts

    return bool(find_alerts(molecule).pains)


@dataclass(frozen=True)
class Effort:
    """How many molecules are docked.

    Attributes
    ----------
    most : int
        At most; where no more candidates than that are left, all are docked and there is no surrogate.
    best : int
        The candidates looked for: those of the lowest scores.
    enough : float
        Share of these at whose lower bound docking stops; 1 never stops before `most`.
    first, batch : int, optional
        Docked at random to begin with, and in each further round; a sixth and a twelfth of `most`, 4 at least, where
        not given. A tenth of each further round, one at least, is drawn by chance.
    seed : int
    """

    most: int = 1000
    best: int = 100
    enough: float = 0.9
    first: int = 0
    batch: int = 0
    seed: int = 1

    def budget(self, candidates: int) -> Budget:
        """The same for so many candidates; raises `InputError` where it leaves nothing to do."""
        from bencao.discovery.active.screening import Budget

        first = self.first or min(self.most, max(_FEWEST, math.ceil(self.most / 6)))
        batch = self.batch or max(_FEWEST, math.ceil(self.most / 12))
        return Budget(self.most, first, batch, min(self.best, candidates), self.enough, self.seed)


@dataclass(frozen=True)
class Plan:
    """What a screen is told.

    Attributes
    ----------
    bounds : Bounds
    effort : Effort
    search : Search
    hits : int
        Length of the short list.
    nearest : int or None
        See `sieve`.
    ph : float
        For the states of the ligands.
    expansions : int
        Budget of the route planner for each hit; 0 asks for no routes.
    states : int
        Of a molecule at most so many tautomers, charges and stereoisomers are docked, and the best is taken; 0 docks it
        as it is drawn.
    """

    bounds: Bounds = field(default_factory=Bounds)
    effort: Effort = field(default_factory=Effort)
    search: Search = field(default_factory=Search)
    hits: int = 20
    nearest: int | None = None
    ph: float = 7.4
    expansions: int = 100
    states: int = 4

    def __post_init__(self) -> None:
        if self.states < 0:
            raise InputError(f"{self.states} states", where="states", mend="give 0 or more")
        if self.hits < 1:
            raise InputError(f"{self.hits} hits", where="hits", mend="give 1 or more")
