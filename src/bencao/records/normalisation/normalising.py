"""Terms to standard codes with probabilities: what is sure is accepted, what is not goes to a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from bencao.kernel import compute
from bencao.kernel.errors import ComputeError, InputError
from bencao.records.errors import VocabularyError, VocabularyRequired
from bencao.records.normalisation.decisions import Decisions, Kind, Term
from bencao.records.normalisation.laboratory import Laboratory, as_vocabulary, read_tests
from bencao.records.normalisation.ranking.memory import Names
from bencao.records.normalisation.ranking.ranker import Ranker
from bencao.records.normalisation.similarity import Similarity
from bencao.records.normalisation.surgery import load_surgery_ranker, shipped_vocabulary
from bencao.records.normalisation.vocabulary import Vocabulary, open_vocabulary, read_vocabulary

ACCEPT = 0.8
SHOWN = 5
LONGEST = 500  # characters of a term; what is longer is a note, not a term
_BLOCK = 250  # terms a job: the same whatever the number of workers, so the sums are too

Status = Literal["accepted", "review", "decided", "none", "fault"]
Ranked = list[tuple[Names, float]]


@dataclass(frozen=True)
class Choice:
    """What a term may mean.

    Attributes
    ----------
    codes, names : tuple of str
        One of each a standard name; several where the term lists several operations.
    probability : float
        That exactly these are meant.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    probability: float


@dataclass(frozen=True)
class Normalised:
    """A term with its choices, the most probable first.

    Attributes
    ----------
    term : Term
    choices : tuple of Choice
    status : str
        ``accepted`` by probability, ``decided`` by a person, ``none`` where a person said that nothing fits,
        ``review`` for a person to decide, ``fault`` for a term that cannot be read.
    reason : str
        Of a fault; quotes nothing of the term.
    """

    term: Term
    choices: tuple[Choice, ...]
    status: Status
    reason: str = ""


def normalise_terms(
    terms: Sequence[Term],
    kind: Kind,
    *,
    vocabulary: str | None = None,
    decisions: Decisions | None = None,
    accept: float = ACCEPT,
    workers: int = 1,
) -> list[Normalised]:
    """Standard codes of terms, each with its probability.

    Surgery phrases are ranked by the shipped model over ICD-9-CM-3; diagnoses by their likeness to the names of
    the user's vocabulary and to decided terms; laboratory tests by name, specimen and the dimension of the unit.

    Parameters
    ----------
    terms : sequence of Term
    kind : {"surgery", "diagnosis", "laboratory"}
    vocabulary : str, optional
        File with the columns code, name (laboratory: key, component, property, specimen, unit, synonyms), or for
        diagnoses the name of an installed package. Needed but for surgery.
    decisions : Decisions, optional
        What people decided before: it holds for the same term, and is learned from for like ones.
    accept : float
        Probability from which the first choice is accepted.
    workers : int
        Processes; the result is the same at any number.

    Returns
    -------
    list of Normalised
        One a term, in their order.

    Raises
    ------
    VocabularyRequired
        No vocabulary is given where one is needed, or its package is not installed.
    VocabularyError
        The vocabulary or the decisions cannot be used.
    InputError
        Where `accept` is no probability.
    """
    if not 0 <= accept <= 1:
        raise InputError(f"{accept:g} is no probability", where="--accept", mend="give a number from 0 to 1")
    if decisions is not None and decisions.kind != kind:
        raise VocabularyError(f"the decisions are of the kind {decisions.kind}, not {kind}", where="--decisions")
    known = _vocabulary(kind, vocabulary)
    told = _told(decisions, known)
    faults = {place: reason for place, term in enumerate(terms) if (reason := _fault(term))}
    asked = list(dict.fromkeys(t for place, t in enumerate(terms) if place not in faults and t not in told))
    blocks = [asked[start : start + _BLOCK] for start in range(0, len(asked), _BLOCK)]
    setup = partial(_ranker, kind, vocabulary, decisions)
    found = compute.map(_rank, blocks, workers=workers, setup=setup, progress=False) if blocks else []
    for block in found:
        if isinstance(block, compute.Failure):
            raise ComputeError(f"a block of terms could not be ranked: {block.kind}", where=block.where)
    ranked = dict(zip(asked, (one for block in found for one in block), strict=True))
    return [
        Normalised(term, (), "fault", faults[place]) if place in faults else _judged(term, told, ranked, known, accept)
        for place, term in enumerate(terms)
    ]


