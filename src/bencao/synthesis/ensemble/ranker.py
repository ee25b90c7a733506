"""Rank the reactant sets of a molecule anew, by what the one-step models do not see: the reactants themselves."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.synthesis.chemistry.template import parsed
from bencao.synthesis.ensemble.candidates import Candidate

SHIPPED_RANKER = Path(__file__).parents[1] / "models" / "ranker"
MODEL_NAME = "reactant-ranker"
FEATURES = (
    "log probability by specific templates",
    "log probability by general templates",
    "log probability by local templates",
    "log mean probability",
    "log probability by specific and general templates, not shared among outcomes",
    "log mean probability beside the likeliest set",
    "log rank",
    "log rank by specific templates",
    "log rank by general templates",
    "log rank by local templates",
    "log uses of the rarest reactant",
    "log uses of the commonest reactant",
    "share of reactants ever used",
    "number of reactants",
    "log number of templates that give the set",
    "log number of training reactions of its template",
    "log number of products of the forward run",
    "heavy atoms that leave",
    "share of the product's heavy atoms in the largest reactant",
    "stereo kept",
)
# What feasibility is judged by: the reactants and the change, not what the networks or other candidates say.
OF_THE_STEP = tuple(place for place, name in enumerate(FEATURES) if "probability" not in name and "rank" not in name)
_LEAST = 1e-6


@dataclass(frozen=True)
class UseTable:
    """In how many training reactions each reactant was used, by the CRC-32 of its canonical SMILES.

    Attributes
    ----------
    keys : ndarray of uint32, shape (n,)
        Ascending.
    uses : ndarray of uint16, shape (n,)
        Of 200,000 reactants, one unknown molecule in 20,000 is taken for a known one.
    """

    keys: NDArray[np.uint32]
    uses: NDArray[np.uint16]

    def find(self, smiles: str) -> int:
        """Number of reactions; 0 for a reactant that was not used."""
        key = np.uint32(zlib.crc32(smiles.encode()))
        place = int(np.searchsorted(self.keys, key))
        return int(self.uses[place]) if place < len(self.keys) and self.keys[place] == key else 0


def features(product: str, candidates: Sequence[Candidate], uses: UseTable) -> NDArray[np.float32]:
    """What the ranker sees of each candidate; shape (candidates, features), in the order of `FEATURES`.

    Parameters
    ----------
    product : str
    candidates : sequence of Candidate
        All of one molecule, by falling `Candidate.chance`.
    uses : UseTable
    """
    chances = np.array([(one.specific, one.general, one.local, one.chance) for one in candidates]).reshape(-1, 4)
    logs = np.log(chances + _LEAST)
    best = logs[:, 3].max(initial=np.log(_LEAST))
    ranks = np.argsort(np.argsort(-chances[:, :3], axis=0, kind="stable"), axis=0)
    rows = [
        (
            *logs[place],
            float(np.log(one.whole + _LEAST)),
            logs[place, 3] - best,
            np.log1p(place),
            *np.log1p(ranks[place]),
            *_of_reactants(product, one, uses),
        )
        for place, one in enumerate(candidates)
    ]
    return np.array(rows, dtype=np.float32).reshape(-1, len(FEATURES))


def _of_reactants(product: str, one: Candidate, uses: UseTable) -> tuple[float, ...]:
    reactants = one.reactants.split(".")
    used = [uses.find(part) for part in reactants]
    atoms = [_heavy_atoms(part) for part in reactants]
    whole = _heavy_atoms(product)
    return (
        float(np.log1p(min(used))),
        float(np.log1p(max(used))),
        sum(number > 0 for number in used) / len(used),
        float(len(used)),
        float(np.log1p(one.templates)),
        float(np.log1p(one.row.count)),
        float(np.log1p(one.verdict.outcomes)),
        float(sum(atoms) - whole),
        max(atoms) / whole,
        float(one.verdict.stereo == "kept"),
    )


def _heavy_atoms(smiles: str) -> int:
    molecule = parsed(smiles)
    return int(molecule.GetNumHeavyAtoms()) if molecule is not None else 0


class Ranker:
    """A network of one hidden layer over `features`, a score for "none of these", and a logistic regression beside it.

    Parameters
    ----------
    folder : Path
        Model folder with ``ranker.npz`` and the card.

    Raises
    ------
    ModelError
        A file is absent or altered, or the ranker was made for other features.
    """

    def __init__(self, folder: Path = SHIPPED_RANKER) -> None:
        model = models.load(folder, MODEL_NAME)
        self.identity = model.identity
        with np.load(model.path("ranker.npz")) as packed:
            self._mean, self._scale = packed["mean"], packed["scale"]
            self._hidden, self._bias = packed["hidden"], packed["bias"]
            self._out, self._none = packed["out"], float(packed["none"])
            self._feasible, self._offset = packed["feasible"], float(packed["offset"])
            self._uses = UseTable(np.cumsum(packed["steps"], dtype=np.uint32), packed["uses"])
        if len(self._mean) != len(FEATURES):
            raise ModelError("the ranker was made for other features", where=str(folder), mend="train it again")

    def judge(self, product: str, candidates: Sequence[Candidate]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probability that each candidate is what was reported, and its feasibility.

        Parameters
        ----------
        product : str
        candidates : sequence of Candidate
            All of the product, by falling `Candidate.chance`.

        Returns
        -------
        probabilities : ndarray, shape (candidates,)
            Their sum is below 1: what is missing is the probability that none of them is.
        feasibilities : ndarray, shape (candidates,)
            See `Proposal.feasibility`.
        """
        seen = (features(product, candidates, self._uses) - self._mean) / self._scale
        scores = np.tanh(seen @ self._hidden + self._bias) @ self._out
        together = np.append(scores, self._none).astype(np.float64)
        weights = np.exp(together - together.max())
        logits = (seen[:, OF_THE_STEP] @ self._feasible + self._offset).astype(np.float64)
        return weights[:-1] / weights.sum(), 1 / (1 + np.exp(-logits))
