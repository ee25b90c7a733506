"""The two small interfaces of the planner: what proposes a step, and what is in stock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from bencao.synthesis.route import Proposal, StockEntry


@dataclass(frozen=True)
class Unchecked:
    """A proposal whose forward run waits until a search wants to use the step; most steps are never used.

    Attributes
    ----------
    reactants : str
    probability : float
        As in `Proposal`.
    check : callable
        Gives the proposal; None where it fails the forward check. It runs forwards once, however often it is called.
    """

    reactants: str
    probability: float
    check: Callable[[], Proposal | None]


@dataclass(frozen=True)
class Batch:
    """Some proposals for a molecule, and what may still come.

    Attributes
    ----------
    proposals : tuple of Proposal or Unchecked
        By falling probability.
    bound : float
        No later proposal for the molecule is more probable than this; 0 where none will come.
    """

    proposals: tuple[Proposal | Unchecked, ...]
    bound: float


def checked(proposals: Iterable[Proposal | Unchecked]) -> Iterator[Proposal]:
    """The proposals that pass their forward check, run forwards where they had not been."""
    for one in proposals:
        proposal = one.check() if isinstance(one, Unchecked) else one
        if proposal is not None and proposal.forward.ok:
            yield proposal


class Proposer(Protocol):
    """A one-step model: molecule in, ranked reactant sets out."""

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Name and digest of the model, for provenance."""
        ...

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        """Rank ways to make a molecule.

        Parameters
        ----------
        smiles : str
            Canonical SMILES of one molecule.
        top : int
            Number of proposals at most.

        Returns
        -------
        tuple of Proposal
            By falling probability, no reactant set twice, none that contains the molecule itself.
        """
        ...

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        """The same, a few at a time and only as they are asked for: most of a search needs the first few only.

        Each reactant set comes once, with the probability that the templates tried until then give it; in all at
        most `top` proposals come. The last batch has bound 0.
        """
        ...


class Stock(Protocol):
    """What a route may start from."""

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Names and digests of the tiers in use, for provenance."""
        ...

    def find(self, smiles: str) -> StockEntry | None:
        """The entry for a molecule (canonical SMILES), or None.

        An entry of tier ``perhaps`` (a stereo mismatch, a Bloom filter's answer) does not solve a leaf.
        """
        ...
