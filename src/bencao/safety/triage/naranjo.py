"""Causality by the Naranjo scale, each of its ten questions answered from the case, by a person, or unknown.

Source: Naranjo CA et al., *Clin Pharmacol Ther* 1981;30:239-245.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bencao.safety.triage.cited import NO, UNKNOWN, YES, Answer, Cite, cited
from bencao.safety.triage.evidence import RECOVERED, REDUCED, Pair, after_drug, alternative, dechallenge, rechallenge
from bencao.safety.triage.expectedness import EXPECTED

# Points of yes and no; unknown has none.
POINTS = ((1, 0), (2, -1), (1, 0), (2, -1), (-1, 2), (-1, 1), (1, 0), (1, 0), (1, 0), (1, 0))
BANDS = ((9, "definite"), (5, "probable"), (1, "possible"))


@dataclass(frozen=True)
class Naranjo:
    """Score and band, and the answer to each question with its points."""

    score: int
    category: str
    answers: tuple[Answer, ...]
    points: tuple[int, ...]


def naranjo(pair: Pair, expected: Answer) -> Naranjo:
    """Score a drug and a reaction.

    Parameters
    ----------
    pair : Pair
    expected : Answer
        Whether the label lists the reaction, which is taken as reported before (question 1).
    """
    from_case: tuple[Callable[[], Answer], ...] = (
        lambda: Answer(YES if expected.value == EXPECTED else UNKNOWN, expected.cites),
        lambda: after_drug(pair),
        lambda: dechallenge(pair),
        lambda: rechallenge(pair),
        lambda: alternative(pair),
        _nobody,  # placebo
        _nobody,  # level in blood
        lambda: _milder_with_less(pair),
        lambda: _before(pair),
        _nobody,  # objective evidence
    )
    answers = tuple(pair.asked(f"naranjo_{number}") or answer() for number, answer in enumerate(from_case, 1))
    points = tuple(
        yes if answer.value == YES else no if answer.value == NO else 0
        for answer, (yes, no) in zip(answers, POINTS, strict=True)
    )
    return Naranjo(sum(points), band(sum(points)), answers, points)


def band(score: int) -> str:
    """``definite`` from 9, ``probable`` from 5, ``possible`` from 1, else ``doubtful``."""
    return next((name for least, name in BANDS if score >= least), "doubtful")


def _nobody() -> Answer:
    """No data element says it: only a person's answer does."""
    return Answer(UNKNOWN, (Cite("answers"),))


def _milder_with_less(pair: Pair) -> Answer:
    """Question 8: milder with a lower dose (G.k.8 2 and recovering)."""
    action, outcome = pair.fields.value("G.k.8", pair.drug), pair.fields.value("E.i.7", pair.reaction)
    basis = (*cited(pair.fields, pair.drug, "G.k.8"), *cited(pair.fields, pair.reaction, "E.i.7"))
    if action != REDUCED:
        return Answer(UNKNOWN, basis)
    return Answer(YES if outcome in RECOVERED else NO if outcome == "3" else UNKNOWN, basis)


def _before(pair: Pair) -> Answer:
    """Question 9: the same reaction to the same drug at an earlier time (D.8.r)."""
    fields = pair.fields
    name, code = fields.value("G.k.2.2", pair.drug).casefold(), fields.value("E.i.2.1b", pair.reaction)
    for each in fields.places("D.8.r"):
        if name and fields.value("D.8.r.1", each).casefold() == name:
            then = fields.value("D.8.r.7b", each)
            if code and then == code:
                return Answer(YES, cited(fields, each, "D.8.r.1", "D.8.r.7b"))
    return Answer(UNKNOWN, (Cite("D.8.r.7b"),))
