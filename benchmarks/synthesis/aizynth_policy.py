"""Our policy as an expansion strategy of AiZynthFinder 4.4.1; runs in AiZynthFinder's own environment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aizynthfinder.chem import TemplatedRetroReaction, TreeMolecule
from aizynthfinder.chem.reaction import RetroReaction
from aizynthfinder.context.config import Configuration
from aizynthfinder.context.policy.expansion_strategies import ExpansionStrategy
from exported_policy import ExportedPolicy, Ranked


class BencaoExpansion(ExpansionStrategy):
    """Offers AiZynthFinder's search the templates that our network ranks highest.

    Its own ``TemplateBasedExpansionStrategy`` feeds a network with one fixed thing, ``GetMorganFingerprintAsBitVect``
    of radius 2 and the width of the network's input, as float32 of shape (molecules, width), and reads probabilities
    of shape (molecules, templates). Ours takes sparse counts at radius 3 with chirality, so this class replaces the
    featurising and nothing else: the actions are the same `TemplatedRetroReaction`, applied by the search when it
    chooses to, with RDChiral, and the cuts after 50 templates and 0.995 of the probability are as there.

    Parameters
    ----------
    key : str
        Name of the strategy in the configuration.
    config : Configuration
    folder, features : str
        See `ExportedPolicy`.
    cutoff_number, cutoff_cumulative
        As in ``TemplateBasedExpansionStrategy``.
    """

    _required_kwargs = ["folder", "features"]  # noqa: RUF012

    def __init__(
        self,
        key: str,
        config: Configuration,
        folder: str,
        features: str,
        cutoff_number: int = 50,
        cutoff_cumulative: float = 0.995,
    ) -> None:
        super().__init__(key, config, folder=folder, features=features)
        self._policy = ExportedPolicy(Path(folder), Path(features))
        self._top, self._cumulative = cutoff_number, cutoff_cumulative
        self._cache: dict[str, list[Ranked]] = {}

    def get_actions(
        self, molecules: Sequence[TreeMolecule], cache_molecules: Sequence[TreeMolecule] | None = None
    ) -> tuple[list[RetroReaction], list[float]]:
        """Actions and their probabilities; `cache_molecules` wait until the search asks about them."""
        actions: list[RetroReaction] = []
        probabilities: list[float] = []
        for molecule in molecules:
            for rank, found in enumerate(self._ranked(molecule)):
                metadata = {
                    "policy_name": self.key,
                    "policy_probability": round(found.probability, 4),
                    "policy_probability_rank": rank,
                    "template_code": found.number,
                    "template": found.template,
                }
                actions.append(
                    TemplatedRetroReaction(molecule, smarts=found.template, metadata=metadata, use_rdchiral=True)
                )
                probabilities.append(found.probability)
        return actions, probabilities

    def _ranked(self, molecule: TreeMolecule) -> list[Ranked]:
        key = molecule.inchi_key
        if key not in self._cache:
            self._cache[key] = self._policy.rank(molecule.smiles, self._top, self._cumulative)
        return self._cache[key]

    def reset_cache(self) -> None:
        """Forget the last search, as AiZynthFinder does before each."""
        self._cache = {}
