"""The ensemble as a proposer: slower than the template network alone, and more often right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bencao.synthesis.chemistry.template import PreparedMolecule, canonical
from bencao.synthesis.ensemble.candidates import candidates
from bencao.synthesis.ensemble.ranker import MODEL_NAME as RANKER
from bencao.synthesis.ensemble.ranker import SHIPPED_RANKER, Ranker
from bencao.synthesis.ensemble.sites import MODEL_NAME as SITES
from bencao.synthesis.ensemble.sites import SHIPPED_SITES, SiteModel
from bencao.synthesis.proposer import MODEL_NAME as TEMPLATES
from bencao.synthesis.proposer import SHIPPED_MODEL, TemplateProposer, load_proposer
from bencao.synthesis.route import Proposal
from bencao.synthesis.seams import Batch, Proposer

FULL, FAST = "full", "fast"


class EnsembleProposer:
    """Template network, site network and ranker as one model.

    Parameters
    ----------
    templates : TemplateProposer
    sites : SiteModel
    ranker : Ranker
        Trained on what these two give.
    """

    def __init__(self, templates: TemplateProposer, sites: SiteModel, ranker: Ranker) -> None:
        self._templates = templates
        self._sites = sites
        self._ranker = ranker

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Names and digests of the models; their files have the same names, so those of two carry the model's."""
        return (*self._templates.identity, *_told(self._sites.identity), *_told(self._ranker.identity))

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        """Rank ways to make a molecule; see `seams.Proposer.propose`.

        A proposal's probability is that of the ranker: how likely the set is the one that was reported.
        """
        product = PreparedMolecule(canonical(smiles) or smiles)
        found = candidates(product, self._templates, self._sites)
        proposals = (
            Proposal(
                one.reactants,
                float(chance),
                one.row.smarts,
                one.row.reaction_class,
                one.verdict,
                feasibility=float(feasible),
            )
            for one, chance, feasible in zip(found, *self._ranker.judge(product.smiles, found), strict=True)
        )
        return tuple(sorted(proposals, key=lambda one: (-one.probability, one.reactants))[:top])

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        """All proposals as one batch: the ranker needs them together. See `seams.Proposer.batches`."""
        yield Batch(self.propose(smiles, top), 0.0)


def _told(identity: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    (name, version), *files = identity
    yield name, version
    yield from ((f"{name}/{file}", digest) for file, digest in files)


@lru_cache(maxsize=1)
def load_ensemble() -> EnsembleProposer:
    """The shipped ensemble, loaded once a process."""
    return EnsembleProposer(load_proposer(), SiteModel(), Ranker())


def load_model(model: str | Path) -> Proposer:
    """A one-step model by name or folder.

    Parameters
    ----------
    model : str or Path
        ``full`` for the shipped ensemble, ``fast`` for the shipped template network alone, or a model folder.

    Raises
    ------
    ModelError
        No such folder, or a file of it is absent or altered.
    """
    if str(model) == FULL:
        return load_ensemble()
    return load_proposer(SHIPPED_MODEL if str(model) == FAST else Path(model))


def cards_of(model: str | Path) -> tuple[Path, ...]:
    """Cards of what `load_model` loads."""
    templates = SHIPPED_MODEL if str(model) in (FAST, FULL) else Path(model)
    cards = (templates / f"{TEMPLATES}.card.json",)
    if str(model) != FULL:
        return cards
    return (*cards, SHIPPED_SITES / f"{SITES}.card.json", SHIPPED_RANKER / f"{RANKER}.card.json")
