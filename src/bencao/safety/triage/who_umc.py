"""Causality by the WHO-UMC system, as rules on what the case says."""

# Source: WHO-UMC, *The use of the WHO-UMC system for standardised case causality assessment*. A category needs its
# criteria answered; what is unknown never raises it.

from __future__ import annotations

from dataclasses import dataclass

from bencao.safety.triage.cited import NO, UNKNOWN, YES, Answer, Cite, cited
from bencao.safety.triage.evidence import Pair, after_drug, alternative, dechallenge, rechallenge
from bencao.safety.validation.report import Place

CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"
UNLIKELY, CONDITIONAL, UNASSESSABLE = "unlikely", "conditional", "unassessable"


@dataclass(frozen=True)
class WhoUmc:
    """The category, and the answer to each criterion."""

    category: str
    answers: dict[str, Answer]


def who_umc(pair: Pair) -> WhoUmc:
    """Assess a drug and a reaction.

    - certain: time fits, no other cause, improved on withdrawal, a recognised phenomenon, recurred on rechallenge
    - probable: time fits, no other cause, improved on withdrawal
    - possible: time fits
    - unlikely: the reaction began before the drug
    - conditional: time unknown, and more information is available (F.r.7) or the report says that documents are
    - unassessable: time unknown
    """
    answers = {
        "time": after_drug(pair),
        "alternative": alternative(pair),
        "dechallenge": dechallenge(pair),
        "rechallenge": rechallenge(pair),
        "definitive": pair.asked("definitive") or Answer(UNKNOWN, (Cite("answers"),)),
        "more data": _more(pair),
    }
    return WhoUmc(_category({name: each.value for name, each in answers.items()}), answers)


def _category(said: dict[str, str]) -> str:
    if said["time"] == UNKNOWN:
        return CONDITIONAL if said["more data"] == YES else UNASSESSABLE
    if said["time"] == NO:
        return UNLIKELY
    if said["alternative"] == NO and said["dechallenge"] == YES:
        sure = said["definitive"] == YES and said["rechallenge"] == YES
        return CERTAIN if sure else PROBABLE
    return POSSIBLE


def _more(pair: Pair) -> Answer:
    fields = pair.fields
    for each in fields.places("F.r"):
        if fields.value("F.r.7", each) == "true":
            return Answer(YES, cited(fields, each, "F.r.7"))
    told = fields.value("C.1.6.1")
    return Answer({"true": YES, "false": NO}.get(told, UNKNOWN), cited(fields, Place(), "C.1.6.1"))
