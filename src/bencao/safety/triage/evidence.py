"""What a case says of one drug and one reaction: time, dechallenge, rechallenge, other causes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.e2b.links import reaction_of
from bencao.safety.tables import read_rows
from bencao.safety.triage.cited import NO, UNKNOWN, YES, Answer, Cite, cited
from bencao.safety.validation.elements.dates import digits
from bencao.safety.validation.report import Elements, Place

RECOVERED, NOT_RECOVERED = ("1", "2", "4"), ("3",)
WITHDRAWN, REDUCED = "1", "2"
COLUMNS = ("safety_report_id", "drug", "reaction", "question", "answer", "source")
QUESTIONS = ("alternative", "definitive", *(f"naranjo_{number}" for number in range(1, 11)))


@dataclass(frozen=True)
class Pair:
    """A drug and a reaction of a case, with a person's own answers to some questions."""

    fields: Elements
    drug: Place
    reaction: Place
    answers: dict[str, Answer]

    @property
    def matrix(self) -> Place:
        """Where the case assesses the two."""
        return assessment_of(self.fields, self.drug, self.reaction)

    def asked(self, question: str) -> Answer | None:
        """A person's answer, or nothing."""
        return self.answers.get(question)


def assessment_of(fields: Elements, drug: Place, reaction: Place) -> Place:
    """Where a case assesses a drug and a reaction (G.k.9.i); a place that holds nothing where it does not."""
    ids = {place.repeats[0]: fields.value("E.i#id", place) for place in fields.places("E.i")}
    for place in fields.places("G.k.9.i"):
        of_drug, own = place.repeats
        if (of_drug,) == drug.repeats:
            named = reaction_of(fields.value("G.k.9.i.1", place), own, ids)
            if (named,) == reaction.repeats:
                return place
    return Place("G.k.9.i", (*drug.repeats, 0))


def read_answers(path: Path) -> dict[tuple[str, str, str], dict[str, Answer]]:
    """Read a person's answers: CSV safety_report_id, drug, reaction (numbers), question, answer, source.

    Questions are ``alternative`` (another cause is likely), ``definitive`` (a recognised phenomenon of the drug) and
    ``naranjo_1`` to ``naranjo_10``; answers ``yes``, ``no`` or ``unknown``.

    Raises
    ------
    InputError
        A file that cannot be read, lacks a column, or has another question or answer.
    """
    rows = read_rows(path, COLUMNS)
    found: dict[tuple[str, str, str], dict[str, Answer]] = {}
    for number, row in enumerate(rows, 2):
        if row["question"] not in QUESTIONS or row["answer"] not in (YES, NO, UNKNOWN):
            told = f"question {row['question']!r}, answer {row['answer']!r}"
            mend = f"ask {', '.join(QUESTIONS[:3])} …; answer yes, no or unknown"
            raise InputError(told, where=f"{path}: row {number}", mend=mend)
        key = (row["safety_report_id"], row["drug"], row["reaction"])
        source = Cite("answers", (number,), row["source"])
        found.setdefault(key, {})[row["question"]] = Answer(row["answer"], (source,))
    return found


def after_drug(pair: Pair) -> Answer:
    """Whether the reaction began after the drug: by the interval given, else by the two dates."""
    fields = pair.fields
    interval = fields.first("G.k.9.i.3.1a", pair.matrix)
    if interval is not None and interval.value:
        return Answer(YES, cited(fields, pair.matrix, "G.k.9.i.3.1a", "G.k.9.i.3.1b"))
    starts = sorted(digits(each.value) for each in fields.at("G.k.4.r.4", pair.drug) if digits(each.value))
    onset = digits(fields.value("E.i.4", pair.reaction))
    basis = (*cited(fields, pair.drug, "G.k.4.r.4"), *cited(fields, pair.reaction, "E.i.4"))
    if not starts or not onset:
        return Answer(UNKNOWN, basis)
    length = min(len(starts[0]), len(onset))
    first, then = starts[0][:length], onset[:length]
    if first == then and length < 8:
        return Answer(UNKNOWN, basis)  # the same year or month tells no order
    return Answer(YES if first <= then else NO, basis)


def dechallenge(pair: Pair) -> Answer:
    """Whether the reaction improved when the drug was withdrawn (G.k.8 1 and E.i.7)."""
    action, outcome = pair.fields.value("G.k.8", pair.drug), pair.fields.value("E.i.7", pair.reaction)
    basis = (*cited(pair.fields, pair.drug, "G.k.8"), *cited(pair.fields, pair.reaction, "E.i.7"))
    if action != WITHDRAWN:
        return Answer(UNKNOWN, basis)
    return Answer(YES if outcome in RECOVERED else NO if outcome in NOT_RECOVERED else UNKNOWN, basis)


def rechallenge(pair: Pair) -> Answer:
    """Whether the reaction recurred when the drug was given again (G.k.9.i.4)."""
    said = pair.fields.value("G.k.9.i.4", pair.matrix)
    return Answer({"1": YES, "2": NO}.get(said, UNKNOWN), cited(pair.fields, pair.matrix, "G.k.9.i.4"))


def alternative(pair: Pair) -> Answer:
    """Whether something else may have caused it: a person's answer, another suspect drug, the same thing before."""
    if (answer := pair.asked("alternative")) is not None:
        return answer
    fields = pair.fields
    others = [each for each in fields.places("G.k") if each != pair.drug and fields.value("G.k.1", each) in ("1", "3")]
    if others:
        return Answer(YES, tuple(one for each in others for one in cited(fields, each, "G.k.1", "G.k.2.2")))
    code = fields.value("E.i.2.1b", pair.reaction)
    for each in fields.places("D.7.1.r"):
        if code and fields.value("D.7.1.r.1b", each) == code:
            return Answer(YES, cited(fields, each, "D.7.1.r.1b"))
    return Answer(UNKNOWN, (Cite("answers", (), ""),))
