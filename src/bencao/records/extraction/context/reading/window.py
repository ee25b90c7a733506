"""What stands around a finding in its sentence, as the numbers that the network reads."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bencao.records.extraction.context.clues import OPERATION
from bencao.records.extraction.context.reading.tokens import CLOSE, COMMA, Token, shape_of, tokens_of

SIDE = 15  # tokens seen on either side
_FAR = (1, 2, 3, 5, 8, 13)  # tokens away, up to which one is in each step
PLACES = 2 * (len(_FAR) + 1) + 1
CLAUSES = 7  # three before that of the finding, its own, three behind
Marked = tuple[int, int, int]


@dataclass(frozen=True)
class Sentence:
    """A sentence cut into tokens, with what is marked in it.

    Attributes
    ----------
    text : str
    words : list of str
        Of the tokens.
    starts, ends : list of int
        Of the tokens.
    clauses : (tokens + 1,) int
        How many clauses end before a token.
    marks : (characters + 1, kinds) bool
        Which kinds of words and cues cover a character.
    of_tokens : (tokens, kinds) bool
        Which cover the first or last character of a token.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    clauses: npt.NDArray[np.intp]
    marks: npt.NDArray[np.bool_]
    of_tokens: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """The tokens about a finding, itself one of them.

    Attributes
    ----------
    words : list of str
        The finding's own words joined stand at `finding`.
    finding : int
        Its place among them.
    places : (n,) int
        How far a token is from it, and on which side.
    clauses : (n,) int
        In which clause a token stands beside that of the finding.
    marks : (n, kinds) bool
    operation : bool
        Whether the finding is named like an operation or an examination.
    """

    words: list[str]
    finding: int
    places: npt.NDArray[np.intp]
    clauses: npt.NDArray[np.intp]
    marks: npt.NDArray[np.bool_]
    operation: bool


def _steps() -> npt.NDArray[np.intp]:
    """The place of every token from `SIDE` before the finding to as many behind it."""
    far = [next((step for step, most in enumerate(_FAR) if away <= most), len(_FAR)) for away in range(1, SIDE + 1)]
    half = len(_FAR) + 1
    return np.array([*reversed(far), 2 * half, *(half + step for step in far)], np.intp)


_STEPS = _steps()


def sentence_of(text: str, marked: Iterable[Marked], kinds: int, known: Container[str]) -> Sentence:
    """Cut a sentence; `marked` says where which kind of word or cue stands: start, end, kind."""
    tokens = tokens_of(text, known)
    marks = np.zeros((len(text) + 1, kinds), np.bool_)
    for start, end, kind in marked:
        marks[start:end, kind] = True
    starts, ends = [token[0] for token in tokens], [token[1] for token in tokens]
    words = [token[2] for token in tokens]
    clauses = np.cumsum([0, *(shape_of(word) in (COMMA, CLOSE) for word in words)])
    return Sentence(text, words, starts, ends, clauses, marks, _covered(marks, starts, ends))


def window_of(sentence: Sentence, start: int, end: int, known: Container[str]) -> Window:
    """The window about the finding at ``sentence.text[start:end]``; a token that crosses its bounds is cut anew."""
    text, starts = sentence.text, sentence.starts
    stop, first = bisect_right(sentence.ends, start), bisect_left(starts, end)
    left = tokens_of(text[starts[stop] : start], known) if stop < len(starts) and starts[stop] < start else []
    joint = starts[first] if first < len(starts) else len(text)
    right = tokens_of(text[end:joint], known) if joint > end else []
    begins = max(0, stop - max(0, SIDE - len(left)))
    last = first + max(0, SIDE - len(right))
    left, right = left[-SIDE:], right[:SIDE]
    before, behind = stop - begins + len(left), len(right) + len(sentence.words[first:last])
    own = [token[2] for token in left], [token[2] for token in right]
    clauses = np.zeros(before + 1 + behind, np.intp)
    clauses[: stop - begins] = sentence.clauses[begins:stop] - sentence.clauses[stop]
    clauses[before + 1 + len(right) :] = sentence.clauses[first : min(last, len(starts))] - sentence.clauses[first]
    return Window(
        [*sentence.words[begins:stop], *own[0], text[start:end].lower(), *own[1], *sentence.words[first:last]],
        before,
        _STEPS[SIDE - before : SIDE + 1 + behind],
        np.minimum(np.maximum(clauses, -(CLAUSES // 2)), CLAUSES // 2) + CLAUSES // 2,
        np.concatenate(
            [
                sentence.of_tokens[begins:stop],
                _marks_of(sentence, left, starts[stop] if left else 0),
                np.zeros((1, sentence.marks.shape[1]), np.bool_),
                _marks_of(sentence, right, end),
                sentence.of_tokens[first:last],
            ]
        ),
        OPERATION.search(text, start, end) is not None,
    )


def _covered(marks: npt.NDArray[np.bool_], starts: list[int], ends: list[int]) -> npt.NDArray[np.bool_]:
    found = marks[np.array(starts, np.intp)]
    found |= marks[np.array(ends, np.intp) - 1]
    return found


def _marks_of(sentence: Sentence, tokens: list[Token], at: int) -> npt.NDArray[np.bool_]:
    if not tokens:
        return sentence.of_tokens[:0]
    return _covered(sentence.marks, [at + token[0] for token in tokens], [at + token[1] for token in tokens])
