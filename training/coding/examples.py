"""Names of an open vocabulary as questions: each is left out, and its code has to be found by its other names."""

from __future__ import annotations

import hashlib
import random
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bencao.safety.coding.coding import Coder
from bencao.safety.coding.index import Near
from bencao.safety.coding.vocabulary import Vocabulary, folded

NAMES = 60
AROUND = (
    ("severe", ""), ("mild", ""), ("moderate", ""), ("sudden", ""), ("worsening of", ""), ("patient developed", ""),
    ("", "after second dose"), ("", "on both arms"), ("possible", ""), ("slight", ""), ("", "since yesterday"),
    ("intermittent", ""), ("", "reported by patient"), ("feeling of", ""), ("persistent", ""),
)  # fmt: skip
SHARES = (("train", 0.6), ("dev", 0.8), ("test", 1.0))


@dataclass(frozen=True)
class Question:
    """A name and its code.

    Attributes
    ----------
    text, code : str
    findable : bool
        Whether the code has another name.
    left_out : bool
        Whether the vocabulary is asked without this name.
    """

    text: str
    code: str
    findable: bool
    left_out: bool = True


def part_of(code: str) -> str:
    """Whether a term is for training, development or test: by its code alone, so that all its names go together."""
    drawn = int(hashlib.sha256(code.encode()).hexdigest()[:8], 16) / 2**32
    return next(name for name, upto in SHARES if drawn < upto)


def fold_of(code: str) -> int:
    """One of five folds of the training terms."""
    return int(hashlib.sha256(f"fold {code}".encode()).hexdigest()[:8], 16) % 5


def names_of(vocabulary: Vocabulary, wanted: Callable[[str], bool]) -> list[list[str]]:
    """Folded names of the terms whose code is wanted."""
    names: dict[str, list[str]] = {}
    for name in vocabulary.names:
        if wanted(name.preferred_code):
            names.setdefault(name.preferred_code, []).append(folded(name.text))
    return list(names.values())


def questions_of(vocabulary: Vocabulary, part: str) -> list[Question]:
    """The names of the terms of one part; a name that two terms share asks nothing."""
    texts: dict[str, dict[str, str]] = {}
    codes: dict[str, set[str]] = {}
    for name in vocabulary.names:
        key = folded(name.text)
        texts.setdefault(name.preferred_code, {}).setdefault(key, name.text)
        codes.setdefault(key, set()).add(name.preferred_code)
    return [
        Question(text, code, len(own) > 1)
        for code, own in texts.items()
        if part_of(code) == part
        for key, text in own.items()
        if len(codes[key]) == 1
    ]


def misspelt(text: str, chance: random.Random) -> str:
    """A text with one letter changed, left out, doubled or swapped with the next."""
    places = [at for at, sign in enumerate(text[:-1]) if sign.isalpha() and at]
    if len(places) < 4:
        return text
    at = chance.choice(places)
    way = chance.randrange(4)
    if way == 0:
        return text[:at] + chance.choice(string.ascii_lowercase) + text[at + 1 :]
    if way == 1:
        return text[:at] + text[at + 1 :]
    if way == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def qualified(text: str, chance: random.Random) -> str:
    """A name with what reporters say around it, which is not coded."""
    before, after = chance.choice(AROUND)
    return f"{before} {text} {after}".strip()


def near_others(coder: Coder, questions: Iterable[Question], asked: list[str]) -> list[Near]:
    """Names near each text, without the name that a question is made of where it asks for another."""
    kept = []
    for question, near in zip(questions, coder.near(asked, NAMES), strict=True):
        own = folded(question.text) if question.left_out else None
        kept.append(near.kept(np.array([coder.index.folded[place] != own for place in near.places], dtype=bool)))
    return kept


@dataclass(frozen=True)
class Examples:
    """Features of the candidates of many questions, filled up to one size.

    Attributes
    ----------
    features : ndarray of float32, shape (questions, candidates, features)
    there : ndarray of bool, shape (questions, candidates)
    target : ndarray of int64, shape (questions,)
        Place of the right candidate; the number of candidates where it is none of them.
    """

    features: NDArray[np.float32]
    there: NDArray[np.bool_]
    target: NDArray[np.int64]


def examples_of(coder: Coder, questions: list[Question], asked: list[str], candidates: int) -> Examples:
    """The candidates of each question with which is right."""
    near = near_others(coder, questions, asked)
    rows, there, target = [], [], []
    for question, text, found in zip(questions, asked, near, strict=True):
        groups, features = coder.features(text, found)
        codes = [coder.vocabulary.names[group[0]].preferred_code for group in groups]
        filled = np.zeros((candidates, features.shape[1]), dtype=np.float32)
        filled[: len(groups)] = features
        rows.append(filled)
        there.append(np.arange(candidates) < len(groups))
        target.append(codes.index(question.code) if question.code in codes else candidates)
    return Examples(np.stack(rows), np.stack(there), np.array(target))
