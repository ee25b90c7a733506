"""Rank conditions for a step: reported frequencies with back-off, blended with a small network."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.synthesis.chemistry.memory import remembered
from bencao.synthesis.conditions.change import LEVELS, Change, UnreadableReaction, change_of
from bencao.synthesis.conditions.chemicals import Chemical, chemical_list, has_catalyst_metal, spelled
from bencao.synthesis.conditions.demands import demands_of
from bencao.synthesis.conditions.tables import CountTable, backed_off
from bencao.synthesis.route import ConditionSet, EvidenceLevel, NamedChemical, Plan, Proposal, RouteNode

SHIPPED_CONDITIONS = Path(__file__).parents[1] / "models" / "conditions"
CONDITIONS_NAME = "conditions"
_SHOWN = 3
_OTHERS = 2
_CONSIDERED = 40  # reagent sets looked at before those are struck that the reactants hold
_MAPS = re.compile(r":\d+(?=\])")
_MEND = "train it with training/synthesis_conditions.py, or install the package again"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ConditionWeights:
    """How frequencies and network are put together; tuned on the folds for tuning.

    Attributes
    ----------
    network : float
        Share of the network in the probability of a reagent or solvent set.
    strength : tuple of float
        Weight of the wider level against the counts of the class and of each of `LEVELS`, widest first: so many counts
        for each different set that was seen.
    solvent_strength : float
        The same for the solvents of a reagent set against those of the step.
    """

    network: float = 0.5
    strength: tuple[float, ...] = (1.0, 1.0, 1.0, 2.0, 5.0)
    solvent_strength: float = 10.0


@dataclass(frozen=True)
class Ranking:
    """Probabilities for one step.

    Attributes
    ----------
    acting : ndarray, shape (reagent sets,)
    solvents : ndarray, shape (solvent sets,)
    """

    acting: Floats
    solvents: Floats


class ConditionModel:
    """Conditions of reported reactions, by what a reaction changes.

    Parameters
    ----------
    folder : Path
        Folder with ``network.npz``, ``tables.npz``, ``sets.json`` and the card.

    Attributes
    ----------
    acting, solvents : list of frozenset of str
        The reagent sets (catalysts included) and solvent sets that can be answered, as canonical SMILES.
    single : list of str
        The solvents of those sets.

    Raises
    ------
    ModelError
        A file is absent or altered.
    """

    def __init__(self, folder: Path = SHIPPED_CONDITIONS) -> None:
        model = models.load(folder, CONDITIONS_NAME)
        self.identity = model.identity
        try:
            told = json.loads(model.path("sets.json").read_text(encoding="utf-8"))
            self.acting = [frozenset(members) for members in told["acting"]]
            self.solvents = [frozenset(members) for members in told["solvents"]]
            self._weights = ConditionWeights(**{**told["weights"], "strength": tuple(told["weights"]["strength"])})
            with np.load(model.path("network.npz")) as packed:
                self._network = {name: packed[name] for name in packed.files}
            for side in ("acting", "solvents"):
                self._network[side] = self._network[side] * self._network[f"{side}_scale"][:, None]
            with np.load(model.path("tables.npz")) as packed:
                names = ("class", *reversed(LEVELS))
                self._tables = {
                    side: [CountTable.read(packed, f"{side}_{name}", len(sets)) for name in names]
                    for side, sets in (("acting", self.acting), ("solvents", self.solvents))
                }
                self._together = CountTable.read(packed, "together", len(self.solvents))
                self._overall = {side: packed[f"{side}_all"].astype(np.float64) for side in self._tables}
            # Which solvents (columns) the solvent sets (rows) hold.
            self.single = sorted(frozenset().union(*self.solvents))
            self._holds = np.array([[one in members for one in self.single] for members in self.solvents], dtype=float)
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"not a model of conditions: {error}", where=str(folder), mend=_MEND) from error

    def reaction_class(self, change: Change) -> int:
        """The likeliest of the ten reaction classes, by the model's own classifier."""
        slots = change.slots(len(self._network["class"]))
        return 1 + int(np.argmax(self._network["class"][slots].sum(axis=0, dtype=np.int64)))

    def keys_of(self, change: Change) -> tuple[int, ...]:
        """Keys of the tables, widest first: class, then `LEVELS` from the widest."""
        return (self.reaction_class(change), *reversed(change.keys))

    def ranking(self, change: Change) -> Ranking:
        """Probability of every reagent set and of every solvent set."""
        keys = self.keys_of(change)
        hidden = self._hidden(change)
        shares = []
        for side in ("acting", "solvents"):
            counted = backed_off(self._overall[side], self._tables[side], keys, self._weights.strength)
            # Not by BLAS: its sums depend on the number of threads.
            logits = np.einsum("sh,h->s", self._network[side], hidden) + self._network[f"{side}_bias"]
            learned = _softmax(logits)
            shares.append(self._weights.network * learned + (1 - self._weights.network) * counted)
        return Ranking(*shares)

    def _hidden(self, change: Change) -> NDArray[np.float32]:
        slots = change.slots(len(self._network["bag"]))
        rows = self._network["bag"][slots].astype(np.float32) * self._network["bag_scale"][slots, None]
        total = rows.sum(axis=0)
        normed = (total - total.mean()) / np.sqrt(total.var() + 1e-5)
        scaled = normed * self._network["gain"] + self._network["shift"]
        # Gelu, in its form with the hyperbolic tangent (Hendrycks and Gimpel, arXiv 1606.08415).
        gated: NDArray[np.float32] = (
            0.5 * scaled * (1 + np.tanh(np.sqrt(2 / np.pi) * (scaled + 0.044715 * scaled**3)))
        ).astype(np.float32)
        return gated

    def solvents_with(self, acting: int, ranking: Ranking) -> Floats:
        """Probability of every solvent set beside a reagent set."""
        counts, total = self._together.counts(acting)
        strength = self._weights.solvent_strength
        # What the reagents say, over what anything says, times what the step says.
        overall = self._overall["solvents"] / self._overall["solvents"].sum()
        beside = (counts + strength * overall) / (total + strength)
        shares: Floats = ranking.solvents * beside / overall
        shares /= shares.sum()
        return shares

    def single_solvents(self, shares: Floats, number: int, named: frozenset[str] = frozenset()) -> list[str]:
        """Solvents, each the likeliest where none before it is used, so that together they miss least.

        Parameters
        ----------
        shares : ndarray, shape (solvent sets,)
            Probability of each set.
        number : int
            Of solvents.
        named : frozenset of str
            What stands before them already.
        """
        left = shares * [named.isdisjoint(members) for members in self.solvents]
        free = np.array([one not in named for one in self.single])
        found = []
        for _ in range(min(number, int(free.sum()))):
            best = int(np.argmax(np.where(free, np.einsum("s,so->o", left, self._holds), -1.0)))
            found.append(self.single[best])
            free[best] = False
            left = left * (1 - self._holds[:, best])
        return found

    def find(self, mapped: str, top: int = _SHOWN) -> tuple[ConditionSet, ...]:
        """The best condition sets of a reaction.

        Parameters
        ----------
        mapped : str
            ``reactants>>product`` with atom maps.
        top : int
            Number of condition sets at most.

        Returns
        -------
        tuple of ConditionSet
            By falling probability of the reagents, no reagent set twice, each with its likeliest solvents. What stands
            among the reactants is not named again as a reagent, and a set that cannot bring the change about
            (`Demands`) is left out. Empty where the reaction cannot be read.
        """
        try:
            change = change_of(mapped)
        except UnreadableReaction:
            return ()
        ranking = self.ranking(change)
        reactants = {_bare(part) for part in mapped.partition(">>")[0].split(".")}
        chances: dict[frozenset[str], float] = {}
        likeliest: dict[frozenset[str], int] = {}
        for index in np.argsort(-ranking.acting, kind="stable")[:_CONSIDERED]:
            rest = self.acting[index] - reactants
            chances[rest] = chances.get(rest, 0.0) + float(ranking.acting[index])
            likeliest.setdefault(rest, int(index))
        demands = demands_of(mapped)
        able = [members for members in chances if demands.met_by(members, reactants)]
        best = sorted(able, key=lambda members: (-chances[members], sorted(members)))[:top]
        return tuple(self._answer(members, likeliest[members], chances[members], ranking, change) for members in best)

    def suggest(self, proposal: Proposal) -> Proposal:
        """The proposal with its conditions."""
        return replace(proposal, conditions=self.find(proposal.forward.mapped))

    def suggest_plan(self, plan: Plan) -> Plan:
        """The plan with conditions for each step of its routes, and this model in its provenance."""
        routes = tuple(replace(route, root=self._suggest_node(route.root)) for route in plan.routes)
        return replace(plan, routes=routes, provenance=(*plan.provenance, *self.identity))

    def _suggest_node(self, node: RouteNode) -> RouteNode:
        if node.step is None:
            return node
        return replace(node, step=self.suggest(node.step), precursors=tuple(map(self._suggest_node, node.precursors)))

    def _answer(
        self, members: frozenset[str], index: int, chance: float, ranking: Ranking, change: Change
    ) -> ConditionSet:
        shares = self.solvents_with(index, ranking)
        solvents = int(np.argmax(shares))
        others = self.single_solvents(shares, _OTHERS, self.solvents[solvents])
        level, reported, support = self._evidence(index, change)
        known = chemical_list()
        metal = any(map(has_catalyst_metal, members))
        named = sorted((known.chemical(smiles) for smiles in members), key=lambda one: one.en.lower())
        catalysts = [one for one in named if one.role == "catalyst" or (one.role == "ligand" and metal)]
        return ConditionSet(
            reagents=_names([one for one in named if one not in catalysts]),
            catalysts=_names(catalysts),
            solvents=_names([known.chemical(smiles) for smiles in sorted(self.solvents[solvents])]),
            other_solvents=_names([known.chemical(smiles) for smiles in others]),
            score=chance,
            level=level,
            reported=reported,
            support=support,
        )

    def _evidence(self, index: int, change: Change) -> tuple[EvidenceLevel, int, int]:
        """The narrowest level at which a reagent set was reported, how often, and among how many reactions."""
        names: tuple[EvidenceLevel, ...] = (*LEVELS, "class")
        for name, table, key in zip(names, self._tables["acting"][::-1], self.keys_of(change)[::-1], strict=True):
            counts, total = table.counts(key)
            if counts[index]:
                return name, int(counts[index]), int(total)
        return "all", int(self._overall["acting"][index]), int(self._overall["acting"].sum())


def _names(chemicals: Sequence[Chemical]) -> tuple[NamedChemical, ...]:
    return tuple(NamedChemical(one.smiles, one.en, one.zh) for one in chemicals)


def _softmax(logits: NDArray[np.float32]) -> Floats:
    shifted = np.exp(logits.astype(np.float64) - float(logits.max()))
    shares: Floats = shifted / shifted.sum()
    return shares


@remembered(10_000)
def _bare(mapped: str) -> str:
    return spelled(_MAPS.sub("", mapped))


@lru_cache(maxsize=4)
def load_conditions(folder: Path = SHIPPED_CONDITIONS) -> ConditionModel:
    """The model of a folder, loaded once a process."""
    return ConditionModel(folder)
