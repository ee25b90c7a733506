"""Sets of names that a phrase may mean: single names, sets decided before, and those put together from its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bencao.records.normalisation.ranking.features import Candidates, Finder
from bencao.records.normalisation.ranking.memory import Array, Names
from bencao.records.normalisation.ranking.phrases import ATTRIBUTE_GROUP, attributes, canonical, segments
from bencao.records.normalisation.ranking.words import ATTRIBUTES

_WHOLE = 6  # best answers of the whole phrase that stay in the running
_PART = 12  # best answers of a part whose names count
_OPERATION, _SITE = (list(ATTRIBUTES).index(group) == ATTRIBUTE_GROUP for group in ("operation", "site"))


@dataclass(frozen=True)
class Scored:
    """Candidates of a phrase, or of a part of it, with the chance of each."""

    candidates: Candidates
    chances: Array


@dataclass(frozen=True)
class _Part:
    best: Names
    second: Names
    names: dict[int, float]


def compose(
    finder: Finder, phrase: str, whole: Scored, parts: Sequence[Scored], own: int | None = None
) -> tuple[list[Names], Array]:
    """Sets that compete for a phrase, with their features.

    Parameters
    ----------
    finder : Finder
    phrase : str
    whole : Scored
        Of the phrase as a whole.
    parts : sequence of Scored
        Of each of its parts; none where it has but one.
    own : int, optional
        In training: the decided phrase that this is.

    Returns
    -------
    sets : list of tuple of int
    features : ndarray of float32, shape (sets, features)
    """
    answers = finder.memory.answers
    order = np.argsort(-whole.chances, kind="stable")
    ranked = [answers[whole.candidates.answers[place]] for place in order]
    read = [_read(part, answers) for part in parts]
    sets = list(dict.fromkeys([*ranked[:_WHOLE], *_put_together(ranked, read)]))
    return sets, _features(finder, phrase, sets, whole, read, ranked[0], own)


def _read(part: Scored, answers: Sequence[Names]) -> _Part:
    order = np.argsort(-part.chances, kind="stable")[:_PART]
    names: dict[int, float] = {}
    for place in order:
        for name in answers[part.candidates.answers[place]]:
            names[name] = max(names.get(name, 0.0), float(part.chances[place]))
    best, second = (answers[part.candidates.answers[place]] for place in order[:2])
    return _Part(best, second, names)


def _union(*sets: Names) -> Names:
    return tuple(sorted({name for one in sets for name in one}))


def _put_together(ranked: Sequence[Names], parts: Sequence[_Part]) -> list[Names]:
    best = [part.best for part in parts]
    found = []
    if parts:
        found.append(_union(*best))
        for place, part in enumerate(parts):
            found.append(_union(*best[:place], part.second, *best[place + 1 :]))
            if len(best) > 2:
                found.append(_union(*best[:place], *best[place + 1 :]))
            found.append(_union(ranked[0], best[place]))
    singles = [one for one in ranked if len(one) == 1][:3]
    found += [_union(singles[0], other) for other in singles[1:]]
    if parts:
        found.append(_union(*singles))
    return found


def _features(
    finder: Finder,
    phrase: str,
    sets: Sequence[Names],
    whole: Scored,
    parts: Sequence[_Part],
    top: Names,
    own: int | None,
) -> Array:
    answers = finder.memory.answers
    pairs = zip(whole.candidates.answers, whole.chances, strict=True)
    chance = {answers[place]: float(value) for place, value in pairs}
    text = canonical(phrase)
    letters, traits = set(text), attributes(text)
    count, high = len(segments(phrase)), -np.sort(-whole.chances)[:2]
    rows = []
    for one in sets:
        itself = chance.get(one, 0.0)
        single = np.array([chance.get((name,), 0.0) for name in one])
        said = np.array([finder.said(whole.candidates, name) for name in one])
        inside = np.array([max((part.names.get(name, 0.0) for part in parts), default=0.0) for name in one])
        explained = np.array([max(part.names.get(name, 0.0) for name in one) for part in parts] or [0.0])
        held = sum(set(part.best) <= set(one) for part in parts)
        known, has = finder.letters_of(one), finder.attributes_of(one)
        more, less = traits > has, traits < has
        rows.append(
            (
                *(itself, one in chance, int((whole.chances > itself).sum()) if one in chance else 99),
                *(len(one), count, len(parts), single.min(), single.mean(), single.max()),
                *(said.min(), said.mean(), said.max(), inside.min(), inside.mean(), inside.prod()),
                *(explained.min(), explained.mean(), explained.prod(), held, held == len(parts)),
                *(len(letters - known), len(known - letters)),
                *((more & _OPERATION).sum(), (less & _OPERATION).sum(), (more & _SITE).sum(), (less & _SITE).sum()),
                *(np.log1p(finder.times(one, own)), high[0], high[1], itself - high[0], len(text)),
                *(inside.min() - single.max(), set(top) <= set(one)),
            )
        )
    return np.array(rows, dtype=np.float32)
