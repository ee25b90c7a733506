"""Words of a report to codes of a vocabulary, ranked, each with its probability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bencao.safety.coding.embedding import Meanings
from bencao.safety.coding.features import FEATURES, features_of
from bencao.safety.coding.index import Near, NgramIndex
from bencao.safety.coding.ranker import Ranker, load_ranker
from bencao.safety.coding.vocabulary import Name, Vocabulary, folded
from bencao.safety.coding.words import Words

_NAMES = 60  # nearest names, of which the candidates are the codes
_CANDIDATES = 20
_MEANT = 20  # names nearest by their sentence vectors, looked at beside those


@dataclass(frozen=True, slots=True)
class Candidate:
    """One code that a text may mean.

    Attributes
    ----------
    name : Name
        The name of the code that is nearest to the text.
    probability : float
        That the code is meant, as the ranker judges it; what it rests on is in the model's card.
    exact : bool
        Whether the name is the text, but for case, signs and spelling.
    """

    name: Name
    probability: float
    exact: bool


@dataclass(frozen=True)
class Coded:
    """A text with its candidates.

    Attributes
    ----------
    text : str
    candidates : tuple of Candidate
        Each code once, likeliest first.
    chosen : Candidate or None
        The first, where its probability reaches the threshold; else a person is asked.
    vocabulary : str
        Title and version of the vocabulary.
    by : str
        What ranked them.
    """

    text: str
    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    vocabulary: str
    by: str

    @property
    def ask(self) -> bool:
        """Whether a person has to choose."""
        return self.chosen is None


class Coder:
    """Codes texts to one vocabulary.

    Parameters
    ----------
    vocabulary : Vocabulary
    ranker : Ranker, optional
        The shipped one where not given.
    meanings : Meanings, optional
        The sentence vectors of the vocabulary's names; coding goes by letters and words alone where not given.
    """

    def __init__(self, vocabulary: Vocabulary, ranker: Ranker | None = None, meanings: Meanings | None = None) -> None:
        self.vocabulary = vocabulary
        self.ranker = ranker or load_ranker()
        self.index = NgramIndex(vocabulary)
        self.words = Words(self.index.folded)
        self.associations = self.ranker.associations
        self._meanings = meanings

    def code(self, texts: Iterable[str], *, threshold: float = 0.8, top: int = 5) -> list[Coded]:
        """Rank the codes of each text.

        Parameters
        ----------
        texts : iterable of str
        threshold : float
            Probability from which the first code is chosen.
        top : int
            Number of codes at most.
        """
        given = list(texts)
        return [self._coded(text, near, threshold, top) for text, near in zip(given, self.near(given), strict=True)]

    def near(self, texts: Sequence[str], most: int = _NAMES) -> list[Near]:
        """Names near each text, by n-grams and, where there are sentence vectors, by those."""
        found = self.index.near(texts, most)
        rewritten = [self.associations.rewritten(folded(text)) for text in texts]
        other = [place for place, text in enumerate(texts) if rewritten[place] != folded(text)]
        for place, near in zip(other, self.index.near([rewritten[place] for place in other], most), strict=True):
            found[place] = found[place].joined(near, most)
        if self._meanings is None:
            return found
        meant = self._meanings.cosines(texts)
        return [near.with_meant(cosines, _MEANT) for near, cosines in zip(found, meant, strict=True)]

    def _coded(self, text: str, near: Near, threshold: float, top: int) -> Coded:
        candidates = tuple((self.exact(text) or self.ranked(text, near))[:top])
        chosen = candidates[0] if candidates and candidates[0].probability >= threshold else None
        title = f"{self.vocabulary.title} {self.vocabulary.version}"
        by = "exact" if candidates and candidates[0].exact else self.ranker.identity
        return Coded(text, candidates, chosen, title, by)

    def exact(self, text: str) -> list[Candidate]:
        """Codes whose name is the text, but for case, signs and spelling; several share what is certain."""
        names = self.vocabulary.names
        found: dict[str, Name] = {}
        for place in self.vocabulary.exact.get(folded(text), ()):
            found.setdefault(names[place].preferred_code, names[place])
        return [Candidate(name, 1.0 / len(found), True) for name in found.values()]

    def ranked(self, text: str, near: Near) -> list[Candidate]:
        """Codes of the names near a text, by the ranker."""
        groups, features = self.features(text, near)
        chances = self.ranker.probabilities(features)
        order = np.argsort(-chances, kind="stable")
        return [Candidate(self.vocabulary.names[groups[place][0]], float(chances[place]), False) for place in order]

    def features(self, text: str, near: Near) -> tuple[list[list[int]], NDArray[np.float32]]:
        """Candidates as the places of their names, nearest first, and their features; see `features_of`."""
        groups: dict[str, list[int]] = {}
        for at, place in enumerate(near.places.tolist()):
            groups.setdefault(self.vocabulary.names[place].preferred_code, []).append(at)
        chosen = sorted(groups.values(), key=lambda group: -self._promise(near, group))[:_CANDIDATES]
        if not chosen:
            return [], np.zeros((0, len(FEATURES)), dtype=np.float32)
        best, asked = float(near.cosines.max()), self.words.read(folded(text))
        rows = [
            features_of(
                asked,
                self.words.names[near.places[group[0]]],
                self.words,
                self.associations,
                [float(near.cosines[at]) for at in group],
                best,
                None if near.meant is None else float(near.meant[group].max()),
            )
            for group in chosen
        ]
        places = [[int(near.places[at]) for at in group] for group in chosen]
        return places, np.array(rows, dtype=np.float32)

    @staticmethod
    def _promise(near: Near, group: list[int]) -> float:
        """By which the candidates are chosen: the better of both cosines."""
        cosine = float(near.cosines[group[0]])
        return cosine if near.meant is None else max(cosine, float(near.meant[group].max()))
