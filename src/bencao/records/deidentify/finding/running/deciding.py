"""What the network adds to the spans that rules found, and which of those it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.lexicon import english, is_term
from bencao.records.deidentify.finding.names.chinese_cues import SOUNDS
from bencao.records.deidentify.finding.running.tagger import tagger
from bencao.records.deidentify.finding.running.tokens import CLASS_OF, CLASSES, Tokens, tokens_of
from bencao.records.deidentify.rules import Ruled
from bencao.records.deidentify.span import Span

# Probability of any identifier from which a token is taken, by its likeliest class: rules know numbers and days best.
BELIEVED = np.array([1, 0.6, 0.8, 0.97, 0.98, 0.6, 0.6, 0.6], np.float32)
LONE_WORD = 0.85  # the same for an English word that stands alone
SURE = 0.93  # score from which a rule is never refused
# Scores of rules, and the probability of none from which a span of such a score is given up.
SCORES, REFUSED = np.array([0.58, 0.83]), np.array([0.6, 0.9, 0.98])
LEAST = 4  # tokens of a text that the network is asked about
EDGE = 0.2  # the same for a token beside one that is believed
TOLD = 0.12  # the same for a word of a name that was found elsewhere in the text
AGAIN = 0.8  # probability from which a name is sought in the rest of the text
WORTH = 0.7  # score of a find of the network, of its probability: rules are surer
WORD = re.compile("[^\\W\\d_\u4e00-\u9fff]+|[\u4e00-\u9fff]")
# How the names of medicines end in Chinese: their characters are those of names, 艾司唑仑.
_MEDICINE = re.compile(
    "(?:唑仑|西泮|沙坦|他汀|普利|洛尔|地平|霉素|西林|沙星|拉唑|康唑|硝唑|替尼|单抗|列汀|列净|格雷|噻嗪|酰胺|可的松|松龙|"
    "米松|环素|膦酸|昔布|洛韦|培南|头孢|肝素|班|肽|胍|啶|酯|酮|铵|碱)$"
)

_EPONYM = re.compile("[\u4e00-\u9fff-]{0,5}?(?:综合征|病(?![人房区程])|征(?!求)|评分|分级|染色|昏迷|反应|试验)")
_OLD = re.compile("9\\d|1[0-6]\\d|[九百旬]|ninet|hundred", re.IGNORECASE)


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
    texts = [tokens_of(one.seen, one.names, one.words, one.spans) for one in ruled]
    answers = tagger().probabilities_of_each(texts)
    return [
        settled(one.seen.text, tokens, likely, one.spans)
        for one, tokens, likely in zip(ruled, texts, answers, strict=True)
    ]


def settled(text: str, tokens: Tokens, likely: npt.NDArray[np.float32], spans: Sequence[Span]) -> list[Span]:
    """Spans of one text; see `settled_each`. A word or two alone, such as the name of a file, are no running text."""
    if len(tokens.words) < LEAST:
        return list(spans)
    kept = _kept(tokens, likely, spans)
    taken = np.zeros(len(text) + 1, bool)
    classes = likely[:, 1:].argmax(axis=1) + 1
    needed = BELIEVED[classes]
    _take(taken, kept)
    new = list(_runs(text, tokens, likely, classes, needed, taken))
    _take(taken, new)
    told = _of_names(text, tokens, [*kept, *new])
    if told is not None:
        needed = np.where((classes == CLASS_OF["name"]) & told, TOLD, needed)
        more = list(_runs(text, tokens, likely, classes, needed, taken))
        _take(taken, more)
        new += more
    new += _again(text, new, taken)
    return _joined([*kept, *new])


def _take(taken: npt.NDArray[np.bool_], spans: Sequence[Span]) -> None:
    for span in spans:
        taken[span.start : span.end] = True


def _of_names(text: str, tokens: Tokens, spans: Sequence[Span]) -> npt.NDArray[np.bool_] | None:
    """Tokens that are words or characters of names found for sure; None where no name was."""
    known = {
        word
        for name in _sure_names(text, spans)
        for word in WORD.findall(name.lower())
        if len(word) > 2 or word > "\u4e00"
    }
    return np.array([word.lower() in known for word in tokens.words], bool) if known else None


def _kept(tokens: Tokens, likely: npt.NDArray[np.float32], spans: Sequence[Span]) -> list[Span]:
    """Spans of rules without those that are unsure and stand where the network is sure that nothing does."""
    if not spans:
        return []
    firsts = np.searchsorted(tokens.ends, [span.start for span in spans], "right").tolist()
    lasts = np.searchsorted(tokens.starts, [span.end for span in spans]).tolist()
    needed = REFUSED[np.searchsorted(SCORES, [span.score for span in spans])].tolist()
    none = likely[:, 0].tolist()
    return [
        span
        for span, first, last, least in zip(spans, firsts, lasts, needed, strict=True)
        if span.score >= SURE or first >= last or min(none[first:last]) <= least
    ]


def _runs(
    text: str,
    tokens: Tokens,
    likely: npt.NDArray[np.float32],
    classes: npt.NDArray[np.intp],
    needed: npt.NDArray[np.float32],
    taken: npt.NDArray[np.bool_],
) -> Iterator[Span]:
    """Tokens of one class side by side that no span has yet, one of them believed, without the signs at either end."""
    chance = 1 - likely[:, 0]
    hits = np.flatnonzero((chance > np.minimum(needed, EDGE)) & ~taken[tokens.starts])
    if len(hits) == 0:
        return
    cuts = np.flatnonzero((np.diff(hits) > 1) | (np.diff(classes[hits]) != 0)) + 1
    for run in np.split(hits, cuts):
        if not (chance[run] > needed[run]).any():
            continue
        letters = [token for token in run.tolist() if tokens.words[token][0].isalnum()]
        if not letters:
            continue
        start, end = int(tokens.starts[letters[0]]), int(tokens.ends[letters[-1]])
        if taken[start:end].any():  # a rule took part of a token
            end = start + int(taken[start:end].argmax())
        if is_term(text, start, end) or _is_none(text, start, end, CLASSES[classes[letters[0]]]):
            continue
        score = float(chance[letters].max())
        if len(letters) == 1 and score < LONE_WORD and tokens.words[letters[0]].lower() in english():
            continue
        yield Span(start, end, CLASSES[classes[letters[0]]], "running", round(score * WORTH, 3))


def _is_none(text: str, start: int, end: int, kind: str) -> bool:
    """Whether a find is rather a medicine or what somebody of old gave his name to, or an age that is none over 89."""
    if kind == "age":
        return _OLD.search(text, start, end) is None
    if kind != "name":
        return False
    named_after = SOUNDS.issuperset(text[start:end]) and _EPONYM.match(text, end) is not None
    return named_after or _MEDICINE.search(text[max(0, start - 2) : end]) is not None


def _sure_names(text: str, spans: Sequence[Span]) -> set[str]:
    return {text[one.start : one.end] for one in spans if one.category == "name" and one.score >= AGAIN * WORTH}


def _again(text: str, new: Sequence[Span], taken: npt.NDArray[np.bool_]) -> Iterator[Span]:
    """Where else a name stands that was found for sure."""
    for name in sorted(_sure_names(text, new)):
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
