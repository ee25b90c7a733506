"""Whether a finding is present, negated, possible, conditional, of the past or of a relative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bencao.records.extraction.context.clues import MARKS, clues, marks_of
from bencao.records.extraction.context.cues import STATUSES, cues_about, cues_of_sentence, status_by_cues
from bencao.records.extraction.context.reading.model import readers
from bencao.records.extraction.context.reading.reader import batch_of
from bencao.records.extraction.context.reading.tokens import vectors
from bencao.records.extraction.context.reading.window import Sentence, Window, sentence_of, window_of
from bencao.records.extraction.context.sentences import is_chinese, sentence_around
from bencao.records.extraction.context.weighing import weights

# Of the linear model's odds beside the networks' mean: 1 to 1.5 were best on `rounds` left out, 3 and more on `clinic`.
CLUES_SHARE = 1.2
__all__ = ["STATUSES", "assert_entities", "assert_entity", "evidence_of", "status_by_rules"]


@dataclass(frozen=True)
class Evidence:
    """What is known of a finding before it is judged.

    Attributes
    ----------
    told : str
        Status by the rules alone.
    clues : set of str
        What stands about it, by name (`context.clues`).
    window : Window
        The tokens about it (`context.reading`).
    """

    told: str
    clues: set[str]
    window: Window


def assert_entity(sentence: str, start: int, end: int) -> str:
    """Status of the finding at ``sentence[start:end]``.

    Rules answer first (`context.cues`). Their answer is an argument among others for two models whose log odds are
    added: a linear one that weighs words and cues about the finding (`context.weighing`), and small networks
    that read the tokens about it (`context.reading`).

    Parameters
    ----------
    sentence : str
        A sentence, or a longer text of which the sentence around the finding is taken; Chinese or English.
    start, end : int
        Offsets of the finding in characters, end exclusive.

    Returns
    -------
    {"family", "conditional", "possible", "negated", "past", "present"}

    Raises
    ------
    ValueError
        Where the offsets are not a span of the text.
    ModelError
        Where a model of the package is absent or altered.

    Examples
    --------
    >>> assert_entity("否认高血压、糖尿病病史。", 6, 9)
    'negated'
    >>> assert_entity("Possible pneumonia, no effusion.", 9, 18)
    'possible'
    """
    return assert_entities(sentence, [(start, end)])[0]


def assert_entities(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Statuses of several findings of one text, in order; faster than one by one. Else as `assert_entity`."""
    if not spans:
        return []
    found = [evidence_of(text, start, end) for start, end in spans]
    return [STATUSES[place] for place in judge(found).argmax(axis=1).tolist()]


def judge(found: Sequence[Evidence]) -> npt.NDArray[np.float32]:
    """Log odds of `STATUSES`, up to a constant for each finding; shape (findings, statuses)."""
    batch = batch_of([one.window for one in found], [STATUSES.index(one.told) for one in found])
    read = sum(reader.answers(batch) for reader in readers()) / np.float32(len(readers()))
    return np.asarray(read + CLUES_SHARE * np.array([weights().odds(one.clues) for one in found]), np.float32)


def evidence_of(sentence: str, start: int, end: int) -> Evidence:
    """What is known of a finding; parameters as for `assert_entity`.

    Raises
    ------
    ValueError
        Where the offsets are not a span of the text.
    """
    text, start, end = _sentence_of(sentence, start, end)
    chinese = is_chinese(text)
    cues = cues_about(text, start, end, chinese)
    told = status_by_cues(text, start, end, cues, chinese)
    window = window_of(_read(text), start, end, vectors().words)
    return Evidence(told, clues(text, start, end, cues, told, chinese), window)


def status_by_rules(sentence: str, start: int, end: int) -> str:
    """What the rules alone say; parameters and errors as for `assert_entity`."""
    text, start, end = _sentence_of(sentence, start, end)
    chinese = is_chinese(text)
    return status_by_cues(text, start, end, cues_about(text, start, end, chinese), chinese)


def _sentence_of(sentence: str, start: int, end: int) -> tuple[str, int, int]:
    if not 0 <= start < end <= len(sentence):
        raise ValueError(f"{start}:{end} is no span of a text of {len(sentence)} characters")
    left, right = sentence_around(sentence, start, end)
    return sentence[left:right], start - left, end - left


@lru_cache(maxsize=64)
def _read(text: str) -> Sentence:
    """A sentence cut into tokens, with its cues and kinds of words; kept, for a sentence has several findings."""
    chinese = is_chinese(text)
    marked = marks_of(text, cues_of_sentence(text, chinese), chinese)
    return sentence_of(text, marked, MARKS, vectors().words)
