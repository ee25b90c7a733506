"""What a ranker sees of a text and the names that stand for one code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler, Levenshtein

from bencao.safety.coding.associations import Associations
from bencao.safety.coding.words import Read, Words

FEATURES = (
    "cosine", "below the best cosine", "characters in order", "first letters", "letters", "any order of words",
    "words shared", "rare words shared", "rare words of the text", "rare words of the name",
    "rarest word lacking in text", "rarest word lacking in name", "length", "same numbers", "names found",
    "second cosine", "embedding", "embedding known", "text by associations", "name by associations",
)  # fmt: skip
_NUMBERS = re.compile(r"\d+")


def features_of(
    asked: Read,
    name: Read,
    words: Words,
    associations: Associations,
    cosines: Sequence[float],
    best: float,
    embedding: float | None = None,
) -> tuple[float, ...]:
    """Features of a code, by the one of its names that is nearest.

    Parameters
    ----------
    asked, name : Read
    words : Words
    associations : Associations
    cosines : sequence of float
        Those of the code's names that were found, largest first.
    best : float
        Largest cosine among all codes.
    embedding : float, optional
        Cosine of the sentence vectors, where there are some.

    Returns
    -------
    tuple of float
        In the order of `FEATURES`.
    """
    shared, rare = words.shared(asked, name)
    lacking, further = asked.words - shared, name.words - shared
    answered = rare + words.weighed((word, associations.best(word, further)) for word in lacking)
    answering = rare + words.weighed((word, associations.best(word, lacking)) for word in further)
    longest = max(len(asked.text), len(name.text), 1)
    return (
        cosines[0],
        best - cosines[0],
        fuzz.ratio(asked.text, name.text) / 100,
        JaroWinkler.similarity(asked.text, name.text),
        1 - Levenshtein.distance(asked.text, name.text) / longest,
        fuzz.token_sort_ratio(asked.text, name.text) / 100,
        len(shared) / max(len(asked.words) + len(name.words) - len(shared), 1),
        rare / max(asked.rarity + name.rarity - rare, 1e-6),
        rare / max(asked.rarity, 1e-6),
        rare / max(name.rarity, 1e-6),
        words.rarest(further) / 10,
        words.rarest(lacking) / 10,
        min(len(asked.text), len(name.text)) / longest,
        float(_NUMBERS.findall(asked.text) == _NUMBERS.findall(name.text)),
        min(len(cosines), 5) / 5,
        cosines[1] if len(cosines) > 1 else 0.0,
        embedding or 0.0,
        float(embedding is not None),
        answered / max(asked.rarity, 1e-6),
        answering / max(name.rarity, 1e-6),
    )