def _vocabulary(kind: Kind, source: str | None) -> Vocabulary:
    if kind == "surgery":
        return read_vocabulary(Path(source)) if source else shipped_vocabulary()
    if source is None:
        cause = f"terms of the kind {kind} need a vocabulary of yours: none may be shipped"
        columns = "code, name" if kind == "diagnosis" else "key, component, property, specimen, unit"
        raise VocabularyRequired(cause, where="--vocabulary", mend=f"give a CSV with the columns {columns}")
    if kind == "diagnosis":
        return open_vocabulary(source)
    return as_vocabulary(read_tests(Path(source)), Path(source).name)


def _told(decisions: Decisions | None, vocabulary: Vocabulary) -> dict[Term, Names]:
    told = {}
    for number, one in enumerate(decisions.decisions if decisions else (), start=1):
        if any(code not in vocabulary.places for code in one.codes):
            where = f"{vocabulary.source}: decision {number}"
            raise VocabularyError("a decided code is not in the vocabulary", where=where, mend="correct the decision")
        told[one.term] = tuple(dict.fromkeys(vocabulary.places[code] for code in one.codes))
    return told


def _fault(term: Term) -> str:
    if not term.text.strip():
        return "the term is empty"
    return f"the term is longer than {LONGEST} characters" if len(term.text) > LONGEST else ""


def _ranker(kind: Kind, source: str | None, decisions: Decisions | None) -> Callable[[Sequence[Term]], list[Ranked]]:
    known = _vocabulary(kind, source)
    told = _told(decisions, known)
    if kind == "laboratory":
        return partial(_rank_tests, Laboratory(read_tests(Path(source or ""))))
    if kind == "diagnosis":
        aliases = tuple((term.text, places[0]) for term, places in told.items() if len(places) == 1)
        return partial(_rank_diagnoses, Similarity(known.names, aliases))
    pairs = [(term.text, tuple(known.names[place] for place in places)) for term, places in told.items() if places]
    return partial(_rank_phrases, load_surgery_ranker(pairs, known if source else None))


def _rank_tests(laboratory: Laboratory, terms: Sequence[Term]) -> list[Ranked]:
    found = laboratory.rank([(term.text, term.unit, term.specimen) for term in terms])
    return [[((place,), chance) for place, chance in one] for one in found]


def _rank_diagnoses(similarity: Similarity, terms: Sequence[Term]) -> list[Ranked]:
    found = similarity.rank([term.text for term in terms])
    return [[((place,), chance) for place, chance in one] for one in found]


def _rank_phrases(ranker: Ranker, terms: Sequence[Term]) -> list[Ranked]:
    return list(ranker.rank([term.text for term in terms]))


def _rank(ranker: Callable[[Sequence[Term]], list[Ranked]], terms: Sequence[Term]) -> list[Ranked]:
    return [one[:SHOWN] for one in ranker(terms)]


def _judged(
    term: Term, told: dict[Term, Names], ranked: dict[Term, Ranked], vocabulary: Vocabulary, accept: float
) -> Normalised:
    if term in told:
        places = told[term]
        return (
            Normalised(term, (_choice(places, 1.0, vocabulary),), "decided") if places else Normalised(term, (), "none")
        )
    choices = tuple(_choice(places, chance, vocabulary) for places, chance in ranked[term])
    sure = bool(choices) and choices[0].probability >= accept
    return Normalised(term, choices, "accepted" if sure else "review")


def _choice(places: Names, chance: float, vocabulary: Vocabulary) -> Choice:
    # Of a name's codes the last is the most exact: 06.2x00, not its heading 06.2.
    codes = tuple(vocabulary.codes[place][-1] for place in places)
    return Choice(codes, tuple(vocabulary.names[place] for place in places), round(chance, 4))
