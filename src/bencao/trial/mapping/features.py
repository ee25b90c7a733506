"""How well each target fits a column, as numbers that a log-linear model weighs."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from bencao.trial.mapping.columns import PROFILES, RawColumn
from bencao.trial.mapping.knowledge import KINDS, Knowledge
from bencao.trial.mapping.similarity import abbreviates, name_grams, phrase_grams
from bencao.trial.mapping.terminology import Terminology

Array = npt.NDArray[np.float64]

# What each number says; the last are one for each pair of a column's profile and a target's kind.
NAMED = (
    "name is the variable's", "name without prefix is", "name like", "name without prefix like", "name abbreviates",
    "name's words like", "name's words like elsewhere", "label like", "label like elsewhere", "label or words like",
    "values in codelist", "values not in codelist", "how often asked", "domain",
)  # fmt: skip
FEATURES = (*NAMED, *(f"{profile} for {kind}" for profile in PROFILES for kind in KINDS))
DOMAIN = NAMED.index("domain")


class Fit:
    """Computes the features of columns against all targets."""

    def __init__(self, knowledge: Knowledge, terminology: Terminology) -> None:
        self.knowledge, self.terminology = knowledge, terminology
        self._phrase = np.array([one for one, _, _, _ in knowledge.links])
        self._target = np.array([one for _, one, _, _ in knowledge.links])
        self.link_domains = np.array([one for _, _, one, _ in knowledge.links])
        self.link_forms = np.array([one for _, _, _, one in knowledge.links])

    @cached_property
    def _names_of(self) -> list[frozenset[str]]:
        return [frozenset(target.names) for target in self.knowledge.targets]

    @cached_property
    def _tails_of(self) -> list[frozenset[str]]:
        return [frozenset(name[2:] for name in target.names if len(name) > 4) for target in self.knowledge.targets]

    @cached_property
    def _often(self) -> Array:
        return np.array([target.share for target in self.knowledge.targets])

    @cached_property
    def _kinds(self) -> npt.NDArray[np.int64]:
        return np.array([KINDS.index(target.kind) for target in self.knowledge.targets])

    def features(self, column: RawColumn, known: npt.NDArray[np.bool_] | None = None) -> Array:
        """Features of one column.

        Parameters
        ----------
        column : RawColumn
        known : array of bool, shape (links,), optional
            Which links of phrases may be used: in training, those of a form kept out are not.

        Returns
        -------
        array of float64, shape (targets, features)
            The domain's is zero: it is set where the whole form has been seen.
        """
        knowledge, core = self.knowledge, column.core
        count = len(knowledge.targets)
        found = np.zeros((count, len(FEATURES)))
        tail = core[2:]
        found[:, 0] = [core in names for names in self._names_of]
        found[:, 1] = [len(tail) > 2 and (tail in tails or core in tails) for tails in self._tails_of]
        found[:, 2] = self._best_name(knowledge.name_vectors.cosines([name_grams(core)])[0])
        tails = [name_grams(tail), name_grams(core)]
        found[:, 3] = self._best_name(knowledge.tail_vectors.cosines(tails).max(axis=0))
        short = np.array([max(abbreviates(core, phrase), abbreviates(tail, phrase)) for phrase in knowledge.phrases])
        found[:, 4], _ = self._best_phrase(short, known)
        asked = knowledge.phrase_vectors.cosines([phrase_grams(column.words), phrase_grams(column.label)])
        found[:, 5], found[:, 6] = self._best_phrase(asked[0], known)
        found[:, 7], found[:, 8] = self._best_phrase(asked[1], known)
        found[:, 9] = np.maximum(found[:, 5], found[:, 7])
        found[:, 10], found[:, 11] = self._coverage(column)
        found[:, 12] = self._often
        pairs = len(NAMED) + PROFILES.index(column.profile) * len(KINDS) + self._kinds
        found[np.arange(count), pairs] = 1
        return found

    def _best_name(self, scores: Array) -> Array:
        names, targets = self.knowledge.name_links
        best = np.zeros(len(self.knowledge.targets))
        np.maximum.at(best, targets, scores[names])
        return best

    def _best_phrase(self, scores: Array, known: npt.NDArray[np.bool_] | None) -> tuple[Array, Array]:
        """Best of a target's own phrases, and of the phrases of the same variable in any domain."""
        linked = scores[self._phrase] if known is None else np.where(known, scores[self._phrase], 0)
        own = np.zeros(len(self.knowledge.targets))
        np.maximum.at(own, self._target, linked)
        stems = np.zeros(int(self.knowledge.stems.max()) + 1)
        np.maximum.at(stems, self.knowledge.stems, own)
        return own, stems[self.knowledge.stems]

    def _coverage(self, column: RawColumn) -> tuple[Array, Array]:
        share: dict[str, float] = {}
        if column.profile in ("few", "yesno", "constant", "text", "distinct"):
            values = column.values[:50]
            codes = {code for target in self.knowledge.targets for code in target.codelists[:3]}
            share = {code: self.terminology.coverage(code, values) for code in codes}
        covered = np.array(
            [
                max((share.get(code, 0.0) for code in target.codelists[:3]), default=0.0)
                for target in self.knowledge.targets
            ]
        )
        coded = np.array([bool(target.codelists) for target in self.knowledge.targets])
        return covered, (1 - covered) * coded * bool(share)
