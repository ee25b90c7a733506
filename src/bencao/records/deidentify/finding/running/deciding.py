"""What the network adds to the spans that rules found, and which of those it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.lexicon import english
from bencao.records.deidentify.finding.rules import Ruled
from bencao.records.deidentify.finding.running.tagger import tagger
from bencao.records.deidentify.finding.running.tokens import CLASS_OF, CLASSES, Tokens, tokens_of
from bencao.records.deidentify.span import Span

BELIEVED = 0.5  # probability of any identifier from which a token is taken
REFUSED = 0.95  # probability of none from which a span of a rule is given up
SURE = 0.93  # score from which a rule is never refused
AGAIN = 0.8  # probability from which a name is sought in the rest of the text


def settled_each(ruled: Sequence[Ruled]) -> list[list[Span]]:
    """Spans of several texts after the network has seen them.

    Parameters
    ----------
    ruled : sequence of Ruled

    Returns
    -------
    list of list of Span
        In order, without overlap.
    """
    texts = [tokens_of(one.seen, one.names, one.spans) for one in ruled]
    answers = tagger().probabilities_of_each(texts)
    return [
        settled(one.seen.text, tokens, likely, one.spans)
        for one, tokens, likely in zip(ruled, texts, answers, strict=True)
    ]


def settled(text: str, tokens: Tokens, likely: npt.NDArray[np.float32], spans: Sequence[Span]) -> list[Span]:
    """Spans of one text; see `settled_each`."""
    kept = [span for span in spans if not _refused(tokens, likely, span)]
    taken = np.zeros(len(text) + 1, bool)
    for span in kept:
        taken[span.start : span.end] = True
    new = list(_runs(text, tokens, likely, taken))
    for span in new:
        taken[span.start : span.end] = True
    new += _again(text, new, taken)
    return _joined([*kept, *new])


def _refused(tokens: Tokens, likely: npt.NDArray[np.float32], span: Span) -> bool:
    if span.score >= SURE:
        return False
    first, last = np.searchsorted(tokens.ends, span.start, "right"), np.searchsorted(tokens.starts, span.end)
    return bool(first < last and likely[first:last, 0].min() > REFUSED)


def _runs(text: str, tokens: Tokens, likely: npt.NDArray[np.float32], taken: npt.NDArray[np.bool_]) -> Iterator[Span]:
    """Tokens of one class side by side that no span has yet, without the signs at either end."""
    classes = likely[:, 1:].argmax(axis=1) + 1
    hits = np.flatnonzero((likely[:, 0] < 1 - BELIEVED) & ~taken[tokens.starts])
    if len(hits) == 0:
        return
    cuts = np.flatnonzero((np.diff(hits) > 1) | (np.diff(classes[hits]) != 0)) + 1
    for run in np.split(hits, cuts):
        letters = [token for token in run.tolist() if tokens.words[token][0].isalnum()]
        if not letters:
            continue
        start, end = int(tokens.starts[letters[0]]), int(tokens.ends[letters[-1]])
        if taken[start:end].any():  # a rule took part of a token
            end = start + int(taken[start:end].argmax())
        score = float(1 - likely[letters, 0].min())
        yield Span(start, end, CLASSES[classes[letters[0]]], "running", round(score * 0.7, 3))


def _again(text: str, new: Sequence[Span], taken: npt.NDArray[np.bool_]) -> Iterator[Span]:
    """Where else a name stands that was found for sure."""
    for name in sorted(
        {text[one.start : one.end] for one in new if one.category == "name" and one.score >= AGAIN * 0.7}
    ):
        if len(name) < 2 or (name.isascii() and (len(name) < 4 or name.lower() in english())):
            continue
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            inside = name.isascii() and (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum())
            if not inside and not taken[at:end].any():
                taken[at:end] = True
                yield Span(at, end, "name", "running.again", 0.5)
            at = text.find(name, end)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """What the network adds to the edge of a rule's span of the same class is made one with it; days stay as found."""
    out: list[Span] = []
    for span in sorted(spans):
        last = out[-1] if out else None
        if (
            last is not None
            and last.end == span.start
            and "running" in (last.rule, span.rule)
            and CLASS_OF.get(last.category) == CLASS_OF.get(span.category)
            and span.category != "date"
        ):
            rules = last if span.rule == "running" else span
            out[-1] = rules._replace(start=last.start, end=span.end)
        else:
            out.append(span)
    return out
