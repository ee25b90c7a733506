"""The learned ranker: of a text's candidates the probability that each is meant, and that none is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.safety.coding.associations import Associations, read_associations
from bencao.safety.coding.features import FEATURES

MODELS = Path(__file__).parents[1] / "models" / "coding"
NAME = "safety-coding"
WEIGHTS = "ranker.npz"
ASSOCIATIONS = "associations.tsv"

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Ranker:
    """A network of one hidden layer that scores a candidate; the scores of a text compete, with one for none.

    Attributes
    ----------
    mean, scale : ndarray of float32, shape (features,)
        By which features are standardised.
    hidden : ndarray of float32, shape (features, units)
    hidden_shift, out : ndarray of float32, shape (units,)
    none : ndarray of float32, shape (3,)
        Score of "none of them": what it is, and what it gains by the best and the second cosine.
    associations : Associations
        Words that stand for each other.
    identity : str
        Name and version of the model.
    """

    mean: Array
    scale: Array
    hidden: Array
    hidden_shift: Array
    out: Array
    none: Array
    associations: Associations = field(default_factory=Associations)
    identity: str = ""

    def probabilities(self, features: Array) -> NDArray[np.float64]:
        """Probability that each candidate of one text is meant.

        Parameters
        ----------
        features : ndarray of float32, shape (candidates, features)

        Returns
        -------
        ndarray of float64, shape (candidates,)
            They sum to less than 1; the rest is the probability that none is.
        """
        if not len(features):
            return np.zeros(0)
        scores = np.maximum((features - self.mean) / self.scale @ self.hidden + self.hidden_shift, 0) @ self.out
        cosines = np.sort(features[:, 0])[::-1]
        none = self.none @ np.array((1.0, cosines[0], cosines[1] if len(cosines) > 1 else 0.0), dtype=np.float32)
        whole = np.append(scores, none).astype(np.float64)
        chances = np.exp(whole - whole.max())
        return np.asarray(chances / chances.sum())[:-1]


@lru_cache(maxsize=2)
def load_ranker(folder: Path = MODELS) -> Ranker:
    """The ranker of a model folder, loaded once a process.

    Raises
    ------
    ModelError
        A file is absent or altered, or of other features.
    """
    model = models.load(folder, NAME)
    with np.load(model.path(WEIGHTS)) as arrays:
        if tuple(arrays["features"].tolist()) != FEATURES:
            raise ModelError("the ranker is of other features", where=str(folder), mend="train it again")
        parts = {name: arrays[name] for name in ("mean", "scale", "hidden", "hidden_shift", "out", "none")}
    associations = read_associations(model.path(ASSOCIATIONS))
    return Ranker(**parts, associations=associations, identity=f"{NAME} {model.card.version}")
