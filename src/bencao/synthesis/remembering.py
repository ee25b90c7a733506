"""A proposer that is asked about each batch once, however many searches ask it, and knows what it has given."""

from __future__ import annotations

from collections.abc import Iterator

from bencao.synthesis.route import Proposal
from bencao.synthesis.seams import Batch, Proposer, Unchecked


class RememberingProposer:
    """A proposer that keeps the batches it has given.

    Parameters
    ----------
    inner : Proposer
        Asked once for each batch.
    """

    def __init__(self, inner: Proposer) -> None:
        self._inner = inner
        self._known: dict[tuple[str, int], tuple[list[Batch], Iterator[Batch]]] = {}

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Name and digest of the model."""
        return self._inner.identity

    @property
    def asked(self) -> int:
        """Number of batches that the inner proposer was asked for."""
        return sum(len(batches) for batches, _ in self._known.values())

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        """See `seams.Proposer.propose`; not remembered."""
        return self._inner.propose(smiles, top)

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        """See `seams.Proposer.batches`."""
        if (smiles, top) not in self._known:
            self._known[smiles, top] = ([], self._inner.batches(smiles, top))
        given, coming = self._known[smiles, top]
        place = 0
        while True:
            if place == len(given):
                given.append(next(coming))
            yield given[place]
            if not given[place].bound:
                return
            place += 1

    def given(self) -> Iterator[tuple[str, Proposal | Unchecked]]:
        """Every molecule with each proposal for it that was given in a batch, in the order in which it was asked."""
        for (smiles, _), (batches, _) in self._known.items():
            for batch in batches:
                for proposal in batch.proposals:
                    yield smiles, proposal
